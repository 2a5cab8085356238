/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <string.h>

#include "operations.h"
#include "wire/smb-fscc.h"
#include "wire/smb-utf16.h"
#include "wire/smb-writer.h"

/* Folders that a hostile server makes up ([MS-FSCC] 2.4.10, 2.4.17): names that would lead elsewhere, and no
 * end. */

#define NEXT_AT        0
#define NAME_LENGTH_AT 60

typedef struct
{
  const char *name; /* UTF-16, little-endian */
  gsize       size;
  const char *short_name; /* nullable; UTF-8 */
} Entry;

#define UTF16(text) (text), sizeof (text) - 1

static void
write_short_name (SmbWriter  *writer,
                  const char *short_name)
{
  gsize at = smb_writer_get_offset (writer);

  smb_writer_zeros (writer, 1 + 1 + 24); /* ShortNameLength, Reserved, ShortName */
  for (gsize i = 0; short_name != NULL && short_name[i] != '\0'; i++)
    {
      writer->bytes->data[writer->base + at] += 2;
      writer->bytes->data[writer->base + at + 2 + 2 * i] = (guint8) short_name[i];
    }
}

static void
write_entry (SmbWriter        *writer,
             SmbFileInfoClass  info_class,
             const Entry      *entry,
             guint64           id,
             gboolean          last)
{
  gsize begin = smb_writer_get_offset (writer);

  smb_writer_zeros (writer, 8 + 4 * 8 + 2 * 8); /* NextEntryOffset to AllocationSize */
  smb_writer_u32 (writer, 0x20);                /* FileAttributes */
  smb_writer_u32 (writer, (guint32) entry->size);
  if (info_class == SMB_FSCC_FILE_ID_BOTH_DIRECTORY)
    {
      smb_writer_u32 (writer, 0); /* EaSize */
      write_short_name (writer, entry->short_name);
      smb_writer_u16 (writer, 0); /* Reserved */
      smb_writer_u64 (writer, id);
    }
  smb_writer_bytes (writer, entry->name, entry->size);
  if (last)
    return;
  smb_writer_align (writer, 8);
  smb_writer_patch_u32 (writer, begin + NEXT_AT, (guint32) (smb_writer_get_offset (writer) - begin));
}

/* The body of a QUERY_DIRECTORY response ([MS-SMB2] 2.2.34) */
static GBytes *
make_page (SmbFileInfoClass  info_class,
           const Entry      *entries,
           gsize             n_entries)
{
  g_auto(SmbWriter) output = { 0 };
  g_auto(SmbWriter) body = { 0 };

  smb_writer_init (&output, NULL);
  for (gsize i = 0; i < n_entries; i++)
    write_entry (&output, info_class, &entries[i], 100 + i, i == n_entries - 1);
  smb_writer_init (&body, NULL);
  smb_writer_u16 (&body, 9);
  smb_writer_u16 (&body, 64 + 8);
  smb_writer_u32 (&body, output.bytes->len);
  smb_writer_bytes (&body, output.bytes->data, output.bytes->len);
  return smb_writer_steal_bytes (&body);
}

static void
answer_with_page (Fixture          *f,
                  guint             nth,
                  SmbFileInfoClass  info_class,
                  const Entry      *entries,
                  gsize             n_entries)
{
  g_autoptr(GBytes) page = make_page (info_class, entries, n_entries);

  scripted_rule (f->server, SCRIPTED_QUERY_DIRECTORY, nth, SCRIPTED_BODY,
                 .data = g_bytes_get_data (page, NULL), .size = g_bytes_get_size (page));
}

/* Names joined by | */
static char *
list (Fixture *f,
      GError **error)
{
  g_autoptr(GPtrArray) files = NULL;
  g_autoptr(GString)   names = g_string_new (NULL);

  files = smb_protocol_factory_list_path (f->factory, SHARE, FOLDER_NAME, SMB_FILE_ATTRIBUTE_MASK_DEFAULT,
                                          NULL, -1, NULL, error);
  if (files == NULL)
    return NULL;
  for (guint i = 0; i < files->len; i++)
    g_string_append_printf (names, "%s|", smb_shared_file_get_filename (files->pdata[i]));
  return g_string_free (g_steal_pointer (&names), FALSE);
}

