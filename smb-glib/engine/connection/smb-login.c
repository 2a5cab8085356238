/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "engine/connection/smb-connection-private.h"
#include "engine/worker/smb-worker.h"
#include "plugin/smb-plugin.h"
#include "plugin/smb-spnego.h"
#include "wire/smb-ntstatus.h"

/* The session: SPNEGO tokens back and forth until both sides are content, then the policy: what is signed,
 * what is sealed, and what is refused ([MS-SMB2] 3.2.4.2.3, 3.2.5.3). Runs once more when the login has
 * expired. */

struct _SmbLogin
{
  SmbConnection *connection; /* a memory reference */
  SmbSpnego     *spnego;
  SmbAuth       *bare;       /* instead, where the server knows no SPNEGO */
  GCancellable  *cancellable;
  gboolean       again;      /* the session stands already */
  gboolean       stepping;   /* a mechanism is at work */
  gboolean       stopped;    /* the connection has ended meanwhile */

  gboolean       accepted;   /* the server is content */
  gboolean       guest;
  gboolean       null;
  gboolean       seal;
};

static void
login_free (SmbLogin *self)
{
  g_clear_object (&self->spnego);
  g_clear_object (&self->bare);
  g_object_unref (self->cancellable);
  smb_connection_unref (self->connection);
  g_free (self);
}

static void
fail (SmbLogin *self,
      GError   *error)
{
  smb_connection_fail (self->connection, error);
}

static void
fail_literal (SmbLogin   *self,
              SmbError    code,
              const char *message)
{
  fail (self, g_error_new_literal (SMB_ERROR, code, message));
}

/* What the session may be: FALSE if it was refused, and the connection with it. */

static gboolean
check_guest (SmbLogin *self)
{
  SmbConnection              *connection = self->connection;
  const SmbConnectionOptions *options = connection->options;
  gboolean                    anonymous = options->credentials->anonymous;

  if (!self->guest && !(self->null && !anonymous) && !anonymous)
    return TRUE;

  if (!anonymous && !options->allow_guest)
    fail_literal (self, SMB_ERROR_AUTH_FAILED,
                  "the server does not know the user and offers a guest's session");
  else if (options->encryption == SMB_ENCRYPTION_REQUIRED)
    fail_literal (self, SMB_ERROR_SECURITY,
                  "encryption is required, and the sessions of guests cannot be encrypted");
  else if (options->sign_options == SMB_SIGN_OPTIONS_REQUIRE || connection->negotiation.signing_required)
    fail_literal (self, SMB_ERROR_SECURITY,
                  "signing is required, and the sessions of guests cannot be signed");
  else
    return TRUE;
  return FALSE;
}

static gboolean
check_protection (SmbLogin *self)
{
  const SmbConnectionOptions *options = self->connection->options;
  const SmbNegotiation       *negotiation = &self->connection->negotiation;

  if (self->seal && options->encryption == SMB_ENCRYPTION_DISABLED)
    fail_literal (self, SMB_ERROR_SECURITY, "the server requires encryption, which is disabled");
  else if (self->seal && !negotiation->can_seal)
    fail_literal (self, SMB_ERROR_SECURITY, "the server requires encryption but did not agree on a cipher");
  else if (negotiation->signing_required && options->sign_options == SMB_SIGN_OPTIONS_NEVER && !self->seal)
    fail_literal (self, SMB_ERROR_SECURITY, "the server requires signing, which is switched off");
  else if (negotiation->cannot_sign && options->sign_options == SMB_SIGN_OPTIONS_REQUIRE)
    fail_literal (self, SMB_ERROR_SECURITY, "signing is required, and the server does not sign");
  else
    return TRUE;
  return FALSE;
}

static gboolean
wants_signing (SmbConnection *connection)
{
  switch (connection->options->sign_options)
    {
    case SMB_SIGN_OPTIONS_WHEN_SUPPORTED:
    case SMB_SIGN_OPTIONS_REQUIRE:
      return !connection->negotiation.cannot_sign;
    case SMB_SIGN_OPTIONS_WHEN_REQUIRED:
      return connection->negotiation.signing_required;
    case SMB_SIGN_OPTIONS_NEVER:
    default:
      return FALSE;
    }
}

