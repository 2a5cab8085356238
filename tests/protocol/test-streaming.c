/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <smb-glib/smb-glib.h>
#include <string.h>

#include "scripted-server.h"

/* What transfers, open files and listings send, and what they make of servers with manners of their own. */

#define KIB    1024
#define MIB    (1024 * KIB)
/* What is under way at first, one answer later. */
#define WINDOW (6 * MIB)

#define STATUS_END_OF_FILE  0xC0000011
#define STATUS_ACCESS_DENIED 0xC0000022
#define STATUS_NO_MORE_FILES 0x80000006

/* Where the body begins in a message, and fields in it ([MS-SMB2] 2.2.14, 2.2.19, 2.2.21). */
#define HEADER               64
#define HEADER_STATUS        8
#define CREATE_REPLY_ATTRIBUTES (HEADER + 56)
#define READ_LENGTH          (HEADER + 4)
#define READ_OFFSET          (HEADER + 8)
#define WRITE_LENGTH         (HEADER + 4)
#define WRITE_OFFSET         (HEADER + 8)
#define CREATE_DISPOSITION   (HEADER + 36)

typedef struct
{
  ScriptedServer     *server;
  SmbProtocolFactory *factory;
  GBytes             *data;
} Fixture;

static void
set_up (Fixture       *f,
        gconstpointer  data)
{
  g_autoptr(GError) error = NULL;
  guint8           *bytes = g_malloc (20 * MIB);

  for (gsize i = 0; i < 20 * MIB; i++)
    bytes[i] = i * 2654435761u >> 13;
  f->data = g_bytes_new_take (bytes, 20 * MIB);

  f->server = scripted_server_new ();
  f->factory = smb_protocol_factory_new ("alice", "wonderland", NULL, NULL);
  smb_protocol_factory_open_connection (f->factory, "127.0.0.1", scripted_server_get_port (f->server), -1,
                                        NULL, &error);
  g_assert_no_error (error);
}

static void
tear_down (Fixture       *f,
           gconstpointer  data)
{
  scripted_server_assert_polite (f->server);
  g_assert_finalize_object (f->factory);
  scripted_server_free (f->server);
  g_bytes_unref (f->data);
}

static void
add_file (Fixture *f,
          gsize    size)
{
  scripted_server_add_file (f->server, "file", g_bytes_get_data (f->data, NULL), size);
}

static guint64
get_number (const ScriptedRecord *record,
            gsize                 offset,
            gsize                 size)
{
  guint64 number = 0;

  g_assert_cmpuint (g_bytes_get_size (record->message), >=, offset + size);
  memcpy (&number, (const guint8 *) g_bytes_get_data (record->message, NULL) + offset, size);
  return GUINT64_FROM_LE (number);
}

static const ScriptedRecord *
get_record (Fixture         *f,
            ScriptedCommand  command,
            guint            index)
{
  return scripted_server_get_record (f->server, command, index);
}

/* The file in the frame of a CREATE. */
static void
assert_chain (Fixture         *f,
              guint            index,
              ScriptedCommand  command)
{
  const ScriptedRecord *create = get_record (f, SCRIPTED_CREATE, index);
  const ScriptedRecord *other = get_record (f, command, index);
  const ScriptedRecord *close = get_record (f, SCRIPTED_CLOSE, index);

  g_assert_cmpuint (create->frame, ==, other->frame);
  g_assert_cmpuint (create->frame, ==, close->frame);
}

static GBytes *
retrieve (Fixture  *f,
          int       timeout_msec,
          GError  **error)
{
  g_autoptr(GOutputStream) stream = g_memory_output_stream_new_resizable ();
  g_autoptr(SmbSharedFile) file = NULL;

  file = smb_protocol_factory_retrieve_file (f->factory, "data", "file", stream, NULL, NULL, NULL,
                                             timeout_msec, NULL, NULL, error);
  g_output_stream_close (stream, NULL, NULL);
  return g_memory_output_stream_steal_as_bytes (G_MEMORY_OUTPUT_STREAM (stream));
}

static void
assert_retrieved (Fixture *f,
                  gsize    size)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(GBytes) got = retrieve (f, -1, &error);

  g_assert_no_error (error);
  g_assert_cmpmem (g_bytes_get_data (got, NULL), g_bytes_get_size (got), g_bytes_get_data (f->data, NULL),
                   size);
}