/* What the library says of them */
static guint n_messages;

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
        n_messages++;
        return G_LOG_WRITER_HANDLED;
      }
  return g_log_writer_default (level, fields, n_fields, data);
}

static void
assert_told_once (void)
{
  g_assert_cmpuint (n_messages, ==, 1);
  n_messages = 0;
}

/* Names */

static const Entry hostile[] = {
  { UTF16 ("a\0/\0b\0") },
  { UTF16 (".\0.\0\\\0.\0.\0\\\0e\0t\0c\0") },
  { UTF16 ("/\0e\0t\0c\0/\0p\0a\0s\0s\0w\0d\0") },
  { UTF16 ("n\0u\0l\0\0\0x\0") },
  { UTF16 ("\0\0") },
  { UTF16 ("h\0\x3d\xd8") },      /* half of a pair at the end */
  { UTF16 ("\x00\xde" "x\0") },   /* the other half alone */
  { UTF16 ("\x3d\xd8\x3d\xd8") },
};

/* Left out, and told of once; the rest is there. */
static void
test_names_are_left_out (Fixture       *f,
                         gconstpointer  data)
{
  Entry             entries[G_N_ELEMENTS (hostile) + 2];
  g_autofree char  *names = NULL;
  g_autoptr(GError) error = NULL;

  entries[0] = (Entry) { UTF16 ("f\0i\0r\0s\0t\0") };
  memcpy (entries + 1, hostile, sizeof hostile);
  entries[G_N_ELEMENTS (entries) - 1] = (Entry) { UTF16 ("l\0a\0s\0t\0") };
  fixture_open (f, NULL);
  answer_with_page (f, 1, SMB_FSCC_FILE_ID_BOTH_DIRECTORY, entries, G_N_ELEMENTS (entries));
  names = list (f, &error);
  assert_told_once ();
  g_assert_no_error (error);
  g_assert_cmpstr (names, ==, "first|last|");
  fixture_assert_usable (f);
}

/* A short name that is one takes its place. */
static void
test_short_names (Fixture       *f,
                  gconstpointer  data)
{
  static const Entry entries[] = {
    { UTF16 ("a\0/\0b\0"), "AB~1.TXT" },
    { UTF16 ("c\0\\\0d\0"), "../CD~2" }, /* no better */
    { UTF16 ("g\0o\0o\0d\0"), "GOOD~3" },
  };
  g_autofree char  *names = NULL;
  g_autoptr(GError) error = NULL;

  fixture_open (f, NULL);
  answer_with_page (f, 1, SMB_FSCC_FILE_ID_BOTH_DIRECTORY, entries, G_N_ELEMENTS (entries));
  names = list (f, &error);
  assert_told_once ();
  g_assert_cmpstr (names, ==, "AB~1.TXT|good|");
}

/* The enumerator counts them. */
static void
test_names_are_counted (Fixture       *f,
                        gconstpointer  data)
{
  g_autoptr(SmbEnumerator) enumerator = NULL;
  g_autoptr(GPtrArray)     files = NULL;
  g_autoptr(GError)        error = NULL;

  fixture_open (f, NULL);
  answer_with_page (f, 1, SMB_FSCC_FILE_ID_BOTH_DIRECTORY, hostile, G_N_ELEMENTS (hostile));
  enumerator = smb_protocol_factory_enumerate (f->factory, SHARE, FOLDER_NAME, NULL, SMB_FILE_INFO_FIELDS_ALL,
                                               -1, NULL, &error);
  g_assert_no_error (error);
  files = smb_enumerator_next (enumerator, 100, -1, NULL, &error);
  assert_told_once ();
  g_assert_no_error (error);
  g_assert_cmpuint (files->len, ==, 0);
  g_assert_cmpuint (smb_enumerator_get_skipped (enumerator), ==, G_N_ELEMENTS (hostile));
}

/* . and .. are there for who lists, and nobody else. */

static char *
get_path (const ScriptedRecord *record)
{
  const guint8 *message = g_bytes_get_data (record->message, NULL);

  return smb_utf16_to_utf8 (message + (message[64 + 44] | message[64 + 45] << 8),
                            message[64 + 46] | message[64 + 47] << 8);
}

