/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "plugin/smb-spnego.h"

#include "plugin/smb-plugin.h"
#include "plugin/smb-spnego-mechanisms.h"
#include "plugin/smb-spnego-token.h"
#include "smb-error.h"

typedef enum
{
  STAGE_NEW,
  STAGE_OFFERED, /* our list is out, the server has not chosen yet */
  STAGE_CHOSEN,  /* it has */
  STAGE_FAILED,
} Stage;

/**
 * SmbSpnego: (skip)
 *
 * The client's side of SPNEGO (RFC 4178 4.1, [MS-SPNG] 3.2). Used by one thread at a time.
 */
struct _SmbSpnego
{
  GObject parent_instance;

  SmbCredentials *credentials;
  GStrv           requested; /* NULL = all that are installed */

  Stage               stage;
  GPtrArray          *offered;   /* of SmbSpnegoMechanism, the preferred first; NULL while NEW */
  GBytes             *mech_list; /* our list as it was sent, which the MICs cover; NULL while NEW */
  SmbSpnegoMechanism *chosen;    /* borrowed from offered: the one at work */
  gboolean            mechanism_complete;
  gboolean            unanswered; /* a token of ours is on its way */

  gboolean mic_required;
  gboolean mic_sent;
  gboolean mic_verified;

  /* Of the step under way. */
  SmbSpnegoDone      done;
  gpointer           done_data;
  GCancellable      *cancellable;
  SmbSpnegoResponse  response; /* the server's latest one */
};

G_DEFINE_FINAL_TYPE (SmbSpnego, smb_spnego, G_TYPE_OBJECT)

static void
smb_spnego_finalize (GObject *object)
{
  SmbSpnego *self = SMB_SPNEGO (object);

  g_clear_pointer (&self->credentials, smb_credentials_unref);
  g_clear_pointer (&self->requested, g_strfreev);
  g_clear_pointer (&self->offered, g_ptr_array_unref);
  g_clear_pointer (&self->mech_list, g_bytes_unref);
  g_clear_object (&self->cancellable);
  smb_spnego_response_clear (&self->response);

  G_OBJECT_CLASS (smb_spnego_parent_class)->finalize (object);
}

static void
smb_spnego_class_init (SmbSpnegoClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = smb_spnego_finalize;
}

static void
smb_spnego_init (SmbSpnego *self)
{
}

SmbSpnego *
smb_spnego_new (SmbCredentials    *credentials,
                const char *const *mechanisms)
{
  SmbSpnego *self = g_object_new (SMB_TYPE_SPNEGO, NULL);

  self->credentials = smb_credentials_ref (credentials);
  self->requested = g_strdupv ((GStrv) mechanisms);

  return self;
}

static void
end_step (SmbSpnego *self,
          GBytes    *token,
          GError    *error)
{
  SmbSpnegoDone done = g_steal_pointer (&self->done);

  g_clear_object (&self->cancellable);
  smb_spnego_response_clear (&self->response);
  done (token, error, self->done_data);
}

static void
fail (SmbSpnego *self,
      GError    *error)
{
  self->stage = STAGE_FAILED;
  end_step (self, NULL, error);
}

static void
finish (SmbSpnego *self,
        GBytes    *token)
{
  self->unanswered = token != NULL;
  end_step (self, token, NULL);
}

/* The server's MIC must be right whenever there is one: without it an attacker could take the better
 * mechanisms off our list (RFC 4178 5). */
static gboolean
verify_mic (SmbSpnego  *self,
            GBytes     *mic,
            GError    **error)
{
  if (!self->mechanism_complete)
    {
      g_set_error_literal (error, SMB_ERROR, SMB_ERROR_PROTOCOL,
                           "The server proved the choice of the mechanism before the mechanism was finished");
      return FALSE;
    }
  if (!smb_auth_verify (self->chosen->auth, self->mech_list, mic))
    {
      g_set_error_literal (error, SMB_ERROR, SMB_ERROR_SECURITY,
                           "The choice of the authentication mechanism was tampered with: "
                           "the server's proof over the mechanism list is wrong");
      return FALSE;
    }

  self->mic_verified = TRUE;
  return TRUE;
}

