/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "smb2-peer.h"

static const guint8 echo_body[] = { 4, 0, 0, 0 };
static const guint8 error_body[] = { 9, 0, 0, 0, 0, 0, 0, 0, 0 };

/* A peer that has sent ECHOs, and the bytes of their answers. */
typedef struct
{
  Peer        peer;
  GByteArray *bytes;
  guint8     *memory;
  GArray     *items;
} Fixture;

static inline void
fixture_set_up (Fixture       *f,
                gconstpointer  data)
{
  peer_init (&f->peer, data);
  f->bytes = g_byte_array_new ();
  f->items = peer_new_items ();
  f->memory = NULL;
}

static inline void
fixture_tear_down (Fixture       *f,
                   gconstpointer  data)
{
  peer_clear (&f->peer);
  g_byte_array_unref (f->bytes);
  g_array_unref (f->items);
  g_free (f->memory);
}

static inline guint64
echo (Fixture       *f,
      SmbProtection  protection)
{
  return peer_send_command (&f->peer, SMB_COMMAND_ECHO, protection);
}

/* Appends the answer to an ECHO; returns where it begins. */
static inline gsize
append_echo (Fixture *f,
             guint64  id)
{
  gsize offset = f->bytes->len;

  peer_append (f->bytes, SMB_COMMAND_ECHO, id, SMB_STATUS_SUCCESS, echo_body, sizeof echo_body);
  return offset;
}

static inline gsize
append_error (Fixture    *f,
              SmbCommand  command,
              guint64     id,
              guint32     status)
{
  gsize offset = f->bytes->len;

  peer_append (f->bytes, command, id, status, error_body, sizeof error_body);
  return offset;
}

/* Makes the message at @offset one that has a successor. */
static inline void
chain (Fixture *f,
       gsize    offset)
{
  static const guint8 zeros[8];

  g_byte_array_append (f->bytes, zeros, -(f->bytes->len - offset) & 7);
  smb_smb2_set_u32 (f->bytes->data + offset, SMB_SMB2_HEADER_NEXT_COMMAND, f->bytes->len - offset);
}

static inline void
assert_parsed (Fixture *f,
               guint    n_items)
{
  g_autoptr(GError) error = NULL;

  g_array_set_size (f->items, 0);
  peer_parse (&f->peer, f->bytes, &f->memory, f->items, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (f->items->len, ==, n_items);
}

static inline void
assert_refused (Fixture  *f,
                SmbError  code)
{
  g_autoptr(GError) error = NULL;

  g_array_set_size (f->items, 0);
  g_assert_false (peer_parse (&f->peer, f->bytes, &f->memory, f->items, &error));
  g_assert_error (error, SMB_ERROR, (int) code);
  g_assert_cmpuint (f->items->len, ==, 0);
}

static inline const SmbItem *
get_item (Fixture *f,
          guint    i)
{
  return &g_array_index (f->items, SmbItem, i);
}
