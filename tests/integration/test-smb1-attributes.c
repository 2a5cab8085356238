/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "test-checks.h"
#include "test-relay.h"

#include <string.h>
#include <unistd.h>

/* get_attributes on SMB1, which asks by path where that tells as much as opening the file ([MS-CIFS]
 * 2.2.6.6): what goes over the wire for it, and that both ways say the same. */

#define OPTIONS "--min=NT1", "--max=NT1"

/* [MS-CIFS] 2.2.3.1 and, for TRANSACTION2 with one word of setup, 2.2.4.46.1 */
#define OFFSET_COMMAND      4
#define OFFSET_STATUS       5
#define OFFSET_SUBCOMMAND   61
#define OFFSET_LEVEL        68
/* [MS-CIFS] 2.2.4.52.2, [MS-SMB] 2.2.4.9.2 */
#define OFFSET_CAPABILITIES 52
#define OFFSET_WORD_COUNT   32
#define OFFSET_FILE_ID      117
/* 2.2.4.64.1, 2.2.4.46.2 */
#define OFFSET_SHARE_ACCESS 64
#define OFFSET_TOTAL_DATA   35
#define OFFSET_DATA_COUNT   45

enum
{
  CLOSE = 0x04,
  TRANSACTION2 = 0x32,
  NEGOTIATE = 0x72,
  CREATE = 0xa2,
};

typedef struct
{
  TestSamba          *samba;
  TestRelay          *relay;
  SmbProtocolFactory *factory; /* through the relay */
  guint               n_frames; /* that were looked at */
  guint32             status;   /* for an edit */
} Fixture;

static const char *const plain[] = { OPTIONS, NULL };
static const char *const with_signatures[] = { OPTIONS, "--signing=mandatory", NULL };

static void
echo (Fixture *f)
{
  g_autoptr(GBytes) bytes = g_bytes_new_static ("?", 1);
  g_autoptr(GBytes) answer = NULL;
  g_autoptr(GError) error = NULL;

  answer = smb_protocol_factory_echo (f->factory, bytes, -1, NULL, &error);
  g_assert_no_error (error);
}

/* The requests that came by since the last time, in hexadecimal digits with a blank behind each: the command,
 * or of a TRANSACTION2 the subcommand and the level. A CLOSE that nobody waits for has come by, too. */
static char *
take_requests (Fixture *f)
{
  g_autoptr(GString)   requests = g_string_new (NULL);
  g_autoptr(GPtrArray) frames = NULL;

  echo (f);
  frames = test_relay_dup_frames (f->relay);
  for (; f->n_frames < frames->len; f->n_frames++)
    {
      const TestFrame *frame = g_ptr_array_index (frames, f->n_frames);
      gsize            size;
      const guint8    *bytes = g_bytes_get_data (frame->bytes, &size);

      if (frame->way != TEST_RELAY_UP)
        continue;
      if (bytes[OFFSET_COMMAND] == TRANSACTION2)
        g_string_append_printf (requests, "%02x:%02x%02x ", bytes[OFFSET_SUBCOMMAND], bytes[OFFSET_LEVEL + 1],
                                bytes[OFFSET_LEVEL]);
      else
        g_string_append_printf (requests, "%02x ", bytes[OFFSET_COMMAND]);
    }
  return g_strdup (requests->str);
}

#define OPENED   "a2 04 "
#define BY_PATH  "05:040a " /* 1000 + FileNetworkOpenInformation */
#define BY_LEVEL "05:0107 " /* SMB_QUERY_FILE_ALL_INFO */
#define ECHO     "2b "
#define CREATE_ONLY "a2 "

static void
assert_requests (Fixture    *f,
                 const char *expected)
{
  g_autofree char *requests = take_requests (f);

  g_assert_cmpstr (requests, ==, expected);
}

static SmbProtocolFactory *
new_client (Fixture *f)
{
  return test_client_new (f->samba, "alice", "max-dialect", SMB_DIALECT_VERSION_SMB_1, NULL);
}

