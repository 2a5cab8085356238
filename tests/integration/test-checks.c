/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "test-checks.h"

#include <fcntl.h>
#include <glib/gstdio.h>
#include <unistd.h>

/* What is wrong with it, or NULL. */
static char *
complain (const GError *error,
          SmbError      code,
          guint32       status,
          const char   *operation)
{
  g_autofree char *begin = g_strconcat ("Cannot ", operation, NULL);
  g_autofree char *end = g_strdup_printf (" 0x%08X)", status);

  if (!g_error_matches (error, SMB_ERROR, (int) code))
    return g_strdup_printf ("is not of code %d", code);
  if (smb_error_get_nt_status (error) != status)
    return g_strdup_printf ("has status 0x%08X, not 0x%08X", smb_error_get_nt_status (error), status);
  if (!g_utf8_validate (error->message, -1, NULL) || strpbrk (error->message, "\r\n") != NULL)
    return g_strdup ("is not one line of UTF-8");
  if (!g_str_has_prefix (error->message, begin))
    return g_strdup_printf ("does not begin with \"%s\"", begin);
  if (status != 0 && !g_str_has_suffix (error->message, end))
    return g_strdup_printf ("does not end with \"%s\"", end);
  return NULL;
}

static char *
find_missing (const GError *error,
              va_list       words)
{
  const char *word;

  while ((word = va_arg (words, const char *)) != NULL)
    if (strstr (error->message, word) == NULL)
      return g_strdup_printf ("does not say \"%s\"", word);
  return NULL;
}

void
test_assert_failed_at (const char  *where,
                       GError     **error,
                       SmbError     code,
                       guint32      status,
                       const char  *operation,
                       ...)
{
  g_autofree char *complaint = complain (*error, code, status, operation);
  va_list          words;

  va_start (words, operation);
  if (complaint == NULL)
    complaint = find_missing (*error, words);
  va_end (words);
  if (complaint != NULL)
    g_error ("%s: the error \"%s\" %s", where, *error == NULL ? "(none)" : (*error)->message, complaint);
  g_clear_error (error);
}

GBytes *
test_retrieve (SmbProtocolFactory *factory,
               const char         *share,
               const char         *path)
{
  g_autoptr(GOutputStream) output = g_memory_output_stream_new_resizable ();
  g_autoptr(SmbSharedFile) file = NULL;
  g_autoptr(GError)        error = NULL;
  guint64                  bytes;

  file = smb_protocol_factory_retrieve_file (factory, share, path, output, NULL, NULL, NULL, -1, NULL, &bytes,
                                             &error);
  g_assert_no_error (error);
  g_assert_nonnull (file);
  g_output_stream_close (output, NULL, NULL);
  g_assert_cmpuint (bytes, ==, g_memory_output_stream_get_data_size (G_MEMORY_OUTPUT_STREAM (output)));
  return g_memory_output_stream_steal_as_bytes (G_MEMORY_OUTPUT_STREAM (output));
}

void
test_store (SmbProtocolFactory *factory,
            const char         *share,
            const char         *path,
            const char         *text)
{
  g_autoptr(GInputStream) input = g_memory_input_stream_new_from_data (text, -1, NULL);
  g_autoptr(GError)       error = NULL;
  guint64                 bytes;

  smb_protocol_factory_store_file (factory, share, path, input, NULL, NULL, NULL, -1, NULL, &bytes, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (bytes, ==, strlen (text));
}

static int
compare_names (gconstpointer a,
               gconstpointer b)
{
  return strcmp (*(const char *const *) a, *(const char *const *) b);
}

char *
test_list (SmbProtocolFactory *factory,
           const char         *share,
           const char         *path,
           const char         *pattern)
{
  g_autoptr(GError)    error = NULL;
  g_autoptr(GPtrArray) files = NULL;
  g_autoptr(GPtrArray) names = g_ptr_array_new ();

  files = smb_protocol_factory_list_path (factory, share, path, SMB_FILE_ATTRIBUTE_MASK_DEFAULT, pattern, -1,
                                          NULL, &error);
  g_assert_no_error (error);
  for (guint i = 0; i < files->len; i++)
    {
      const char *name = smb_shared_file_get_filename (g_ptr_array_index (files, i));

      if (!g_str_equal (name, ".") && !g_str_equal (name, ".."))
        g_ptr_array_add (names, (gpointer) name);
    }
  g_ptr_array_sort (names, compare_names);
  g_ptr_array_add (names, NULL);
  return g_strjoinv ("|", (char **) names->pdata);
}

void
test_share_make_dir (TestSamba  *samba,
                     const char *share,
                     const char *name)
{
  g_autofree char *path = test_samba_build_path (samba, share, name, NULL);

  g_assert_cmpint (g_mkdir_with_parents (path, 0777), ==, 0);
}

void
test_share_write_text (TestSamba  *samba,
                       const char *share,
                       const char *name,
                       const char *text)
{
  g_autoptr(GBytes) bytes = g_bytes_new_static (text, strlen (text));

  test_share_write (samba, share, name, bytes);
}

void
test_share_touch (TestSamba  *samba,
                  const char *share,
                  const char *name)
{
  g_autofree char *path = test_samba_build_path (samba, share, name, NULL);
  int              fd = g_open (path, O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, 0666);

  g_assert_cmpint (fd, >=, 0);
  close (fd);
}

void
test_share_assert_text (TestSamba  *samba,
                        const char *share,
                        const char *name,
                        const char *text)
{
  g_autoptr(GBytes) bytes = g_bytes_new_static (text, strlen (text));

  test_share_assert (samba, share, name, bytes);
}

gboolean
test_share_has (TestSamba  *samba,
                const char *share,
                const char *name)
{
  g_autofree char *path = test_samba_build_path (samba, share, name, NULL);
  GStatBuf         info;

  return g_lstat (path, &info) == 0;
}

void
test_assert_same_times (SmbSharedFile *one,
                        SmbSharedFile *other)
{
  g_autoptr(GDateTime) written = smb_shared_file_get_last_write_time (one);
  g_autoptr(GDateTime) other_written = smb_shared_file_get_last_write_time (other);
  g_autoptr(GDateTime) created = smb_shared_file_get_creation_time (one);
  g_autoptr(GDateTime) other_created = smb_shared_file_get_creation_time (other);

  g_assert_true (g_date_time_equal (written, other_written));
  g_assert_true (g_date_time_equal (created, other_created));
}
