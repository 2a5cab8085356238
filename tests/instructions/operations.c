/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <smb-glib/smb-glib.h>

#include <fcntl.h>
#include <gio/gunixoutputstream.h>
#include <stdlib.h>
#include <valgrind/callgrind.h>

#include "counted.h"
#include "scripted-server.h"

/* For test-instructions.py:
 *
 *   operations            lists the sets: name, operations
 *   operations SET        a server for one; prints its port, and ends with its standard input
 *   operations SET PORT   performs one, first for practice and then counted
 */

#define MIB     (1024 * 1024)
#define SMALL   4096
#define AT_ONCE 32
#define SHARE   "share"
#define BIG     (16 * MIB)

/* Of one READ and WRITE: those with which what a MiB takes repeats best. */
#define MAX_READ_SIZE  (MIB / 4)
#define MAX_WRITE_SIZE MIB

typedef struct
{
  int                 port;
  SmbEncryption       encryption;
  SmbProtocolFactory *factory;
  SmbOpenFile        *file; /* "big" */
  GBytes             *data; /* as much as that holds */
  guint               n_operations;
  guint               n_under_way;
} Client;

typedef struct
{
  const char   *name;
  guint         n_operations;
  void        (*func) (Client *client);
  guint         n_files; /* of one page, in "folder" */
  SmbEncryption encryption;
} Set;

void
counted_begin (void)
{
  CALLGRIND_START_INSTRUMENTATION;
}

void
counted_end (void)
{
  CALLGRIND_DUMP_STATS;
  CALLGRIND_STOP_INSTRUMENTATION;
}

static void
check (GError *error)
{
  if (error == NULL)
    return;
  g_printerr ("operations: %s\n", error->message);
  exit (1);
}

static char *
small_name (guint i)
{
  return g_strdup_printf ("folder\\file number %05u", i);
}

static SmbProtocolFactory *
connect_to_server (Client *client)
{
  SmbProtocolFactory *factory = smb_protocol_factory_new ("alice", "wonderland", NULL, NULL);
  GError             *error = NULL;

  g_object_set (factory, "encryption", client->encryption, "default-timeout", 600 * 1000, NULL);
  smb_protocol_factory_open_connection (factory, "127.0.0.1", client->port, -1, NULL, &error);
  check (error);
  return factory;
}

/* One after the other. */

static void
log_in_and_off (Client *client)
{
  for (guint i = 0; i < client->n_operations; i++)
    {
      g_autoptr(SmbProtocolFactory) factory = connect_to_server (client);
      GError                       *error = NULL;

      smb_protocol_factory_connect_share (factory, SHARE, -1, NULL, &error);
      check (error);
    }
}

static void
get_attributes (Client *client)
{
  for (guint i = 0; i < client->n_operations; i++)
    {
      g_autoptr(SmbSharedFile) file = NULL;
      GError                  *error = NULL;

      file = smb_protocol_factory_get_attributes (client->factory, SHARE, "big", -1, NULL, &error);
      check (error);
    }
}

static void
open_and_close (Client *client)
{
  for (guint i = 0; i < client->n_operations; i++)
    {
      g_autoptr(SmbOpenFile) file = NULL;
      GError                *error = NULL;

      file = smb_protocol_factory_open_file (client->factory, SHARE, "big", SMB_FILE_ACCESS_READ,
                                             SMB_FILE_DISPOSITION_OPEN, -1, NULL, &error);
      check (error);
      smb_open_file_close (file, -1, NULL, &error);
      check (error);
    }
}

static void
read_pages (Client *client)
{
  g_autofree guint8 *buffer = g_malloc (SMALL);

  for (guint i = 0; i < client->n_operations; i++)
    {
      GError *error = NULL;
      gsize   n_bytes;

      smb_open_file_read_into (client->file, i * SMALL, buffer, SMALL, -1, NULL, &n_bytes, &error);
      check (error);
    }
}

static GBytes *
make_bytes (gsize size)
{
  return g_bytes_new_take (g_malloc0 (size), size);
}

