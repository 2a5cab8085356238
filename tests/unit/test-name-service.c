/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <net/if.h>
#include <netinet/in.h>
#include <string.h>

#include "name-responder.h"
#include "smb-broadcast-private.h"
#include "smb-error.h"
#include "smb-name-service.h"

#define NAME     "0020"
#define STATUS   "0021"
#define POSITIVE "8580"

#define LOOPBACK           "127.0.0.1"
#define LOOPBACK_BROADCAST "127.255.255.255"

/* What a node answers to every request, one after the other. */
typedef struct
{
  enum
  {
    ANSWER,
    ANSWER_CUT,       /* without its last byte */
    ANSWER_TO_OTHER,  /* question */
    ANSWER_FROM_ELSEWHERE,
  } how;
  const char *flags;
  const char *type;
  const char *data;
  guint       first; /* the request from which on it is given */
} Answer;

#define ADDRESS(hex) { ANSWER, POSITIVE, NAME, "6000" hex }

typedef struct
{
  SmbNameService *service;
  NameResponder  *responder;
  guint16         port;
  const Answer   *answers;
  guint           n_answers;
  guint8          requests[16][50];

  GAsyncResult   *result;
} Fixture;

static void
give_answer (NameResponder *responder,
             const Answer  *answer)
{
  g_autofree char *hex = name_responder_build (responder, answer->flags, answer->type, answer->data);

  switch (answer->how)
    {
    case ANSWER:
      name_responder_reply (responder, hex);
      break;
    case ANSWER_CUT:
      hex[strlen (hex) - 2] = '\0';
      name_responder_reply (responder, hex);
      break;
    case ANSWER_TO_OTHER:
      name_responder_reply_to_other (responder, hex);
      break;
    case ANSWER_FROM_ELSEWHERE:
      name_responder_reply_from (responder, NULL, hex);
      break;
    default:
      g_assert_not_reached ();
    }
}

static void
respond (NameResponder *responder,
         guint          nth,
         gpointer       data)
{
  Fixture *f = data;
  gsize    size;
  gpointer request = (gpointer) g_bytes_get_data (name_responder_get_request (responder), &size);

  g_assert_cmpuint (size, ==, sizeof f->requests[0]);
  if (nth < G_N_ELEMENTS (f->requests))
    memcpy (f->requests[nth], request, size);
  for (guint i = 0; i < f->n_answers; i++)
    if (nth >= f->answers[i].first)
      give_answer (responder, &f->answers[i]);
}

static void
fixture_set_up (Fixture       *f,
                gconstpointer  data)
{
  f->responder = name_responder_start ("0.0.0.0", respond, f);
  f->port = name_responder_get_port (f->responder);
  f->service = smb_name_service_new ();
  g_object_set (f->service, "port", f->port, "broadcast-address", LOOPBACK_BROADCAST, NULL);
}

static void
fixture_tear_down (Fixture       *f,
                   gconstpointer  data)
{
  name_responder_stop (f->responder);
  g_clear_object (&f->result);
  g_assert_finalize_object (f->service);
}

#define SET_ANSWERS(f, list) ((f)->answers = (list), (f)->n_answers = G_N_ELEMENTS (list))

/* What an answer looks like, as "10.0.0.1 10.0.0.2". Frees @addresses. */
static void
assert_addresses (char       **addresses,
                  const char  *expected)
{
  g_autofree char *joined = NULL;

  g_assert_nonnull (addresses);
  joined = g_strjoinv (" ", addresses);
  g_assert_cmpstr (joined, ==, expected);
  g_strfreev (addresses);
}

static char **
query (Fixture     *f,
       const char  *address,
       int          timeout_msec,
       GError     **error)
{
  return smb_name_service_query_name (f->service, "smbtest", address, 0, SMB_NAME_SUFFIX_SERVER, timeout_msec,
                                      NULL, error);
}