static void
open_connection (Fixture *f)
{
  g_autoptr(GError) error = NULL;
  g_autofree char  *requests = NULL;

  smb_protocol_factory_open_connection (f->factory, "127.0.0.1", test_relay_get_port (f->relay), -1, NULL,
                                        &error);
  g_assert_no_error (error);
  requests = take_requests (f);
}

static void
set_up_closed (Fixture       *f,
               gconstpointer  data)
{
  f->samba = test_samba_startv (data);
  f->relay = test_relay_start (f->samba);
  f->factory = new_client (f);
}

/* The first look at the share is one by opening. */
static void
set_up (Fixture       *f,
        gconstpointer  data)
{
  set_up_closed (f, data);
  open_connection (f);
  test_look (f->factory, "data");
  assert_requests (f, "75 " OPENED ECHO); /* TREE_CONNECT_ANDX */
}

static void
tear_down (Fixture       *f,
           gconstpointer  data)
{
  g_assert_finalize_object (f->factory);
  test_relay_stop (f->relay);
  test_samba_stop (f->samba);
}

static SmbSharedFile *
get (SmbProtocolFactory  *factory,
     const char          *share,
     const char          *path,
     GError             **error)
{
  return smb_protocol_factory_get_attributes (factory, share, path, -1, NULL, error);
}

static guint64
get_well (Fixture    *f,
          const char *path)
{
  g_autoptr(GError)        error = NULL;
  g_autoptr(SmbSharedFile) file = get (f->factory, "data", path, &error);

  g_assert_no_error (error);
  return smb_shared_file_get_file_size (file);
}

/* What it costs. */

static void
test_one_request (Fixture       *f,
                  gconstpointer  data)
{
  g_autoptr(GError) error = NULL;

  test_share_write_text (f->samba, "data", "file", "four");
  g_assert_cmpuint (get_well (f, "file"), ==, 4);
  assert_requests (f, BY_PATH ECHO);
  g_assert_cmpuint (get_well (f, ""), ==, 0);
  g_assert_null (get (f->factory, "data", "none", &error));
  g_assert_error (error, SMB_ERROR, SMB_ERROR_NOT_FOUND);
  assert_requests (f, BY_PATH BY_PATH ECHO);
  test_look (f->factory, "guest"); /* each share for itself */
  test_look (f->factory, "guest");
  assert_requests (f, "75 " OPENED BY_PATH ECHO);
}

/* That both ways say the same. */

static char *
time_to_text (GDateTime *taken)
{
  g_autoptr(GDateTime) time = taken;
  g_autofree char     *text = time == NULL ? g_strdup ("none") : g_date_time_format (time, "%F %T");

  return g_strdup_printf ("%s.%06d", text, time == NULL ? 0 : g_date_time_get_microsecond (time));
}

static char *
file_to_text (SmbSharedFile *file)
{
  g_autofree char *created = time_to_text (smb_shared_file_get_creation_time (file));
  g_autofree char *accessed = time_to_text (smb_shared_file_get_last_access_time (file));
  g_autofree char *written = time_to_text (smb_shared_file_get_last_write_time (file));
  g_autofree char *changed = time_to_text (smb_shared_file_get_change_time (file));

  return g_strdup_printf ("'%s' '%s' %s %s %s %s size %" G_GUINT64_FORMAT " of %" G_GUINT64_FORMAT
                          " number %" G_GUINT64_FORMAT " attributes 0x%x folder %d",
                          smb_shared_file_get_filename (file), smb_shared_file_get_short_name (file), created,
                          accessed, written, changed, smb_shared_file_get_file_size (file),
                          smb_shared_file_get_alloc_size (file), smb_shared_file_get_file_id (file),
                          smb_shared_file_get_attributes (file), smb_shared_file_get_is_directory (file));
}

/* All that is said of a file, or why nothing is. */
static char *
describe (SmbProtocolFactory *factory,
          const char         *share,
          const char         *path)
{
  g_autoptr(GError)        error = NULL;
  g_autoptr(SmbSharedFile) file = get (factory, share, path, &error);

  return file == NULL ? g_strdup_printf ("%d %s", error->code, error->message) : file_to_text (file);
}

