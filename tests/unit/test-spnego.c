/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "plugin/smb-spnego.h"

#include "plugin/smb-plugin-modules.h"
#include "plugin/smb-plugin.h"
#include "plugin/smb-spnego-token.h"
#include "smb-error.h"
#include "smb-auth-ntlm.h"

#include "hex.h"
#include "ntlm-capture.h"

/* Negotiations with a server that the test plays. Two mechanisms stand ready: "scripted" does two round trips
 * in a thread, "scripted-krb5" bears Kerberos's object identifier and one round trip; and the real NTLM. */

#define SCRIPTED_OID "06032a0304"             /* 1.2.3.4 */
#define KRB5_OID     "06092a864886f712010202"
#define MS_KRB5_OID  "06092a864882f712010202"
#define NTLM_OID     "060a2b06010401823702020a"
#define NEGOEX_OID   "060a2b06010401823702021e"

enum { COMPLETED = 0, INCOMPLETE = 1, REJECT = 2, REQUEST_MIC = 3, NO_STATE = -1 };

/* What the mechanisms do; reset before each test. */
static struct
{
  gboolean usable[2];
  gboolean cannot_sign;
  gboolean fails;
  guint    steps[2];
} script;

typedef struct
{
  SmbAuth parent_instance;
  guint   steps;
} ScriptedAuth;

typedef struct
{
  SmbAuthClass parent_class;
  guint        index;
} ScriptedAuthClass;

static GType scripted_auth_get_type (void);
static GType kerberos_auth_get_type (void);

G_DEFINE_TYPE (ScriptedAuth, scripted_auth, SMB_TYPE_AUTH)

#define GET_INDEX(auth)                                                                                      \
  (G_TYPE_INSTANCE_GET_CLASS (auth, scripted_auth_get_type (), ScriptedAuthClass)->index)

static gboolean
scripted_is_usable (SmbAuth *auth)
{
  return script.usable[GET_INDEX (auth)];
}

static void
scripted_run (GTask        *task,
              gpointer      source,
              gpointer      task_data,
              GCancellable *cancellable)
{
  g_autofree char *answer = g_strdup_printf ("%s!", (const char *) task_data);

  if (script.fails)
    g_task_return_new_error (task, SMB_ERROR, SMB_ERROR_AUTH_FAILED, "scripted");
  else if (GET_INDEX (source) == 1 && strcmp (task_data, "hello") != 0)
    g_task_return_pointer (task, NULL, NULL); /* one round trip: nothing more to say */
  else
    g_task_return_pointer (task, g_bytes_new (answer, strlen (answer)), (GDestroyNotify) g_bytes_unref);
}

static void
scripted_step_async (SmbAuth             *auth,
                     GBytes              *token,
                     GCancellable        *cancellable,
                     GAsyncReadyCallback  callback,
                     gpointer             user_data)
{
  g_autoptr(GTask) task = g_task_new (auth, cancellable, callback, user_data);

  ((ScriptedAuth *) auth)->steps++;
  script.steps[GET_INDEX (auth)]++;
  g_task_set_task_data (task,
                        token == NULL ? g_strdup ("hello")
                                      : g_strndup (g_bytes_get_data (token, NULL), g_bytes_get_size (token)),
                        g_free);
  g_task_run_in_thread (task, scripted_run);
}

static gboolean
is_complete (SmbAuth *auth)
{
  return ((ScriptedAuth *) auth)->steps == 2;
}

static GBytes *
scripted_step_finish (SmbAuth       *auth,
                      GAsyncResult  *result,
                      gboolean      *complete,
                      GError       **error)
{
  *complete = is_complete (auth);
  return g_task_propagate_pointer (G_TASK (result), error);
}

static GBytes *
scripted_get_session_key (SmbAuth *auth)
{
  return g_bytes_new_static ("key", 3);
}

static GBytes *
scripted_sign (SmbAuth *auth,
               GBytes  *message)
{
  return is_complete (auth) && !script.cannot_sign ? g_bytes_new_static ("our proof", 9) : NULL;
}