static void
result_cb (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  Fixture *f = user_data;

  g_assert_true (source == G_OBJECT (f->service));
  f->result = g_object_ref (result);
}

static char **
finish (Fixture  *f,
        GError  **error)
{
  char **addresses;

  g_assert_null (f->result);
  while (f->result == NULL)
    g_main_context_iteration (g_main_context_get_thread_default (), TRUE);
  addresses = smb_name_service_query_name_finish (f->service, f->result, error);
  g_clear_object (&f->result);
  return addresses;
}

static char **
query_async (Fixture     *f,
             const char  *address,
             int          timeout_msec,
             GError     **error)
{
  smb_name_service_query_name_async (f->service, "smbtest", address, 0, SMB_NAME_SUFFIX_SERVER, timeout_msec,
                                     NULL, result_cb, f);
  return finish (f, error);
}

/* Both forms give the same. */
static void
assert_found (Fixture    *f,
              const char *address,
              int         timeout_msec,
              const char *expected)
{
  g_autoptr(GError) error = NULL;

  assert_addresses (query (f, address, timeout_msec, &error), expected);
  g_assert_no_error (error);
  assert_addresses (query_async (f, address, timeout_msec, &error), expected);
  g_assert_no_error (error);
}

static void
assert_not_found (Fixture    *f,
                  const char *address,
                  int         timeout_msec,
                  GQuark      domain,
                  int         code)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(GError) error_async = NULL;

  g_assert_null (query (f, address, timeout_msec, &error));
  g_assert_null (query_async (f, address, timeout_msec, &error_async));
  g_assert_error (error, domain, code);
  g_assert_error (error_async, domain, code);
  g_assert_cmpstr (error->message, ==, error_async->message);
  if (domain == SMB_ERROR)
    g_assert_true (g_str_has_prefix (error->message, "Cannot find 'smbtest<20>': "));
}

/* One computer */

static void
test_name (Fixture       *f,
           gconstpointer  data)
{
  static const Answer one[] = { ADDRESS ("0a000001") };
  static const Answer many[] = { { ANSWER, POSITIVE, NAME, "60000a000001" "60000a000002" "6000c0a80103" } };

  SET_ANSWERS (f, one);
  assert_found (f, LOOPBACK, -1, "10.0.0.1");
  SET_ANSWERS (f, many);
  assert_found (f, LOOPBACK, G_MAXINT, "10.0.0.1 10.0.0.2 192.168.1.3");

  g_assert_cmpmem (f->requests[0] + 2, 10, "\1\0\0\1\0\0\0\0\0\0", 10); /* no broadcast */
  g_assert_cmpmem (f->requests[0] + 12, 34, "\x20" "FDENECFEEFFDFECACACACACACACACACA", 34);
  g_assert_cmpmem (f->requests[0] + 46, 4, "\0\x20\0\1", 4);
  g_assert_cmpuint (memcmp (f->requests[0], f->requests[1], 2) | memcmp (f->requests[0], f->requests[2], 2),
                    !=, 0);
}

static void
test_group (Fixture       *f,
            gconstpointer  data)
{
  static const Answer group[] = { { ANSWER, POSITIVE, NAME, "e000" "0a000001" } };

  SET_ANSWERS (f, group);
  assert_found (f, LOOPBACK, -1, "10.0.0.1"); /* which does not wait for more */
  g_assert_cmpuint (name_responder_count_requests (f->responder), ==, 2);
}

static void
test_refusals (Fixture       *f,
               gconstpointer  data)
{
  static const struct
  {
    const char *flags;
    SmbError    code;
  } cases[] = {
    { "8583", SMB_ERROR_NOT_FOUND },
    { "8585", SMB_ERROR_ACCESS_DENIED },
    { "8581", SMB_ERROR_FAILED },
    { "8582", SMB_ERROR_FAILED },
    { "8587", SMB_ERROR_FAILED },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      Answer answers[] = { { ANSWER, cases[i].flags, "000a", "" } };

      SET_ANSWERS (f, answers);
      assert_not_found (f, LOOPBACK, -1, SMB_ERROR, (int) cases[i].code);
      f->n_answers = 0;
    }
}