static void
test_dots_are_not_followed (Fixture       *f,
                            gconstpointer  data)
{
  static const Entry entries[] = {
    { UTF16 (".\0") },
    { UTF16 (".\0.\0") },
    { UTF16 (".\0.\0\\\0f\0i\0l\0e\0"), "..\\FILE" },
    { UTF16 (".\0.\0/\0f\0i\0l\0e\0"), ".." },
    { UTF16 (".\0.\0/\0f\0i\0l\0e\0"), "." },
    { UTF16 ("o\0n\0e\0.\0t\0m\0p\0") },
  };
  g_autoptr(GError) error = NULL;
  guint             n;

  operations_prepare (f);
  fixture_open (f, NULL);
  answer_with_page (f, 1, SMB_FSCC_FILE_ID_BOTH_DIRECTORY, entries, G_N_ELEMENTS (entries));
  smb_protocol_factory_delete_files (f->factory, SHARE, "doomed/*", TRUE, -1, NULL, &error);
  n = scripted_server_count (f->server, SCRIPTED_CREATE);
  for (guint i = 0; i < n; i++)
    {
      g_autofree char *path = get_path (scripted_server_get_record (f->server, SCRIPTED_CREATE, i));

      g_assert_nonnull (path);
      g_assert_null (strstr (path, ".."));
      g_assert_null (strchr (path, '/'));
      g_assert_false (g_str_has_suffix (path, "\\."));
      g_assert_true (*path == '\0' || g_str_has_prefix (path, "doomed"));
    }
  fixture_assert_usable (f);
}

/* What was not asked for is not touched: servers match short names, too, and hostile ones what they like. */
static void
test_pattern_is_kept (Fixture       *f,
                      gconstpointer  data)
{
  static const Entry entries[] = {
    { UTF16 ("o\0n\0e\0.\0t\0m\0p\0") },
    { UTF16 ("t\0h\0r\0e\0e\0") }, /* or THREE.TMP */
  };
  g_autoptr(GError) error = NULL;
  g_autoptr(GBytes) one = NULL;
  g_autoptr(GBytes) three = NULL;

  operations_prepare (f);
  fixture_open (f, NULL);
  answer_with_page (f, 1, SMB_FSCC_FILE_DIRECTORY, entries, G_N_ELEMENTS (entries));
  smb_protocol_factory_delete_files (f->factory, SHARE, "doomed/*.tmp", FALSE, -1, NULL, &error);
  g_assert_no_error (error);
  one = scripted_server_get_file (f->server, "doomed\\one.tmp");
  three = scripted_server_get_file (f->server, "doomed\\three");
  g_assert_null (one);
  g_assert_nonnull (three);
}

/* Entries that are none */

static void
test_damaged_entries (Fixture       *f,
                      gconstpointer  operation)
{
  static const struct
  {
    gint64      at; /* in the first entry */
    const char *data;
  } cases[] = {
    { NEXT_AT, "\1\0\0\0" },
    { NEXT_AT, "\x3F\0\0\0" },
    { NEXT_AT, "\0\0\1\0" },
    { NEXT_AT, "\xF8\xFF\xFF\xFF" },
    { NAME_LENGTH_AT, "\xFF\0\0\0" },
    { NAME_LENGTH_AT, "\xFE\xFF\xFF\xFF" },
  };
  const Operation *operation_ = operation;

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(GError) error = NULL;

      operations_prepare (f);
      fixture_open (f, NULL);
      scripted_rule (f->server, SCRIPTED_QUERY_DIRECTORY, 1, SCRIPTED_PATCH, .number = 64 + 8 + cases[i].at,
                     .data = cases[i].data, .size = 4);
      g_assert_false (operation_->run (f, &error));
      assert_failed (&error, SMB_ERROR_PROTOCOL);
      fixture_renew (f);
    }
}

/* No end */

/* What it is listed by */
static SmbFileInfoClass
get_info_class (const Operation *operation)
{
  return g_str_equal (operation->name, "list-path") ? SMB_FSCC_FILE_ID_BOTH_DIRECTORY
                                                    : SMB_FSCC_FILE_DIRECTORY;
}

static void
test_endless (Fixture       *f,
              gconstpointer  operation)
{
  static const Entry entries[] = { { UTF16 ("o\0n\0e\0.\0t\0m\0p\0") } };
  g_autoptr(GError)  error = NULL;

  operations_prepare (f);
  fixture_open (f, NULL);
  answer_with_page (f, 0, get_info_class (operation), entries, G_N_ELEMENTS (entries));
  scripted_rule (f->server, SCRIPTED_QUERY_DIRECTORY, 0, SCRIPTED_STATUS, .number = SMB_STATUS_SUCCESS);
  g_assert_false (((const Operation *) operation)->run (f, &error));
  assert_failed (&error, SMB_ERROR_PROTOCOL);
  fixture_assert_usable (f);
  scripted_server_wait_open (f->server, 0);
}