static gboolean
scripted_verify (SmbAuth *auth,
                 GBytes  *message,
                 GBytes  *mic)
{
  return g_bytes_get_size (mic) == 9 && memcmp (g_bytes_get_data (mic, NULL), "its proof", 9) == 0;
}

static void
scripted_auth_class_init (ScriptedAuthClass *klass)
{
  SmbAuthClass *auth_class = SMB_AUTH_CLASS (klass);

  auth_class->oid = "1.2.3.4";
  auth_class->is_usable = scripted_is_usable;
  auth_class->step_async = scripted_step_async;
  auth_class->step_finish = scripted_step_finish;
  auth_class->get_session_key = scripted_get_session_key;
  auth_class->sign = scripted_sign;
  auth_class->verify = scripted_verify;
}

static void
scripted_auth_init (ScriptedAuth *self)
{
}

typedef ScriptedAuth KerberosAuth;
typedef ScriptedAuthClass KerberosAuthClass;

G_DEFINE_TYPE (KerberosAuth, kerberos_auth, scripted_auth_get_type ())

static void
kerberos_auth_class_init (KerberosAuthClass *klass)
{
  SMB_AUTH_CLASS (klass)->oid = "1.2.840.113554.1.2.2";
  klass->index = 1;
}

static void
kerberos_auth_init (KerberosAuth *self)
{
}

/* The server's tokens, in DER by hand: short lengths suffice, but for a CHALLENGE. */

static GBytes *
tlv (guint8  tag,
     GBytes *content)
{
  gsize size = g_bytes_get_size (content);
  GByteArray *bytes = g_byte_array_new ();
  const guint8 header[] = { tag, 0x81, (guint8) size };

  g_assert_cmpuint (size, <, 256);
  if (size < 128)
    g_byte_array_append (bytes, (const guint8[]) { tag, (guint8) size }, 2);
  else
    g_byte_array_append (bytes, header, 3);
  g_byte_array_append (bytes, g_bytes_get_data (content, NULL), size);
  g_bytes_unref (content);
  return g_byte_array_free_to_bytes (bytes);
}

static void
add (GByteArray *bytes,
     GBytes     *more)
{
  g_byte_array_append (bytes, g_bytes_get_data (more, NULL), g_bytes_get_size (more));
  g_bytes_unref (more);
}

static GBytes *
make_response_bytes (int         state,
                     const char *oid,
                     GBytes     *token,
                     const char *mic)
{
  GByteArray *fields = g_byte_array_new ();
  guint8 number = (guint8) state;

  if (state != NO_STATE)
    add (fields, tlv (0xa0, tlv (0x0a, g_bytes_new (&number, 1))));
  if (oid != NULL)
    add (fields, tlv (0xa1, bytes_from_hex (oid)));
  if (token != NULL)
    add (fields, tlv (0xa2, tlv (0x04, g_bytes_ref (token))));
  if (mic != NULL)
    add (fields, tlv (0xa3, tlv (0x04, g_bytes_new (mic, strlen (mic)))));

  return tlv (0xa1, tlv (0x30, g_byte_array_free_to_bytes (fields)));
}

static GBytes *
make_response (int         state,
               const char *oid,
               const char *token,
               const char *mic)
{
  g_autoptr(GBytes) bytes = token != NULL ? g_bytes_new (token, strlen (token)) : NULL;

  return make_response_bytes (state, oid, bytes, mic);
}

static GBytes *
make_hint (const char *oids)
{
  GByteArray *fields = g_byte_array_new ();

  add (fields, bytes_from_hex ("06062b0601050502"));
  add (fields, tlv (0xa0, tlv (0x30, tlv (0xa0, tlv (0x30, bytes_from_hex (oids))))));
  return tlv (0x60, g_byte_array_free_to_bytes (fields));
}

/* Our tokens as the server expects them. */

static void
assert_init (GBytes     *token,
             const char *oids,
             const char *mech_token)
{
  GByteArray *fields = g_byte_array_new (), *inner = g_byte_array_new ();
  g_autoptr(GBytes) expected = NULL;

  add (inner, tlv (0xa0, tlv (0x30, bytes_from_hex (oids))));
  add (inner, tlv (0xa2, tlv (0x04, g_bytes_new (mech_token, strlen (mech_token)))));
  add (fields, bytes_from_hex ("06062b0601050502"));
  add (fields, tlv (0xa0, tlv (0x30, g_byte_array_free_to_bytes (inner))));
  expected = tlv (0x60, g_byte_array_free_to_bytes (fields));

  g_assert_nonnull (token);
  g_assert_true (g_bytes_equal (token, expected));
}