static gboolean
wants_sealing (SmbLogin *self)
{
  SmbConnection *connection = self->connection;

  if (self->seal || connection->options->encryption == SMB_ENCRYPTION_REQUIRED)
    return TRUE;
  return connection->options->encryption == SMB_ENCRYPTION_DESIRED && connection->negotiation.can_seal;
}

static void
set_policy (SmbLogin *self)
{
  SmbSession *session = &self->connection->session;

  session->anonymous = self->connection->options->credentials->anonymous;
  session->guest = self->guest || (self->null && !session->anonymous);
  session->has_keys = !session->guest && !session->anonymous;
  session->sign = session->has_keys && wants_signing (self->connection);
  session->seal = session->has_keys && wants_sealing (self);
  if (session->sign && self->connection->negotiation.max_signed_write_size != 0)
    self->connection->negotiation.max_write_size = self->connection->negotiation.max_signed_write_size;
}

static gboolean
start_session (SmbLogin *self)
{
  SmbConnection     *connection = self->connection;
  g_autoptr(GBytes)  key = NULL;
  GError            *error = NULL;

  if (!check_guest (self) || !check_protection (self))
    return FALSE;
  set_policy (self);

  if (connection->session.has_keys)
    {
      key = self->bare != NULL ? smb_auth_get_session_key (self->bare)
                               : smb_spnego_get_session_key (self->spnego);
      if (key == NULL)
        {
          fail_literal (self, SMB_ERROR_SECURITY, "the login gave no key to sign with");
          return FALSE;
        }
    }
  if (!smb_dialect_start_session (connection->dialect, key, &error))
    {
      fail (self, error);
      return FALSE;
    }
  connection->session.established = TRUE;
  return TRUE;
}

static void
finish (SmbLogin *self)
{
  SmbConnection *connection = self->connection;

  if (self->bare == NULL && !smb_spnego_is_complete (self->spnego))
    {
      fail_literal (self, SMB_ERROR_SECURITY, "the server ended the login before it had proved itself");
      return;
    }
  if (self->again ? !check_guest (self) : !start_session (self)) /* a session keeps its keys and its policy */
    return;

  connection->login = NULL;
  if (!self->again)
    smb_opening_login_done (connection);
  smb_flow_schedule (connection);
  login_free (self);
}

/* Back and forth. */

static void step (SmbLogin *self,
                  GBytes   *token);

static gboolean
is_trouble_of_server (guint32 status)
{
  switch (status)
    {
    case SMB_STATUS_INVALID_PARAMETER:
    case SMB_STATUS_INSUFFICIENT_RESOURCES:
    case SMB_STATUS_REQUEST_NOT_ACCEPTED:
    case SMB_STATUS_CONNECTION_DISCONNECTED:
    case SMB_STATUS_CONNECTION_RESET:
    case SMB_STATUS_CONNECTION_ABORTED:
      return TRUE;
    default:
      return FALSE;
    }
}

/* A refusal by the server is about the credentials, whatever it is called; a failing server is not. */
static SmbError
refusal_code (guint32 status)
{
  SmbError code = smb_nt_status_to_error (status);

  switch (code)
    {
    case SMB_ERROR_TIMED_OUT:
    case SMB_ERROR_NO_SPACE:
    case SMB_ERROR_PROTOCOL:
    case SMB_ERROR_NOT_CONNECTED:
      return code;
    default:
      return is_trouble_of_server (status) ? SMB_ERROR_FAILED : SMB_ERROR_AUTH_FAILED;
    }
}

static void
refuse (SmbLogin *self,
        guint32   status)
{
  GError *error = smb_nt_status_to_gerror (status, "the login was refused");

  error->code = refusal_code (status);
  fail (self, error);
}