/* For a client that has never looked at the share before. */
static char *
describe_opened (Fixture    *f,
                 const char *share,
                 const char *path)
{
  g_autoptr(SmbProtocolFactory) factory = new_client (f);
  g_autoptr(GError)             error = NULL;

  smb_protocol_factory_open_connection (factory, test_samba_get_host (f->samba),
                                        test_samba_get_port (f->samba), -1, NULL, &error);
  g_assert_no_error (error);
  return describe (factory, share, path);
}

static void
assert_same (Fixture    *f,
             const char *share,
             const char *path,
             const char *requests)
{
  g_autofree char *opened = describe_opened (f, share, path);
  g_autofree char *by_path = describe (f->factory, share, path);

  g_test_message ("%s/%s: %s", share, path, by_path);
  g_assert_cmpstr (by_path, ==, opened);
  assert_requests (f, requests);
}

static void
fill_share (Fixture *f)
{
  g_autofree char *sparse = test_samba_build_path (f->samba, "data", "sparse", NULL);
  g_autofree char *none = test_samba_build_path (f->samba, "data", "folder/to-none", NULL);

  test_share_make_dir (f->samba, "data", "folder/Ordner ä😀");
  test_share_write_text (f->samba, "data", "folder/Datei ä😀", "some bytes");
  test_share_write_text (f->samba, "data", "folder/a rather long name. with dots and blanks.txt", "");
  test_share_write_text (f->samba, "data", "sparse", "");
  g_assert_cmpint (truncate (sparse, G_GUINT64_CONSTANT (5) << 30), ==, 0);
  g_assert_cmpint (symlink ("none", none), ==, 0);
}

static void
test_same (Fixture       *f,
           gconstpointer  data)
{
  static const char *const paths[] = {
    "",
    "folder",
    "FOLDER",
    "folder/Ordner ä😀",
    "folder/Datei ä😀",
    "folder/DATEI Ä😀",
    "folder/Datei ä😀/",
    "folder/a rather long name. with dots and blanks.txt",
    "sparse",
    "sparse ",
    "sparse.",
    "folder.",
    "none",
    "none/none",
    "sparse/none",
    "none.",
    "none ",
    "CON",
    "folder/to-none",
    "\x01",
    "sparse:stream",
    "sparse::$DATA",
    "folder:stream",
  };
  g_autofree char *long_name = g_strnfill (255, 'x');
  g_autofree char *too_long = g_strconcat (long_name, "/", long_name, "/", long_name, NULL);

  fill_share (f);
  for (gsize i = 0; i < G_N_ELEMENTS (paths); i++)
    assert_same (f, "data", paths[i], BY_PATH ECHO);
  assert_same (f, "data", long_name, BY_PATH ECHO);
  assert_same (f, "data", too_long, BY_PATH ECHO);
}

/* Opens "file:stream" for "file_stream", which the library would not write to. */
static void
name_stream (TestRelayWay  way,
             guint8       *message,
             gsize         size,
             gpointer      data)
{
  guint8 *found = way == TEST_RELAY_DOWN || message[OFFSET_COMMAND] != CREATE ? NULL
                                                                              : memchr (message, '_', size);

  if (found != NULL)
    *found = ':';
}

static void
write_stream (Fixture *f)
{
  test_store (f->factory, "streams", "file", "plain");
  test_relay_set_edit (f->relay, name_stream, NULL);
  test_store (f->factory, "streams", "file_stream", "in the stream");
  test_relay_set_edit (f->relay, NULL, NULL);
}

static void
deny_all (Fixture *f)
{
  g_autoptr(SmbSecurityDescriptor) descriptor = NULL;
  g_autoptr(GError)                error = NULL;

  test_store (f->factory, "acl", "denied", "");
  descriptor = smb_security_descriptor_new_from_sddl ("D:P(D;;FA;;;WD)", &error);
  g_assert_no_error (error);
  smb_protocol_factory_set_security (f->factory, "acl", "denied", descriptor, SMB_SECURITY_INFORMATION_DACL,
                                     -1, NULL, &error);
  g_assert_no_error (error);
}