/* More than ten pages */
static void
add_many_files (Fixture *f)
{
  scripted_server_get_config (f->server)->max_transact_size = 8192;
  for (guint i = 0; i < 500; i++)
    {
      g_autofree char *name = g_strdup_printf ("many\\a name that is long enough to fill some pages %u", i);

      scripted_server_add_file (f->server, name, "", 0);
    }
}

static GPtrArray *
list_many (Fixture *f,
           GError **error)
{
  return smb_protocol_factory_list_path (f->factory, SHARE, "many", SMB_FILE_ATTRIBUTE_MASK_DEFAULT, NULL, -1,
                                         NULL, error);
}

/* What happens to a later page is told as it is. */
static void
test_later_page (Fixture       *f,
                 gconstpointer  data)
{
  static const struct
  {
    ScriptedRule rule;
    SmbError     code;
  } cases[] = {
    { { .action = SCRIPTED_PATCH, .number = 64 + 2, .data = "\xF0\xFF", .size = 2 }, SMB_ERROR_PROTOCOL },
    { { .action = SCRIPTED_UNSIGNED }, SMB_ERROR_SECURITY },
    { { .action = SCRIPTED_DROP }, SMB_ERROR_NOT_CONNECTED },
    { { .action = SCRIPTED_STATUS, .number = SMB_STATUS_ACCESS_DENIED }, SMB_ERROR_ACCESS_DENIED },
    { { .action = SCRIPTED_PATCH, .number = 64 + 8 + NEXT_AT, .data = "\1", .size = 1 }, SMB_ERROR_PROTOCOL },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      ScriptedRule         rule = cases[i].rule;
      g_autoptr(GPtrArray) files = NULL;
      g_autoptr(GError)    error = NULL;

      add_many_files (f);
      fixture_open (f, NULL);
      rule.command = SCRIPTED_QUERY_DIRECTORY;
      rule.nth = 3;
      scripted_server_add_rule (f->server, &rule);
      files = list_many (f, &error);
      g_assert_null (files);
      assert_failed (&error, cases[i].code);
      fixture_renew (f);
    }
}

/* A reader that stops gets no more than it has room for; memory stays as it is. */
static void
test_no_more_than_wanted (Fixture       *f,
                          gconstpointer  data)
{
  g_autoptr(SmbEnumerator) enumerator = NULL;
  g_autoptr(GError)        error = NULL;

  add_many_files (f);
  fixture_open (f, NULL);
  enumerator = smb_protocol_factory_enumerate (f->factory, SHARE, "many", NULL, SMB_FILE_INFO_FIELDS_BASIC,
                                               -1, NULL, &error);
  g_assert_no_error (error);
  for (guint i = 0; i < 20; i++)
    g_assert_true (do_echo (f, NULL));
  g_assert_cmpuint (scripted_server_count (f->server, SCRIPTED_QUERY_DIRECTORY), <, 8);
}

/* Whatever a call that is cancelled had in its hands is there for the next one. */

/* The worker is done with it before its entries are made here. FALSE at the end. */
static gboolean
cancel_next (Fixture       *f,
             SmbEnumerator *enumerator)
{
  g_autoptr(GCancellable) cancellable = g_cancellable_new ();
  g_autoptr(GAsyncResult) result = NULL;
  g_autoptr(GPtrArray)    files = NULL;
  g_autoptr(GError)       error = NULL;
  Pending                 pending = { 0 };

  smb_enumerator_next_async (enumerator, 10, -1, cancellable, pending_ready, &pending);
  g_assert_true (do_echo (f, NULL));
  g_cancellable_cancel (cancellable);
  g_assert_true (do_echo (f, NULL));
  result = pending_wait (&pending);
  files = smb_enumerator_next_finish (enumerator, result, &error);
  if (files == NULL)
    g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  else
    g_assert_cmpuint (files->len, ==, 0);
  return files == NULL;
}

