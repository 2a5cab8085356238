/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <gio/gio.h>

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
 */
typedef struct
{
  const guint8 *data;
  gsize         size;
  gsize         offset;
  gboolean      failed;
} SmbReader;

SMB_EXTERN void          smb_reader_init          (SmbReader     *self,
                                                   gconstpointer  data,
                                                   gsize          size);

/* Little endian; the *_be ones are in network order. */
SMB_EXTERN guint8        smb_reader_u8            (SmbReader     *self);
SMB_EXTERN guint16       smb_reader_u16           (SmbReader     *self);
SMB_EXTERN guint32       smb_reader_u32           (SmbReader     *self);
SMB_EXTERN guint64       smb_reader_u64           (SmbReader     *self);
SMB_EXTERN guint16       smb_reader_u16_be        (SmbReader     *self);
SMB_EXTERN guint32       smb_reader_u32_be        (SmbReader     *self);
SMB_EXTERN guint64       smb_reader_u64_be        (SmbReader     *self);

/* Fail unless the next number is @value. */
SMB_EXTERN void          smb_reader_expect_u8     (SmbReader     *self,
                                                   guint8         value);
SMB_EXTERN void          smb_reader_expect_u16    (SmbReader     *self,
                                                   guint16        value);
SMB_EXTERN void          smb_reader_expect_u32    (SmbReader     *self,
                                                   guint32        value);

/*
 * smb_reader_bytes: the next @size bytes, borrowed from the message; NULL and failed if there are
 *   fewer.
 * smb_reader_copy: the same, copied to @out, which is zeroed if there are fewer.
 * smb_reader_skip: over @size bytes.
 * smb_reader_seek: to @offset from the beginning of the message; the end is allowed.
 * smb_reader_align: over the padding up to the next multiple of @alignment, a power of two.
 * smb_reader_fail: for a decoder that finds a value it cannot take.
 */
SMB_EXTERN const guint8 *smb_reader_bytes         (SmbReader     *self,
                                                   gsize          size);
SMB_EXTERN void          smb_reader_copy          (SmbReader     *self,
                                                   gpointer       out,
                                                   gsize          size);
SMB_EXTERN void          smb_reader_skip          (SmbReader     *self,
                                                   gsize          size);
SMB_EXTERN void          smb_reader_seek          (SmbReader     *self,
                                                   gsize          offset);
SMB_EXTERN void          smb_reader_align         (SmbReader     *self,
                                                   gsize          alignment);
SMB_EXTERN void          smb_reader_fail          (SmbReader     *self);

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

/*
 * smb_reader_get_remaining: bytes left; 0 once failed.
 * smb_reader_finish: TRUE if nothing failed, else SMB_ERROR_PROTOCOL with a message that says
 *   that @what is truncated or malformed. Bytes that were not read are no error.
 */
SMB_EXTERN gsize         smb_reader_get_remaining (const SmbReader *self);
SMB_EXTERN gboolean      smb_reader_finish        (const SmbReader *self,
                                                   const char      *what,
                                                   GError         **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
