/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "wire/smb-netbios-name.h"

#include <string.h>

#include "smb-error.h"

#define ENCODED_LENGTH  (2 * sizeof (SmbNetbiosName))
#define MAX_NAME_LENGTH 255 /* [RFC 1002] 4.1: of a name with all of its scope */

/* A length with these bits is a pointer, whose other 14 bits are an offset. */
#define POINTER_BITS 0xC0

/* Names are bytes of what MS-DOS used, which differed from country to country; Samba takes this one too. */
#define CODE_PAGE "CP850"

static gboolean
refuse (const char  *text,
        const char  *why,
        GError     **error)
{
  g_autofree char *valid = g_utf8_make_valid (text, -1);

  g_set_error (error, SMB_ERROR, SMB_ERROR_INVALID_ARGUMENT, "'%s' cannot be a NetBIOS name: %s", valid, why);
  return FALSE;
}

static gboolean
has_control (const char *text,
             gsize       length)
{
  for (gsize i = 0; i < length; i++)
    if (g_ascii_iscntrl (text[i]))
      return TRUE;
  return FALSE;
}

gboolean
smb_netbios_name_init (SmbNetbiosName  *self,
                       const char      *text,
                       guint8           suffix,
                       GError         **error)
{
  g_autofree char *capitals = NULL;
  g_autofree char *name = NULL;
  gsize            length;

  if (!g_utf8_validate (text, -1, NULL))
    return refuse (text, "it is not UTF-8", error);
  capitals = g_utf8_strup (text, -1);
  name = g_convert (capitals, -1, CODE_PAGE, "UTF-8", NULL, &length, NULL);
  if (name == NULL)
    return refuse (text, "it has a character that such names do not have", error);
  if (length == 0 || length > SMB_NETBIOS_NAME_MAX_LENGTH)
    return refuse (text, "it has to have 1 to 15 characters", error);
  if (has_control (name, length))
    return refuse (text, "it has a control character", error);

  memset (self->bytes, ' ', SMB_NETBIOS_NAME_MAX_LENGTH);
  memcpy (self->bytes, name, length);
  self->bytes[SMB_NETBIOS_NAME_MAX_LENGTH] = suffix;
  return TRUE;
}

void
smb_netbios_name_init_any (SmbNetbiosName *self)
{
  memset (self->bytes, 0, sizeof self->bytes);
  self->bytes[0] = '*';
}

guint8
smb_netbios_name_get_suffix (const SmbNetbiosName *self)
{
  return self->bytes[SMB_NETBIOS_NAME_MAX_LENGTH];
}

static gsize
get_length (const SmbNetbiosName *self)
{
  gsize length = SMB_NETBIOS_NAME_MAX_LENGTH;

  while (length > 0 && (self->bytes[length - 1] == ' ' || self->bytes[length - 1] == '\0'))
    length--;
  return length;
}

char *
smb_netbios_name_dup_text (const SmbNetbiosName *self)
{
  gsize            length = get_length (self);
  g_autofree char *text = NULL;

  if (memchr (self->bytes, '\0', length) == NULL)
    text = g_convert ((const char *) self->bytes, (gssize) length, "UTF-8", CODE_PAGE, NULL, NULL, NULL);
  if (text == NULL)
    text = g_utf8_make_valid ((const char *) self->bytes, (gssize) length);
  return g_steal_pointer (&text);
}

gboolean
smb_netbios_name_equal (const SmbNetbiosName *a,
                        const SmbNetbiosName *b)
{
  return memcmp (a->bytes, b->bytes, sizeof a->bytes) == 0;
}

void
smb_netbios_name_encode (const SmbNetbiosName *self,
                         SmbWriter            *writer)
{
  smb_writer_u8 (writer, ENCODED_LENGTH);
  for (gsize i = 0; i < sizeof self->bytes; i++)
    {
      smb_writer_u8 (writer, 'A' + (self->bytes[i] >> 4));
      smb_writer_u8 (writer, 'A' + (self->bytes[i] & 0x0F));
    }
  smb_writer_u8 (writer, 0); /* the root: no scope */
}

/* Where a name is read from, which jumps about in the message. */
typedef struct
{
  SmbReader at;
  gsize     floor;    /* a pointer leads to before this: so there is no going round */
  gsize     end;      /* of the name in its own place, once it has left that */
  gboolean  has_left;
} NameReader;

static void
follow (NameReader *self,
        gsize       offset)
{
  if (!self->has_left)
    self->end = self->at.offset;
  self->has_left = TRUE;

  if (offset >= self->floor)
    smb_reader_fail (&self->at);
  self->floor = offset;
  smb_reader_seek (&self->at, offset);
}

/* The length of the next label, wherever that is. */
static guint8
read_length (NameReader *self)
{
  guint8 length = smb_reader_u8 (&self->at);

  while ((length & POINTER_BITS) == POINTER_BITS)
    {
      follow (self, (gsize) (length & ~POINTER_BITS) << 8 | smb_reader_u8 (&self->at));
      length = smb_reader_u8 (&self->at);
    }
  if (length & POINTER_BITS)
    smb_reader_fail (&self->at);
  return length;
}

static guint8
read_nibble (SmbReader *r)
{
  guint8 letter = smb_reader_u8 (r);

  if (letter < 'A' || letter > 'P')
    smb_reader_fail (r);
  return letter - 'A';
}

static void
read_first_label (NameReader     *self,
                  SmbNetbiosName *name)
{
  if (read_length (self) != ENCODED_LENGTH)
    smb_reader_fail (&self->at);
  for (gsize i = 0; i < sizeof name->bytes; i++)
    {
      guint8 high = read_nibble (&self->at);

      name->bytes[i] = high << 4 | read_nibble (&self->at);
    }
}

static void
skip_scope (NameReader *self)
{
  gsize  total = 1 + ENCODED_LENGTH;
  guint8 length;

  while ((length = read_length (self)) != 0 && !self->at.failed)
    {
      smb_reader_skip (&self->at, length);
      total += 1 + length;
      if (total > MAX_NAME_LENGTH - 1)
        smb_reader_fail (&self->at);
    }
}

void
smb_netbios_name_read (SmbReader      *r,
                       SmbNetbiosName *self)
{
  NameReader name = { .at = *r, .floor = r->offset };

  memset (self, 0, sizeof *self);
  read_first_label (&name, self);
  skip_scope (&name);
  if (name.at.failed)
    smb_reader_fail (r);
  else
    smb_reader_seek (r, name.has_left ? name.end : name.at.offset);
}