static void
assert_answer (GBytes     *token,
               const char *mech_token,
               const char *mic)
{
  g_autoptr(GBytes) expected = make_response (INCOMPLETE, NULL, mech_token, mic);

  g_assert_nonnull (token);
  g_assert_true (g_bytes_equal (token, expected));
}

typedef struct
{
  SmbCredentials *credentials;
  SmbSpnego      *spnego;
  GMainContext   *context;
  gboolean        stepped;
  gboolean        at_once; /* the last step ended before it returned */
  GBytes         *answer;
  GError         *error;
} Fixture;

/* In a context of its own, so that a callback in the wrong one never comes. */
static void
set_up (Fixture      *f,
        gconstpointer data)
{
  memset (&script, 0, sizeof script);
  script.usable[0] = script.usable[1] = TRUE;

  f->context = g_main_context_new ();
  g_main_context_push_thread_default (f->context);
  f->credentials = smb_credentials_new ();
  f->credentials->username = g_strdup ("User");
  f->credentials->password = g_strdup ("Password");
  f->spnego = smb_spnego_new (f->credentials, data);
}

static void
tear_down (Fixture      *f,
           gconstpointer data)
{
  g_assert_finalize_object (f->spnego);
  smb_credentials_unref (f->credentials);
  g_main_context_pop_thread_default (f->context);
  g_main_context_unref (f->context);
}

static void
stepped (GBytes   *token,
         GError   *error,
         gpointer  data)
{
  Fixture *f = data;

  g_assert_true (g_main_context_get_thread_default () == f->context);
  g_assert_true (token == NULL || error == NULL);
  g_assert_false (f->stepped);
  f->stepped = TRUE;
  f->answer = token;
  f->error = error;
}

/* Takes @token. The scripted mechanisms have threads of their own. */
static GBytes *
step_cancellable (Fixture       *f,
                  GBytes        *token,
                  GCancellable  *cancellable,
                  GError       **error)
{
  f->stepped = FALSE;
  smb_spnego_step (f->spnego, token, cancellable, stepped, f);
  g_clear_pointer (&token, g_bytes_unref);
  f->at_once = f->stepped;
  while (!f->stepped)
    g_main_context_iteration (f->context, TRUE);

  if (f->error != NULL)
    g_propagate_error (error, g_steal_pointer (&f->error));
  return g_steal_pointer (&f->answer);
}

static GBytes *
step (Fixture *f,
      GBytes  *token)
{
  g_autoptr(GError) error = NULL;
  GBytes *answer = step_cancellable (f, token, NULL, &error);

  g_assert_no_error (error);
  return answer;
}

/* The error is one line, says what @part says, and is final. */
static void
step_fails (Fixture    *f,
            GBytes     *token,
            SmbError    code,
            const char *part)
{
  g_autoptr(GError) error = NULL, again = NULL;

  g_assert_null (step_cancellable (f, token, NULL, &error));
  g_assert_error (error, SMB_ERROR, (int) code);
  g_assert_nonnull (strstr (error->message, part));
  g_assert_null (strchr (error->message, '\n'));
  g_assert_false (smb_spnego_is_complete (f->spnego));
  g_assert_null (smb_spnego_get_session_key (f->spnego));

  g_assert_null (step_cancellable (f, NULL, NULL, &again));
  g_assert_error (again, SMB_ERROR, SMB_ERROR_AUTH_FAILED);
}

static void
assert_complete (Fixture    *f,
                 const char *mechanism)
{
  g_autoptr(GBytes) key = smb_spnego_get_session_key (f->spnego);

  g_assert_true (smb_spnego_is_complete (f->spnego));
  g_assert_cmpstr (smb_spnego_get_mechanism (f->spnego), ==, mechanism);
  g_assert_nonnull (key);
}