/* The server says that it is satisfied. */
static gboolean
accept_completion (SmbSpnego  *self,
                   GBytes     *token,
                   GError    **error)
{
  if (token != NULL)
    {
      g_set_error (error, SMB_ERROR, SMB_ERROR_PROTOCOL,
                   "The server accepted the %s login before it had seen the whole of it", self->chosen->name);
      return FALSE;
    }
  if (self->mechanism_complete && self->mic_required && !self->mic_verified)
    {
      g_set_error (error, SMB_ERROR, SMB_ERROR_SECURITY,
                   "The server chose the mechanism %s and did not prove that it was its own choice",
                   self->chosen->name);
      return FALSE;
    }
  return TRUE;
}

/* The mechanism has said what it had to say (@token, nullable) to the server's latest response. */
static void
conclude (SmbSpnego *self,
          GBytes    *token)
{
  const SmbSpnegoResponse *response = &self->response;
  g_autoptr(GBytes) mic = NULL;
  GError *error = NULL;

  if ((response->mic != NULL && !verify_mic (self, response->mic, &error)) ||
      (response->state == SMB_SPNEGO_STATE_ACCEPT_COMPLETED && !accept_completion (self, token, &error)))
    {
      fail (self, error);
      return;
    }
  if (response->state == SMB_SPNEGO_STATE_ACCEPT_COMPLETED)
    {
      finish (self, NULL);
      return;
    }

  if (!self->mic_sent)
    mic = smb_auth_sign (self->chosen->auth, self->mech_list);
  self->mic_sent |= mic != NULL;
  finish (self, token != NULL || mic != NULL ? smb_spnego_encode_response (token, mic) : NULL);
}

static void
mechanism_stepped (SmbSpnego *self,
                   GBytes    *token,
                   GError    *error)
{
  if (error != NULL)
    fail (self, error);
  else if (self->stage == STAGE_NEW)
    {
      self->stage = STAGE_OFFERED;
      finish (self, smb_spnego_encode_init (self->mech_list, token));
    }
  else
    conclude (self, token);
}

static void
mechanism_stepped_cb (GObject      *source,
                      GAsyncResult *result,
                      gpointer      user_data)
{
  g_autoptr(SmbSpnego) self = user_data;
  GError *error = NULL;
  g_autoptr(GBytes) token =
    smb_auth_step_finish (SMB_AUTH (source), result, &self->mechanism_complete, &error);

  mechanism_stepped (self, token, error);
}

static void
step_mechanism (SmbSpnego *self,
                GBytes    *token)
{
  SmbAuth *auth = self->chosen->auth;
  g_autoptr(GBytes) answer = NULL;
  GError *error = NULL;

  if (!smb_auth_can_step (auth))
    {
      smb_auth_step_async (auth, token, self->cancellable, mechanism_stepped_cb, g_object_ref (self));
      return;
    }
  answer = smb_auth_step (auth, token, &self->mechanism_complete, &error);
  mechanism_stepped (self, answer, error);
}

/* Our list, with the token of the mechanism that heads it. */
static void
start (SmbSpnego *self,
       GBytes    *hint)
{
  g_auto(GStrv) server_mechanisms = NULL;
  GError *error = NULL;

  if ((hint != NULL && !smb_spnego_decode_hint (hint, &server_mechanisms, &error)) ||
      (self->offered = smb_spnego_mechanisms_new (self->credentials, (const char *const *) self->requested,
                                                  (const char *const *) server_mechanisms, &error)) == NULL)
    {
      fail (self, error);
      return;
    }

  self->mech_list = smb_spnego_mechanisms_encode (self->offered);
  self->chosen = g_ptr_array_index (self->offered, 0);
  step_mechanism (self, NULL);
}

