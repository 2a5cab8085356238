/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "scripted-spnego.h"

#include "wire/smb-reader.h"

/* DER's tags */
enum
{
  DER_OCTETS = 0x04,
  DER_OID = 0x06,
  DER_ENUMERATED = 0x0A,
  DER_SEQUENCE = 0x30,
  DER_APPLICATION = 0x60,
  DER_CONTEXT = 0xA0, /* and the number */
};

#define OID_SPNEGO      "\x2b\x06\x01\x05\x05\x02"
#define OID_SPNEGO_SIZE 6
#define OID_NTLM        "\x2b\x06\x01\x04\x01\x82\x37\x02\x02\x0a"
#define OID_NTLM_SIZE   10

/* Reading */

static gsize
read_length (SmbReader *reader)
{
  guint8 first = smb_reader_u8 (reader);
  gsize  length = 0;

  if (first < 0x80)
    return first;
  for (guint i = 0; i < (first & 3u); i++)
    length = length << 8 | smb_reader_u8 (reader);
  return length;
}

/* The next element, if it is one of @tag. */
static gboolean
enter (SmbReader *reader,
       guint8     tag,
       SmbReader *contents)
{
  SmbReader ahead = *reader;

  if (smb_reader_u8 (&ahead) != tag || ahead.failed)
    return FALSE;
  smb_reader_take (&ahead, contents, read_length (&ahead));
  if (ahead.failed)
    return FALSE;
  *reader = ahead;
  return TRUE;
}

static void
init (SmbReader *reader,
      GBytes    *token)
{
  smb_reader_init (reader, g_bytes_get_data (token, NULL), g_bytes_get_size (token));
}

/* NegTokenInit's or NegTokenResp's fields. */
static gboolean
enter_fields (GBytes    *token,
              SmbReader *fields)
{
  SmbReader reader, outer, choice, oid;

  init (&reader, token);
  if (enter (&reader, DER_APPLICATION, &outer))
    return enter (&outer, DER_OID, &oid) && enter (&outer, DER_CONTEXT, &choice)
           && enter (&choice, DER_SEQUENCE, fields);
  return enter (&reader, DER_CONTEXT + 1, &choice) && enter (&choice, DER_SEQUENCE, fields);
}

GBytes *
scripted_spnego_get_mech_list (GBytes *token)
{
  SmbReader reader, fields, list;

  init (&reader, token);
  if (!enter_fields (token, &fields) || smb_reader_u8 (&reader) != DER_APPLICATION)
    return NULL;
  return enter (&fields, DER_CONTEXT, &list) ? g_bytes_new (list.data, list.size) : NULL;
}

GBytes *
scripted_spnego_get_token (GBytes *token)
{
  SmbReader fields, field, octets;

  if (!enter_fields (token, &fields))
    return NULL;
  for (guint8 i = 0; i < 2; i++)
    enter (&fields, DER_CONTEXT + i, &field);
  if (!enter (&fields, DER_CONTEXT + 2, &field) || !enter (&field, DER_OCTETS, &octets))
    return NULL;
  return g_bytes_new (octets.data, octets.size);
}

/* Writing */

static void
add (GByteArray    *bytes,
     guint8         tag,
     gconstpointer  data,
     gsize          size)
{
  guint8 head[] = { tag, 0x82, (guint8) (size >> 8), (guint8) size };
  guint8 short_head[] = { tag, (guint8) size };

  if (size < 0x80)
    g_byte_array_append (bytes, short_head, sizeof short_head);
  else
    g_byte_array_append (bytes, head, sizeof head);
  g_byte_array_append (bytes, data, (guint) size);
}

/* Puts all that @bytes holds from @start on into one element. */
static void
wrap (GByteArray *bytes,
      guint       start,
      guint8      tag)
{
  guint              size = bytes->len - start;
  g_autofree guint8 *contents = g_memdup2 (bytes->data + start, size);

  g_byte_array_set_size (bytes, start);
  add (bytes, tag, contents, size);
}

static void
add_field (GByteArray    *bytes,
           guint8         number,
           guint8         tag,
           gconstpointer  data,
           gsize          size)
{
  guint start = bytes->len;

  add (bytes, tag, data, size);
  wrap (bytes, start, DER_CONTEXT + number);
}

void
scripted_spnego_write_hint (GByteArray *bytes)
{
  guint start = bytes->len;
  guint choice;

  add (bytes, DER_OID, OID_SPNEGO, OID_SPNEGO_SIZE);
  choice = bytes->len;
  add (bytes, DER_OID, OID_NTLM, OID_NTLM_SIZE);
  wrap (bytes, choice, DER_SEQUENCE);
  wrap (bytes, choice, DER_CONTEXT);
  wrap (bytes, choice, DER_SEQUENCE);
  wrap (bytes, choice, DER_CONTEXT);
  wrap (bytes, start, DER_APPLICATION);
}

static void
add_octets (GByteArray *bytes,
            guint8      number,
            GBytes     *octets)
{
  if (octets != NULL)
    add_field (bytes, number, DER_OCTETS, g_bytes_get_data (octets, NULL), g_bytes_get_size (octets));
}

void
scripted_spnego_write_response (GByteArray *bytes,
                                guint8      state,
                                gboolean    with_mechanism,
                                GBytes     *token,
                                GBytes     *mic)
{
  guint start = bytes->len;

  add_field (bytes, 0, DER_ENUMERATED, &state, 1);
  if (with_mechanism)
    add_field (bytes, 1, DER_OID, OID_NTLM, OID_NTLM_SIZE);
  add_octets (bytes, 2, token);
  add_octets (bytes, 3, mic);
  wrap (bytes, start, DER_SEQUENCE);
  wrap (bytes, start, DER_CONTEXT + 1);
}