static void
assert_not_retrieved (Fixture *f,
                      GQuark   domain,
                      int      code)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(GBytes) got = retrieve (f, -1, &error);

  g_assert_error (error, domain, code);
  g_assert_cmpmem (g_bytes_get_data (got, NULL), g_bytes_get_size (got), g_bytes_get_data (f->data, NULL),
                   g_bytes_get_size (got));
}

static gboolean
store (Fixture  *f,
       gsize     size,
       GError  **error)
{
  g_autoptr(GInputStream) stream = NULL;
  guint64                 n_bytes;

  stream = g_memory_input_stream_new_from_data (g_bytes_get_data (f->data, NULL), size, NULL);
  if (!smb_protocol_factory_store_file (f->factory, "data", "file", stream, NULL, NULL, NULL, -1, NULL,
                                        &n_bytes, error))
    return FALSE;
  g_assert_cmpuint (n_bytes, ==, size);
  return TRUE;
}

/* Everything that was to be sent before has been received. */
static void
synchronize (Fixture *f)
{
  g_autoptr(GBytes) nothing = g_bytes_new (NULL, 0);
  g_autoptr(GBytes) echoed = NULL;
  g_autoptr(GError) error = NULL;

  echoed = smb_protocol_factory_echo (f->factory, nothing, -1, NULL, &error);
  g_assert_no_error (error);
}

static void
assert_stored (Fixture *f,
               gsize    size)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(GBytes) stored = NULL;

  store (f, size, &error);
  g_assert_no_error (error);
  stored = scripted_server_get_file (f->server, "file");
  g_assert_cmpmem (g_bytes_get_data (stored, NULL), g_bytes_get_size (stored),
                   g_bytes_get_data (f->data, NULL), size);
}

/* Small files take one frame each. */
static void
test_small (Fixture       *f,
            gconstpointer  data)
{
  add_file (f, 64 * KIB);
  assert_retrieved (f, 64 * KIB);
  assert_chain (f, 0, SCRIPTED_READ);
  g_assert_cmpuint (scripted_server_count (f->server, SCRIPTED_CREATE), ==, 1);
  assert_stored (f, 1000);
  g_assert_cmpuint (scripted_server_count (f->server, SCRIPTED_CREATE), ==, 2);
  g_assert_cmpuint (get_record (f, SCRIPTED_WRITE, 0)->frame, ==, get_record (f, SCRIPTED_CLOSE, 1)->frame);
  assert_stored (f, 0);
  g_assert_cmpuint (get_record (f, SCRIPTED_CREATE, 2)->frame, ==, get_record (f, SCRIPTED_CLOSE, 2)->frame);
  g_assert_cmpuint (scripted_server_count (f->server, SCRIPTED_WRITE), ==, 1);
}

/* What the chain brought is not read again. */
static void
test_large (Fixture       *f,
            gconstpointer  data)
{
  guint64 expected = 0;
  guint   n_reads;

  add_file (f, 20 * MIB);
  assert_retrieved (f, 20 * MIB);
  n_reads = scripted_server_count (f->server, SCRIPTED_READ);
  for (guint i = 0; i < n_reads; i++)
    {
      const ScriptedRecord *read = get_record (f, SCRIPTED_READ, i);

      g_assert_cmpuint (get_number (read, READ_OFFSET, 8), ==, expected);
      expected += get_number (read, READ_LENGTH, 4);
    }
  g_assert_cmpuint (expected, <=, 20 * MIB + 64 * KIB);
  g_assert_cmpuint (scripted_server_count (f->server, SCRIPTED_CREATE), ==, 2);
}

/* A file that is another by the time it is opened again is read anew. */

static gpointer
change_file (gpointer data)
{
  Fixture           *f = data;
  g_autofree guint8 *other = g_malloc0 (300 * KIB);

  scripted_server_wait_held (f->server, 1);
  scripted_server_add_file (f->server, "file", g_bytes_get_data (f->data, NULL), 400 * KIB);
  scripted_server_release_all (f->server);
  return NULL;
}