/* Shares that have something special, each of which is known by a look at something else of it. */
static void
test_same_elsewhere (Fixture       *f,
                     gconstpointer  data)
{
  static const struct
  {
    const char *share;
    const char *path;
  } cases[] = {
    { "links", "to-file" },
    { "links", "to-folder" },
    { "links", "to-folder/inside.txt" },
    { "links", "to-outside" },
    { "links", "to-outside/secret.txt" },
    { "links", "dangling" },
    { "links", "loop" },
    { "dfs", "to-data" },
    { "dfs", "to-data/file" },
    { "dfs", "to-nowhere" },
    { "dfs", "" },
    { "snap", "@GMT-2024.02.03-04.05.06" },
    { "snap", "@GMT-2024.02.03-04.05.06/file.txt" },
    { "snap", "@GMT-2024.02.03-04.05.06/gone-2.txt" },
    { "snap", "@GMT-2024.02.03-04.05.06/gone-1.txt" },
    { "snap", "@GMT-1999.01.01-00.00.00/file.txt" },
    { "streams", "file:stream" },
    { "streams", "file:stream:$DATA" },
    { "streams", "file:none" },
    { "streams", "file::$DATA" },
    { "streams", "file" },
    { "acl", "denied" },
    { "acl", "denied/none" },
  };

  write_stream (f);
  deny_all (f);
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *before = NULL;

      test_look (f->factory, cases[i].share);
      before = take_requests (f);
      assert_same (f, cases[i].share, cases[i].path, BY_PATH ECHO);
    }
}

/* [MS-CIFS] 2.2.4.64.1: nobody else may have it open. */
static void
share_nothing (TestRelayWay  way,
               guint8       *message,
               gsize         size,
               gpointer      data)
{
  if (way == TEST_RELAY_UP && size > OFFSET_SHARE_ACCESS && message[OFFSET_COMMAND] == CREATE)
    message[OFFSET_SHARE_ACCESS] = 0;
}

static void
test_same_exclusive (Fixture       *f,
                     gconstpointer  data)
{
  g_autoptr(SmbOpenFile) open = NULL;
  g_autoptr(SmbOpenFile) second = NULL;
  g_autoptr(GError)      error = NULL;
  g_autofree char       *requests = NULL;

  test_share_write_text (f->samba, "data", "held", "of one only");
  test_relay_set_edit (f->relay, share_nothing, NULL);
  open = smb_protocol_factory_open_file (f->factory, "data", "held", SMB_FILE_ACCESS_READ_WRITE,
                                         SMB_FILE_DISPOSITION_OPEN, -1, NULL, &error);
  g_assert_no_error (error);
  test_relay_set_edit (f->relay, NULL, NULL);
  second = smb_protocol_factory_open_file (f->factory, "data", "held", SMB_FILE_ACCESS_READ,
                                           SMB_FILE_DISPOSITION_OPEN, -1, NULL, &error);
  test_assert_failed (&error, SMB_ERROR_SHARING_VIOLATION, TEST_STATUS_SHARING_VIOLATION, "open the file",
                      NULL);
  requests = take_requests (f);
  assert_same (f, "data", "held", BY_PATH ECHO);
  g_assert_cmpuint (get_well (f, "held"), ==, 11);
  smb_open_file_close (open, -1, NULL, &error);
  g_assert_no_error (error);
}

/* What has no path to be asked by. */
static void
test_same_pipe (Fixture       *f,
                gconstpointer  data)
{
  for (guint i = 0; i < 2; i++)
    {
      g_autofree char *opened = describe_opened (f, "IPC$", "srvsvc");
      g_autofree char *again = describe (f->factory, "IPC$", "srvsvc");

      g_assert_cmpstr (opened, ==, again);
      g_assert_true (g_str_has_prefix (again, "'srvsvc'"));
    }
}

/* Servers that differ. */

static void
set_u32 (guint8  *bytes,
         guint32  value)
{
  value = GUINT32_TO_LE (value);
  memcpy (bytes, &value, sizeof value);
}

static gboolean
is_response (TestRelayWay  way,
             const guint8 *message,
             gsize         size,
             guint8        command)
{
  return way == TEST_RELAY_DOWN && size > OFFSET_WORD_COUNT && message[OFFSET_COMMAND] == command;
}