/* The first response names the mechanism (RFC 4178 4.2.2); later ones may only repeat it. */
static gboolean
take_choice (SmbSpnego                *self,
             const SmbSpnegoResponse  *response,
             GError                  **error)
{
  SmbSpnegoMechanism *choice = self->chosen;

  if (response->mechanism != NULL)
    choice = smb_spnego_mechanisms_find (self->offered, response->mechanism);

  if (choice == NULL || (self->stage == STAGE_CHOSEN && choice != self->chosen) ||
      (choice != self->chosen && response->token != NULL))
    {
      g_set_error (error, SMB_ERROR, SMB_ERROR_PROTOCOL,
                   "The server chose an authentication mechanism (%s) %s", response->mechanism,
                   choice == NULL ? "that was not offered" : "other than the one that it answers");
      return FALSE;
    }

  if (choice != self->chosen || response->state == SMB_SPNEGO_STATE_REQUEST_MIC)
    self->mic_required = TRUE;
  if (choice != self->chosen)
    self->mechanism_complete = FALSE;
  self->chosen = choice;
  return TRUE;
}

static gboolean
check_response (SmbSpnego                *self,
                const SmbSpnegoResponse  *response,
                GError                  **error)
{
  if (response->state == SMB_SPNEGO_STATE_REJECT)
    g_set_error (error, SMB_ERROR, SMB_ERROR_AUTH_FAILED, "The server rejected the login by %s",
                 self->chosen->name);
  else if (response->token != NULL && self->mechanism_complete)
    g_set_error (error, SMB_ERROR, SMB_ERROR_PROTOCOL, "The server goes on after the end of the login by %s",
                 self->chosen->name);
  else
    return take_choice (self, response, error);

  return FALSE;
}

static void
respond (SmbSpnego *self,
         GBytes    *token)
{
  const SmbSpnegoResponse *response = &self->response;
  SmbSpnegoMechanism *before = self->chosen;
  GError *error = NULL;
  gboolean must_start;

  if (!smb_spnego_decode_response (token, &self->response, &error) ||
      !check_response (self, response, &error))
    {
      fail (self, error);
      return;
    }

  self->stage = STAGE_CHOSEN;
  must_start = self->chosen != before && response->state != SMB_SPNEGO_STATE_ACCEPT_COMPLETED;
  if (response->token != NULL || must_start)
    step_mechanism (self, response->token);
  else
    conclude (self, NULL);
}

/* A response without a token: some servers end a login like this, after they have chosen. */
static void
respond_to_silence (SmbSpnego *self)
{
  if (self->stage != STAGE_CHOSEN || !self->mechanism_complete)
    {
      fail (self, g_error_new (SMB_ERROR, SMB_ERROR_PROTOCOL,
                               "The server does not answer the login by %s", self->chosen->name));
      return;
    }
  self->response.state = SMB_SPNEGO_STATE_ACCEPT_COMPLETED;
  conclude (self, NULL);
}

static void
step (SmbSpnego *self,
      GBytes    *token)
{
  GError *error = NULL;

  if (g_cancellable_set_error_if_cancelled (self->cancellable, &error))
    fail (self, error);
  else if (self->stage == STAGE_FAILED)
    fail (self, g_error_new_literal (SMB_ERROR, SMB_ERROR_AUTH_FAILED, "The login has failed already"));
  else if (self->stage == STAGE_NEW)
    start (self, token);
  else if (token != NULL)
    respond (self, token);
  else
    respond_to_silence (self);
}

void
smb_spnego_step (SmbSpnego     *self,
                 GBytes        *token,
                 GCancellable  *cancellable,
                 SmbSpnegoDone  done,
                 gpointer       data)
{
  g_return_if_fail (self->done == NULL);

  self->done = done;
  self->done_data = data;
  g_set_object (&self->cancellable, cancellable);
  self->unanswered = FALSE;

  g_object_ref (self); /* who is told may drop it */
  step (self, token != NULL && g_bytes_get_size (token) > 0 ? token : NULL);
  g_object_unref (self);
}

gboolean
smb_spnego_is_complete (SmbSpnego *self)
{
  return self->stage == STAGE_CHOSEN && self->mechanism_complete && !self->unanswered &&
         (!self->mic_required || self->mic_verified);
}

GBytes *
smb_spnego_get_session_key (SmbSpnego *self)
{
  return smb_spnego_is_complete (self) ? smb_auth_get_session_key (self->chosen->auth) : NULL;
}

const char *
smb_spnego_get_mechanism (SmbSpnego *self)
{
  return self->stage == STAGE_CHOSEN ? self->chosen->name : NULL;
}
