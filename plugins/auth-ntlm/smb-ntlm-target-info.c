/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "smb-ntlm-target-info.h"

typedef struct
{
  guint16   id;
  SmbReader value;
} Pair;

/* The next pair; FALSE at the end of the list, and after a failure. */
static gboolean
read_pair (SmbReader *r,
           Pair      *pair)
{
  guint16 length;

  pair->id = smb_reader_u16 (r);
  length = smb_reader_u16 (r);
  smb_reader_take (r, &pair->value, length);

  return !r->failed && pair->id != SMB_NTLM_AV_EOL;
}

gboolean
smb_ntlm_target_info_parse (GBytes             *bytes,
                            SmbNtlmTargetInfo  *info,
                            GError            **error)
{
  SmbReader r;
  Pair pair;

  *info = (SmbNtlmTargetInfo) { FALSE, 0, 0 };
  smb_reader_init (&r, g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes));

  while (read_pair (&r, &pair))
    {
      if (pair.id == SMB_NTLM_AV_FLAGS)
        info->flags = smb_reader_u32 (&pair.value);
      if (pair.id == SMB_NTLM_AV_TIMESTAMP)
        {
          info->timestamp = smb_reader_u64 (&pair.value);
          info->has_timestamp = TRUE;
        }
      if (pair.value.failed)
        smb_reader_fail (&r);
    }
  return smb_reader_finish (&r, "NTLM target information", error);
}

/* What the client says for itself is not taken over from the server. */
static gboolean
is_for_the_client_to_say (guint16 id)
{
  return id == SMB_NTLM_AV_FLAGS || id == SMB_NTLM_AV_SINGLE_HOST || id == SMB_NTLM_AV_TARGET_NAME ||
         id == SMB_NTLM_AV_CHANNEL_BINDINGS;
}

static void
write_pair (SmbWriter     *w,
            guint16        id,
            gconstpointer  value,
            gsize          size)
{
  smb_writer_u16 (w, id);
  smb_writer_u16 (w, (guint16) size);
  smb_writer_bytes (w, value, size);
}

GBytes *
smb_ntlm_target_info_extend (GBytes     *bytes,
                             guint32     flags,
                             const char *principal)
{
  const guint8 no_channel_bindings[16] = { 0 };
  guint32 flags_le = GUINT32_TO_LE (flags);
  gsize utf16_size;
  g_autofree guint8 *utf16 = smb_utf16_from_utf8 (principal != NULL ? principal : "", &utf16_size);
  SmbReader r;
  SmbWriter w;
  Pair pair;

  smb_reader_init (&r, g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes));
  smb_writer_init (&w, NULL);
  while (read_pair (&r, &pair))
    if (!is_for_the_client_to_say (pair.id))
      write_pair (&w, pair.id, pair.value.data, pair.value.size);

  if (flags != 0)
    write_pair (&w, SMB_NTLM_AV_FLAGS, &flags_le, sizeof flags_le);
  write_pair (&w, SMB_NTLM_AV_CHANNEL_BINDINGS, no_channel_bindings, sizeof no_channel_bindings);
  write_pair (&w, SMB_NTLM_AV_TARGET_NAME, utf16, utf16_size);
  write_pair (&w, SMB_NTLM_AV_EOL, NULL, 0);

  return smb_writer_steal_bytes (&w);
}