/* Without CAP_INFOLEVEL_PASSTHRU. */
static void
hide_pass_through (TestRelayWay  way,
                   guint8       *message,
                   gsize         size,
                   gpointer      data)
{
  if (is_response (way, message, size, NEGOTIATE))
    message[OFFSET_CAPABILITIES + 1] &= ~0x20;
}

static void
test_old_level (Fixture       *f,
                gconstpointer  data)
{
  static const char *const paths[] = { "", "folder/Datei ä😀", "sparse", "none", "none/none" };

  fill_share (f);
  test_relay_set_edit (f->relay, hide_pass_through, NULL);
  open_connection (f);
  test_look (f->factory, "data");
  assert_requests (f, "75 " OPENED ECHO);
  for (gsize i = 0; i < G_N_ELEMENTS (paths); i++)
    assert_same (f, "data", paths[i], BY_LEVEL ECHO);
}

/* A number of a file that is opened. */
static void
tell_numbers (TestRelayWay  way,
              guint8       *message,
              gsize         size,
              gpointer      data)
{
  if (is_response (way, message, size, CREATE) && message[OFFSET_WORD_COUNT] == 42)
    message[OFFSET_FILE_ID] = 77;
}

static void
test_numbers (Fixture       *f,
              gconstpointer  data)
{
  test_relay_set_edit (f->relay, tell_numbers, NULL);
  open_connection (f);
  for (guint i = 0; i < 3; i++)
    {
      g_autoptr(GError)        error = NULL;
      g_autoptr(SmbSharedFile) file = get (f->factory, "data", "", &error);

      g_assert_no_error (error);
      g_assert_cmpuint (smb_shared_file_get_file_id (file), ==, 77);
    }
  assert_requests (f, "75 " OPENED OPENED OPENED ECHO);
}

/* Does not know how to be asked by path. */
static void
refuse (TestRelayWay  way,
        guint8       *message,
        gsize         size,
        gpointer      data)
{
  Fixture *f = data;

  if (is_response (way, message, size, TRANSACTION2))
    set_u32 (message + OFFSET_STATUS, f->status);
}

/* A server that refuses is asked once, and not so again on any share. */
static void
test_refused (Fixture       *f,
              gconstpointer  data)
{
  static const guint32 statuses[] = {
    TEST_STATUS_NOT_SUPPORTED,
    0xC0000002, /* STATUS_NOT_IMPLEMENTED */
    0xC0000003, /* STATUS_INVALID_INFO_CLASS */
    0xC000000D, /* STATUS_INVALID_PARAMETER */
    0xC0000148, /* STATUS_INVALID_LEVEL */
    0x007C0001, /* STATUS_OS2_INVALID_LEVEL */
  };

  test_share_write_text (f->samba, "data", "file", "four");
  test_relay_set_edit (f->relay, refuse, f);
  for (gsize i = 0; i < G_N_ELEMENTS (statuses); i++)
    {
      g_clear_object (&f->factory);
      f->factory = new_client (f);
      f->status = statuses[i];
      open_connection (f);
      test_look (f->factory, "data");
      g_assert_cmpuint (get_well (f, "file"), ==, 4);
      assert_requests (f, "75 " OPENED BY_PATH OPENED ECHO);
      g_assert_cmpuint (get_well (f, "file"), ==, 4);
      test_look (f->factory, "guest");
      test_look (f->factory, "guest");
      assert_requests (f, OPENED "75 " OPENED OPENED ECHO);
    }
}

/* [MS-CIFS] 2.2.6.6.1: a level that there is not. */
static void
ask_for_nothing (TestRelayWay  way,
                 guint8       *message,
                 gsize         size,
                 gpointer      data)
{
  if (way == TEST_RELAY_UP && message[OFFSET_COMMAND] == TRANSACTION2)
    message[OFFSET_LEVEL] = message[OFFSET_LEVEL + 1] = 0x0f;
}

/* The same, as a true server says it. */
static void
test_refused_level (Fixture       *f,
                    gconstpointer  data)
{
  test_relay_set_edit (f->relay, ask_for_nothing, NULL);
  test_look (f->factory, "data");
  test_look (f->factory, "data");
  assert_requests (f, "05:0f0f " OPENED OPENED ECHO);
}