static void
write_pages (Client *client)
{
  g_autoptr(GBytes) page = make_bytes (SMALL);

  for (guint i = 0; i < client->n_operations; i++)
    {
      GError *error = NULL;
      gsize   n_bytes;

      smb_open_file_write (client->file, i * SMALL, page, -1, NULL, &n_bytes, &error);
      check (error);
    }
}

/* What is counted for each of its entries. */
static void
list (Client *client)
{
  g_autoptr(GPtrArray) files = NULL;
  GError              *error = NULL;

  files = smb_protocol_factory_list_path (client->factory, SHARE, "folder", SMB_FILE_ATTRIBUTE_MASK_DEFAULT,
                                          "*", -1, NULL, &error);
  check (error);
  g_assert_cmpuint (files->len, >=, client->n_operations);
}

/* What is counted for each MiB. */

static void
retrieve (Client *client)
{
  g_autoptr(GOutputStream) output = g_unix_output_stream_new (open ("/dev/null", O_WRONLY), TRUE);
  g_autoptr(SmbSharedFile) file = NULL;
  GError                  *error = NULL;
  guint64                  n_bytes;

  file = smb_protocol_factory_retrieve_file (client->factory, SHARE, "big", output, NULL, NULL, NULL, -1,
                                             NULL, &n_bytes, &error);
  check (error);
  g_assert_cmpuint (n_bytes, ==, client->n_operations * MIB);
}

static void
store (Client *client)
{
  g_autoptr(GInputStream) input = g_memory_input_stream_new_from_bytes (client->data);
  GError                 *error = NULL;

  smb_protocol_factory_store_file (client->factory, SHARE, "stored", input, NULL, NULL, NULL, -1, NULL, NULL,
                                   &error);
  check (error);
}

/* Many at once: so many begin, and when all of them have ended the next ones. */

static void
retrieved (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  Client                  *client = user_data;
  g_autoptr(SmbSharedFile) file = NULL;
  GError                  *error = NULL;
  guint64                  n_bytes;

  file = smb_protocol_factory_retrieve_file_finish (SMB_PROTOCOL_FACTORY (source), result, &n_bytes, &error);
  check (error);
  g_assert_cmpuint (n_bytes, ==, SMALL);
  client->n_under_way--;
}

static void
begin_retrieve (Client *client,
                guint   i)
{
  g_autoptr(GOutputStream) output = g_memory_output_stream_new_resizable ();
  g_autofree char         *name = small_name (i);

  smb_protocol_factory_retrieve_file_async (client->factory, SHARE, name, output, NULL, NULL, NULL, -1, NULL,
                                            retrieved, client);
}

static void
stored (GObject      *source,
        GAsyncResult *result,
        gpointer      user_data)
{
  Client *client = user_data;
  GError *error = NULL;

  smb_protocol_factory_store_file_finish (SMB_PROTOCOL_FACTORY (source), result, NULL, &error);
  check (error);
  client->n_under_way--;
}

static void
begin_store (Client *client,
             guint   i)
{
  g_autoptr(GBytes)       bytes = make_bytes (SMALL);
  g_autoptr(GInputStream) input = g_memory_input_stream_new_from_bytes (bytes);
  g_autofree char        *name = small_name (i);

  smb_protocol_factory_store_file_async (client->factory, SHARE, name, input, NULL, NULL, NULL, -1, NULL,
                                         stored, client);
}

static void
many_at_once (Client *client,
              void  (*begin) (Client *client,
                              guint   i))
{
  for (guint i = 0; i < client->n_operations;)
    {
      for (; client->n_under_way < AT_ONCE && i < client->n_operations; i++, client->n_under_way++)
        begin (client, i);
      while (client->n_under_way > 0)
        g_main_context_iteration (NULL, TRUE);
    }
}

static void
retrieve_many (Client *client)
{
  many_at_once (client, begin_retrieve);
}

