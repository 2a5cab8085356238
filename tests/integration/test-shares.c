/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "test-checks.h"
#include "test-profiles.h"

/* list_shares: what a server offers, also when it takes many answers to say it. */

#define N_MANY    300
#define N_AT_ONCE 1000

static GPtrArray *
list (SmbProtocolFactory *factory)
{
  GError    *error = NULL;
  GPtrArray *shares = smb_protocol_factory_list_shares (factory, -1, NULL, &error);

  g_assert_no_error (error);
  return shares;
}

static SmbSharedDevice *
find (GPtrArray  *shares,
      const char *name)
{
  SmbSharedDevice *found = NULL;

  for (guint i = 0; i < shares->len; i++)
    if (g_str_equal (smb_shared_device_get_name (g_ptr_array_index (shares, i)), name))
      {
        g_assert_null (found);
        found = g_ptr_array_index (shares, i);
      }
  return found;
}

static void
assert_share (GPtrArray     *shares,
              const char    *name,
              const char    *comments,
              SmbDeviceType  type)
{
  SmbSharedDevice *share = find (shares, name);

  g_assert_nonnull (share);
  g_assert_cmpstr (smb_shared_device_get_comments (share), ==, comments);
  g_assert_cmpint (smb_shared_device_get_device_type (share), ==, type);
  if (!g_str_has_suffix (name, "$")) /* of which some versions of Samba say that they are special, and some not */
    g_assert_false (smb_shared_device_get_special (share));
  g_assert_false (smb_shared_device_get_temporary (share));
}

static void
test_shares (TestRig *rig)
{
  g_autoptr(GPtrArray) shares = list (rig->factory);

  assert_share (shares, "data", "Files of everyone", SMB_DEVICE_TYPE_DISK);
  assert_share (shares, "Übung", "Grüße € 😀", SMB_DEVICE_TYPE_DISK);
  assert_share (shares, "ro", "", SMB_DEVICE_TYPE_DISK);
  assert_share (shares, "IPC$", "IPC Service (private test server)", SMB_DEVICE_TYPE_IPC);
  g_assert_null (find (shares, "hidden$")); /* Samba does not tell of them at all */
}

/* One that is not shown is there all the same. */
static void
test_hidden (TestRig *rig)
{
  g_autoptr(GBytes) bytes = NULL;

  test_share_write_text (rig->samba, "hidden$", "file", "hidden");
  bytes = test_retrieve (rig->factory, "HIDDEN$", "file");
  g_assert_cmpuint (g_bytes_get_size (bytes), ==, 6);
}

static void
test_kinds (void)
{
  g_autoptr(TestSamba) samba = test_samba_start ("--share-set=admin$:administrative share=yes",
                                                  "--share-set=printer:printable=yes", NULL);
  g_autoptr(SmbProtocolFactory) factory = test_client_open (samba, NULL, NULL);
  g_autoptr(GPtrArray)          shares = list (factory);

  assert_share (shares, "admin$", "", SMB_DEVICE_TYPE_DISK);
  assert_share (shares, "printer", "", SMB_DEVICE_TYPE_PRINT_QUEUE);
}

static void
test_many (gconstpointer option)
{
  g_autoptr(TestSamba)          samba = test_samba_start ("--shares=300", option);
  g_autoptr(SmbProtocolFactory) factory = test_client_open (samba, NULL, NULL);
  g_autoptr(GPtrArray)          shares = list (factory);

  g_assert_cmpuint (shares->len, >, N_MANY);
  for (guint i = 1; i <= N_MANY; i++)
    {
      g_autofree char *name = g_strdup_printf ("share%03u", i);
      g_autofree char *comments = g_strdup_printf ("Number %u", i);

      assert_share (shares, name, comments, SMB_DEVICE_TYPE_DISK);
    }
}

/* Without an account of one's own there may be nothing to see, but that is the server's to say. */
static void
test_refused (void)
{
  g_autoptr(TestSamba)          samba = test_samba_start ("--set=restrict anonymous=2", NULL);
  g_autoptr(SmbProtocolFactory) factory = smb_protocol_factory_new (NULL, NULL, NULL, NULL);
  g_autoptr(GError)             error = NULL;

  g_object_set (factory, "anonymous", TRUE, NULL);
  smb_protocol_factory_open_connection (factory, test_samba_get_host (samba), test_samba_get_port (samba), -1,
                                        NULL, &error);
  g_assert_no_error (error);
  g_assert_null (smb_protocol_factory_list_shares (factory, -1, NULL, &error));
  test_assert_failed (&error, SMB_ERROR_ACCESS_DENIED, TEST_STATUS_ACCESS_DENIED, "list the shares", NULL);
}

/* Many at once, each with a pipe of its own. */

typedef struct
{
  guint remaining;
  guint n_shares;
} Listings;

static void
listed_cb (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  Listings            *listings = user_data;
  g_autoptr(GError)    error = NULL;
  g_autoptr(GPtrArray) shares =
    smb_protocol_factory_list_shares_finish (SMB_PROTOCOL_FACTORY (source), result, &error);

  g_assert_no_error (error);
  g_assert_true (listings->n_shares == 0 || shares->len == listings->n_shares);
  listings->n_shares = shares->len;
  listings->remaining--;
}

static void
list_at_once (SmbProtocolFactory *factory,
              guint               n)
{
  Listings listings = { n, 0 };

  for (guint i = 0; i < n; i++)
    smb_protocol_factory_list_shares_async (factory, -1, NULL, listed_cb, &listings);
  while (listings.remaining > 0)
    g_main_context_iteration (NULL, TRUE);
}

static void
test_at_once (TestRig *rig)
{
  list_at_once (rig->factory, 30);
}

/* Of so many the server refuses some at first, since it cannot wait for the pipe. */
static void
test_thousand (void)
{
  g_autoptr(TestSamba)          samba = test_samba_start ("--log-level", "0", NULL);
  g_autoptr(SmbProtocolFactory) factory = test_client_open (samba, NULL, NULL);

  list_at_once (factory, N_AT_ONCE);
}

int
main (int    argc,
      char **argv)
{
  const TestRigCase cases[] = {
    { "shares", test_shares },
    { "hidden", test_hidden },
    { "at-once", test_at_once },
    { NULL },
  };

  g_test_init (&argc, &argv, NULL);
  test_profiles_add ("shares", TEST_PROFILES_THOROUGH, cases);
  g_test_add_func ("/shares/kinds", test_kinds);
  g_test_add_data_func ("/shares/many", "--max=SMB3_11", test_many);
  g_test_add_data_func ("/shares/many-2.0.2", "--max=SMB2_02", test_many);
  g_test_add_data_func ("/shares/many-sealed", "--encryption=required", test_many);
  g_test_add_func ("/shares/refused", test_refused);
  g_test_add_func ("/shares/thousand-at-once", test_thousand);
  return test_profiles_run ();
}