/* What is no answer to the question is as if it had not come. */
static void
test_ignored (Fixture       *f,
              gconstpointer  data)
{
  static const Answer answers[] = {
    { ANSWER_CUT, POSITIVE, NAME, "6000" "0a000009" },
    { ANSWER_TO_OTHER, POSITIVE, NAME, "6000" "0a000009" },
    { ANSWER_FROM_ELSEWHERE, POSITIVE, NAME, "6000" "0a000009" },
    { ANSWER, "0100", NAME, "6000" "0a000009" },   /* a question */
    { ANSWER, "bc00", NAME, "6000" "0a000009" },   /* wait for acknowledgement */
    { ANSWER, POSITIVE, STATUS, "00" },            /* of another kind */
    { ANSWER, POSITIVE, NAME, "" },                /* empty */
    ADDRESS ("0a000001"),
  };

  SET_ANSWERS (f, answers);
  assert_found (f, LOOPBACK, -1, "10.0.0.1");
  assert_found (f, NULL, -1, "10.0.0.1");
}

/* About another name, and pointers that lead nowhere. */
static void
respond_strangely (NameResponder *responder,
                   guint          nth,
                   gpointer       data)
{
  g_autofree char *good = name_responder_build (responder, POSITIVE, NAME, "6000" "0a000001");
  g_autofree char *bad = name_responder_build (responder, POSITIVE, NAME, "6000" "0a000009");

  name_responder_reply (responder, "");
  name_responder_reply (responder, "85800000000100000000" "c00c" "00200001" "00000000" "0006" "60000a000009");
  memcpy (bad + 22, "4142", 4); /* the first letters of the name */
  name_responder_reply (responder, bad);
  name_responder_reply (responder, good);
}

static void
test_ignored_names (Fixture       *f,
                    gconstpointer  data)
{
  NameResponder *responder = name_responder_start (LOOPBACK, respond_strangely, NULL);

  g_object_set (f->service, "port", name_responder_get_port (responder), NULL);
  assert_found (f, LOOPBACK, -1, "10.0.0.1");
  name_responder_stop (responder);
}

static void
test_silence (Fixture       *f,
              gconstpointer  data)
{
  assert_not_found (f, LOOPBACK, 1500, SMB_ERROR, SMB_ERROR_TIMED_OUT);
  g_assert_cmpuint (name_responder_count_requests (f->responder), ==, 6);
  g_assert_cmpmem (f->requests[0], 50, f->requests[2], 50); /* the same question */
  assert_not_found (f, LOOPBACK, 0, SMB_ERROR, SMB_ERROR_TIMED_OUT);

  g_object_set (f->service, "default-timeout", 60, NULL);
  assert_not_found (f, LOOPBACK, -1, SMB_ERROR, SMB_ERROR_TIMED_OUT);
}

/* The first two are lost on the way. */
static void
test_retransmission (Fixture       *f,
                     gconstpointer  data)
{
  static const Answer late[] = { { ANSWER, POSITIVE, NAME, "6000" "0a000001", 2 } };
  g_autoptr(GError)   error = NULL;

  SET_ANSWERS (f, late);
  assert_addresses (query (f, LOOPBACK, 3000, &error), "10.0.0.1");
  g_assert_cmpuint (name_responder_count_requests (f->responder), ==, 3);
}

static void
test_nobody_listens (Fixture       *f,
                     gconstpointer  data)
{
  NameResponder *gone = name_responder_start (LOOPBACK, respond, f);

  g_object_set (f->service, "port", name_responder_get_port (gone), NULL);
  name_responder_stop (gone);
  assert_not_found (f, LOOPBACK, -1, G_IO_ERROR, G_IO_ERROR_CONNECTION_REFUSED);
}

