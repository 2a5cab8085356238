/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "wire/smb-nbns.h"

#include <string.h>

#define CLASS_INTERNET 0x0001

/* [RFC 1002] 4.2.1.1: OPCODE, NM_FLAGS and RCODE as one number */
#define FLAG_RESPONSE          0x8000
#define MASK_OPCODE            0x7800 /* 0 is a query */
#define FLAG_RECURSION_DESIRED 0x0100
#define FLAG_BROADCAST         0x0010
#define MASK_CODE              0x000F

#define RECORD_SIZE (sizeof (SmbNetbiosName) + sizeof (guint16))

/* [RFC 1002] 4.2.12, 4.2.17 */
GBytes *
smb_nbns_request_encode (guint16               id,
                         SmbNbnsType           type,
                         const SmbNetbiosName *name,
                         gboolean              broadcast)
{
  guint16   flags = type == SMB_NBNS_NAME ? FLAG_RECURSION_DESIRED : 0;
  SmbWriter w;

  smb_writer_init (&w, NULL);
  smb_writer_u16_be (&w, id);                                      /* NAME_TRN_ID */
  smb_writer_u16_be (&w, flags | (broadcast ? FLAG_BROADCAST : 0)); /* OPCODE, NM_FLAGS, RCODE */
  smb_writer_u16_be (&w, 1);                                       /* QDCOUNT */
  smb_writer_zeros (&w, 3 * sizeof (guint16));                     /* ANCOUNT, NSCOUNT, ARCOUNT */
  smb_netbios_name_encode (name, &w);                              /* QUESTION_NAME */
  smb_writer_u16_be (&w, type);                                    /* QUESTION_TYPE */
  smb_writer_u16_be (&w, CLASS_INTERNET);                          /* QUESTION_CLASS */
  return smb_writer_steal_bytes (&w);
}

static SmbNbnsReply *
reply_new (void)
{
  SmbNbnsReply *self = g_new0 (SmbNbnsReply, 1);

  self->addresses = g_array_new (FALSE, FALSE, sizeof (SmbNbnsAddress));
  self->records = g_array_new (FALSE, FALSE, sizeof (SmbNbnsRecord));
  return self;
}

void
smb_nbns_reply_free (SmbNbnsReply *self)
{
  if (self == NULL)
    return;

  g_array_unref (self->addresses);
  g_array_unref (self->records);
  g_free (self);
}

/* Answers have no question, but some nodes repeat it. */
static void
skip_questions (SmbReader *r,
                guint      n)
{
  SmbNetbiosName name;

  for (guint i = 0; i < n && !r->failed; i++)
    {
      smb_netbios_name_read (r, &name);
      smb_reader_skip (r, 2 * sizeof (guint16)); /* QUESTION_TYPE, QUESTION_CLASS */
    }
}

/* [RFC 1002] 4.2.13: ADDR_ENTRY */
static void
read_addresses (SmbReader    *r,
                SmbNbnsReply *self)
{
  while (smb_reader_get_remaining (r) > 0)
    {
      SmbNbnsAddress entry;

      entry.flags = smb_reader_u16_be (r);                      /* NB_FLAGS */
      smb_reader_copy (r, entry.address, sizeof entry.address); /* NB_ADDRESS */
      g_array_append_val (self->addresses, entry);
    }
}

/* [RFC 1002] 4.2.18: NODE_NAME. The statistics may be cut short. */
static void
read_records (SmbReader    *r,
              SmbNbnsReply *self)
{
  guint n = smb_reader_u8 (r); /* NUM_NAMES */

  if (n * RECORD_SIZE > smb_reader_get_remaining (r))
    {
      smb_reader_fail (r);
      return;
    }
  for (guint i = 0; i < n; i++)
    {
      SmbNbnsRecord record;

      smb_reader_copy (r, record.name.bytes, sizeof record.name.bytes);
      record.flags = smb_reader_u16_be (r); /* NAME_FLAGS */
      g_array_append_val (self->records, record);
    }

  self->has_unit_id = smb_reader_get_remaining (r) >= sizeof self->unit_id;
  if (self->has_unit_id)
    smb_reader_copy (r, self->unit_id, sizeof self->unit_id); /* UNIT_ID */
}

/* [RFC 1002] 4.2.1.3 */
static void
read_answer (SmbReader    *r,
             SmbNbnsReply *self)
{
  SmbReader data;
  guint16   type, class;

  smb_netbios_name_read (r, &self->name);        /* RR_NAME */
  self->has_name = TRUE;
  type = smb_reader_u16_be (r);                  /* RR_TYPE */
  class = smb_reader_u16_be (r);                 /* RR_CLASS */
  smb_reader_skip (r, sizeof (guint32));         /* TTL */
  smb_reader_take (r, &data, smb_reader_u16_be (r)); /* RDLENGTH, RDATA */
  if (self->code != 0 || class != CLASS_INTERNET)
    return;

  if (type == SMB_NBNS_NAME)
    read_addresses (&data, self);
  else if (type == SMB_NBNS_STATUS)
    read_records (&data, self);
  else
    return;
  self->type = type;
  if (data.failed)
    smb_reader_fail (r);
}

SmbNbnsReply *
smb_nbns_reply_decode (gconstpointer   data,
                       gsize           size,
                       GError        **error)
{
  g_autoptr(SmbNbnsReply) self = reply_new ();
  guint16                 flags, n_questions, n_answers;
  SmbReader               r;

  smb_reader_init (&r, data, size);
  self->id = smb_reader_u16_be (&r);             /* NAME_TRN_ID */
  flags = smb_reader_u16_be (&r);                /* OPCODE, NM_FLAGS, RCODE */
  n_questions = smb_reader_u16_be (&r);          /* QDCOUNT */
  n_answers = smb_reader_u16_be (&r);            /* ANCOUNT */
  smb_reader_skip (&r, 2 * sizeof (guint16));    /* NSCOUNT, ARCOUNT */
  if (!(flags & FLAG_RESPONSE) || (flags & MASK_OPCODE) != 0)
    smb_reader_fail (&r);
  self->code = flags & MASK_CODE;

  skip_questions (&r, n_questions);
  if (n_answers > 0)
    read_answer (&r, self);
  if (!smb_reader_finish (&r, "The answer of the name service", error))
    return NULL;
  return g_steal_pointer (&self);
}