/* Up to and with our last token. */
static void
step_to_last (Fixture *f)
{
  g_autoptr(GBytes) init = step (f, NULL);
  g_autoptr(GBytes) last = NULL;

  assert_init (init, SCRIPTED_OID MS_KRB5_OID KRB5_OID NTLM_OID, "hello!");
  g_assert_null (smb_spnego_get_mechanism (f->spnego));
  g_assert_false (smb_spnego_is_complete (f->spnego));

  last = step (f, make_response (INCOMPLETE, SCRIPTED_OID, "one", NULL));
  assert_answer (last, "one!", "our proof");
  g_assert_false (f->at_once);
  g_assert_false (smb_spnego_is_complete (f->spnego)); /* not before the server's answer */
}

static void
test_plain (Fixture      *f,
            gconstpointer data)
{
  step_to_last (f);
  g_assert_null (step (f, make_response (COMPLETED, NULL, NULL, "its proof")));
  assert_complete (f, "scripted");
}

/* Azure's and Apple's do not prove the choice of our favourite. */
static void
test_no_mic (Fixture      *f,
             gconstpointer data)
{
  step_to_last (f);
  g_assert_null (step (f, make_response (COMPLETED, NULL, NULL, NULL)));
  assert_complete (f, "scripted");
}

/* Success without any token. */
static void
test_silent_end (Fixture      *f,
                 gconstpointer data)
{
  step_to_last (f);
  g_assert_null (step (f, g_bytes_new (NULL, 0)));
  assert_complete (f, "scripted");
}

static void
test_bad_mic (Fixture      *f,
              gconstpointer data)
{
  step_to_last (f);
  step_fails (f, make_response (COMPLETED, NULL, NULL, "our proof"), SMB_ERROR_SECURITY, "tampered");
}

static void
test_early_mic (Fixture      *f,
                gconstpointer data)
{
  g_autoptr(GBytes) init = step (f, NULL);

  step_fails (f, make_response (INCOMPLETE, SCRIPTED_OID, NULL, "its proof"), SMB_ERROR_PROTOCOL, "before");
}

/* The mechanism ends with the server's token: no more is sent, but for the MIC. */
static void
test_one_round_trip (Fixture      *f,
                     gconstpointer data)
{
  g_autoptr(GBytes) init = step (f, make_hint (KRB5_OID NEGOEX_OID));

  assert_init (init, MS_KRB5_OID KRB5_OID, "hello!");
  g_assert_null (step (f, make_response (COMPLETED, MS_KRB5_OID, "one", "its proof")));
  assert_complete (f, "scripted-krb5");
}

static void
test_only_mic (Fixture      *f,
               gconstpointer data)
{
  g_autoptr(GBytes) init = step (f, make_hint (MS_KRB5_OID));
  g_autoptr(GBytes) mic = step (f, make_response (REQUEST_MIC, KRB5_OID, "one", NULL));

  assert_answer (mic, NULL, "our proof");
  g_assert_null (step (f, make_response (COMPLETED, NULL, NULL, "its proof")));
  assert_complete (f, "scripted-krb5");
}

static void
test_requested_mic_missing (Fixture      *f,
                            gconstpointer data)
{
  g_autoptr(GBytes) init = step (f, NULL);
  g_autoptr(GBytes) last = step (f, make_response (REQUEST_MIC, SCRIPTED_OID, "one", NULL));

  step_fails (f, make_response (COMPLETED, NULL, NULL, NULL), SMB_ERROR_SECURITY, "prove");
}

static void
step_to_other (Fixture *f)
{
  g_autoptr(GBytes) init = step (f, NULL);
  g_autoptr(GBytes) first = step (f, make_response (INCOMPLETE, KRB5_OID, NULL, NULL));
  g_autoptr(GBytes) mic = NULL;

  assert_answer (first, "hello!", NULL);
  g_assert_cmpuint (script.steps[0], ==, 1);
  mic = step (f, make_response (INCOMPLETE, NULL, "one", NULL));
  assert_answer (mic, NULL, "our proof");
}