static void
test_port_of_call (Fixture       *f,
                   gconstpointer  data)
{
  static const Answer one[] = { ADDRESS ("0a000001") };
  g_autoptr(GError)   error = NULL;

  SET_ANSWERS (f, one);
  g_object_set (f->service, "port", 1, NULL);
  assert_addresses (smb_name_service_query_name (f->service, "x", LOOPBACK, f->port, 0, -1, NULL, &error),
                    "10.0.0.1");
  g_assert_no_error (error);
}

/* Everybody */

static void
test_broadcast (Fixture       *f,
                gconstpointer  data)
{
  static const Answer one[] = { ADDRESS ("0a000001"), ADDRESS ("0a000002") };

  SET_ANSWERS (f, one);
  assert_found (f, NULL, -1, "10.0.0.1");
  assert_found (f, LOOPBACK_BROADCAST, -1, "10.0.0.1");
  g_assert_cmpmem (f->requests[0] + 2, 2, "\1\x10", 2);
  g_assert_cmpmem (f->requests[2] + 2, 2, "\1\x10", 2);
}

/* Each member says so for itself, and to each of our questions. */
static void
test_broadcast_group (Fixture       *f,
                      gconstpointer  data)
{
  static const Answer answers[] = {
    { ANSWER, POSITIVE, NAME, "e000" "0a000001" },
    { ANSWER, "8583", "000a", "" },
    { ANSWER, POSITIVE, NAME, "e000" "0a000002" },
    { ANSWER, POSITIVE, NAME, "e000" "0a000003", 1 },
  };

  SET_ANSWERS (f, answers);
  assert_found (f, NULL, -1, "10.0.0.1 10.0.0.2 10.0.0.3");
  g_assert_cmpuint (name_responder_count_requests (f->responder), ==, 6);
}

static void
test_broadcast_silence (Fixture       *f,
                        gconstpointer  data)
{
  gint64 begin = g_get_monotonic_time ();

  assert_not_found (f, NULL, -1, SMB_ERROR, SMB_ERROR_NOT_FOUND);
  g_assert_cmpint (g_get_monotonic_time () - begin, >=, 2 * 750 * G_TIME_SPAN_MILLISECOND);
  g_assert_cmpuint (name_responder_count_requests (f->responder), ==, 6);
  assert_not_found (f, NULL, 30, SMB_ERROR, SMB_ERROR_TIMED_OUT);
}

static void
test_broadcast_off (Fixture       *f,
                    gconstpointer  data)
{
  static const Answer one[] = { ADDRESS ("0a000001") };

  SET_ANSWERS (f, one);
  g_object_set (f->service, "broadcast", FALSE, NULL);
  assert_not_found (f, NULL, -1, SMB_ERROR, SMB_ERROR_INVALID_ARGUMENT);
  assert_found (f, LOOPBACK, -1, "10.0.0.1");
}

/* Of a machine's interfaces. */

static void
set_address (struct sockaddr_in *address,
             const char         *text)
{
  g_autoptr(GInetAddress) parsed = g_inet_address_new_from_string (text);

  address->sin_family = AF_INET;
  memcpy (&address->sin_addr, g_inet_address_to_bytes (parsed), 4);
}

static void
assert_list (GPtrArray  *list,
             const char *expected)
{
  g_autoptr(GPtrArray)    owned = list;
  g_autoptr(GStrvBuilder) builder = g_strv_builder_new ();
  g_auto(GStrv)           texts = NULL;
  g_autofree char        *joined = NULL;

  for (guint i = 0; i < list->len; i++)
    {
      g_autofree char *text = g_inet_address_to_string (list->pdata[i]);

      g_strv_builder_add (builder, text);
    }
  texts = g_strv_builder_end (builder);
  joined = g_strjoinv (" ", texts);
  g_assert_cmpstr (joined, ==, expected);
}

