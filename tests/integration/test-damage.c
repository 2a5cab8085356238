/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "test-checks.h"
#include "test-proxy.h"

/* A line that tears messages apart, breaks, or changes a bit at any place: what is protected arrives whole,
 * or not at all and with an error. */

#define FILE_SIZE    100000
#define LOGIN_SIZE   1500  /* bytes, about what a login takes one way */
#define N_PLACES     40
#define TIMEOUT_MSEC 700

typedef struct
{
  TestSamba *samba;
  GBytes    *bytes;
} Fixture;

static void
set_up (Fixture       *f,
        gconstpointer  data)
{
  g_auto(GStrv) options = g_strsplit (data, " ", -1);

  f->samba = test_samba_startv ((const char *const *) options);
  f->bytes = test_data_new (FILE_SIZE);
  test_share_write (f->samba, "data", "file", f->bytes);
}

static void
tear_down (Fixture       *f,
           gconstpointer  data)
{
  g_bytes_unref (f->bytes);
  test_samba_stop (f->samba);
}

static TestProxy *
start_proxy (Fixture    *f,
             const char *option)
{
  return test_proxy_start (test_samba_get_host (f->samba), test_samba_get_port (f->samba), option, NULL);
}

static gboolean
open_connection (Fixture             *f,
                 TestProxy           *proxy,
                 SmbProtocolFactory  *factory,
                 GError             **error)
{
  g_object_set (factory, "default-timeout", TIMEOUT_MSEC, NULL);
  return smb_protocol_factory_open_connection (factory, "127.0.0.1", test_proxy_get_port (proxy), -1, NULL,
                                               error);
}

static gboolean
retrieve (Fixture             *f,
          SmbProtocolFactory  *factory,
          GError             **error)
{
  g_autoptr(GOutputStream) output = g_memory_output_stream_new_resizable ();
  g_autoptr(SmbSharedFile) file = NULL;
  g_autoptr(GBytes)        got = NULL;

  file = smb_protocol_factory_retrieve_file (factory, "data", "file", output, NULL, NULL, NULL, -1, NULL,
                                             NULL, error);
  g_output_stream_close (output, NULL, NULL);
  got = g_memory_output_stream_steal_as_bytes (G_MEMORY_OUTPUT_STREAM (output));
  /* What was written is right even if more should have come. */
  g_assert_cmpuint (g_bytes_get_size (got), <=, FILE_SIZE);
  g_assert_cmpmem (g_bytes_get_data (got, NULL), g_bytes_get_size (got), g_bytes_get_data (f->bytes, NULL),
                   g_bytes_get_size (got));
  g_assert_true (file == NULL || g_bytes_get_size (got) == FILE_SIZE);
  return file != NULL;
}

static gboolean
store (Fixture             *f,
       SmbProtocolFactory  *factory,
       GError             **error)
{
  g_autoptr(GInputStream) input = g_memory_input_stream_new_from_bytes (f->bytes);

  if (!smb_protocol_factory_store_file (factory, "data", "stored", input, NULL, NULL, NULL, -1, NULL, NULL,
                                        error))
    return FALSE;
  test_share_assert (f->samba, "data", "stored", f->bytes);
  return TRUE;
}

static void
test_split (Fixture       *f,
            gconstpointer  data)
{
  g_autoptr(TestProxy)          proxy =
    test_proxy_start (test_samba_get_host (f->samba), test_samba_get_port (f->samba), "--split-up=7",
                      "--split-down=3", NULL);
  g_autoptr(SmbProtocolFactory) factory = smb_protocol_factory_new ("alice", "Passw0rd", NULL, NULL);
  g_autofree char              *names = NULL;
  g_autoptr(GError)             error = NULL;

  smb_protocol_factory_open_connection (factory, "127.0.0.1", test_proxy_get_port (proxy), -1, NULL, &error);
  g_assert_no_error (error);
  g_assert_true (retrieve (f, factory, &error));
  g_assert_true (store (f, factory, &error));
  g_assert_no_error (error);
  names = test_list (factory, "data", "", "*");
  g_assert_cmpstr (names, ==, "file|stored");
}

/* Half of the places in the login, half anywhere. */
static guint
choose_place (guint number)
{
  return g_test_rand_int_range (0, number % 2 == 0 ? LOGIN_SIZE : FILE_SIZE);
}

/* FALSE: there was an error, which is one of those that a bad line may cause. */
static gboolean
try (Fixture  *f,
     char     *option,
     gboolean (*transfer) (Fixture *, SmbProtocolFactory *, GError **))
{
  g_autofree char              *owned = option;
  g_autoptr(TestProxy)          proxy = start_proxy (f, option);
  g_autoptr(SmbProtocolFactory) factory = smb_protocol_factory_new ("alice", "Passw0rd", NULL, NULL);
  g_autoptr(GError)             error = NULL;

  if (open_connection (f, proxy, factory, &error) && transfer (f, factory, &error))
    {
      g_assert_no_error (error);
      return TRUE;
    }
  g_assert_nonnull (error);
  g_test_message ("%s: %s", option, error->message);
  g_assert_null (strpbrk (error->message, "\r\n"));
  return FALSE;
}

static void
test_cut (Fixture       *f,
          gconstpointer  data)
{
  for (guint i = 0; i < N_PLACES; i++)
    {
      g_assert_false (try (f, g_strdup_printf ("--cut-down=%u", choose_place (i)), retrieve));
      g_assert_false (try (f, g_strdup_printf ("--cut-up=%u", choose_place (i)), store));
    }
}

/* A bit of the login may be one that nobody looks at; none of the contents is. */
static void
test_flip (Fixture       *f,
           gconstpointer  data)
{
  guint n_succeeded = 0;

  for (guint i = 0; i < N_PLACES; i++)
    {
      n_succeeded += try (f, g_strdup_printf ("--flip-down=%u", choose_place (i)), retrieve);
      n_succeeded += try (f, g_strdup_printf ("--flip-up=%u", choose_place (i)), store);
    }
  g_test_message ("%u succeeded", n_succeeded);
  g_assert_cmpuint (n_succeeded, <=, N_PLACES);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

#define ADD(path, options, test) g_test_add (path, Fixture, options, set_up, test, tear_down)
  ADD ("/damage/split", "--max=SMB3_11", test_split);
  ADD ("/damage/split-2.0.2", "--max=SMB2_02", test_split);
  ADD ("/damage/split-sealed", "--encryption=required", test_split);
  ADD ("/damage/cut", "--max=SMB3_11", test_cut);
  ADD ("/damage/flip", "--max=SMB3_11", test_flip);
  ADD ("/damage/flip-2.0.2", "--max=SMB2_02", test_flip);
  ADD ("/damage/flip-sealed", "--encryption=required", test_flip);
#undef ADD

  return g_test_run ();
}
