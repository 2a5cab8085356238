/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <string.h>

#include "decoder-check.h"
#include "wire/smb-dcerpc.h"
#include "wire/smb-ndr.h"
#include "wire/smb-srvsvc.h"

/* The stubs of this file were made by Samba 4.17. */
#define ENUM_REQUEST \
  "000002000700000000000000070000005c005c0068006f00730074000000000001000000010000000400020000000000" \
  "00000000ffffffff0800020000000000"

#define ENUM_RESPONSE \
  "01000000010000000000020004000000040002000400000008000200000000000c000200100002000000000014000200" \
  "18000200030000801c0002002000020001000000240002000500000000000000050000006400610074006100000000000d" \
  "000000000000000d0000005000750062006c00690063002000660069006c006500730000000000070000000000000007" \
  "0000005300740072006100df00650000000000010000000000000001000000000000000500000000000000050000004900" \
  "500043002400000000000c000000000000000c0000004900500043002000530065007200760069006300650000000500" \
  "000000000000050000006c0070003dd800de0000000008000000000000000800000044007200fc0063006b0065007200" \
  "000004000000280002000700000000000000"

#define ENUM_MORE \
  "010000000100000000000200010000000400020001000000" "08000200000000000c0002000200000000000000020000006100" \
  "000002000000000000000200000062000000020000001000020001000000ea000000"

#define ENUM_DENIED "010000000100000000000200000000000400020000000000000000000000000005000000"

static void
assert_share (const SmbSrvsvcShareEnum *result,
              guint                     index,
              const char               *name,
              guint32                   type,
              const char               *comment)
{
  const SmbSrvsvcShare *share = result->shares->pdata[index];

  g_assert_cmpstr (share->name, ==, name);
  g_assert_cmphex (share->type, ==, type);
  g_assert_cmpstr (share->comment, ==, comment);
}

static SmbSrvsvcShareEnum *
decode_hex (const char  *hex,
            GError     **error)
{
  gsize size;
  g_autofree guint8 *stub = bytes_from_hex (hex, &size);

  return smb_srvsvc_share_enum_decode (stub, size, error);
}

static void
test_share_enum (void)
{
  g_autoptr(GBytes) request = smb_srvsvc_share_enum_encode ("\\\\host", 0);
  g_autoptr(SmbSrvsvcShareEnum) result = decode_hex (ENUM_RESPONSE, NULL);
  g_autoptr(SmbSrvsvcShareEnum) more = decode_hex (ENUM_MORE, NULL);
  g_autoptr(GError) error = NULL;

  assert_bytes (g_bytes_get_data (request, NULL), g_bytes_get_size (request), ENUM_REQUEST);

  g_assert_cmpuint (result->shares->len, ==, 4);
  assert_share (result, 0, "data", SMB_SRVSVC_SHARE_DISK, "Public files");
  assert_share (result, 1, "Stra\xC3\x9F" "e", SMB_SRVSVC_SHARE_DISK, "");
  assert_share (result, 2, "IPC$", SMB_SRVSVC_SHARE_SPECIAL | SMB_SRVSVC_SHARE_IPC, "IPC Service");
  assert_share (result, 3, "lp\xF0\x9F\x98\x80", SMB_SRVSVC_SHARE_PRINTQ, "Dr\xC3\xBC" "cker");
  g_assert_cmpuint (result->total, ==, 4);
  g_assert_cmpuint (result->resume_handle, ==, 7);
  g_assert_false (result->more);

  g_assert_cmpuint (more->shares->len, ==, 1);
  g_assert_true (more->more);
  g_assert_cmpuint (more->resume_handle, ==, 1);

  g_assert_null (decode_hex (ENUM_DENIED, &error));
  g_assert_error (error, SMB_ERROR, SMB_ERROR_ACCESS_DENIED);
}

static void
test_share_enum_resume (void)
{
  g_autoptr(GBytes) request = smb_srvsvc_share_enum_encode ("\\\\h\xC3\xB6" "st", 0x01020304);
  gsize size;
  const guint8 *stub = g_bytes_get_data (request, &size);

  assert_bytes (stub + size - 4, 4, "04030201");
}

