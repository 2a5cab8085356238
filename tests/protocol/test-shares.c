/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <string.h>

#include "operations.h"
#include "wire/smb-writer.h"

/* The pipe that lists the shares: DCE/RPC ([C706] 12.6) and srvsvc ([MS-SRVS] 3.1.4.8), both of a hostile
 * server. */

enum
{
  PDU_REQUEST = 0,
  PDU_RESPONSE = 2,
  PDU_FAULT = 3,
  PDU_BIND_ACK = 12,
  PDU_BIND_NAK = 13,
};

enum
{
  FIRST_FRAGMENT = 1,
  LAST_FRAGMENT = 2,
  WHOLE = 3,
};

#define BODY_AT 16

/* What follows the common header is @body. */
static GByteArray *
make_pdu (guint8        type,
          guint8        flags,
          gconstpointer body,
          gsize         size)
{
  guint8      header[BODY_AT] = { 5, 0, type, flags, 0x10, 0, 0, 0 };
  GByteArray *pdu = g_byte_array_new ();

  header[8] = (guint8) (BODY_AT + size);
  header[9] = (guint8) ((BODY_AT + size) >> 8);
  g_byte_array_append (pdu, header, sizeof header);
  g_byte_array_append (pdu, body, (guint) size);
  return pdu;
}

static void
add_pdu (Fixture      *f,
         guint8        type,
         guint8        flags,
         gconstpointer body,
         gsize         size)
{
  g_autoptr(GByteArray) pdu = make_pdu (type, flags, body, size);

  scripted_server_add_pdu (f->server, pdu->data, pdu->len);
}

/* alloc_hint, context and cancel_count, then the stub; with @n shares of one letter each. */
static GBytes *
make_response (guint32     n,
               guint32     resume,
               guint32     result)
{
  g_auto(SmbWriter) writer = { 0 };

  smb_writer_init (&writer, NULL);
  smb_writer_zeros (&writer, 8);
  smb_writer_u32 (&writer, 1); /* Level */
  smb_writer_u32 (&writer, 1);
  smb_writer_u32 (&writer, 0x20000);
  smb_writer_u32 (&writer, n); /* EntriesRead */
  smb_writer_u32 (&writer, 0x20004);
  smb_writer_u32 (&writer, n);
  for (guint i = 0; i < n; i++)
    {
      smb_writer_u32 (&writer, 0x20008);
      smb_writer_u32 (&writer, 0); /* a disk */
      smb_writer_u32 (&writer, 0); /* no comment */
    }
  for (guint i = 0; i < n; i++)
    {
      smb_writer_u32 (&writer, 2);
      smb_writer_u32 (&writer, 0);
      smb_writer_u32 (&writer, 2);
      smb_writer_u16 (&writer, (guint16) ('a' + i % 26));
      smb_writer_u16 (&writer, 0);
    }
  smb_writer_u32 (&writer, n); /* TotalEntries */
  smb_writer_u32 (&writer, 0x20010);
  smb_writer_u32 (&writer, resume);
  smb_writer_u32 (&writer, result);
  return smb_writer_steal_bytes (&writer);
}

static void
add_response (Fixture *f,
              guint32  n,
              guint32  resume,
              guint32  result)
{
  g_autoptr(GBytes) response = make_response (n, resume, result);

  add_pdu (f, PDU_RESPONSE, WHOLE, g_bytes_get_data (response, NULL), g_bytes_get_size (response));
}

/* A bind_ack and nothing else. */
static void
accept_bind (Fixture *f)
{
  static const guint8 body[] = {
    0xb8, 0x10, 0xb8, 0x10, 1,    0,    0,    0,    1,    0,    0,    0, /* sizes, group, an empty address,
                                                                            padding */
    1,    0,    0,    0,    0,    0,    0,    0,                         /* one result: accepted */
    0x04, 0x5d, 0x88, 0x8a, 0xeb, 0x1c, 0xc9, 0x11, 0x9f, 0xe8, 0x08, 0x00, 0x2b,
    0x10, 0x48, 0x60, 2,    0,    0,    0,
  };

  add_pdu (f, PDU_BIND_ACK, WHOLE, body, sizeof body);
}