static void
test_other_mechanism (Fixture      *f,
                      gconstpointer data)
{
  step_to_other (f);
  g_assert_false (smb_spnego_is_complete (f->spnego));
  g_assert_null (step (f, make_response (COMPLETED, NULL, NULL, "its proof")));
  assert_complete (f, "scripted-krb5");
}

static void
test_other_without_mic (Fixture      *f,
                        gconstpointer data)
{
  step_to_other (f);
  step_fails (f, make_response (COMPLETED, NULL, NULL, NULL), SMB_ERROR_SECURITY, "prove");
}

static void
test_other_silent_end (Fixture      *f,
                       gconstpointer data)
{
  step_to_other (f);
  step_fails (f, NULL, SMB_ERROR_SECURITY, "prove");
}

/* A mechanism that cannot sign does not excuse the server. */
static void
test_other_cannot_sign (Fixture      *f,
                        gconstpointer data)
{
  g_autoptr(GBytes) init = step (f, NULL);
  g_autoptr(GBytes) first = step (f, make_response (INCOMPLETE, KRB5_OID, NULL, NULL));

  script.cannot_sign = TRUE;
  g_assert_null (step (f, make_response (INCOMPLETE, NULL, "one", NULL)));
  g_assert_false (smb_spnego_is_complete (f->spnego));
}

static void
test_other_with_token (Fixture      *f,
                       gconstpointer data)
{
  g_autoptr(GBytes) init = step (f, NULL);

  step_fails (f, make_response (INCOMPLETE, KRB5_OID, "one", NULL), SMB_ERROR_PROTOCOL, "other than");
}

static void
test_change_of_mind (Fixture      *f,
                     gconstpointer data)
{
  step_to_last (f);
  step_fails (f, make_response (INCOMPLETE, KRB5_OID, NULL, NULL), SMB_ERROR_PROTOCOL, "other than");
}

static void
test_not_offered (Fixture      *f,
                  gconstpointer data)
{
  g_autoptr(GBytes) init = step (f, NULL);

  step_fails (f, make_response (INCOMPLETE, NEGOEX_OID, NULL, NULL), SMB_ERROR_PROTOCOL, "not offered");
}

static void
test_reject (Fixture      *f,
             gconstpointer data)
{
  g_autoptr(GBytes) init = step (f, NULL);

  step_fails (f, make_response (REJECT, NULL, NULL, NULL), SMB_ERROR_AUTH_FAILED, "rejected");
}

/* A server that is content too soon has not proved anything. */
static void
test_early_success (Fixture      *f,
                    gconstpointer data)
{
  g_autoptr(GBytes) init = step (f, NULL);

  g_assert_null (step (f, make_response (COMPLETED, SCRIPTED_OID, NULL, NULL)));
  g_assert_false (smb_spnego_is_complete (f->spnego));
  g_assert_null (smb_spnego_get_session_key (f->spnego));
}

static void
test_early_success_of_other (Fixture      *f,
                             gconstpointer data)
{
  g_autoptr(GBytes) init = step (f, NULL);

  g_assert_null (step (f, make_response (COMPLETED, KRB5_OID, NULL, NULL)));
  g_assert_false (smb_spnego_is_complete (f->spnego));
  g_assert_cmpuint (script.steps[1], ==, 0);
}

static void
test_success_with_challenge (Fixture      *f,
                             gconstpointer data)
{
  g_autoptr(GBytes) init = step (f, NULL);

  step_fails (f, make_response (COMPLETED, SCRIPTED_OID, "one", NULL), SMB_ERROR_PROTOCOL, "the whole of it");
}

static void
test_early_silence (Fixture      *f,
                    gconstpointer data)
{
  g_autoptr(GBytes) init = step (f, NULL);

  step_fails (f, NULL, SMB_ERROR_PROTOCOL, "does not answer");
}

static void
test_endless (Fixture      *f,
              gconstpointer data)
{
  step_to_last (f);
  step_fails (f, make_response (INCOMPLETE, NULL, "two", NULL), SMB_ERROR_PROTOCOL, "after the end");
}

