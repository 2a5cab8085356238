/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "wire/smb-srvsvc.h"

#include "smb-error.h"
#include "wire/smb-ndr.h"

#define LEVEL               1
#define SHARE_INFO_1_SIZE   12 /* two pointers and the type, without what they point to */
#define NO_MAXIMUM_LENGTH   0xFFFFFFFF
#define FIRST_REFERENT      0x00020000 /* any number but 0, different for each pointer */
#define REFERENT_STEP       4

/* 4b324fc8-1670-01d3-1278-5a47bf6ee188 version 3.0 ([MS-SRVS] 1.9) */
const SmbDcerpcInterface smb_srvsvc_interface = {
  { 0xC8, 0x4F, 0x32, 0x4B, 0x70, 0x16, 0xD3, 0x01, 0x12, 0x78, 0x5A, 0x47, 0xBF, 0x6E, 0xE1, 0x88 }, 3, 0,
};

/* SHARE_INFO_1, before what its pointers point to has come. */
typedef struct
{
  gboolean has_name;
  guint32  type;
  gboolean has_comment;
} FixedPart;

/* [MS-SRVS] 3.1.4.8, the [in] parameters */
GBytes *
smb_srvsvc_share_enum_encode (const char *server_name,
                              guint32     resume_handle)
{
  SmbWriter w;

  smb_writer_init (&w, NULL);
  smb_ndr_write_pointer (&w, FIRST_REFERENT);                     /* ServerName */
  smb_ndr_write_string (&w, server_name);
  smb_ndr_write_u32 (&w, LEVEL);                                  /* InfoStruct.Level */
  smb_ndr_write_u32 (&w, LEVEL);                                  /* InfoStruct.ShareInfo, the switch */
  smb_ndr_write_pointer (&w, FIRST_REFERENT + REFERENT_STEP);     /* InfoStruct.ShareInfo.Level1 */
  smb_ndr_write_u32 (&w, 0);                                      /* EntriesRead */
  smb_ndr_write_pointer (&w, 0);                                  /* Buffer */
  smb_ndr_write_u32 (&w, NO_MAXIMUM_LENGTH);                      /* PreferedMaximumLength */
  smb_ndr_write_pointer (&w, FIRST_REFERENT + 2 * REFERENT_STEP); /* ResumeHandle */
  smb_ndr_write_u32 (&w, resume_handle);

  return smb_writer_steal_bytes (&w);
}

void
smb_srvsvc_share_free (SmbSrvsvcShare *self)
{
  if (self == NULL)
    return;

  g_free (self->name);
  g_free (self->comment);
  g_free (self);
}

void
smb_srvsvc_share_enum_free (SmbSrvsvcShareEnum *self)
{
  if (self == NULL)
    return;

  g_ptr_array_unref (self->shares);
  g_free (self);
}

static char *
read_text (SmbReader *r,
           gboolean   present)
{
  char *text = present ? smb_ndr_read_string (r) : NULL;

  return text != NULL ? text : g_strdup ("");
}

/* The array's fixed parts come first, then all that they point to, in the same order. */
static void
read_shares (SmbReader *r,
             guint32    n_expected,
             GPtrArray *shares)
{
  const guint32 n = smb_ndr_read_count (r, SHARE_INFO_1_SIZE);
  g_autofree FixedPart *parts = g_new0 (FixedPart, n);

  if (n != n_expected)
    smb_reader_fail (r);

  for (guint32 i = 0; i < n; i++)
    {
      parts[i].has_name = smb_ndr_read_pointer (r);    /* shi1_netname */
      parts[i].type = smb_ndr_read_u32 (r);            /* shi1_type */
      parts[i].has_comment = smb_ndr_read_pointer (r); /* shi1_remark */
    }

  for (guint32 i = 0; i < n && !r->failed; i++)
    {
      SmbSrvsvcShare *share = g_new0 (SmbSrvsvcShare, 1);

      share->name = read_text (r, parts[i].has_name);
      share->comment = read_text (r, parts[i].has_comment);
      share->type = parts[i].type;
      g_ptr_array_add (shares, share);
    }
}

static void
read_container (SmbReader *r,
                GPtrArray *shares)
{
  const guint32 n = smb_ndr_read_u32 (r); /* EntriesRead */

  if (smb_ndr_read_pointer (r)) /* Buffer */
    read_shares (r, n, shares);
}

/* Returns the result of the call, an error of [MS-ERREF] 2.2. */
static guint32
read_response (SmbReader          *r,
               SmbSrvsvcShareEnum *self)
{
  const guint32 level = smb_ndr_read_u32 (r);    /* InfoStruct.Level */
  const guint32 selector = smb_ndr_read_u32 (r); /* InfoStruct.ShareInfo, the switch */

  if (level != LEVEL || selector != LEVEL)
    smb_reader_fail (r);
  if (smb_ndr_read_pointer (r)) /* InfoStruct.ShareInfo.Level1 */
    read_container (r, self->shares);
  self->total = smb_ndr_read_u32 (r); /* TotalEntries */
  if (smb_ndr_read_pointer (r))       /* ResumeHandle */
    self->resume_handle = smb_ndr_read_u32 (r);

  return smb_ndr_read_u32 (r); /* the function's value */
}

static gboolean
check_result (guint32   result,
              GError  **error)
{
  switch (result)
    {
    case SMB_SRVSVC_ERROR_SUCCESS:
    case SMB_SRVSVC_ERROR_MORE_DATA:
      return TRUE;
    case SMB_SRVSVC_ERROR_ACCESS_DENIED:
      g_set_error (error, SMB_ERROR, SMB_ERROR_ACCESS_DENIED, "The server refuses to list its shares");
      return FALSE;
    case SMB_SRVSVC_ERROR_NOT_SUPPORTED:
    case SMB_SRVSVC_ERROR_INVALID_LEVEL:
      g_set_error (error, SMB_ERROR, SMB_ERROR_NOT_SUPPORTED, "The server cannot list its shares");
      return FALSE;
    default:
      g_set_error (error, SMB_ERROR, SMB_ERROR_FAILED,
                   "The server failed to list its shares (Windows error %u)", result);
      return FALSE;
    }
}

SmbSrvsvcShareEnum *
smb_srvsvc_share_enum_decode (gconstpointer   stub,
                              gsize           size,
                              GError        **error)
{
  g_autoptr(SmbSrvsvcShareEnum) self = g_new0 (SmbSrvsvcShareEnum, 1);
  SmbReader r;
  guint32 result;

  self->shares = g_ptr_array_new_with_free_func ((GDestroyNotify) smb_srvsvc_share_free);

  smb_reader_init (&r, stub, size);
  result = read_response (&r, self);
  if (!smb_reader_finish (&r, "The list of shares", error) || !check_result (result, error))
    return NULL;

  self->more = result == SMB_SRVSVC_ERROR_MORE_DATA;

  return g_steal_pointer (&self);
}
