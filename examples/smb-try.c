/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What `examples/try` runs: shows what the library does. On a private server, named by the environment, it
 * stores a file too; on one that is named by an address it only reads. */
#include <locale.h>
#include <stdlib.h>
#include <string.h>

#include "common.h"
#include "pattern-stream.h"

#define PRIVATE_SHARE "data"
#define STORED_NAME "smb-try.bin"
#define STORED_SIZE (G_GUINT64_CONSTANT (256) << 20)

/* So much of a file on somebody's server is enough to see how fast it comes. */
#define RETRIEVED_SIZE (G_GINT64_CONSTANT (256) << 20)

#define MAX_ROWS 20

G_GNUC_PRINTF (1, 2)
static void
print_title (const char *format,
             ...)
{
  g_autofree char *title = NULL;
  g_autofree char *printable = NULL;
  va_list          arguments;

  va_start (arguments, format);
  title = g_strdup_vprintf (format, arguments);
  va_end (arguments);

  printable = example_printable (title);
  g_print ("\n%s\n", printable);
}

static void
print_label (const char *label)
{
  g_print ("  ");
  example_print_column (label, 24);
}

static void
print_row (const char *label,
           const char *value)
{
  print_label (label);
  g_print ("%s\n", value);
}

static void
print_speed (gint64  started,
             guint64 bytes)
{
  double           seconds = MAX (g_get_monotonic_time () - started, 1) / 1e6;
  g_autofree char *size = g_format_size (bytes);
  g_autofree char *speed = g_format_size ((guint64) (bytes / seconds));

  g_print ("%s in %.2f s: %s/s\n", size, seconds, speed);
}

static const char *
dialect_name (SmbDialectVersion dialect)
{
  switch (dialect)
    {
    case SMB_DIALECT_VERSION_SMB_1:
      return "SMB 1";
    case SMB_DIALECT_VERSION_SMB_2_02:
      return "SMB 2.0.2";
    case SMB_DIALECT_VERSION_SMB_2_10:
      return "SMB 2.1";
    case SMB_DIALECT_VERSION_SMB_3_00:
      return "SMB 3.0";
    case SMB_DIALECT_VERSION_SMB_3_02:
      return "SMB 3.0.2";
    case SMB_DIALECT_VERSION_SMB_3_11:
      return "SMB 3.1.1";
    default:
      return "unknown";
    }
}

static void
show_connection (SmbProtocolFactory *factory)
{
  const char      *signing = smb_protocol_factory_get_signing_algorithm (factory);
  const char      *cipher = smb_protocol_factory_get_cipher (factory);
  g_autofree char *encryption = NULL;

  encryption = cipher == NULL ? g_strdup ("the server cannot")
                              : g_strconcat (cipher, ", where the server asks for it", NULL);
  print_row ("dialect", dialect_name (smb_protocol_factory_get_dialect (factory)));
  print_row ("every message is signed", signing == NULL ? "no" : signing);
  print_row ("encryption", encryption);
  if (smb_protocol_factory_get_guest (factory))
    print_row ("logged in as", "guest");
}

static gboolean
show_shares (SmbProtocolFactory  *factory,
             GError             **error)
{
  g_autoptr(GPtrArray) shares = smb_protocol_factory_list_shares (factory, -1, NULL, error);

  if (shares == NULL)
    return FALSE;

  print_title ("Its shares");
  for (guint i = 0; i < shares->len; i++)
    {
      g_autofree char *name = example_printable (smb_shared_device_get_name (shares->pdata[i]));
      g_autofree char *comments = example_printable (smb_shared_device_get_comments (shares->pdata[i]));

      print_row (name, comments);
    }
  return TRUE;
}

static void
print_file (SmbSharedFile *file)
{
  g_autofree char *name = example_printable (smb_shared_file_get_filename (file));
  g_autofree char *size = g_format_size (smb_shared_file_get_file_size (file));

  print_row (name, smb_shared_file_get_is_directory (file) ? "folder" : size);
}

static int
compare_names (gconstpointer a,
               gconstpointer b)
{
  return g_utf8_collate (smb_shared_file_get_filename (*(SmbSharedFile **) a),
                         smb_shared_file_get_filename (*(SmbSharedFile **) b));
}

