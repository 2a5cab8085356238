/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "wire/smb-security-private.h"

#include <string.h>

#include "smb-error.h"

#define SID_REVISION            1
#define FIRST_HEX_AUTHORITY     G_GUINT64_CONSTANT (0x100000000)
#define AUTHORITY_HEX_DIGITS    12
#define MAX_AUTHORITY           G_GUINT64_CONSTANT (0xFFFFFFFFFFFF)

/* [MS-DTYP] 2.4.2.2 */
void
smb_sid_data_read (SmbReader  *r,
                   SmbSidData *self)
{
  memset (self, 0, sizeof *self);
  self->revision = smb_reader_u8 (r);               /* Revision */
  self->n_sub_authorities = smb_reader_u8 (r);      /* SubAuthorityCount */
  self->authority = smb_reader_u16_be (r);          /* IdentifierAuthority */
  self->authority = self->authority << 32 | smb_reader_u32_be (r);

  if (self->revision != SID_REVISION || self->n_sub_authorities > SMB_SID_MAX_SUB_AUTHORITIES)
    {
      smb_reader_fail (r);
      self->n_sub_authorities = 0;
    }

  for (guint i = 0; i < self->n_sub_authorities; i++)
    self->sub_authorities[i] = smb_reader_u32 (r); /* SubAuthority */
}

gboolean
smb_sid_data_decode (SmbSidData     *self,
                     gconstpointer   data,
                     gsize           size,
                     GError        **error)
{
  SmbReader r;

  smb_reader_init (&r, data, size);
  smb_sid_data_read (&r, self);

  return smb_reader_finish (&r, "The security identifier", error);
}

void
smb_sid_data_encode (const SmbSidData *self,
                     SmbWriter        *writer)
{
  smb_writer_u8 (writer, self->revision);
  smb_writer_u8 (writer, self->n_sub_authorities);
  smb_writer_u16_be (writer, self->authority >> 32);
  smb_writer_u32_be (writer, (guint32) self->authority);

  for (guint i = 0; i < self->n_sub_authorities; i++)
    smb_writer_u32 (writer, self->sub_authorities[i]);
}

gboolean
smb_sid_data_equal (const SmbSidData *a,
                    const SmbSidData *b)
{
  return a->revision == b->revision && a->authority == b->authority &&
         a->n_sub_authorities == b->n_sub_authorities &&
         memcmp (a->sub_authorities, b->sub_authorities,
                 a->n_sub_authorities * sizeof a->sub_authorities[0]) == 0;
}

/* A number without sign, space or leading zero, up to the next '-' or the end. */
static gboolean
parse_decimal (const char **text,
               guint64      maximum,
               guint64     *value)
{
  const char *begin = *text;

  *value = 0;
  for (; g_ascii_isdigit (**text); (*text)++)
    {
      *value = *value * 10 + (guint64) g_ascii_digit_value (**text);
      if (*value > maximum)
        return FALSE;
    }

  return *text != begin && (*begin != '0' || *text == begin + 1);
}

static gboolean
parse_hexadecimal (const char **text,
                   guint64     *value)
{
  const char *begin = *text;

  *value = 0;
  for (; g_ascii_isxdigit (**text) && *text < begin + AUTHORITY_HEX_DIGITS; (*text)++)
    *value = *value << 4 | (guint64) g_ascii_xdigit_value (**text);

  return *text == begin + AUTHORITY_HEX_DIGITS;
}

static gboolean
parse_authority (const char **text,
                 guint64     *value)
{
  if (!g_str_has_prefix (*text, "0x") && !g_str_has_prefix (*text, "0X"))
    return parse_decimal (text, MAX_AUTHORITY, value);

  *text += strlen ("0x");

  return parse_hexadecimal (text, value);
}

gboolean
smb_sid_data_from_string (SmbSidData *self,
                          const char *text)
{
  memset (self, 0, sizeof *self);
  self->revision = SID_REVISION;

  if (!g_str_has_prefix (text, "S-1-"))
    return FALSE;
  text += strlen ("S-1-");

  if (!parse_authority (&text, &self->authority))
    return FALSE;

  while (*text == '-' && self->n_sub_authorities < SMB_SID_MAX_SUB_AUTHORITIES)
    {
      guint64 value;

      text++;
      if (!parse_decimal (&text, G_MAXUINT32, &value))
        return FALSE;
      self->sub_authorities[self->n_sub_authorities++] = value;
    }

  return *text == '\0';
}

char *
smb_sid_data_to_string (const SmbSidData *self)
{
  GString *text = g_string_new (NULL);

  g_string_printf (text, "S-%u-", self->revision);
  g_string_append_printf (text,
                          self->authority < FIRST_HEX_AUTHORITY ? "%" G_GUINT64_FORMAT
                                                                : "0x%012" G_GINT64_MODIFIER "X",
                          self->authority);
  for (guint i = 0; i < self->n_sub_authorities; i++)
    g_string_append_printf (text, "-%u", self->sub_authorities[i]);

  return g_string_free (text, FALSE);
}