static void
test_broadcast_list (void)
{
  struct sockaddr_in local = { 0 }, first = { 0 }, second = { 0 };
  struct sockaddr    other = { .sa_family = AF_INET6 };
  const guint        up = IFF_UP | IFF_BROADCAST;
  struct ifaddrs     list[] = {
    { .ifa_flags = up | IFF_LOOPBACK }, /* loopback */
    { .ifa_flags = up }, /* a network */
    { .ifa_flags = up }, /* another */
    { .ifa_flags = IFF_BROADCAST }, /* down */
    { .ifa_flags = up }, /* IPv6 */
    { .ifa_flags = up }, /* without an address */
    { .ifa_flags = up }, /* the first network again */
    { .ifa_flags = IFF_UP | IFF_POINTOPOINT }, /* a tunnel */
  };
  g_autoptr(GInetAddress) everybody = g_inet_address_new_from_string ("255.255.255.255");
  g_autoptr(GInetAddress) somebody = g_inet_address_new_from_string ("127.0.0.1");

  set_address (&local, "10.0.0.1");
  set_address (&first, "10.0.0.255");
  set_address (&second, "192.168.1.255");
  for (gsize i = 0; i < G_N_ELEMENTS (list); i++)
    {
      list[i].ifa_next = i + 1 < G_N_ELEMENTS (list) ? &list[i + 1] : NULL;
      list[i].ifa_addr = (struct sockaddr *) &local;
      list[i].ifa_broadaddr = (struct sockaddr *) (i == 2 ? &second : &first);
    }
  list[4].ifa_addr = &other;
  list[5].ifa_broadaddr = NULL;

  assert_list (smb_broadcast_list_from (list), "10.0.0.255 192.168.1.255");
  assert_list (smb_broadcast_list_from (&list[3]), "10.0.0.255");
  assert_list (smb_broadcast_list_from (&list[7]), "255.255.255.255");
  assert_list (smb_broadcast_list_from (NULL), "255.255.255.255");
  g_assert_true (smb_broadcast_is (everybody));
  g_assert_false (smb_broadcast_is (somebody));
}

/* Status */

#define SPACES_8      "2020202020202020"
#define HEX_SMBTEST   "534d4254455354" SPACES_8
#define HEX_TESTGROUP "5445535447524f5550" "202020202020"
#define NAMES         "03" HEX_SMBTEST "20" "6400" HEX_SMBTEST "03" "0800" HEX_TESTGROUP "1e" "e400"

static void
assert_record (GPtrArray  *records,
               guint       i,
               const char *name,
               guint       suffix,
               const char *flags,
               const char *mac_address)
{
  SmbNameRecord   *record = g_ptr_array_index (records, i);
  g_autofree char *name_property = NULL;
  g_autofree char *mac_property = NULL;
  guint            suffix_property;
  gboolean         group, active, conflict;

  g_assert_cmpstr (smb_name_record_get_name (record), ==, name);
  g_assert_cmpuint (smb_name_record_get_suffix (record), ==, suffix);
  g_assert_cmpstr (smb_name_record_get_mac_address (record), ==, mac_address);
  g_assert_cmpint (smb_name_record_get_is_group (record), ==, strchr (flags, 'g') != NULL);
  g_assert_cmpint (smb_name_record_get_is_active (record), ==, strchr (flags, 'a') != NULL);
  g_assert_cmpint (smb_name_record_get_is_conflict (record), ==, strchr (flags, 'c') != NULL);

  g_object_get (record, "name", &name_property, "suffix", &suffix_property, "mac-address", &mac_property,
                "is-group", &group, "is-active", &active, "is-conflict", &conflict, NULL);
  g_assert_cmpstr (name_property, ==, name);
  g_assert_cmpuint (suffix_property, ==, suffix);
  g_assert_cmpstr (mac_property, ==, mac_address);
  g_assert_cmpint (group, ==, smb_name_record_get_is_group (record));
  g_assert_cmpint (active, ==, smb_name_record_get_is_active (record));
  g_assert_cmpint (conflict, ==, smb_name_record_get_is_conflict (record));
}