/* Results of the call, with no shares at all. */
static void
test_share_enum_results (void)
{
  static const struct
  {
    const char *stub;
    SmbError    code;
  } cases[] = {
    { "0100000001000000" "00000000" "00000000" "00000000" "32000000", SMB_ERROR_NOT_SUPPORTED },
    { "0100000001000000" "00000000" "00000000" "00000000" "7c000000", SMB_ERROR_NOT_SUPPORTED },
    { "0100000001000000" "00000000" "00000000" "00000000" "57000000", SMB_ERROR_FAILED },
    { "0200000001000000" "00000000" "00000000" "00000000" "00000000", SMB_ERROR_PROTOCOL },
    { "0100000002000000" "00000000" "00000000" "00000000" "00000000", SMB_ERROR_PROTOCOL },
    /* more entries than there is room for, and another number than was announced */
    { "0100000001000000" "00000200" "ffffff3f" "04000200" "ffffff3f" "0000000000000000", SMB_ERROR_PROTOCOL },
    { "0100000001000000" "00000200" "01000000" "04000200" "00000000" "00000000" "00000000" "00000000",
      SMB_ERROR_PROTOCOL },
  };
  g_autoptr(SmbSrvsvcShareEnum) none =
    decode_hex ("0100000001000000" "00000000" "00000000" "00000000" "00000000", NULL);

  g_assert_cmpuint (none->shares->len, ==, 0);

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(GError) error = NULL;

      g_assert_null (decode_hex (cases[i].stub, &error));
      g_assert_error (error, SMB_ERROR, (int) cases[i].code);
    }
}

static gboolean
decode_share_enum (const guint8  *data,
                   gsize          size,
                   GError       **error)
{
  g_autoptr(SmbSrvsvcShareEnum) result = smb_srvsvc_share_enum_decode (data, size, error);

  for (guint i = 0; result != NULL && i < result->shares->len; i++)
    {
      const SmbSrvsvcShare *share = result->shares->pdata[i];

      g_assert_true (g_utf8_validate (share->name, -1, NULL));
      g_assert_true (g_utf8_validate (share->comment, -1, NULL));
    }

  return result != NULL;
}

static void
check (Decode      decode,
       const char *hex)
{
  gsize size;
  g_autofree guint8 *bytes = bytes_from_hex (hex, &size);

  check_prefixes (decode, bytes, size, size);
  check_corruption (decode, bytes, size);
}

static void
test_share_enum_malformed (void)
{
  check (decode_share_enum, ENUM_RESPONSE);
  check (decode_share_enum, ENUM_MORE);
}

static void
test_ndr_string (void)
{
  static const char *const bad[] = {
    "02000000" "01000000" "01000000" "6100", /* an offset */
    "01000000" "00000000" "02000000" "61000000", /* more than the maximum */
    "ffffffff" "00000000" "ffffff7f" "6100",
    "ffffffff" "00000000" "ffffffff" "6100",
    "02000000" "00000000" "02000000" "610062",
  };
  gsize size;
  g_autofree guint8 *bytes = bytes_from_hex ("ff000000" "03000000" "00000000" "03000000" "3dd841000000",
                                             &size);
  g_autofree char *text = NULL;
  SmbReader r;

  smb_reader_init (&r, bytes, size);
  smb_reader_skip (&r, 1);
  text = smb_ndr_read_string (&r);
  g_assert_cmpstr (text, ==, "\xEF\xBF\xBD" "A");
  g_assert_cmpuint (smb_reader_get_remaining (&r), ==, 0);

  for (gsize i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_autofree guint8 *bad_bytes = bytes_from_hex (bad[i], &size);

      smb_reader_init (&r, bad_bytes, size);
      g_assert_null (smb_ndr_read_string (&r));
      g_assert_true (r.failed);
    }
}

static void
test_bind (void)
{
  g_autoptr(GBytes) bind = smb_dcerpc_bind_encode (1, &smb_srvsvc_interface);

  assert_bytes (g_bytes_get_data (bind, NULL), g_bytes_get_size (bind),
                "05000b03" "10000000" "48000000" "01000000" "b810b810" "00000000" "01000000" "00000100"
                "c84f324b7016d30112785a47bf6ee188" "03000000" "045d888aeb1cc9119fe808002b104860" "02000000");
}

/* A server's answer, whose secondary address "\PIPE\srvsvc" has 13 bytes and one of padding. */
#define BIND_ACK \
  "05000c03" "10000000" "44000000" "01000000" "b810b810" "f0530000" "0d00" "5c504950455c73727673766300" "00" \
  "01000000" "00000000" "045d888aeb1cc9119fe808002b104860" "02000000"

#define BIND_ACK_REFUSED \
  "05000c03" "10000000" "44000000" "01000000" "b810b810" "f0530000" "0d00" "5c504950455c73727673766300" "00" \
  "01000000" "02000100" "00000000000000000000000000000000" "00000000"

#define BIND_NAK "05000d03" "10000000" "15000000" "01000000" "0000" "010500"

static gboolean
decode_bind_ack (const guint8  *data,
                 gsize          size,
                 GError       **error)
{
  SmbDcerpcBindAck ack;

  return smb_dcerpc_bind_ack_decode (&ack, 1, data, size, error);
}