/* Where opening fails, too, it was the file's fault. */
static void
test_refused_file (Fixture       *f,
                   gconstpointer  data)
{
  g_autoptr(GError) error = NULL;

  f->status = 0xC000000D; /* STATUS_INVALID_PARAMETER */
  test_relay_set_edit (f->relay, refuse, f);
  g_assert_null (get (f->factory, "data", "none", &error));
  test_assert_failed (&error, SMB_ERROR_NOT_FOUND, TEST_STATUS_OBJECT_NAME_NOT_FOUND, "get the attributes of",
                      NULL);
  test_relay_set_edit (f->relay, NULL, NULL);
  test_look (f->factory, "data");
  assert_requests (f, BY_PATH CREATE_ONLY BY_PATH ECHO);
}

/* Other failures are the file's. */
static void
test_denied (Fixture       *f,
             gconstpointer  data)
{
  g_autoptr(GError) error = NULL;

  f->status = TEST_STATUS_ACCESS_DENIED;
  test_relay_set_edit (f->relay, refuse, f);
  g_assert_null (get (f->factory, "data", "", &error));
  test_assert_failed (&error, SMB_ERROR_ACCESS_DENIED, TEST_STATUS_ACCESS_DENIED, "get the attributes of",
                      NULL);
  assert_requests (f, BY_PATH ECHO);
}

/* Less than was asked for ends the call, and only that. */
static void
cut_data (TestRelayWay  way,
          guint8       *message,
          gsize         size,
          gpointer      data)
{
  if (is_response (way, message, size, TRANSACTION2))
    message[OFFSET_TOTAL_DATA] = message[OFFSET_DATA_COUNT] = 51;
}

static void
test_cut (Fixture       *f,
          gconstpointer  data)
{
  g_autoptr(GError) error = NULL;

  test_relay_set_edit (f->relay, cut_data, NULL);
  g_assert_null (get (f->factory, "data", "", &error));
  test_assert_failed (&error, SMB_ERROR_PROTOCOL, TEST_STATUS_NONE, "get the attributes of", NULL);
  test_relay_set_edit (f->relay, NULL, NULL);
  test_look (f->factory, "data");
  assert_requests (f, BY_PATH BY_PATH ECHO);
}

/* A share that the server closes and that comes back: what was asked is asked again, on a new tree. */

static void
test_share_closed (Fixture       *f,
                   gconstpointer  data)
{
  g_free (test_samba_command (f->samba, NULL, "close-share data"));
  test_look (f->factory, "data");
  assert_requests (f, BY_PATH "75 " BY_PATH ECHO);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

#define ADD(path, options, test) g_test_add (path, Fixture, options, set_up, test, tear_down)
  ADD ("/smb1-attributes/one-request", plain, test_one_request);
  ADD ("/smb1-attributes/one-request-signed", with_signatures, test_one_request);
  ADD ("/smb1-attributes/same", plain, test_same);
  ADD ("/smb1-attributes/same-elsewhere", plain, test_same_elsewhere);
  ADD ("/smb1-attributes/same-exclusive", plain, test_same_exclusive);
  ADD ("/smb1-attributes/same-pipe", plain, test_same_pipe);
  ADD ("/smb1-attributes/refused-level", plain, test_refused_level);
  ADD ("/smb1-attributes/refused-file", plain, test_refused_file);
  ADD ("/smb1-attributes/denied", plain, test_denied);
  ADD ("/smb1-attributes/cut", plain, test_cut);
  ADD ("/smb1-attributes/share-closed", plain, test_share_closed);
  ADD ("/smb1-attributes/share-closed-signed", with_signatures, test_share_closed);
#undef ADD
#define ADD(path, test) g_test_add (path, Fixture, plain, set_up_closed, test, tear_down)
  ADD ("/smb1-attributes/old-level", test_old_level);
  ADD ("/smb1-attributes/numbers", test_numbers);
  ADD ("/smb1-attributes/refused", test_refused);
#undef ADD

  return g_test_run ();
}