static void
assert_records (GPtrArray  *records,
                const char *mac_address)
{
  g_assert_nonnull (records);
  g_assert_cmpuint (records->len, ==, 3);
  assert_record (records, 0, "SMBTEST", SMB_NAME_SUFFIX_SERVER, "a", mac_address);
  assert_record (records, 1, "SMBTEST", SMB_NAME_SUFFIX_MESSENGER, "c", mac_address);
  assert_record (records, 2, "TESTGROUP", SMB_NAME_SUFFIX_BROWSER, "ga", mac_address);
}

static GPtrArray *
query_status_async (Fixture     *f,
                    const char  *address,
                    int          timeout_msec,
                    GError     **error)
{
  GPtrArray *records;

  smb_name_service_query_ip_for_name_async (f->service, address, 0, timeout_msec, NULL, result_cb, f);
  while (f->result == NULL)
    g_main_context_iteration (NULL, TRUE);
  records = smb_name_service_query_ip_for_name_finish (f->service, f->result, error);
  g_clear_object (&f->result);
  return records;
}

static void
test_status (Fixture       *f,
             gconstpointer  data)
{
  static const struct
  {
    Answer      answer;
    const char *mac_address;
  } cases[] = {
    { { ANSWER, "8400", STATUS, NAMES "0123456789ab" "0000" }, "01:23:45:67:89:ab" },
    { { ANSWER, "8400", STATUS, NAMES "000000000000" "0000" }, NULL },
    { { ANSWER, "8400", STATUS, NAMES }, NULL },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(GError)    error = NULL;
      g_autoptr(GPtrArray) records = NULL;
      g_autoptr(GPtrArray) records_async = NULL;

      f->answers = &cases[i].answer;
      f->n_answers = 1;
      records = smb_name_service_query_ip_for_name (f->service, LOOPBACK, 0, -1, NULL, &error);
      g_assert_no_error (error);
      assert_records (records, cases[i].mac_address);
      records_async = query_status_async (f, LOOPBACK, -1, &error);
      g_assert_no_error (error);
      assert_records (records_async, cases[i].mac_address);
    }
  g_assert_cmpmem (f->requests[0] + 2, 10, "\0\0\0\1\0\0\0\0\0\0", 10);
  g_assert_cmpmem (f->requests[0] + 12, 34, "\x20" "CKAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", 34);
  g_assert_cmpmem (f->requests[0] + 46, 4, "\0\x21\0\1", 4);
}

static void
test_status_fails (Fixture       *f,
                   gconstpointer  data)
{
  static const Answer other[] = { ADDRESS ("0a000001") };
  g_autoptr(GError)   error = NULL;

  SET_ANSWERS (f, other);
  g_assert_null (smb_name_service_query_ip_for_name (f->service, LOOPBACK, 0, 30, NULL, &error));
  g_assert_error (error, SMB_ERROR, SMB_ERROR_TIMED_OUT);
  g_assert_true (g_str_has_prefix (error->message, "Cannot ask '127.0.0.1' for its names: "));
  g_clear_error (&error);
  g_assert_null (query_status_async (f, "::1", -1, &error));
  g_assert_error (error, SMB_ERROR, SMB_ERROR_INVALID_ARGUMENT);
}

/* Arguments */

