/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <gio/gio.h>
#include <string.h>

#include "smb-macros.h"

G_BEGIN_DECLS

/**
 * SmbWriter:
 * @bytes: what is written to; owned by the writer until stolen
 * @base: where in @bytes the message began: all offsets and alignments count from here
 * @room: how long @bytes can become in the memory that it has, as far as the writer knows
 *
 * Builds a message in wire order at the end of a #GByteArray. Lives on the stack.
 *
 * What is written for each message is inline; smb_writer_extend() is the one place that moves on.
 */
typedef struct
{
  GByteArray *bytes;
  gsize       base;
  gsize       room;
} SmbWriter;

/*
 * smb_writer_init: appends to @bytes, of which it takes a reference, or to an array of its own if
 *   NULL. Offset 0 is the present end of @bytes.
 * smb_writer_clear: drops the array; harmless after a steal.
 * smb_writer_steal, smb_writer_steal_bytes: the array, with everything it held before @base.
 * smb_writer_begin: offset 0 is the present end from now on.
 * smb_writer_reserve: makes room for @size bytes more, where more than a few are known to follow.
 */
SMB_EXTERN void        smb_writer_init        (SmbWriter       *self,
                                               GByteArray      *bytes);
SMB_EXTERN void        smb_writer_clear       (SmbWriter       *self);
SMB_EXTERN GByteArray *smb_writer_steal       (SmbWriter       *self) G_GNUC_WARN_UNUSED_RESULT;
SMB_EXTERN GBytes     *smb_writer_steal_bytes (SmbWriter       *self) G_GNUC_WARN_UNUSED_RESULT;
SMB_EXTERN void        smb_writer_reserve     (SmbWriter       *self,
                                               gsize            size);

/*
 * smb_writer_utf16: UTF-16LE without a terminator; returns the number of bytes written. Text that
 *   is no UTF-8 writes nothing: check with g_utf8_validate() what comes from outside.
 * smb_writer_patch_*: overwrite what was written at @offset from the base.
 */
SMB_EXTERN gsize       smb_writer_utf16       (SmbWriter       *self,
                                               const char      *text);
SMB_EXTERN void        smb_writer_patch_u16   (SmbWriter       *self,
                                               gsize            offset,
                                               guint16          value);
SMB_EXTERN void        smb_writer_patch_u32   (SmbWriter       *self,
                                               gsize            offset,
                                               guint32          value);

static inline void
smb_writer_begin (SmbWriter *self)
{
  self->base = self->bytes->len;
}

/* Makes the message longer by @size bytes and returns them, to be written to before anything else is. */
static inline guint8 *
smb_writer_extend (SmbWriter *self,
                   gsize      size)
{
  guint end = self->bytes->len;

  if (G_UNLIKELY (end + size > self->room))
    smb_writer_reserve (self, size);
  self->bytes->len = (guint) (end + size);
  return self->bytes->data + end;
}

static inline void
smb_writer_bytes (SmbWriter     *self,
                  gconstpointer  data,
                  gsize          size)
{
  if (size > 0)
    memcpy (smb_writer_extend (self, size), data, size);
}

static inline void
smb_writer_zeros (SmbWriter *self,
                  gsize      size)
{
  if (size > 0)
    memset (smb_writer_extend (self, size), 0, size);
}

/* Bytes since the base. */
static inline gsize
smb_writer_get_offset (const SmbWriter *self)
{
  return self->bytes->len - self->base;
}

/* Zeros up to the next multiple of @alignment, a power of two, from the base. */
static inline void
smb_writer_align (SmbWriter *self,
                  gsize      alignment)
{
  smb_writer_zeros (self, -smb_writer_get_offset (self) & (alignment - 1));
}

/* Numbers: little endian; the *_be ones are in network order. */

static inline void
smb_writer_u8 (SmbWriter *self,
               guint8     value)
{
  *smb_writer_extend (self, sizeof value) = value;
}

static inline void
smb_writer_u16 (SmbWriter *self,
                guint16    value)
{
  value = GUINT16_TO_LE (value);
  memcpy (smb_writer_extend (self, sizeof value), &value, sizeof value);
}

static inline void
smb_writer_u32 (SmbWriter *self,
                guint32    value)
{
  value = GUINT32_TO_LE (value);
  memcpy (smb_writer_extend (self, sizeof value), &value, sizeof value);
}

static inline void
smb_writer_u64 (SmbWriter *self,
                guint64    value)
{
  value = GUINT64_TO_LE (value);
  memcpy (smb_writer_extend (self, sizeof value), &value, sizeof value);
}

static inline void
smb_writer_u16_be (SmbWriter *self,
                   guint16    value)
{
  smb_writer_u16 (self, GUINT16_SWAP_LE_BE (value));
}

static inline void
smb_writer_u32_be (SmbWriter *self,
                   guint32    value)
{
  smb_writer_u32 (self, GUINT32_SWAP_LE_BE (value));
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (SmbWriter, smb_writer_clear)

G_END_DECLS