/* No states at all, which the ASN.1 allows. */
static void
test_no_states (Fixture      *f,
                gconstpointer data)
{
  g_autoptr(GBytes) init = step (f, NULL);
  g_autoptr(GBytes) last = step (f, make_response (NO_STATE, NULL, "one", NULL));

  assert_answer (last, "one!", "our proof");
  g_assert_null (step (f, make_response (NO_STATE, NULL, NULL, "its proof")));
  assert_complete (f, "scripted");
}

static void
test_malformed (Fixture      *f,
                gconstpointer data)
{
  g_autoptr(GBytes) init = step (f, NULL);

  step_fails (f, bytes_from_hex ("a1053003a10106"), SMB_ERROR_PROTOCOL, "malformed");
}

static void
test_malformed_hint (Fixture      *f,
                     gconstpointer data)
{
  step_fails (f, bytes_from_hex ("600306012b"), SMB_ERROR_PROTOCOL, "malformed");
}

static void
test_mechanism_fails (Fixture      *f,
                      gconstpointer data)
{
  script.fails = TRUE; /* never another one after it */
  step_fails (f, NULL, SMB_ERROR_AUTH_FAILED, "scripted");
  g_assert_cmpuint (script.steps[1], ==, 0);
}

static void
test_nothing_in_common (Fixture      *f,
                        gconstpointer data)
{
  script.usable[1] = FALSE;
  step_fails (f, make_hint (MS_KRB5_OID KRB5_OID NEGOEX_OID "06022a03"), SMB_ERROR_AUTH_FAILED,
              "MS-Kerberos, Kerberos, NegoEx, 1.2.3");
}

static void
test_not_usable (Fixture      *f,
                 gconstpointer data)
{
  g_autoptr(GBytes) init = NULL;

  script.usable[0] = FALSE;
  init = step (f, make_hint (NTLM_OID KRB5_OID SCRIPTED_OID));
  assert_init (init, MS_KRB5_OID KRB5_OID NTLM_OID, "hello!");
}

static void
test_none_usable (Fixture      *f,
                  gconstpointer data)
{
  script.usable[0] = script.usable[1] = FALSE;
  g_clear_pointer (&f->credentials->username, g_free);
  step_fails (f, NULL, SMB_ERROR_AUTH_FAILED, "scripted, scripted-krb5, ntlm");
}

static const char *const requested[] = { "scripted-krb5", "scripted", NULL };

static void
test_requested (Fixture      *f,
                gconstpointer data)
{
  g_autoptr(GBytes) init = step (f, make_hint (NTLM_OID SCRIPTED_OID KRB5_OID));

  assert_init (init, MS_KRB5_OID KRB5_OID SCRIPTED_OID, "hello!");
}

/* All that are installed: the best one first. */
static void
test_installed (Fixture      *f,
                gconstpointer data)
{
  g_autoptr(GBytes) init = step (f, NULL);
  g_auto(GStrv) mechanisms = NULL;

  g_assert_true (smb_spnego_decode_hint (init, &mechanisms, NULL));
  g_assert_cmpstr (mechanisms[0], ==, "1.2.3.4");
  g_assert_true (g_strv_contains ((const char *const *) mechanisms, "1.3.6.1.4.1.311.2.2.10"));
}

static const char *const missing[] = { "scripted", "absent", NULL };

static void
test_requested_missing (Fixture      *f,
                        gconstpointer data)
{
  step_fails (f, NULL, SMB_ERROR_PLUGIN_MISSING, "\"absent\" (libsmb-auth-absent.so)");
}