static void
test_arguments (Fixture       *f,
                gconstpointer  data)
{
  static const char *const addresses[] = { "", "::1", "localhost", "1.2.3", "1.2.3.4.5", "\xff" };
  static const char *const names[] = { "", "ABCDEFGHIJKLMNOP", "юра", "\xff" };

  for (gsize i = 0; i < G_N_ELEMENTS (addresses); i++)
    assert_not_found (f, addresses[i], -1, SMB_ERROR, SMB_ERROR_INVALID_ARGUMENT);
  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autoptr(GError) error = NULL;

      g_assert_null (smb_name_service_query_name (f->service, names[i], LOOPBACK, 0, 0, -1, NULL, &error));
      g_assert_error (error, SMB_ERROR, SMB_ERROR_INVALID_ARGUMENT);
      g_assert_true (g_utf8_validate (error->message, -1, NULL));
    }
  assert_not_found (f, LOOPBACK, -2, SMB_ERROR, SMB_ERROR_INVALID_ARGUMENT);
  assert_not_found (f, NULL, G_MININT, SMB_ERROR, SMB_ERROR_INVALID_ARGUMENT);
  g_object_set (f->service, "broadcast-address", "everywhere", NULL);
  assert_not_found (f, NULL, -1, SMB_ERROR, SMB_ERROR_INVALID_ARGUMENT);
  g_assert_cmpuint (name_responder_count_requests (f->responder), ==, 0);
}

static void
test_properties (void)
{
  g_autoptr(SmbNameService) service = smb_name_service_new ();
  g_autofree char          *address = NULL;
  gboolean                  broadcast;
  guint                     port, listen_port;
  int                       timeout;

  g_object_get (service, "broadcast", &broadcast, "broadcast-address", &address, "port", &port, "listen-port",
                &listen_port, "default-timeout", &timeout, NULL);
  g_assert_true (broadcast);
  g_assert_null (address);
  g_assert_cmpuint (port, ==, 137);
  g_assert_cmpuint (listen_port, ==, 0);
  g_assert_cmpint (timeout, ==, 30000);
}

/* A port that another socket has cannot be had a second time. */
static void
test_listen_port (Fixture       *f,
                  gconstpointer  data)
{
  g_object_set (f->service, "listen-port", f->port, NULL);
  assert_not_found (f, LOOPBACK, -1, G_IO_ERROR, G_IO_ERROR_ADDRESS_IN_USE);
}

/* Cancelling, contexts, threads */

static void
cancel (NameResponder *responder,
        guint          nth,
        gpointer       data)
{
  g_cancellable_cancel (data);
}

static void
test_cancelled (Fixture       *f,
                gconstpointer  data)
{
  g_autoptr(GCancellable)  cancellable = g_cancellable_new ();
  NameResponder           *responder = name_responder_start (LOOPBACK, cancel, cancellable);
  guint16                  port = name_responder_get_port (responder);
  g_autoptr(GError)        error = NULL;

  for (guint i = 0; i < 2; i++) /* during the query, and before */
    {
      g_assert_null (
          smb_name_service_query_name (f->service, "x", LOOPBACK, port, 0, -1, cancellable, &error));
      g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
      g_clear_error (&error);
    }
  g_assert_cmpuint (name_responder_count_requests (responder), ==, 1);

  g_cancellable_reset (cancellable);
  for (guint i = 0; i < 2; i++)
    {
      smb_name_service_query_name_async (f->service, "x", LOOPBACK, port, 0, -1, cancellable, result_cb, f);
      g_assert_null (finish (f, &error));
      g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
      g_clear_error (&error);
    }
  g_assert_cmpuint (name_responder_count_requests (responder), ==, 2);
  name_responder_stop (responder);
}

static gboolean
never (gpointer data)
{
  g_assert_not_reached ();
  return G_SOURCE_REMOVE;
}

/* The synchronous form runs no main loop, and the asynchronous one that of its context only. */
static void
test_contexts (Fixture       *f,
               gconstpointer  data)
{
  static const Answer     one[] = { ADDRESS ("0a000001") };
  g_autoptr(GMainContext) context = g_main_context_new ();
  g_autoptr(GError)       error = NULL;
  guint                   id = g_idle_add (never, NULL);

  SET_ANSWERS (f, one);
  assert_addresses (query (f, LOOPBACK, -1, &error), "10.0.0.1");
  g_main_context_push_thread_default (context);
  assert_addresses (query_async (f, LOOPBACK, -1, &error), "10.0.0.1");
  g_main_context_pop_thread_default (context);
  g_source_remove (id);
}

