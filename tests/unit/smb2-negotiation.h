/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "smb2-peer.h"

/* Where things are in a NEGOTIATE request. */
#define WIRE_CLIENT_GUID  76
#define WIRE_CAPABILITIES 72
#define WIRE_MODE         68
#define WIRE_CONTEXTS     92
#define WIRE_N_CONTEXTS   96
#define WIRE_DIALECTS     100

static inline void
fixture_set_up (Peer          *self,
                gconstpointer  data)
{
  memset (self, 0, sizeof *self);
  self->dialect = g_object_new (SMB_TYPE_SMB2_DIALECT, NULL);
}

static inline void
fixture_tear_down (Peer          *self,
                   gconstpointer  data)
{
  peer_clear (self);
}

static inline GByteArray *
negotiate (Peer                      *self,
           const SmbNegotiateOptions *options)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(SmbFrame) frame = smb_dialect_negotiate (self->dialect, options, &error);

  g_assert_no_error (error);
  g_assert_cmpuint (frame->n_messages, ==, 1);
  return peer_wire_bytes (frame);
}

static inline GByteArray *
negotiate_by_default (Peer *self)
{
  SmbNegotiateOptions options;

  peer_options_init (&options);
  return negotiate (self, &options);
}

/* For tests of the answer. */
static inline void
offer_by_default (Peer *self)
{
  g_byte_array_unref (negotiate_by_default (self));
}

static inline void
answer (Peer             *self,
        const GByteArray *bytes,
        SmbNegotiation   *result)
{
  g_autoptr(GError) error = NULL;

  g_assert_true (smb_dialect_negotiated (self->dialect, bytes->data, bytes->len, result, &error));
  g_assert_no_error (error);
}

static inline void
assert_refused (Peer             *self,
                const GByteArray *bytes,
                SmbError          code)
{
  g_autoptr(GError) error = NULL;
  SmbNegotiation result;

  g_assert_false (smb_dialect_negotiated (self->dialect, bytes->data, bytes->len, &result, &error));
  g_assert_error (error, SMB_ERROR, (int) code);
  g_assert_null (result.token);
}