static void
test_cancelled (Fixture      *f,
                gconstpointer data)
{
  g_autoptr(GCancellable) cancellable = g_cancellable_new ();
  g_autoptr(GError) error = NULL;

  g_cancellable_cancel (cancellable);
  g_assert_null (step_cancellable (f, NULL, cancellable, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_false (smb_spnego_is_complete (f->spnego));
}

static const char *const only_ntlm[] = { "ntlm", NULL };

/* The real mechanism inside, with the CHALLENGE of Windows. */
static void
test_ntlm (Fixture      *f,
           gconstpointer data)
{
  g_autoptr(GBytes) challenge = bytes_from_hex (CAPTURED_CHALLENGE);
  g_autoptr(GBytes) init = step (f, make_hint (NEGOEX_OID NTLM_OID));
  g_autoptr(GBytes) last = step (f, make_response_bytes (INCOMPLETE, NTLM_OID, challenge, NULL));
  gsize size;
  const guint8 *data_of_last = g_bytes_get_data (last, &size);

  g_assert_true (f->at_once); /* it asks nobody */
  assert_hex (data_of_last + size - 20, 8, "a312041001000000"); /* ends with the MIC, */
  assert_hex (data_of_last + size - 4, 4, "00000000");          /* whose sequence number is the first */
  g_assert_null (step (f, make_response (COMPLETED, NULL, NULL, NULL)));
  assert_complete (f, "ntlm");
}

static const char *const all[] = { "scripted", "scripted-krb5", "ntlm", NULL };

#define ADD(path, func)             g_test_add (path, Fixture, all, set_up, func, tear_down)
#define ADD_WITH(path, names, func) g_test_add (path, Fixture, names, set_up, func, tear_down)

static void
add_refusals (void)
{
  ADD ("/spnego/refused/bad-mic", test_bad_mic);
  ADD ("/spnego/refused/early-mic", test_early_mic);
  ADD ("/spnego/refused/requested-mic-missing", test_requested_mic_missing);
  ADD ("/spnego/refused/other-without-mic", test_other_without_mic);
  ADD ("/spnego/refused/other-silent-end", test_other_silent_end);
  ADD ("/spnego/refused/other-cannot-sign", test_other_cannot_sign);
  ADD ("/spnego/refused/other-with-token", test_other_with_token);
  ADD ("/spnego/refused/change-of-mind", test_change_of_mind);
  ADD ("/spnego/refused/not-offered", test_not_offered);
  ADD ("/spnego/refused/reject", test_reject);
  ADD ("/spnego/refused/early-success", test_early_success);
  ADD ("/spnego/refused/early-success-of-other", test_early_success_of_other);
  ADD ("/spnego/refused/success-with-challenge", test_success_with_challenge);
  ADD ("/spnego/refused/early-silence", test_early_silence);
  ADD ("/spnego/refused/endless", test_endless);
  ADD ("/spnego/refused/malformed", test_malformed);
  ADD ("/spnego/refused/malformed-hint", test_malformed_hint);
}

int
main (int   argc,
      char *argv[])
{
  const char *const no_folders[] = { NULL };

  g_test_init (&argc, &argv, NULL);

  smb_plugin_modules_load (no_folders);
  smb_plugin_register (NULL, SMB_AUTH_EXTENSION_POINT, scripted_auth_get_type (), "scripted", 1000);
  smb_plugin_register (NULL, SMB_AUTH_EXTENSION_POINT, kerberos_auth_get_type (), "scripted-krb5", 900);
  smb_plugin_register (NULL, SMB_AUTH_EXTENSION_POINT, SMB_TYPE_AUTH_NTLM, "ntlm", 10);

  ADD ("/spnego/plain", test_plain);
  ADD ("/spnego/no-mic", test_no_mic);
  ADD ("/spnego/silent-end", test_silent_end);
  ADD ("/spnego/one-round-trip", test_one_round_trip);
  ADD ("/spnego/only-mic", test_only_mic);
  ADD ("/spnego/other-mechanism", test_other_mechanism);
  ADD ("/spnego/no-states", test_no_states);
  add_refusals ();
  ADD ("/spnego/mechanisms/fails", test_mechanism_fails);
  ADD ("/spnego/mechanisms/nothing-in-common", test_nothing_in_common);
  ADD ("/spnego/mechanisms/not-usable", test_not_usable);
  ADD ("/spnego/mechanisms/none-usable", test_none_usable);
  ADD_WITH ("/spnego/mechanisms/installed", NULL, test_installed);
  ADD_WITH ("/spnego/mechanisms/requested", requested, test_requested);
  ADD_WITH ("/spnego/mechanisms/requested-missing", missing, test_requested_missing);
  ADD ("/spnego/cancelled", test_cancelled);
  ADD_WITH ("/spnego/ntlm", only_ntlm, test_ntlm);

  return g_test_run ();
}
