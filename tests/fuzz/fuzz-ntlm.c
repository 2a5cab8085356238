/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "fuzz.h"

#include "smb-auth-ntlm.h"

/* The input is a server's CHALLENGE; its first byte says who logs in. */

enum
{
  WITH_V1 = 1 << 0,
  ANONYMOUS = 1 << 1,
  WITH_DOMAIN = 1 << 2,
  WITH_HOST = 1 << 3,
};

static SmbCredentials *
make_credentials (guint8 choices)
{
  SmbCredentials *credentials = smb_credentials_new ();

  credentials->username = g_strdup ("user");
  credentials->password = g_strdup ("password");
  credentials->use_ntlm_v2 = (choices & WITH_V1) == 0;
  credentials->anonymous = (choices & ANONYMOUS) != 0;
  credentials->domain = (choices & WITH_DOMAIN) != 0 ? g_strdup ("DOMAIN") : NULL;
  credentials->target_host = (choices & WITH_HOST) != 0 ? g_strdup ("host") : NULL;
  return credentials;
}

static void
stepped_cb (GObject      *source,
            GAsyncResult *result,
            gpointer      user_data)
{
  *(GAsyncResult **) user_data = g_object_ref (result);
}

static GBytes *
step (SmbAuth *auth,
      GBytes  *token)
{
  g_autoptr(GAsyncResult) result = NULL;
  g_autoptr(GError) error = NULL;
  gboolean complete;
  GBytes *answer;

  smb_auth_step_async (auth, token, NULL, stepped_cb, &result);
  while (result == NULL)
    g_main_context_iteration (NULL, TRUE);

  answer = smb_auth_step_finish (auth, result, &complete, &error);
  g_assert ((answer == NULL) == (error != NULL));
  g_assert (error == NULL || error->domain == SMB_ERROR);
  return answer;
}

int
LLVMFuzzerTestOneInput (const guint8 *data,
                        gsize         size)
{
  g_autoptr(SmbCredentials) credentials = make_credentials (size > 0 ? data[0] : 0);
  g_autoptr(SmbAuth) auth = g_object_new (SMB_TYPE_AUTH_NTLM, "credentials", credentials, NULL);
  g_autoptr(GBytes) challenge = size > 0 ? g_bytes_new (data + 1, size - 1) : g_bytes_new (NULL, 0);
  g_autoptr(GBytes) negotiate = step (auth, NULL);
  g_autoptr(GBytes) authenticate = step (auth, challenge);
  g_autoptr(GBytes) mic = smb_auth_sign (auth, challenge);

  smb_auth_verify (auth, challenge, challenge);
  g_assert (mic == NULL || authenticate != NULL);
  return 0;
}