static void
test_changed (Fixture       *f,
              gconstpointer  data)
{
  g_autofree guint8 *before = g_malloc0 (300 * KIB);
  GThread           *thread;

  scripted_server_add_file (f->server, "file", before, 300 * KIB);
  scripted_rule (f->server, SCRIPTED_CLOSE, 1, SCRIPTED_HOLD);
  thread = g_thread_new ("change", change_file, f);
  assert_retrieved (f, 400 * KIB);
  g_thread_join (thread);
}

/* A READ response with @size bytes of the file from @offset on. */
static GByteArray *
make_read_reply (Fixture *f,
                 gsize    offset,
                 guint8   size)
{
  const guint8  head[16] = { 17, 0, HEADER + 16, 0, size };
  GByteArray   *body = g_byte_array_new ();

  g_byte_array_append (body, head, sizeof head);
  g_byte_array_append (body, (const guint8 *) g_bytes_get_data (f->data, NULL) + offset, size);
  if (size == 0)
    g_byte_array_append (body, head + 15, 1);
  return body;
}

static void
shorten_read (Fixture *f,
              guint    nth,
              gsize    offset,
              guint8   size)
{
  g_autoptr(GByteArray) body = make_read_reply (f, offset, size);

  scripted_rule (f->server, SCRIPTED_READ, nth, SCRIPTED_BODY, .data = body->data, .size = body->len);
}

/* A READ that brings less is not the end of the file. */
static void
test_short_reads (Fixture       *f,
                  gconstpointer  data)
{
  add_file (f, 50 * KIB);
  shorten_read (f, 1, 0, 100);
  shorten_read (f, 2, 100, 100);
  assert_retrieved (f, 50 * KIB);
  g_assert_cmpuint (scripted_server_count (f->server, SCRIPTED_READ), ==, 3);

  scripted_server_clear_rules (f->server);
  add_file (f, 5 * MIB);
  shorten_read (f, 3, 64 * KIB + 512 * KIB, 200);
  assert_retrieved (f, 5 * MIB);
}

/* No bytes at all are the end, also where an error should say so. */
static void
test_empty_read (Fixture       *f,
                 gconstpointer  data)
{
  add_file (f, 50 * KIB);
  shorten_read (f, 1, 0, 0);
  assert_retrieved (f, 0);

  scripted_server_clear_rules (f->server);
  add_file (f, 5 * MIB);
  shorten_read (f, 3, 0, 0);
  assert_retrieved (f, 64 * KIB + 512 * KIB);
}

static void
test_early_end (Fixture       *f,
                gconstpointer  data)
{
  add_file (f, 5 * MIB);
  scripted_rule (f->server, SCRIPTED_READ, 2, SCRIPTED_STATUS, .number = STATUS_END_OF_FILE);
  assert_retrieved (f, 64 * KIB);
}

/* Some servers open a folder although a file was asked for. */
static void
test_opened_folder (Fixture       *f,
                    gconstpointer  data)
{
  static const guint8 directory[4] = { 0x10 };

  add_file (f, 100);
  scripted_rule (f->server, SCRIPTED_CREATE, 0, SCRIPTED_PATCH, CREATE_REPLY_ATTRIBUTES, directory, 4);
  assert_not_retrieved (f, SMB_ERROR, SMB_ERROR_IS_DIRECTORY);
}

/* Nothing unverified reaches a stream, or stays in the caller's memory. */

static void
test_forged_stream (Fixture       *f,
                    gconstpointer  data)
{
  add_file (f, 10 * MIB);
  scripted_rule (f->server, SCRIPTED_READ, 4, SCRIPTED_PATCH, HEADER + 16, "\xff\xff\xff\xff\xff\xff\xff\xff",
                 8);
  scripted_rule (f->server, SCRIPTED_READ, 4, SCRIPTED_BAD_SIGNATURE);
  assert_not_retrieved (f, SMB_ERROR, SMB_ERROR_SECURITY);
}

