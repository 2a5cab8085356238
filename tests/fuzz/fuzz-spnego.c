/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "fuzz.h"

#include "plugin/smb-plugin-modules.h"
#include "plugin/smb-plugin.h"
#include "plugin/smb-spnego-token.h"
#include "plugin/smb-spnego.h"
#include "smb-auth-ntlm.h"
#include "smb-error.h"

/* The input is what a server sends during a login: its hint and its responses, each after two bytes of
 * length. */

#define MAX_TOKENS 5

static void
decode (GBytes *token)
{
  g_auto(SmbSpnegoResponse) response = { 0 };
  g_auto(GStrv) mechanisms = NULL;

  (void) smb_spnego_decode_hint (token, &mechanisms, NULL);
  (void) smb_spnego_decode_response (token, &response, NULL);
}

typedef struct
{
  GBytes *answer;
  GError *error;
} Outcome;

/* From within: NTLM asks nobody. */
static void
stepped (GBytes   *token,
         GError   *error,
         gpointer  data)
{
  *(Outcome *) data = (Outcome) { token, error };
}

static gboolean
step (SmbSpnego *spnego,
      GBytes    *token)
{
  Outcome outcome = { NULL, NULL };
  g_autoptr(GBytes) key = NULL;
  gboolean failed;

  smb_spnego_step (spnego, token, NULL, stepped, &outcome);
  failed = outcome.error != NULL;
  key = smb_spnego_get_session_key (spnego);
  g_assert (!failed || outcome.error->domain == SMB_ERROR);
  g_assert (!failed || (outcome.answer == NULL && key == NULL && !smb_spnego_is_complete (spnego)));
  g_clear_pointer (&outcome.answer, g_bytes_unref);
  g_clear_error (&outcome.error);
  return !failed;
}

static void
initialize (void)
{
  static gboolean initialized = FALSE;
  const char *const no_folders[] = { NULL };

  if (initialized)
    return;
  smb_plugin_modules_load (no_folders);
  smb_plugin_register (NULL, SMB_AUTH_EXTENSION_POINT, SMB_TYPE_AUTH_NTLM, "ntlm", 10);
  initialized = TRUE;
}

int
LLVMFuzzerTestOneInput (const guint8 *data,
                        gsize         size)
{
  const char *const mechanisms[] = { "ntlm", NULL };
  g_autoptr(SmbCredentials) credentials = smb_credentials_new ();
  g_autoptr(SmbSpnego) spnego = NULL;
  gboolean going_on = TRUE;
  SmbReader r;

  initialize ();
  credentials->username = g_strdup ("user");
  spnego = smb_spnego_new (credentials, mechanisms);

  smb_reader_init (&r, data, size);
  for (guint i = 0; i < MAX_TOKENS && going_on && smb_reader_get_remaining (&r) > 0; i++)
    {
      guint16 announced = smb_reader_u16 (&r);
      gsize length = MIN (announced, smb_reader_get_remaining (&r));
      g_autoptr(GBytes) token = g_bytes_new (smb_reader_bytes (&r, length), length);

      decode (token);
      going_on = step (spnego, token);
    }
  return 0;
}
