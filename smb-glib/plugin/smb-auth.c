/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "plugin/smb-auth.h"

#include <string.h>

#include "crypto/smb-secret.h"
#include "smb-error.h"

/**
 * smb_credentials_new: (skip)
 *
 * Makes credentials of nobody, for NTLMv2, to be filled in.
 *
 * Returns: (transfer full): the credentials
 */
SmbCredentials *
smb_credentials_new (void)
{
  SmbCredentials *self = g_new0 (SmbCredentials, 1);

  g_atomic_ref_count_init (&self->ref_count);
  self->use_ntlm_v2 = TRUE;
  return self;
}

/**
 * smb_credentials_ref: (skip)
 * @self: credentials
 *
 * Takes a reference; any thread may.
 *
 * Returns: @self
 */
SmbCredentials *
smb_credentials_ref (SmbCredentials *self)
{
  g_atomic_ref_count_inc (&self->ref_count);
  return self;
}

/**
 * smb_credentials_unref: (skip)
 * @self: (transfer full): credentials
 *
 * Drops a reference; with the last one the password is overwritten.
 */
void
smb_credentials_unref (SmbCredentials *self)
{
  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;

  if (self->password != NULL)
    smb_memory_wipe (self->password, strlen (self->password));
  g_free (self->password);
  g_free (self->username);
  g_free (self->domain);
  g_free (self->workstation);
  g_free (self->target_host);
  g_free (self);
}

/**
 * smb_credentials_get_names: (skip)
 * @self: credentials
 * @user: (out): the user's name, "" for nobody and for an anonymous login
 * @domain: (out) (nullable): the domain, or %NULL for the one that the server belongs to
 *
 * Takes the names apart, as Windows does: `DOMAIN\user` holds the domain too, and goes before the one given
 * separately; `user@domain` is a user principal name, which stays whole and needs no domain beside it.
 */
void
smb_credentials_get_names (const SmbCredentials  *self,
                           char                 **user,
                           char                 **domain)
{
  const char *username = self->anonymous || self->username == NULL ? "" : self->username;
  const char *backslash = strchr (username, '\\');
  const char *name = backslash != NULL ? backslash + 1 : username;

  *user = g_strdup (name);
  *domain = NULL;
  if (backslash != NULL && backslash > username)
    *domain = g_strndup (username, backslash - username);
  else if (self->domain != NULL && *self->domain != '\0' && !self->anonymous)
    *domain = g_strdup (self->domain);
  else if (*name == '\0' || strchr (name, '@') != NULL)
    *domain = g_strdup ("");
}

typedef struct
{
  SmbCredentials *credentials;
} SmbAuthPrivate;

/**
 * SmbAuth: (skip)
 *
 * A security mechanism at work: one object for one login, used by one thread at a time, one step at a time.
 */
G_DEFINE_ABSTRACT_TYPE_WITH_PRIVATE (SmbAuth, smb_auth, G_TYPE_OBJECT)

enum { PROP_CREDENTIALS = 1, N_PROPS };
static GParamSpec *props[N_PROPS];