/* What is in a folder, but for itself and the one above. */
static GPtrArray *
list_folder (SmbProtocolFactory  *factory,
             const char          *share,
             const char          *path,
             GError             **error)
{
  g_autoptr(GPtrArray) files = NULL;

  files = smb_protocol_factory_list_path (factory, share, path, SMB_FILE_ATTRIBUTE_MASK_DEFAULT, NULL, -1,
                                          NULL, error);
  if (files == NULL)
    return NULL;

  for (guint i = files->len; i-- > 0;)
    {
      const char *name = smb_shared_file_get_filename (files->pdata[i]);

      if (strcmp (name, ".") == 0 || strcmp (name, "..") == 0)
        g_ptr_array_remove_index (files, i);
    }
  g_ptr_array_sort (files, compare_names);
  return g_steal_pointer (&files);
}

static void
show_folder (const char *share,
             const char *path,
             GPtrArray  *files)
{
  print_title ("In \"%s%s%s\"", share, *path == '\0' ? "" : "/", path);
  if (files->len == 0)
    g_print ("  nothing\n");
  for (guint i = 0; i < MIN (files->len, MAX_ROWS); i++)
    print_file (files->pdata[i]);
  if (files->len > MAX_ROWS)
    g_print ("  and %u more\n", files->len - MAX_ROWS);
}

/* The private server. */

static gboolean
store_and_retrieve (SmbProtocolFactory  *factory,
                    GError             **error)
{
  g_autoptr(GInputStream) input = pattern_input_new (STORED_SIZE);
  g_autoptr(GOutputStream) output = pattern_output_new ();
  g_autoptr(SmbSharedFile) file = NULL;
  gint64 started = g_get_monotonic_time ();
  guint64 bytes;

  print_title ("A file there and back");
  print_label ("stored");
  if (!smb_protocol_factory_store_file (factory, PRIVATE_SHARE, STORED_NAME, input, NULL, NULL, NULL, -1,
                                        NULL, &bytes, error))
    return FALSE;
  print_speed (started, bytes);

  started = g_get_monotonic_time ();
  print_label ("retrieved");
  file = smb_protocol_factory_retrieve_file (factory, PRIVATE_SHARE, STORED_NAME, output, NULL, NULL, NULL,
                                             -1, NULL, &bytes, error);
  if (file == NULL)
    return FALSE;
  print_speed (started, bytes);

  if (bytes != STORED_SIZE)
    {
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA,
                           "What came back is shorter than what was sent");
      return FALSE;
    }
  print_row ("compared", "every byte is as it was sent");
  return TRUE;
}

static gboolean
try_private (SmbProtocolFactory  *factory,
             GError             **error)
{
  g_autoptr(GPtrArray) files = NULL;

  if (!store_and_retrieve (factory, error))
    return FALSE;

  files = list_folder (factory, PRIVATE_SHARE, "", error);
  if (files == NULL)
    return FALSE;
  show_folder (PRIVATE_SHARE, "", files);

  if (!smb_protocol_factory_delete_files (factory, PRIVATE_SHARE, STORED_NAME, FALSE, -1, NULL, error))
    return FALSE;
  g_print ("\nIt is deleted again. Now a server of yours, where nothing is stored: "
           "examples/try smb://user@host/share\n");
  return TRUE;
}

/* Somebody's server. */

static gboolean
retrieve (SmbProtocolFactory  *factory,
          const char          *share,
          const char          *path,
          GError             **error)
{
  g_autoptr(GFile) nowhere = g_file_new_for_path ("/dev/null");
  g_autoptr(GFileOutputStream) stream = g_file_append_to (nowhere, G_FILE_CREATE_NONE, NULL, error);
  g_autoptr(SmbSharedFile) file = NULL;
  gint64 started = g_get_monotonic_time ();
  guint64 bytes;

  if (stream == NULL)
    return FALSE;

  print_title ("Retrieving \"%s\", to see how fast it comes", path);
  file = smb_protocol_factory_retrieve_file_from_offset (factory, share, path, G_OUTPUT_STREAM (stream), 0,
                                                         RETRIEVED_SIZE, NULL, NULL, NULL, -1, NULL, &bytes,
                                                         error);
  if (file == NULL)
    return FALSE;

  print_label ("retrieved");
  print_speed (started, bytes);
  return TRUE;
}