static guint
list (Fixture *f,
      GError **error)
{
  g_autoptr(GPtrArray) shares = smb_protocol_factory_list_shares (f->factory, -1, NULL, error);

  return shares == NULL ? 0 : shares->len;
}

static void
assert_list_fails (Fixture *f,
                   SmbError code)
{
  g_autoptr(GError) error = NULL;

  fixture_open (f, NULL);
  g_assert_cmpuint (list (f, &error), ==, 0);
  assert_failed (&error, code);
  fixture_assert_usable (f);
  scripted_server_wait_open (f->server, 0);
  fixture_renew (f);
}

/* What goes well */

/* A server that cannot wait inside a chain has put the question into the pipe when it says so: another pipe
 * is opened, where no old answer is in the way. */
static void
test_not_in_a_chain (Fixture       *f,
                     gconstpointer  data)
{
  g_autoptr(GError) error = NULL;

  accept_bind (f);
  add_response (f, 3, 0, 0);
  fixture_open (f, NULL);
  scripted_rule (f->server, SCRIPTED_IOCTL, 1, SCRIPTED_STATUS, .number = SMB_STATUS_INTERNAL_ERROR);
  g_assert_cmpuint (list (f, &error), ==, 3);
  g_assert_no_error (error);
  scripted_server_wait_open (f->server, 0);
  g_assert_cmpuint (scripted_server_count (f->server, SCRIPTED_CREATE), ==, 2);
  g_assert_cmpuint (scripted_server_count (f->server, SCRIPTED_CLOSE), ==, 2);
}

static void
test_list (Fixture       *f,
           gconstpointer  data)
{
  g_autoptr(GError) error = NULL;

  accept_bind (f);
  add_response (f, 3, 0, 0);
  fixture_open (f, NULL);
  g_assert_cmpuint (list (f, &error), ==, 3);
  g_assert_no_error (error);
  scripted_server_wait_open (f->server, 0);
}

/* ERROR_MORE_DATA: asked again from where it ended. */
static void
test_more (Fixture       *f,
           gconstpointer  data)
{
  g_autoptr(GError) error = NULL;

  accept_bind (f);
  add_response (f, 2, 2, 234);
  add_response (f, 2, 4, 234);
  add_response (f, 1, 0, 0);
  fixture_open (f, NULL);
  g_assert_cmpuint (list (f, &error), ==, 5);
  g_assert_no_error (error);
}

/* What does not fit the answer to the question is read from the pipe ([MS-SMB2] 3.3.5.15.10). */
static void
test_large (Fixture       *f,
            gconstpointer  data)
{
  g_autoptr(GError) error = NULL;

  accept_bind (f);
  add_response (f, 1000, 0, 0);
  fixture_open (f, NULL);
  g_assert_cmpuint (list (f, &error), ==, 1000);
  g_assert_no_error (error);
  g_assert_cmpuint (scripted_server_count (f->server, SCRIPTED_READ), >=, 3);
}

/* In fragments, each of which a READ of its own fetches. */
static void
add_fragments (Fixture *f,
               GBytes  *response,
               gsize    step)
{
  const guint8         *bytes = g_bytes_get_data (response, NULL);
  gsize                 size = g_bytes_get_size (response);
  g_autoptr(GByteArray) all = g_byte_array_new ();

  for (gsize at = 8; at < size; at += step)
    {
      gsize                 part = MIN (step, size - at);
      guint8                flags = (at == 8 ? FIRST_FRAGMENT : 0) | (at + part == size ? LAST_FRAGMENT : 0);
      g_autoptr(GByteArray) body = g_byte_array_new ();
      g_autoptr(GByteArray) pdu = NULL;

      g_byte_array_append (body, bytes, 8);
      g_byte_array_append (body, bytes + at, (guint) part);
      pdu = make_pdu (PDU_RESPONSE, flags, body->data, body->len);
      pdu->data[12] = 2; /* call_id, which the server sets in the first one only */
      g_byte_array_append (all, pdu->data, pdu->len);
    }
  scripted_server_add_pdu (f->server, all->data, all->len);
}