static void
smb_auth_set_property (GObject      *object,
                       guint         id,
                       const GValue *value,
                       GParamSpec   *pspec)
{
  SmbAuthPrivate *priv = smb_auth_get_instance_private (SMB_AUTH (object));
  SmbCredentials *credentials;

  switch (id)
    {
    case PROP_CREDENTIALS:
      credentials = g_value_get_pointer (value);
      priv->credentials = credentials != NULL ? smb_credentials_ref (credentials) : smb_credentials_new ();
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
smb_auth_finalize (GObject *object)
{
  SmbAuthPrivate *priv = smb_auth_get_instance_private (SMB_AUTH (object));

  g_clear_pointer (&priv->credentials, smb_credentials_unref);

  G_OBJECT_CLASS (smb_auth_parent_class)->finalize (object);
}

static gboolean
smb_auth_real_is_usable (SmbAuth *self)
{
  return TRUE;
}

/* Of a mechanism that does it at once. */
static void
smb_auth_real_step_async (SmbAuth             *self,
                          GBytes              *token,
                          GCancellable        *cancellable,
                          GAsyncReadyCallback  callback,
                          gpointer             user_data)
{
  g_autoptr(GTask) task = g_task_new (self, cancellable, callback, user_data);
  GError *error = NULL;
  gboolean complete = FALSE;
  GBytes *answer = smb_auth_step (self, token, &complete, &error);

  g_task_set_source_tag (task, smb_auth_real_step_async);
  g_task_set_task_data (task, GINT_TO_POINTER (complete), NULL);
  if (error != NULL)
    g_task_return_error (task, error);
  else
    g_task_return_pointer (task, answer, (GDestroyNotify) g_bytes_unref);
}

static GBytes *
smb_auth_real_step_finish (SmbAuth       *self,
                           GAsyncResult  *result,
                           gboolean      *complete,
                           GError       **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  *complete = GPOINTER_TO_INT (g_task_get_task_data (G_TASK (result)));
  return g_task_propagate_pointer (G_TASK (result), error);
}

static GBytes *
smb_auth_real_get_session_key (SmbAuth *self)
{
  return NULL;
}

static GBytes *
smb_auth_real_sign (SmbAuth *self,
                    GBytes  *message)
{
  return NULL;
}

static gboolean
smb_auth_real_verify (SmbAuth *self,
                      GBytes  *message,
                      GBytes  *mic)
{
  return FALSE;
}

static void
smb_auth_class_init (SmbAuthClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->set_property = smb_auth_set_property;
  object_class->finalize = smb_auth_finalize;
  klass->is_usable = smb_auth_real_is_usable;
  klass->step_async = smb_auth_real_step_async;
  klass->step_finish = smb_auth_real_step_finish;
  klass->get_session_key = smb_auth_real_get_session_key;
  klass->sign = smb_auth_real_sign;
  klass->verify = smb_auth_real_verify;

  props[PROP_CREDENTIALS] =
    g_param_spec_pointer ("credentials", NULL, NULL,
                          G_PARAM_WRITABLE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, props);
}

static void
smb_auth_init (SmbAuth *self)
{
}

/**
 * smb_auth_get_credentials: (skip)
 * @self: the mechanism
 *
 * Who logs in.
 *
 * Returns: (transfer none): the credentials, never %NULL
 */
SmbCredentials *
smb_auth_get_credentials (SmbAuth *self)
{
  SmbAuthPrivate *priv = smb_auth_get_instance_private (self);

  return priv->credentials;
}

/**
 * smb_auth_get_oid: (skip)
 * @self: the mechanism
 *
 * Returns: its object identifier, dotted
 */
const char *
smb_auth_get_oid (SmbAuth *self)
{
  return SMB_AUTH_GET_CLASS (self)->oid;
}

/**
 * smb_auth_is_usable: (skip)
 * @self: the mechanism
 *
 * Returns: whether the credentials suffice for it; without I/O
 */
gboolean
smb_auth_is_usable (SmbAuth *self)
{
  return SMB_AUTH_GET_CLASS (self)->is_usable (self);
}

/**
 * smb_auth_can_step: (skip)
 * @self: the mechanism
 *
 * Returns: whether it asks nobody, so that [method@Auth.step] may be called; else there is only
 *   [method@Auth.step_async], which all have
 */
gboolean
smb_auth_can_step (SmbAuth *self)
{
  return SMB_AUTH_GET_CLASS (self)->step != NULL;
}

/**
 * smb_auth_step: (skip)
 * @self: the mechanism
 * @token: (nullable): the server's token, %NULL to begin
 * @complete: (out): whether the mechanism expects nothing more from the server
 * @error: where to put an error, or %NULL
 *
 * Goes one step further, at once. Fails as [method@Auth.step_finish] does.
 *
 * Returns: (transfer full) (nullable): the token to send; %NULL with @error unset when there is none
 */
GBytes *
smb_auth_step (SmbAuth   *self,
               GBytes    *token,
               gboolean  *complete,
               GError   **error)
{
  *complete = FALSE;
  return SMB_AUTH_GET_CLASS (self)->step (self, token, complete, error);
}

/**
 * smb_auth_step_async: (skip)
 * @self: the mechanism
 * @token: (nullable): the server's token, %NULL to begin
 * @cancellable: (nullable): to give up
 * @callback: called in the thread-default context of the caller
 * @user_data: for @callback
 *
 * Goes one step further.
 */
void
smb_auth_step_async (SmbAuth             *self,
                     GBytes              *token,
                     GCancellable        *cancellable,
                     GAsyncReadyCallback  callback,
                     gpointer             user_data)
{
  SMB_AUTH_GET_CLASS (self)->step_async (self, token, cancellable, callback, user_data);
}

/**
 * smb_auth_step_finish: (skip)
 * @self: the mechanism
 * @result: what the callback was given
 * @complete: (out): whether the mechanism expects nothing more from the server
 * @error: where to put an error, or %NULL
 *
 * Completes [method@Auth.step_async].
 *
 * Fails with [error@Error.PROTOCOL] for a token that cannot be read, [error@Error.SECURITY] for one that
 * offers less protection than is asked for, and [error@Error.AUTH_FAILED] when the mechanism cannot go on.
 *
 * Returns: (transfer full) (nullable): the token to send; %NULL with @error unset when there is none
 */
GBytes *
smb_auth_step_finish (SmbAuth       *self,
                      GAsyncResult  *result,
                      gboolean      *complete,
                      GError       **error)
{
  *complete = FALSE;
  return SMB_AUTH_GET_CLASS (self)->step_finish (self, result, complete, error);
}

/**
 * smb_auth_get_session_key: (skip)
 * @self: the mechanism
 *
 * Returns: (transfer full) (nullable): the key shared with the server, once it is known; %NULL for a login
 *   without one
 */
GBytes *
smb_auth_get_session_key (SmbAuth *self)
{
  return SMB_AUTH_GET_CLASS (self)->get_session_key (self);
}

/**
 * smb_auth_sign: (skip)
 * @self: the mechanism
 * @message: what to protect
 *
 * Returns: (transfer full) (nullable): a MIC, or %NULL if the mechanism cannot make one, or cannot yet
 */
GBytes *
smb_auth_sign (SmbAuth *self,
               GBytes  *message)
{
  return SMB_AUTH_GET_CLASS (self)->sign (self, message);
}

/**
 * smb_auth_verify: (skip)
 * @self: the mechanism
 * @message: what is protected
 * @mic: what the server sent
 *
 * Returns: whether @mic is the server's over @message
 */
gboolean
smb_auth_verify (SmbAuth *self,
                 GBytes  *message,
                 GBytes  *mic)
{
  return SMB_AUTH_GET_CLASS (self)->verify (self, message, mic);
}

/**
 * smb_auth_respond: (skip)
 * @self: the mechanism
 * @challenge: the server's eight bytes
 * @lm_response: (out) (transfer full): CaseInsensitivePassword
 * @nt_response: (out) (transfer full): CaseSensitivePassword
 * @error: where to put an error, or %NULL
 *
 * Logs in to a server that knows no SPNEGO ([MS-CIFS] 3.2.4.2.4), instead of all steps.
 *
 * Fails with [error@Error.NOT_SUPPORTED] for a mechanism that needs more than a challenge.
 *
 * Returns: whether there is a response
 */
gboolean
smb_auth_respond (SmbAuth  *self,
                  GBytes   *challenge,
                  GBytes  **lm_response,
                  GBytes  **nt_response,
                  GError  **error)
{
  SmbAuthClass *klass;

  g_return_val_if_fail (SMB_IS_AUTH (self), FALSE);
  g_return_val_if_fail (challenge != NULL, FALSE);

  klass = SMB_AUTH_GET_CLASS (self);
  if (klass->respond != NULL)
    return klass->respond (self, challenge, lm_response, nt_response, error);

  g_set_error_literal (error, SMB_ERROR, SMB_ERROR_NOT_SUPPORTED,
                       "the server's login is older than what the authentication mechanism can do");
  return FALSE;
}