static void
assert_number (SmbSharedFile *file,
               guint          number)
{
  g_autofree char *name = g_strdup_printf ("a name that is long enough to fill some pages %u", number);

  g_assert_cmpstr (smb_shared_file_get_filename (file), ==, name);
}

static void
test_cancelled (Fixture       *f,
                gconstpointer  data)
{
  g_autoptr(SmbEnumerator) enumerator = NULL;
  g_autoptr(GPtrArray)     all = g_ptr_array_new_with_free_func (g_object_unref);

  add_many_files (f);
  fixture_open (f, NULL);
  enumerator = smb_protocol_factory_enumerate (f->factory, SHARE, "many", "a *", SMB_FILE_INFO_FIELDS_BASIC,
                                               -1, NULL, NULL);
  while (cancel_next (f, enumerator))
    {
      g_autoptr(GPtrArray) files = smb_enumerator_next (enumerator, 7, -1, NULL, NULL);

      g_assert_nonnull (files);
      g_assert_cmpuint (files->len, <=, 7);
      g_ptr_array_extend_and_steal (all, g_steal_pointer (&files));
    }

  g_assert_cmpuint (all->len, ==, 500);
  for (guint i = 0; i < all->len; i++)
    assert_number (all->pdata[i], i);
}

/* Two calls wait for the folder's only page, and the one that takes it is cancelled before its entries are
 * made here: the other one must not be told the end meanwhile. */
static void
cancel_first (Fixture *f)
{
  g_autoptr(SmbEnumerator) enumerator = NULL;
  g_autoptr(GCancellable)  cancellable = g_cancellable_new ();
  g_autoptr(GAsyncResult)  first_result = NULL;
  g_autoptr(GAsyncResult)  second_result = NULL;
  g_autoptr(GPtrArray)     first_files = NULL;
  g_autoptr(GPtrArray)     second_files = NULL;
  g_autoptr(GError)        error = NULL;
  Pending                  first = { 0 };
  Pending                  second = { 0 };

  enumerator = smb_protocol_factory_enumerate (f->factory, SHARE, FOLDER_NAME, NULL,
                                               SMB_FILE_INFO_FIELDS_BASIC, -1, NULL, NULL);
  smb_enumerator_next_async (enumerator, 10, -1, cancellable, pending_ready, &first);
  smb_enumerator_next_async (enumerator, 10, -1, NULL, pending_ready, &second);
  g_assert_true (do_echo (f, NULL));
  g_cancellable_cancel (cancellable);

  first_result = pending_wait (&first);
  second_result = pending_wait (&second);
  first_files = smb_enumerator_next_finish (enumerator, first_result, &error);
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_clear_error (&error);
  second_files = smb_enumerator_next_finish (enumerator, second_result, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (second_files->len, >, 0);
}

static void
test_cancelled_beside (Fixture       *f,
                       gconstpointer  data)
{
  fixture_open (f, NULL);
  for (guint i = 0; i < 20; i++) /* what comes first is up to chance */
    cancel_first (f);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_log_set_writer_func (count_messages, NULL, NULL);

  fixture_add ("/listing/names-are-left-out", test_names_are_left_out);
  fixture_add ("/listing/short-names", test_short_names);
  fixture_add ("/listing/names-are-counted", test_names_are_counted);
  fixture_add ("/listing/dots-are-not-followed", test_dots_are_not_followed);
  fixture_add ("/listing/pattern-is-kept", test_pattern_is_kept);
  for (const Operation *operation = operations; operation->name != NULL; operation++)
    if (g_str_equal (operation->name, "list-path") || g_str_equal (operation->name, "enumerate")
        || g_str_equal (operation->name, "delete-some") || g_str_equal (operation->name, "reset-attributes"))
      {
        g_autofree char *damaged = g_strconcat ("/listing/damaged-entries/", operation->name, NULL);
        g_autofree char *endless = g_strconcat ("/listing/endless/", operation->name, NULL);

        fixture_add_with (damaged, operation, test_damaged_entries);
        fixture_add_with (endless, operation, test_endless);
      }
  fixture_add ("/listing/later-page", test_later_page);
  fixture_add ("/listing/no-more-than-wanted", test_no_more_than_wanted);
  fixture_add ("/listing/cancelled", test_cancelled);
  fixture_add ("/listing/cancelled-beside", test_cancelled_beside);

  return g_test_run ();
}