static void
test_forged_read (Fixture       *f,
                  gconstpointer  data)
{
  g_autoptr(SmbOpenFile) file = NULL;
  g_autofree guint8     *buffer = g_malloc (5 * MIB);
  g_autofree guint8     *zeros = g_malloc0 (5 * MIB);
  g_autoptr(GError)      error = NULL;

  add_file (f, 5 * MIB);
  file = smb_protocol_factory_open_file (f->factory, "data", "file", SMB_FILE_ACCESS_READ,
                                         SMB_FILE_DISPOSITION_OPEN, -1, NULL, &error);
  g_assert_no_error (error);
  memset (buffer, 'x', 5 * MIB);
  scripted_rule (f->server, SCRIPTED_READ, 3, SCRIPTED_BAD_SIGNATURE);
  smb_open_file_read_into (file, 0, buffer, 5 * MIB, -1, NULL, NULL, &error);
  g_assert_error (error, SMB_ERROR, SMB_ERROR_SECURITY);
  g_assert_cmpmem (buffer, 5 * MIB, zeros, 5 * MIB);
}

/* A server that stops in the middle: the call times out, what it holds is given back, others go on. */
static void
test_timeout (Fixture       *f,
              gconstpointer  data)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(GBytes) got = NULL;

  add_file (f, 5 * MIB);
  scripted_rule (f->server, SCRIPTED_READ, 3, SCRIPTED_FREEZE);
  got = retrieve (f, 200, &error);
  g_assert_error (error, SMB_ERROR, SMB_ERROR_TIMED_OUT);
  scripted_server_wait (f->server, SCRIPTED_CLOSE, 2);
  scripted_server_clear_rules (f->server);
  assert_retrieved (f, 5 * MIB);
}

/* Storing. */

static void
test_short_writes (Fixture       *f,
                   gconstpointer  data)
{
  static const guint8 reply[17] = { 17, 0, 0, 0, 100 };

  scripted_rule (f->server, SCRIPTED_WRITE, 1, SCRIPTED_BODY, .data = reply, .size = sizeof reply);
  assert_stored (f, 1000);
  g_assert_cmpuint (scripted_server_count (f->server, SCRIPTED_WRITE), ==, 2);
  g_assert_cmpuint (get_number (get_record (f, SCRIPTED_WRITE, 1), WRITE_OFFSET, 8), ==, 100);
  g_assert_cmpuint (get_number (get_record (f, SCRIPTED_WRITE, 1), WRITE_LENGTH, 4), ==, 900);
  g_assert_cmpuint (get_number (get_record (f, SCRIPTED_CREATE, 1), CREATE_DISPOSITION, 4), ==, 1);

  scripted_server_clear_rules (f->server);
  scripted_rule (f->server, SCRIPTED_WRITE, 1, SCRIPTED_BODY, .data = reply, .size = sizeof reply);
  scripted_rule (f->server, SCRIPTED_WRITE, 3, SCRIPTED_BODY, .data = reply, .size = sizeof reply);
  assert_stored (f, 5 * MIB);
}

static void
test_nothing_written (Fixture       *f,
                      gconstpointer  data)
{
  static const guint8 reply[17] = { 17 };

  for (guint i = 0; i < 2; i++)
    {
      g_autoptr(GError) error = NULL;

      scripted_rule (f->server, SCRIPTED_WRITE, 0, SCRIPTED_BODY, .data = reply, .size = sizeof reply);
      store (f, i == 0 ? 10 : 5 * MIB, &error);
      g_assert_error (error, SMB_ERROR, SMB_ERROR_PROTOCOL);
    }
}

/* A file that may not be overwritten is opened and emptied; one that may not be written at all is refused. */
static void
test_overwrite_refused (Fixture       *f,
                        gconstpointer  data)
{
  g_autoptr(GError) error = NULL;

  add_file (f, 500);
  scripted_rule (f->server, SCRIPTED_CREATE, 1, SCRIPTED_STATUS, .number = STATUS_ACCESS_DENIED);
  assert_stored (f, 10);
  g_assert_cmpuint (scripted_server_count (f->server, SCRIPTED_SET_INFO), ==, 1);
  scripted_server_clear_rules (f->server);
  scripted_rule (f->server, SCRIPTED_CREATE, 1, SCRIPTED_STATUS, .number = STATUS_ACCESS_DENIED);
  assert_stored (f, 5 * MIB);
  g_assert_cmpuint (scripted_server_count (f->server, SCRIPTED_SET_INFO), ==, 2);

  scripted_server_clear_rules (f->server);
  scripted_rule (f->server, SCRIPTED_CREATE, 0, SCRIPTED_STATUS, .number = STATUS_ACCESS_DENIED);
  store (f, 10, &error);
  g_assert_error (error, SMB_ERROR, SMB_ERROR_ACCESS_DENIED);
  g_assert_cmpuint (scripted_server_count (f->server, SCRIPTED_CREATE), <=, 8);
}