static void
assert_bind_fails (const char *hex,
                   guint32     call_id,
                   SmbError    code)
{
  gsize size;
  g_autofree guint8 *bytes = bytes_from_hex (hex, &size);
  g_autoptr(GError) error = NULL;
  SmbDcerpcBindAck ack;

  g_assert_false (smb_dcerpc_bind_ack_decode (&ack, call_id, bytes, size, &error));
  g_assert_error (error, SMB_ERROR, (int) code);
}

static void
test_bind_ack (void)
{
  gsize size;
  g_autofree guint8 *bytes = bytes_from_hex (BIND_ACK, &size);
  SmbDcerpcBindAck ack;

  g_assert_true (smb_dcerpc_bind_ack_decode (&ack, 1, bytes, size, NULL));
  g_assert_cmpuint (ack.max_transmit, ==, 4280);
  g_assert_cmpuint (ack.max_receive, ==, 4280);
  g_assert_cmphex (ack.association_group, ==, 0x53F0);

  assert_bind_fails (BIND_ACK, 2, SMB_ERROR_PROTOCOL);
  assert_bind_fails (BIND_ACK "00", 1, SMB_ERROR_PROTOCOL);
  assert_bind_fails (BIND_ACK_REFUSED, 1, SMB_ERROR_NOT_SUPPORTED);
  assert_bind_fails (BIND_NAK, 1, SMB_ERROR_NOT_SUPPORTED);
  assert_bind_fails ("05000203" "10000000" "18000000" "01000000" "0000000000000000", 1, SMB_ERROR_PROTOCOL);
  check (decode_bind_ack, BIND_ACK);
}

static void
test_request (void)
{
  g_autoptr(GBytes) request = smb_dcerpc_request_encode (2, SMB_SRVSVC_OPNUM_NETR_SHARE_ENUM, "stub", 4);

  assert_bytes (g_bytes_get_data (request, NULL), g_bytes_get_size (request),
                "05000003" "10000000" "1c000000" "02000000" "04000000" "00000f00" "73747562");
}

/* Fragments of the response to call 2 with the stub "abcdef". */
#define ONE_FRAGMENT "05000203" "10000000" "1e000000" "02000000" "06000000" "00000000" "616263646566"
#define FIRST "05000201" "10000000" "1a000000" "02000000" "06000000" "00000000" "6162"
#define MIDDLE "05000200" "10000000" "19000000" "02000000" "06000000" "00000000" "63"
#define LAST "05000202" "10000000" "1b000000" "02000000" "03000000" "00000000" "646566"
#define EMPTY_LAST "05000202" "10000000" "18000000" "02000000" "00000000" "00000000"
#define FAULT "05000323" "10000000" "20000000" "02000000" "00000000" "00000000"

static gboolean
push_hex (SmbDcerpcReply  *reply,
          const char      *hex,
          GError         **error)
{
  gsize size;
  g_autofree guint8 *bytes = bytes_from_hex (hex, &size);

  return smb_dcerpc_reply_push (reply, bytes, size, error);
}

static void
assert_stub (const SmbDcerpcReply *reply,
             const char           *hex)
{
  gsize size;
  gconstpointer stub;

  g_assert_true (smb_dcerpc_reply_is_complete (reply));
  stub = smb_dcerpc_reply_get_stub (reply, &size);
  assert_bytes (stub, size, hex);
}

/* However the pipe cuts the bytes. */
static void
test_reply (void)
{
  static const char *const whole[] = { ONE_FRAGMENT, FIRST MIDDLE LAST, FIRST MIDDLE MIDDLE EMPTY_LAST };
  static const char *const stubs[] = { "616263646566", "616263646566", "61626363" };

  for (gsize i = 0; i < G_N_ELEMENTS (whole); i++)
    {
      gsize size;
      g_autofree guint8 *bytes = bytes_from_hex (whole[i], &size);

      for (gsize step = 1; step <= size; step++)
        {
          g_autoptr(SmbDcerpcReply) reply = smb_dcerpc_reply_new (2, 6);

          for (gsize offset = 0; offset < size; offset += step)
            {
              g_assert_false (smb_dcerpc_reply_is_complete (reply));
              g_assert_true (smb_dcerpc_reply_push (reply, bytes + offset, MIN (step, size - offset), NULL));
            }
          assert_stub (reply, stubs[i]);
        }
    }
}