/* The largest file of a folder. */
static SmbSharedFile *
choose_file (GPtrArray *files)
{
  SmbSharedFile *chosen = NULL;

  for (guint i = 0; i < files->len; i++)
    {
      SmbSharedFile *file = files->pdata[i];

      if (smb_shared_file_get_is_directory (file))
        continue;
      if (chosen == NULL || smb_shared_file_get_file_size (file) > smb_shared_file_get_file_size (chosen))
        chosen = file;
    }
  return chosen;
}

static gboolean
try_folder (SmbProtocolFactory  *factory,
            const char          *share,
            const char          *path,
            GError             **error)
{
  g_autoptr(GPtrArray) files = list_folder (factory, share, path, error);
  g_autofree char *file_path = NULL;
  SmbSharedFile *file;

  if (files == NULL)
    return FALSE;

  show_folder (share, path, files);
  file = choose_file (files);
  if (file == NULL)
    return TRUE;

  file_path = g_build_path ("/", path, smb_shared_file_get_filename (file), NULL);
  return retrieve (factory, share, file_path, error);
}

static gboolean
try_address (SmbProtocolFactory  *factory,
             SmbUri              *uri,
             GError             **error)
{
  const char *share = smb_uri_get_share (uri);
  const char *path = smb_uri_get_path (uri);
  g_autoptr(SmbSharedFile) file = NULL;

  if (*share == '\0')
    {
      g_print ("\nA share in the address, and files are listed and retrieved: smb://%s/SHARE\n",
               smb_uri_get_host (uri));
      return TRUE;
    }

  file = smb_protocol_factory_get_attributes (factory, share, path, -1, NULL, error);
  if (file == NULL)
    return FALSE;
  return smb_shared_file_get_is_directory (file) ? try_folder (factory, share, path, error)
                                                 : retrieve (factory, share, path, error);
}

/* Both. */

static SmbProtocolFactory *
connect_private (GError **error)
{
  g_autoptr(SmbProtocolFactory) factory = NULL;

  factory = smb_protocol_factory_new (g_getenv ("SMB_TEST_USER"), g_getenv ("SMB_TEST_PASSWORD"), NULL, NULL);
  if (!smb_protocol_factory_open_connection (factory, g_getenv ("SMB_TEST_HOST"),
                                             atoi (g_getenv ("SMB_TEST_PORT")), -1, NULL, error))
    return NULL;
  return g_steal_pointer (&factory);
}

/* Without an address it is the private server. */
static gboolean
run (Example  *example,
     GError  **error)
{
  gint64 started = g_get_monotonic_time ();
  g_autoptr(SmbProtocolFactory) factory = NULL;
  g_autofree char *user = NULL;

  factory = example == NULL ? connect_private (error) : example_connect (example, error);
  if (factory == NULL)
    return FALSE;

  g_object_get (factory, "username", &user, NULL);
  print_title ("Connected to %s as %s in %.0f ms",
               example == NULL ? "a private Samba server" : smb_uri_get_host (example->uri),
               user == NULL ? "nobody" : user, (g_get_monotonic_time () - started) / 1e3);
  show_connection (factory);
  if (!show_shares (factory, error))
    return FALSE;

  if (example == NULL ? !try_private (factory, error) : !try_address (factory, example->uri, error))
    return FALSE;
  return smb_protocol_factory_close_connection (factory, -1, NULL, error);
}

static gboolean
have_private_server (void)
{
  return g_getenv ("SMB_TEST_HOST") != NULL && g_getenv ("SMB_TEST_PORT") != NULL &&
         g_getenv ("SMB_TEST_USER") != NULL && g_getenv ("SMB_TEST_PASSWORD") != NULL;
}

int
main (int    argc,
      char **argv)
{
  g_autoptr(Example) example = NULL;
  g_autoptr(GError) error = NULL;

  setlocale (LC_ALL, "");
  if (argc > 1 || !have_private_server ())
    example = example_new (argc, argv, EXAMPLE_SERVER "[/share[/path]]",
                           "Shows what the library does, on a server of yours");

  return run (example, &error) ? EXIT_SUCCESS : example_fail (error);
}