/* Storing ends when the CLOSE is answered, and with its error. */
static void
test_close_fails (Fixture       *f,
                  gconstpointer  data)
{
  g_autoptr(GError) error = NULL;

  scripted_rule (f->server, SCRIPTED_CLOSE, 1, SCRIPTED_STATUS, .number = 0xC000007F /* DISK_FULL */);
  store (f, 5 * MIB, &error);
  g_assert_error (error, SMB_ERROR, SMB_ERROR_NO_SPACE);
}

/* Listings. */

static void
test_folder_in_one_frame (Fixture       *f,
                          gconstpointer  data)
{
  g_autoptr(GPtrArray) files = NULL;
  g_autoptr(GError)    error = NULL;

  scripted_server_add_file (f->server, "folder\\a", NULL, 0);
  files = smb_protocol_factory_list_path (f->factory, "data", "folder", SMB_FILE_ATTRIBUTE_MASK_DEFAULT, NULL,
                                          -1, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (files->len, ==, 3);
  g_assert_cmpuint (scripted_server_count (f->server, SCRIPTED_QUERY_DIRECTORY), ==, 2);
  g_assert_cmpuint (get_record (f, SCRIPTED_QUERY_DIRECTORY, 1)->frame, ==,
                    get_record (f, SCRIPTED_CREATE, 0)->frame);
}

/* Adds an entry of FileDirectoryInformation ([MS-FSCC] 2.4.10); @name is UTF-16LE. */
static void
add_entry (GByteArray *page,
           const char *name,
           gsize       size,
           gboolean    last)
{
  guint8  entry[64] = { 0 };
  guint8  padding[8] = { 0 };
  guint32 n;

  n = GUINT32_TO_LE (last ? 0 : (64 + size + 7) / 8 * 8);
  memcpy (entry, &n, 4);
  n = GUINT32_TO_LE (0x80);
  memcpy (entry + 56, &n, 4);
  n = GUINT32_TO_LE (size);
  memcpy (entry + 60, &n, 4);
  g_byte_array_append (page, entry, sizeof entry);
  g_byte_array_append (page, (const guint8 *) name, size);
  if (!last)
    g_byte_array_append (page, padding, (8 - size % 8) % 8);
}

/* A QUERY_DIRECTORY response ([MS-SMB2] 2.2.34) with this page. */
static void
answer_page (Fixture          *f,
             guint             nth,
             const GByteArray *page)
{
  static const guint8   success[4] = { 0 };
  const guint8          head[8] = { 9, 0, HEADER + 8, 0, page->len & 0xff, page->len >> 8 };
  g_autoptr(GByteArray) body = g_byte_array_new ();

  g_byte_array_append (body, head, sizeof head);
  g_byte_array_append (body, page->data, page->len);
  scripted_rule (f->server, SCRIPTED_QUERY_DIRECTORY, nth, SCRIPTED_BODY, .data = body->data,
                 .size = body->len);
  scripted_rule (f->server, SCRIPTED_QUERY_DIRECTORY, nth, SCRIPTED_PATCH, HEADER_STATUS, success, 4);
}

static SmbEnumerator *
enumerate (Fixture *f)
{
  g_autoptr(GError)  error = NULL;
  SmbEnumerator     *enumerator;

  enumerator = smb_protocol_factory_enumerate (f->factory, "data", "folder", NULL, SMB_FILE_INFO_FIELDS_BASIC,
                                               -1, NULL, &error);
  g_assert_no_error (error);
  return enumerator;
}

/* Names that cannot be used are left out, counted, and told of once; the listing goes on. */

static gint n_messages;

static GLogWriterOutput
count_messages (GLogLevelFlags   level,
                const GLogField *fields,
                gsize            n_fields,
                gpointer         data)
{
  for (gsize i = 0; i < n_fields; i++)
    if (g_str_equal (fields[i].key, "MESSAGE")
        && strstr (fields[i].value, "names that cannot be used") != NULL)
      {
        g_atomic_int_inc (&n_messages);
        return G_LOG_WRITER_HANDLED;
      }
  return g_log_writer_default (level, fields, n_fields, data);
}

static void
test_names (Fixture       *f,
            gconstpointer  data)
{
  g_autoptr(GByteArray)    page = g_byte_array_new ();
  g_autoptr(SmbEnumerator) enumerator = NULL;
  g_autoptr(GPtrArray)     files = NULL;
  g_autoptr(GError)        error = NULL;

  add_entry (page, "a\0", 2, FALSE);
  add_entry (page, "a\0/\0b\0", 6, FALSE);
  add_entry (page, ".\0.\0\\\0b\0", 8, FALSE);
  add_entry (page, "\x00\xd8x\0", 4, FALSE); /* half a character */
  add_entry (page, "", 0, FALSE);
  add_entry (page, "b\0", 2, TRUE);
  scripted_server_add_folder (f->server, "folder");
  answer_page (f, 1, page);
  scripted_rule (f->server, SCRIPTED_QUERY_DIRECTORY, 2, SCRIPTED_STATUS, .number = STATUS_NO_MORE_FILES);

  enumerator = enumerate (f);
  files = smb_enumerator_next (enumerator, 100, -1, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (files->len, ==, 2);
  g_assert_cmpstr (smb_shared_file_get_filename (files->pdata[0]), ==, "a");
  g_assert_cmpstr (smb_shared_file_get_filename (files->pdata[1]), ==, "b");
  g_assert_cmpuint (smb_enumerator_get_skipped (enumerator), ==, 4);
  g_assert_cmpint (g_atomic_int_get (&n_messages), ==, 1);
}

/* What came before a page that makes no sense is given, then the failure is told. */
static void
test_broken_page (Fixture       *f,
                  gconstpointer  data)
{
  g_autoptr(GByteArray)    page = g_byte_array_new ();
  g_autoptr(SmbEnumerator) enumerator = NULL;
  g_autoptr(GPtrArray)     files = NULL;
  g_autoptr(GError)        error = NULL;

  add_entry (page, "a\0", 2, FALSE);
  add_entry (page, "b\0", 2, FALSE); /* and nothing follows */
  scripted_server_add_folder (f->server, "folder");
  answer_page (f, 1, page);
  enumerator = enumerate (f);
  files = smb_enumerator_next (enumerator, 100, -1, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (files->len, >=, 1);
  g_clear_pointer (&files, g_ptr_array_unref);
  files = smb_enumerator_next (enumerator, 100, -1, NULL, &error);
  g_assert_error (error, SMB_ERROR, SMB_ERROR_PROTOCOL);
  g_clear_error (&error);

  scripted_server_clear_rules (f->server);
  answer_page (f, 1, page);
  files = smb_protocol_factory_list_path (f->factory, "data", "folder", SMB_FILE_ATTRIBUTE_MASK_DEFAULT, NULL,
                                          -1, NULL, &error);
  g_assert_null (files);
  g_assert_nonnull (error);
}

/* A server that never comes to an end. */
static void
test_same_page (Fixture       *f,
                gconstpointer  data)
{
  g_autoptr(GByteArray)    page = g_byte_array_new ();
  g_autoptr(GByteArray)    first = g_byte_array_new ();
  g_autoptr(SmbEnumerator) enumerator = NULL;
  g_autoptr(GPtrArray)     all = NULL;
  g_autoptr(GError)        error = NULL;

  add_entry (first, "a\0", 2, TRUE);
  add_entry (page, "b\0", 2, TRUE);
  scripted_server_add_folder (f->server, "folder");
  answer_page (f, 1, first);
  for (guint i = 2; i < 10; i++)
    answer_page (f, i, page);
  enumerator = enumerate (f);
  for (guint i = 0; i < 2; i++)
    {
      g_autoptr(GPtrArray) files = smb_enumerator_next (enumerator, 1, -1, NULL, &error);

      g_assert_no_error (error);
      g_assert_cmpuint (files->len, ==, 1);
    }
  all = smb_enumerator_next (enumerator, 1, -1, NULL, &error);
  g_assert_error (error, SMB_ERROR, SMB_ERROR_PROTOCOL);
  g_clear_error (&error);

  scripted_server_clear_rules (f->server);
  answer_page (f, 0, page);
  all = smb_protocol_factory_list_path (f->factory, "data", "folder", SMB_FILE_ATTRIBUTE_MASK_DEFAULT, NULL,
                                        -1, NULL, &error);
  g_assert_error (error, SMB_ERROR, SMB_ERROR_PROTOCOL);
}

/* The next pages are asked for ahead of the reader, but only so many. */
static void
test_read_ahead (Fixture       *f,
                 gconstpointer  data)
{
  g_autoptr(SmbEnumerator) enumerator = NULL;
  g_autoptr(GPtrArray)     files = NULL;
  g_autoptr(GError)        error = NULL;
  guint                    n_pages = 6;

  scripted_server_add_folder (f->server, "folder");
  for (guint i = 0; i < n_pages; i++)
    {
      g_autoptr(GByteArray) page = g_byte_array_new ();
      const char            name[2] = { 'a' + i, 0 };

      add_entry (page, name, 2, TRUE);
      answer_page (f, i + 1, page);
    }
  enumerator = enumerate (f);
  synchronize (f);
  g_assert_cmpuint (scripted_server_count (f->server, SCRIPTED_QUERY_DIRECTORY), ==, 2);
  files = smb_enumerator_next (enumerator, 1, -1, NULL, &error);
  g_assert_no_error (error);
  g_clear_pointer (&files, g_ptr_array_unref);
  files = smb_enumerator_next (enumerator, 1, -1, NULL, &error);
  g_assert_no_error (error);
  scripted_server_wait (f->server, SCRIPTED_QUERY_DIRECTORY, 3);
  synchronize (f);
  synchronize (f);
  g_assert_cmpuint (scripted_server_count (f->server, SCRIPTED_QUERY_DIRECTORY), <=, 4);
}

/* No more than a window is asked for while nothing is answered. */

static gpointer
count_held (gpointer data)
{
  Fixture *f = data;
  guint64  asked = 0;

  scripted_server_wait (f->server, SCRIPTED_READ, 6);
  synchronize (f);
  for (guint i = 2; i < scripted_server_count (f->server, SCRIPTED_READ); i++)
    asked += get_number (get_record (f, SCRIPTED_READ, i), READ_LENGTH, 4);
  g_assert_cmpuint (asked, <=, WINDOW);
  scripted_server_release_all (f->server);
  return NULL;
}

static void
test_window (Fixture       *f,
             gconstpointer  data)
{
  GThread *thread;

  add_file (f, 20 * MIB);
  for (guint i = 3; i < 30; i++)
    scripted_rule (f->server, SCRIPTED_READ, i, SCRIPTED_HOLD);
  thread = g_thread_new ("held", count_held, f);
  assert_retrieved (f, 20 * MIB);
  g_thread_join (thread);
}

#define ADD(path, func) g_test_add (path, Fixture, NULL, set_up, func, tear_down)

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_log_set_writer_func (count_messages, NULL, NULL);

  ADD ("/streaming/small", test_small);
  ADD ("/streaming/large", test_large);
  ADD ("/streaming/changed", test_changed);
  ADD ("/streaming/short-reads", test_short_reads);
  ADD ("/streaming/empty-read", test_empty_read);
  ADD ("/streaming/early-end", test_early_end);
  ADD ("/streaming/opened-folder", test_opened_folder);
  ADD ("/streaming/forged-stream", test_forged_stream);
  ADD ("/streaming/forged-read", test_forged_read);
  ADD ("/streaming/timeout", test_timeout);
  ADD ("/streaming/window", test_window);
  ADD ("/streaming/short-writes", test_short_writes);
  ADD ("/streaming/nothing-written", test_nothing_written);
  ADD ("/streaming/overwrite-refused", test_overwrite_refused);
  ADD ("/streaming/close-fails", test_close_fails);
  ADD ("/streaming/folder-in-one-frame", test_folder_in_one_frame);
  ADD ("/streaming/names", test_names);
  ADD ("/streaming/broken-page", test_broken_page);
  ADD ("/streaming/same-page", test_same_page);
  ADD ("/streaming/read-ahead", test_read_ahead);

  return g_test_run ();
}