typedef struct
{
  Fixture *f;
  guint    remaining;
} Crowd;

static void
crowd_cb (GObject      *source,
          GAsyncResult *result,
          gpointer      user_data)
{
  Crowd             *crowd = user_data;
  g_autoptr(GError)  error = NULL;

  assert_addresses (smb_name_service_query_name_finish (crowd->f->service, result, &error), "10.0.0.1");
  g_assert_no_error (error);
  crowd->remaining--;
}

static gpointer
ask_in_thread (gpointer data)
{
  Fixture *f = data;

  for (guint i = 0; i < 20; i++)
    assert_addresses (query (f, LOOPBACK, -1, NULL), "10.0.0.1");
  return NULL;
}

static void
test_many (Fixture       *f,
           gconstpointer  data)
{
  static const Answer one[] = { ADDRESS ("0a000001") };
  GThread            *threads[4];
  Crowd               crowd = { f, 50 };

  SET_ANSWERS (f, one);
  for (guint i = 0; i < G_N_ELEMENTS (threads); i++)
    threads[i] = g_thread_new ("asker", ask_in_thread, f);
  for (guint i = 0; i < 50; i++)
    smb_name_service_query_name_async (f->service, "smbtest", LOOPBACK, 0, 0x20, 2000, NULL, crowd_cb,
                                       &crowd);
  while (crowd.remaining > 0)
    g_main_context_iteration (NULL, TRUE);
  for (guint i = 0; i < G_N_ELEMENTS (threads); i++)
    g_thread_join (threads[i]);
}

/* Nobody waits for the answer any more; the task keeps what it needs. */
static void
test_dropped (Fixture       *f,
              gconstpointer  data)
{
  static const Answer  one[] = { ADDRESS ("0a000001") };
  SmbNameService      *service = f->service;
  gpointer             alive = service;

  SET_ANSWERS (f, one);
  f->service = smb_name_service_new ();
  smb_name_service_query_name_async (service, "smbtest", LOOPBACK, 0, 0x20, -1, NULL, NULL, NULL);
  g_object_add_weak_pointer (G_OBJECT (service), &alive);
  g_object_unref (service);
  while (alive != NULL)
    g_main_context_iteration (NULL, TRUE);
}

#define ADD(name, func)                                                                                      \
  g_test_add ("/name-service/" name, Fixture, NULL, fixture_set_up, func, fixture_tear_down)

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  ADD ("name", test_name);
  ADD ("group", test_group);
  ADD ("refusals", test_refusals);
  ADD ("ignored", test_ignored);
  ADD ("ignored-names", test_ignored_names);
  ADD ("silence", test_silence);
  ADD ("retransmission", test_retransmission);
  ADD ("nobody-listens", test_nobody_listens);
  ADD ("port-of-call", test_port_of_call);
  ADD ("broadcast", test_broadcast);
  ADD ("broadcast-group", test_broadcast_group);
  ADD ("broadcast-silence", test_broadcast_silence);
  ADD ("broadcast-off", test_broadcast_off);
  g_test_add_func ("/name-service/broadcast-list", test_broadcast_list);
  ADD ("status", test_status);
  ADD ("status-fails", test_status_fails);
  ADD ("arguments", test_arguments);
  g_test_add_func ("/name-service/properties", test_properties);
  ADD ("listen-port", test_listen_port);
  ADD ("cancelled", test_cancelled);
  ADD ("contexts", test_contexts);
  ADD ("many", test_many);
  ADD ("dropped", test_dropped);

  return g_test_run ();
}