static void
test_fragments (Fixture       *f,
                gconstpointer  data)
{
  static const gsize steps[] = { 1, 7, 100, 4000 };

  for (gsize i = 0; i < G_N_ELEMENTS (steps); i++)
    {
      g_autoptr(GBytes) response = make_response (20, 0, 0);
      g_autoptr(GError) error = NULL;

      accept_bind (f);
      add_fragments (f, response, steps[i]);
      fixture_open (f, NULL);
      g_assert_cmpuint (list (f, &error), ==, 20);
      g_assert_no_error (error);
      fixture_renew (f);
    }
}

/* What does not */

static void
test_bind_refused (Fixture       *f,
                   gconstpointer  data)
{
  add_pdu (f, PDU_BIND_NAK, WHOLE, "\0\0\0\0\0", 5);
  assert_list_fails (f, SMB_ERROR_NOT_SUPPORTED);
}

static void
test_fault (Fixture       *f,
            gconstpointer  data)
{
  static const struct
  {
    const char *status;
    SmbError    code;
  } cases[] = {
    { "\5\0\0\0", SMB_ERROR_ACCESS_DENIED },
    { "\2\0\1\x1c", SMB_ERROR_NOT_SUPPORTED }, /* nca_s_op_rng_error */
    { "\xf7\6\0\0", SMB_ERROR_FAILED },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      guint8 body[16] = { 0 };

      memcpy (body + 8, cases[i].status, 4);
      accept_bind (f);
      add_pdu (f, PDU_FAULT, WHOLE, body, sizeof body);
      assert_list_fails (f, cases[i].code);
    }
}

static void
test_refused (Fixture       *f,
              gconstpointer  data)
{
  accept_bind (f);
  add_response (f, 0, 0, 5); /* ERROR_ACCESS_DENIED */
  assert_list_fails (f, SMB_ERROR_ACCESS_DENIED);
}

static void
test_no_pipe (Fixture       *f,
              gconstpointer  command)
{
  g_autoptr(GError) error = NULL;

  fixture_open (f, NULL);
  scripted_rule (f->server, GPOINTER_TO_UINT (command), 1, SCRIPTED_STATUS,
                 .number = SMB_STATUS_ACCESS_DENIED);
  g_assert_cmpuint (list (f, &error), ==, 0);
  assert_failed (&error, SMB_ERROR_ACCESS_DENIED);
  fixture_assert_usable (f);
  scripted_server_wait_open (f->server, 0);
}

/* The list has no end: the same place again, or no shares and yet more to come. */
static void
test_endless (Fixture       *f,
              gconstpointer  data)
{
  accept_bind (f);
  add_response (f, 1, 1, 234);
  add_response (f, 1, 1, 234);
  assert_list_fails (f, SMB_ERROR_PROTOCOL);
  accept_bind (f);
  add_response (f, 0, 1, 234);
  assert_list_fails (f, SMB_ERROR_PROTOCOL);
}

/* Each of these is out of place. */
static void
test_wrong_pdu (Fixture       *f,
                gconstpointer  data)
{
  static const struct
  {
    gsize  at;
    guint8 value;
  } cases[] = {
    { 0, 4 },             /* version */
    { 2, PDU_REQUEST },   /* type */
    { 2, PDU_BIND_ACK },
    { 3, 0 },             /* neither first nor last */
    { 3, LAST_FRAGMENT }, /* a last one without a first */
    { 4, 0 },             /* big-endian */
    { 8, 15 },            /* frag_length: less than a header */
    { 9, 0xFF },          /* more than there is, ever */
    { 10, 8 },            /* auth_length */
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(GBytes)     response = make_response (1, 0, 0);
      g_autoptr(GByteArray) pdu = NULL;

      pdu = make_pdu (PDU_RESPONSE, WHOLE, g_bytes_get_data (response, NULL), g_bytes_get_size (response));
      pdu->data[cases[i].at] = cases[i].value;
      accept_bind (f);
      scripted_server_add_pdu (f->server, pdu->data, pdu->len);
      scripted_rule (f->server, SCRIPTED_READ, 0, SCRIPTED_STATUS, .number = SMB_STATUS_SUCCESS);
      scripted_rule (f->server, SCRIPTED_READ, 0, SCRIPTED_BODY,
                     .data = "\x11\0\x50\0\0\0\0\0\0\0\0\0\0\0\0\0", .size = 16);
      assert_list_fails (f, SMB_ERROR_PROTOCOL);
    }
}