static void
test_reply_refuses (void)
{
  static const struct
  {
    const char *bytes;
    SmbError    code;
  } cases[] = {
    { MIDDLE, SMB_ERROR_PROTOCOL },                  /* no first fragment */
    { FIRST FIRST, SMB_ERROR_PROTOCOL },             /* two of them */
    { ONE_FRAGMENT "05", SMB_ERROR_PROTOCOL },       /* more than the last */
    { ONE_FRAGMENT LAST, SMB_ERROR_PROTOCOL },
    { FIRST MIDDLE MIDDLE LAST, SMB_ERROR_PROTOCOL }, /* more than 6 bytes */
    { "05000203" "10000000" "1e000000" "03000000" "06000000" "00000000" "616263646566", SMB_ERROR_PROTOCOL },
    { "04000203" "10000000" "1e000000" "02000000", SMB_ERROR_PROTOCOL }, /* version */
    { "05000203" "00000000" "1e000000" "02000000", SMB_ERROR_PROTOCOL }, /* big endian */
    { "05000203" "10000000" "1e000800" "02000000", SMB_ERROR_PROTOCOL }, /* authentication */
    { "05000203" "10000000" "0f000000" "02000000", SMB_ERROR_PROTOCOL }, /* shorter than its header */
    { "05000203" "10000000" "00000000" "02000000", SMB_ERROR_PROTOCOL },
    { "05000203" "10000000" "14000000" "02000000" "06000000", SMB_ERROR_PROTOCOL },
    { "05000003" "10000000" "18000000" "02000000" "00000000" "00000f00", SMB_ERROR_PROTOCOL }, /* a request */
    { FAULT "05000000" "00000000", SMB_ERROR_ACCESS_DENIED },
    { FAULT "0200011c" "00000000", SMB_ERROR_NOT_SUPPORTED },
    { FAULT "0300011c" "00000000", SMB_ERROR_NOT_SUPPORTED },
    { FAULT "f7060000" "00000000", SMB_ERROR_FAILED },
    { "05000323" "10000000" "1a000000" "02000000" "00000000" "00000000" "0500", SMB_ERROR_PROTOCOL },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(SmbDcerpcReply) reply = smb_dcerpc_reply_new (2, 6);
      g_autoptr(GError) error = NULL;
      g_autoptr(GError) again = NULL;

      g_assert_false (push_hex (reply, cases[i].bytes, &error));
      g_assert_error (error, SMB_ERROR, (int) cases[i].code);
      g_assert_false (push_hex (reply, ONE_FRAGMENT, &again));
      g_assert_error (again, SMB_ERROR, SMB_ERROR_PROTOCOL);
    }
}

/* Nothing comes after the last fragment, however late. */
static void
test_reply_is_over (void)
{
  static const char *const more[] = { "05", EMPTY_LAST, ONE_FRAGMENT };

  for (gsize i = 0; i < G_N_ELEMENTS (more); i++)
    {
      g_autoptr(SmbDcerpcReply) reply = smb_dcerpc_reply_new (2, 6);
      g_autoptr(GError) error = NULL;

      g_assert_true (push_hex (reply, ONE_FRAGMENT, NULL));
      assert_stub (reply, "616263646566");
      g_assert_true (push_hex (reply, "", NULL));
      g_assert_false (push_hex (reply, more[i], &error));
      g_assert_error (error, SMB_ERROR, SMB_ERROR_PROTOCOL);
    }
}

static gboolean
decode_reply (const guint8  *data,
              gsize          size,
              GError       **error)
{
  g_autoptr(SmbDcerpcReply) reply = smb_dcerpc_reply_new (2, 6);

  if (!smb_dcerpc_reply_push (reply, data, size, error))
    return FALSE;
  if (smb_dcerpc_reply_is_complete (reply))
    return TRUE;

  g_set_error (error, SMB_ERROR, SMB_ERROR_PROTOCOL, "More to come");

  return FALSE;
}

static void
test_reply_malformed (void)
{
  check (decode_reply, ONE_FRAGMENT);
  check (decode_reply, FIRST MIDDLE LAST);
  check_corruption (decode_reply, (const guint8 *) "", 0);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/wire/srvsvc/share-enum", test_share_enum);
  g_test_add_func ("/wire/srvsvc/resume", test_share_enum_resume);
  g_test_add_func ("/wire/srvsvc/results", test_share_enum_results);
  g_test_add_func ("/wire/srvsvc/malformed", test_share_enum_malformed);
  g_test_add_func ("/wire/ndr/string", test_ndr_string);
  g_test_add_func ("/wire/dcerpc/bind", test_bind);
  g_test_add_func ("/wire/dcerpc/bind-ack", test_bind_ack);
  g_test_add_func ("/wire/dcerpc/request", test_request);
  g_test_add_func ("/wire/dcerpc/reply", test_reply);
  g_test_add_func ("/wire/dcerpc/reply-refuses", test_reply_refuses);
  g_test_add_func ("/wire/dcerpc/reply-is-over", test_reply_is_over);
  g_test_add_func ("/wire/dcerpc/reply-malformed", test_reply_malformed);

  return g_test_run ();
}
