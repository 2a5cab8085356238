/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <gio/gio.h>
#include <string.h>

#include "smb-macros.h"

G_BEGIN_DECLS

/**
 * SmbReader:
 * @data: the message; borrowed, and so is everything that points into it
 * @size: its length in bytes
 * @offset: of the next byte to read
 * @failed: whether a read went past the end or an expectation was not met
 *
 * Reads a message in wire order. Lives on the stack.
 *
 * The error sticks: after the first read that does not fit all others give 0 or %NULL, so a
 * decoder reads everything and asks once, with smb_reader_finish(). Never loop or allocate
 * on a number from the wire before that.
 *
 * What is read for each message is inline; smb_reader_bytes() is the one place that moves on.
 */
typedef struct
{
  const guint8 *data;
  gsize         size;
  gsize         offset;
  gboolean      failed;
} SmbReader;

/*
 * smb_reader_sub: makes @sub a reader of the @size bytes at @offset from the beginning of the
 *   message. A @size of 0 is an empty reader whatever @offset says, since many servers leave the
 *   offset of an absent field undefined. Does not move @self. If the range does not fit, both are
 *   failed.
 * smb_reader_take: makes @sub a reader of the next @size bytes and moves over them.
 */
SMB_EXTERN void          smb_reader_sub           (SmbReader     *self,
                                                   SmbReader     *sub,
                                                   gsize          offset,
                                                   gsize          size);
SMB_EXTERN void          smb_reader_take          (SmbReader     *self,
                                                   SmbReader     *sub,
                                                   gsize          size);

/*
 * smb_reader_utf16: the next @size bytes of UTF-16LE as UTF-8, to be freed; NULL and failed if
 *   they are no such string (odd size, lone surrogate, U+0000).
 * smb_reader_filetime: the next FILETIME as UTC, to be unreffed; NULL if it says "none" or is
 *   outside the years 1601 to 9999, which is no failure.
 */
SMB_EXTERN char         *smb_reader_utf16         (SmbReader     *self,
                                                   gsize          size) G_GNUC_WARN_UNUSED_RESULT;
SMB_EXTERN GDateTime    *smb_reader_filetime      (SmbReader     *self) G_GNUC_WARN_UNUSED_RESULT;

/* Sets the error of smb_reader_finish(). */
SMB_EXTERN void          smb_reader_set_error     (const char    *what,
                                                   GError       **error);

static inline void
smb_reader_init (SmbReader     *self,
                 gconstpointer  data,
                 gsize          size)
{
  /* An empty message may have no memory at all, and NULL is for failures. */
  self->data = data != NULL ? data : "";
  self->size = size;
  self->offset = 0;
  self->failed = FALSE;
}

/* For a decoder that finds a value it cannot take. */
static inline void
smb_reader_fail (SmbReader *self)
{
  self->failed = TRUE;
}

/* The next @size bytes, borrowed from the message; NULL and failed if there are fewer. What remains is
 * compared, so that @offset + @size cannot overflow. */
static inline const guint8 *
smb_reader_bytes (SmbReader *self,
                  gsize      size)
{
  const guint8 *bytes = self->data + self->offset;

  if (G_UNLIKELY (self->failed || size > self->size - self->offset))
    {
      self->failed = TRUE;
      return NULL;
    }

  self->offset += size;
  return bytes;
}

/* The same, copied to @out, which is zeroed if there are fewer. */
static inline void
smb_reader_copy (SmbReader *self,
                 gpointer   out,
                 gsize      size)
{
  const guint8 *bytes = smb_reader_bytes (self, size);

  if (G_LIKELY (bytes != NULL))
    memcpy (out, bytes, size);
  else
    memset (out, 0, size);
}

/* Over @size bytes. */
static inline void
smb_reader_skip (SmbReader *self,
                 gsize      size)
{
  smb_reader_bytes (self, size);
}

/* To @offset from the beginning of the message; the end is allowed. */
static inline void
smb_reader_seek (SmbReader *self,
                 gsize      offset)
{
  if (G_UNLIKELY (self->failed || offset > self->size))
    self->failed = TRUE;
  else
    self->offset = offset;
}

/* Over the padding up to the next multiple of @alignment, a power of two. */
static inline void
smb_reader_align (SmbReader *self,
                  gsize      alignment)
{
  smb_reader_bytes (self, -self->offset & (alignment - 1));
}

/* Numbers: little endian; the *_be ones are in network order. */

static inline guint8
smb_reader_u8 (SmbReader *self)
{
  guint8 value;

  smb_reader_copy (self, &value, sizeof value);
  return value;
}

static inline guint16
smb_reader_u16 (SmbReader *self)
{
  guint16 value;

  smb_reader_copy (self, &value, sizeof value);
  return GUINT16_FROM_LE (value);
}

static inline guint32
smb_reader_u32 (SmbReader *self)
{
  guint32 value;

  smb_reader_copy (self, &value, sizeof value);
  return GUINT32_FROM_LE (value);
}

static inline guint64
smb_reader_u64 (SmbReader *self)
{
  guint64 value;

  smb_reader_copy (self, &value, sizeof value);
  return GUINT64_FROM_LE (value);
}

static inline guint16
smb_reader_u16_be (SmbReader *self)
{
  guint16 value;

  smb_reader_copy (self, &value, sizeof value);
  return GUINT16_FROM_BE (value);
}

static inline guint32
smb_reader_u32_be (SmbReader *self)
{
  guint32 value;

  smb_reader_copy (self, &value, sizeof value);
  return GUINT32_FROM_BE (value);
}

static inline guint64
smb_reader_u64_be (SmbReader *self)
{
  guint64 value;

  smb_reader_copy (self, &value, sizeof value);
  return GUINT64_FROM_BE (value);
}

/* Fail unless the next number is @value. */

static inline void
smb_reader_expect_u8 (SmbReader *self,
                      guint8     value)
{
  if (smb_reader_u8 (self) != value)
    self->failed = TRUE;
}

static inline void
smb_reader_expect_u16 (SmbReader *self,
                       guint16    value)
{
  if (smb_reader_u16 (self) != value)
    self->failed = TRUE;
}

static inline void
smb_reader_expect_u32 (SmbReader *self,
                       guint32    value)
{
  if (smb_reader_u32 (self) != value)
    self->failed = TRUE;
}

/* Bytes left; 0 once failed. */
static inline gsize
smb_reader_get_remaining (const SmbReader *self)
{
  return self->failed ? 0 : self->size - self->offset;
}

/* TRUE if nothing failed, else SMB_ERROR_PROTOCOL with a message that says that @what is truncated or
 * malformed. Bytes that were not read are no error. */
static inline gboolean G_GNUC_WARN_UNUSED_RESULT
smb_reader_finish (const SmbReader  *self,
                   const char       *what,
                   GError          **error)
{
  if (G_UNLIKELY (self->failed))
    smb_reader_set_error (what, error);
  return !self->failed;
}

G_END_DECLS