/* Counts beyond what there is, and beyond what memory holds. */
static void
test_huge_counts (Fixture       *f,
                  gconstpointer  data)
{
  static const gsize   places[] = { 8 + 12, 8 + 20, 8 + 40, 8 + 44 };
  static const guint32 values[] = { 2, 0x10000, 0x7FFFFFFF, 0xFFFFFFFF };

  for (gsize i = 0; i < G_N_ELEMENTS (places) * G_N_ELEMENTS (values); i++)
    {
      g_autoptr(GBytes)     response = make_response (1, 0, 0);
      g_autoptr(GByteArray) copy = g_byte_array_new ();
      guint32               value = GUINT32_TO_LE (values[i % G_N_ELEMENTS (values)]);
      gsize                 place = places[i / G_N_ELEMENTS (values)];

      if (place == 8 + 44 && value == 2) /* what it is */
        continue;
      g_byte_array_append (copy, g_bytes_get_data (response, NULL), (guint) g_bytes_get_size (response));
      memcpy (copy->data + place, &value, sizeof value);
      accept_bind (f);
      add_pdu (f, PDU_RESPONSE, WHOLE, copy->data, copy->len);
      assert_list_fails (f, SMB_ERROR_PROTOCOL);
    }
}

/* Cut anywhere. */
static void
test_truncated (Fixture       *f,
                gconstpointer  data)
{
  g_autoptr(GBytes) response = make_response (2, 0, 0);

  for (gsize size = 8; size < g_bytes_get_size (response); size += 5)
    {
      accept_bind (f);
      add_pdu (f, PDU_RESPONSE, WHOLE, g_bytes_get_data (response, NULL), size);
      assert_list_fails (f, SMB_ERROR_PROTOCOL);
    }
}

/* No answer at all */
static void
test_empty (Fixture       *f,
            gconstpointer  data)
{
  assert_list_fails (f, SMB_ERROR_PROTOCOL);
  accept_bind (f);
  assert_list_fails (f, SMB_ERROR_PROTOCOL);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  fixture_add ("/shares/list", test_list);
  fixture_add ("/shares/not-in-a-chain", test_not_in_a_chain);
  fixture_add ("/shares/more", test_more);
  fixture_add ("/shares/large", test_large);
  fixture_add ("/shares/fragments", test_fragments);
  fixture_add ("/shares/bind-refused", test_bind_refused);
  fixture_add ("/shares/fault", test_fault);
  fixture_add ("/shares/refused", test_refused);
  fixture_add_with ("/shares/no-pipe/tree-connect", GUINT_TO_POINTER (SCRIPTED_TREE_CONNECT), test_no_pipe);
  fixture_add_with ("/shares/no-pipe/create", GUINT_TO_POINTER (SCRIPTED_CREATE), test_no_pipe);
  fixture_add_with ("/shares/no-pipe/ioctl", GUINT_TO_POINTER (SCRIPTED_IOCTL), test_no_pipe);
  fixture_add ("/shares/endless", test_endless);
  fixture_add ("/shares/wrong-pdu", test_wrong_pdu);
  fixture_add ("/shares/huge-counts", test_huge_counts);
  fixture_add ("/shares/truncated", test_truncated);
  fixture_add ("/shares/empty", test_empty);

  return g_test_run ();
}