static void
store_many (Client *client)
{
  many_at_once (client, begin_store);
}

static const Set sets[] = {
  { "login", 20, log_in_and_off, 0, SMB_ENCRYPTION_IF_REQUIRED },
  { "get-attributes", 200, get_attributes, 0, SMB_ENCRYPTION_IF_REQUIRED },
  { "open-close", 200, open_and_close, 0, SMB_ENCRYPTION_IF_REQUIRED },
  { "read-4k", 200, read_pages, 0, SMB_ENCRYPTION_IF_REQUIRED },
  { "write-4k", 200, write_pages, 0, SMB_ENCRYPTION_IF_REQUIRED },
  { "list-entry", 2000, list, 2000, SMB_ENCRYPTION_IF_REQUIRED },
  { "retrieve-4k-async", 192, retrieve_many, 192, SMB_ENCRYPTION_IF_REQUIRED },
  { "store-4k-async", 192, store_many, 192, SMB_ENCRYPTION_IF_REQUIRED },
  { "retrieve-1m-signed", 16, retrieve, 0, SMB_ENCRYPTION_IF_REQUIRED },
  { "retrieve-1m-sealed", 16, retrieve, 0, SMB_ENCRYPTION_REQUIRED },
  { "store-1m-signed", 16, store, 0, SMB_ENCRYPTION_IF_REQUIRED },
  { "store-1m-sealed", 16, store, 0, SMB_ENCRYPTION_REQUIRED },
};

static void
open_client (Client    *client,
             const Set *set,
             int        port)
{
  GError *error = NULL;

  client->port = port;
  client->encryption = set->encryption;
  client->n_operations = set->n_operations;
  client->data = make_bytes (BIG);
  client->factory = connect_to_server (client);
  client->file = smb_protocol_factory_open_file (client->factory, SHARE, "big",
                                                 SMB_FILE_ACCESS_READ | SMB_FILE_ACCESS_WRITE,
                                                 SMB_FILE_DISPOSITION_OPEN, -1, NULL, &error);
  check (error);
}

static void
perform (const Set *set,
         int        port)
{
  Client client = { NULL };

  open_client (&client, set, port);
  set->func (&client);
  counted_begin ();
  set->func (&client);
  counted_end ();
  g_clear_object (&client.file);
  g_clear_object (&client.factory);
  g_bytes_unref (client.data);
}

static void
serve (const Set *set)
{
  g_autoptr(ScriptedServer) server = scripted_server_new ();
  g_autofree guint8        *data = g_malloc0 (BIG);
  char                      c;

  scripted_server_get_config (server)->max_read_size = MAX_READ_SIZE;
  scripted_server_get_config (server)->max_write_size = MAX_WRITE_SIZE;
  scripted_server_add_file (server, "big", data, BIG);
  for (guint i = 0; i < set->n_files; i++)
    {
      g_autofree char *name = small_name (i);

      scripted_server_add_file (server, name, data, SMALL);
    }
  g_print ("%u\n", scripted_server_get_port (server));
  while (read (STDIN_FILENO, &c, 1) > 0)
    ;
}

static void
print_sets (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (sets); i++)
    g_print ("%s %u\n", sets[i].name, sets[i].n_operations);
  for (guint i = 0; counted_frames[i].name != NULL; i++)
    g_print ("%s %u\n", counted_frames[i].name, counted_frames[i].n_operations);
}

int
main (int    argc,
      char **argv)
{
  if (argc == 1)
    print_sets ();
  for (guint i = 0; argc > 1 && i < G_N_ELEMENTS (sets); i++)
    if (g_str_equal (sets[i].name, argv[1]))
      {
        if (argc == 2)
          serve (&sets[i]);
        else
          perform (&sets[i], atoi (argv[2]));
      }
  for (guint i = 0; argc > 1 && counted_frames[i].name != NULL; i++)
    if (g_str_equal (counted_frames[i].name, argv[1]))
      counted_frames[i].func (counted_frames[i].n_operations);
  return 0;
}