static void
answered (SmbPlan  *plan,
          gpointer  data)
{
  SmbLogin          *self = data;
  const SmbReply    *reply = smb_plan_get_reply (plan, 0);
  guint32            status = smb_plan_get_status (plan, 0);
  g_autoptr(GBytes)  token = NULL;

  if (plan->error != NULL) /* the end of the connection, which frees the login */
    return;
  if (status != SMB_STATUS_SUCCESS && status != SMB_STATUS_MORE_PROCESSING_REQUIRED)
    {
      refuse (self, status);
      return;
    }

  if (status == SMB_STATUS_SUCCESS)
    {
      self->accepted = TRUE;
      self->guest = reply->session_setup.guest;
      self->null = reply->session_setup.null;
      self->seal = reply->session_setup.seal;
    }
  if (reply->session_setup.token_size > 0)
    token = g_bytes_new (reply->session_setup.token, reply->session_setup.token_size);
  if (self->bare == NULL)
    step (self, token); /* also without one: the mechanism knows whether it may end here */
  else if (self->accepted)
    finish (self);
  else
    fail_literal (self, SMB_ERROR_PROTOCOL, "the server goes on with a login that has one step");
}

/* Takes what it is given. */
static void
send_session_setup (SmbLogin *self,
                    GBytes   *token,
                    GBytes   *lm_response,
                    GBytes   *nt_response)
{
  const SmbCredentials *credentials = self->connection->options->credentials;
  SmbPlan              *plan = smb_plan_new_for_connection (self->connection, answered, self);
  SmbRequest           *request = smb_plan_add (plan, SMB_COMMAND_SESSION_SETUP);

  request->session_setup.token = token;
  request->session_setup.lm_response = lm_response;
  request->session_setup.nt_response = nt_response;
  request->session_setup.sign = !credentials->anonymous && wants_signing (self->connection);
  if (token == NULL)
    smb_credentials_get_names (credentials, &request->session_setup.username, &request->session_setup.domain);
  plan->session = TRUE;
  smb_plan_submit (plan);
}

static void
stepped (GBytes   *token,
         GError   *error,
         gpointer  data)
{
  SmbLogin          *self = data;
  g_autoptr(GBytes)  answer = token;

  self->stepping = FALSE;
  smb_watch_set_end_other (smb_worker_get_watches ());
  if (self->stopped)
    {
      g_clear_error (&error);
      login_free (self);
    }
  else if (error != NULL)
    fail (self, error);
  else if (self->accepted)
    finish (self);
  else if (answer == NULL)
    fail_literal (self, SMB_ERROR_PROTOCOL, "the server goes on with a login that is complete");
  else
    send_session_setup (self, g_steal_pointer (&answer), NULL, NULL);
}

static void
step (SmbLogin *self,
      GBytes   *token)
{
  self->stepping = TRUE;
  smb_watch_set_begin_other (smb_worker_get_watches ()); /* a mechanism may have sources of its own */
  smb_spnego_step (self->spnego, token, self->cancellable, stepped, self);
}

/* The login of servers from before SPNEGO: one answer to the challenge in their NEGOTIATE response ([MS-CIFS]
 * 3.2.4.2.4). */
static void
answer_challenge (SmbLogin *self)
{
  SmbConnection *connection = self->connection;
  GError        *error = NULL;
  GType          type = smb_plugin_lookup (SMB_AUTH_EXTENSION_POINT, "ntlm", &error);
  GBytes        *lm_response = NULL;
  GBytes        *nt_response = NULL;

  if (type != 0)
    self->bare = g_object_new (type, "credentials", connection->options->credentials, NULL);
  if (type == 0 ||
      !smb_auth_respond (self->bare, connection->negotiation.challenge, &lm_response, &nt_response, &error))
    fail (self, error);
  else
    send_session_setup (self, NULL, lm_response, nt_response);
}

void
smb_login_start (SmbConnection *connection)
{
  const SmbConnectionOptions *options = connection->options;
  SmbLogin                   *self;

  if (connection->login != NULL)
    return;

  self = g_new0 (SmbLogin, 1);
  self->connection = smb_connection_ref (connection);
  self->cancellable = g_cancellable_new ();
  self->again = connection->session.established;
  connection->login = self;
  if (connection->negotiation.challenge != NULL)
    {
      answer_challenge (self);
      return;
    }
  self->spnego = smb_spnego_new (options->credentials, (const char *const *) options->mechanisms);
  step (self, connection->negotiation.token);
}

void
smb_login_stop (SmbConnection *connection)
{
  SmbLogin *self = g_steal_pointer (&connection->login);

  if (self == NULL)
    return;
  self->stopped = TRUE;
  g_cancellable_cancel (self->cancellable);
  if (!self->stepping) /* else its answer frees it */
    login_free (self);
}
