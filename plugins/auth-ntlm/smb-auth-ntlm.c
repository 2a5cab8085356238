/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "smb-auth-ntlm.h"

#include <string.h>

#include "smb-ntlm-message.h"
#include "smb-ntlm-response.h"
#include "smb-ntlm-signer.h"
#include "smb-ntlm-target-info.h"

/* What we ask for; the server's CHALLENGE says what of it holds. */
#define OFFERED_FLAGS                                                                                        \
  (SMB_NTLM_UNICODE | SMB_NTLM_REQUEST_TARGET | SMB_NTLM_SIGN | SMB_NTLM_NTLM | SMB_NTLM_ALWAYS_SIGN |       \
   SMB_NTLM_EXTENDED_SESSION_SECURITY | SMB_NTLM_TARGET_INFO | SMB_NTLM_VERSION | SMB_NTLM_128 |             \
   SMB_NTLM_KEY_EXCHANGE | SMB_NTLM_56)

#define MAX_NAME_UNITS 1024

typedef enum
{
  STAGE_NEW,
  STAGE_NEGOTIATED, /* NEGOTIATE was made, CHALLENGE is awaited */
  STAGE_DONE,       /* AUTHENTICATE was made */
} Stage;

/**
 * SmbAuthNtlm: (skip)
 *
 * The client's side of NTLM ([MS-NLMP] 3.1): NTLMv2, or NTLMv1 if the credentials say so; never LM, never a
 * password in the clear.
 *
 * When no domain is given it is the one that the server names in its CHALLENGE: that which it has joined,
 * else its own name.
 */
struct _SmbAuthNtlm
{
  SmbAuth parent_instance;

  char *user;   /* never NULL; "" = anonymous */
  char *domain; /* nullable: the server's */

  Stage   stage;
  GBytes *negotiate; /* as sent, for the MIC; NULL while NEW */

  /* Once DONE: */
  guint32 flags;
  guint8  session_key[SMB_NTLM_KEY_SIZE]; /* ExportedSessionKey */
};

G_DEFINE_FINAL_TYPE (SmbAuthNtlm, smb_auth_ntlm, SMB_TYPE_AUTH)

static gboolean
is_empty (const char *text)
{
  return text == NULL || *text == '\0';
}

static const char *
or_empty (const char *text)
{
  return text != NULL ? text : "";
}

static gboolean
is_anonymous (SmbAuthNtlm *self)
{
  return *self->user == '\0';
}

static void
smb_auth_ntlm_constructed (GObject *object)
{
  SmbAuthNtlm *self = SMB_AUTH_NTLM (object);

  G_OBJECT_CLASS (smb_auth_ntlm_parent_class)->constructed (object);

  smb_credentials_get_names (smb_auth_get_credentials (SMB_AUTH (object)), &self->user, &self->domain);
}

static void
smb_auth_ntlm_finalize (GObject *object)
{
  SmbAuthNtlm *self = SMB_AUTH_NTLM (object);

  g_free (self->user);
  g_free (self->domain);
  g_clear_pointer (&self->negotiate, g_bytes_unref);
  smb_memory_wipe (self->session_key, sizeof self->session_key);

  G_OBJECT_CLASS (smb_auth_ntlm_parent_class)->finalize (object);
}

/* Nobody becomes anonymous without having asked for it. */
static gboolean
smb_auth_ntlm_is_usable (SmbAuth *auth)
{
  return !is_anonymous (SMB_AUTH_NTLM (auth)) || smb_auth_get_credentials (auth)->anonymous;
}

static gboolean
check_text (const char  *text,
            const char  *what,
            GError     **error)
{
  if (text == NULL || (g_utf8_validate (text, -1, NULL) && smb_utf16_count_units (text) <= MAX_NAME_UNITS))
    return TRUE;

  g_set_error (error, SMB_ERROR, SMB_ERROR_INVALID_ARGUMENT, "The %s is not UTF-8, or too long", what);
  return FALSE;
}

static gboolean
check_texts (SmbAuthNtlm  *self,
             GError      **error)
{
  const SmbCredentials *credentials = smb_auth_get_credentials (SMB_AUTH (self));

  return check_text (self->user, "user name", error) && check_text (self->domain, "domain", error) &&
         check_text (credentials->password, "password", error) &&
         check_text (credentials->workstation, "client name", error) &&
         check_text (credentials->target_host, "server name", error);
}

static GBytes *
make_negotiate (SmbAuthNtlm  *self,
                GError      **error)
{
  if (!check_texts (self, error))
    return NULL;

  self->negotiate = smb_ntlm_encode_negotiate (OFFERED_FLAGS);
  self->stage = STAGE_NEGOTIATED;

  return g_bytes_ref (self->negotiate);
}

static gboolean
needs_target_info (SmbAuthNtlm *self)
{
  return !is_anonymous (self) && smb_auth_get_credentials (SMB_AUTH (self))->use_ntlm_v2;
}

static gboolean
check_challenge (SmbAuthNtlm             *self,
                 const SmbNtlmChallenge  *challenge,
                 GError                 **error)
{
  if (!(challenge->flags & SMB_NTLM_UNICODE))
    {
      g_set_error_literal (error, SMB_ERROR, SMB_ERROR_PROTOCOL, "The server's NTLM does not speak Unicode");
      return FALSE;
    }
  if (needs_target_info (self) && challenge->target_info == NULL)
    {
      g_set_error_literal (error, SMB_ERROR, SMB_ERROR_SECURITY,
                           "The server offers less than NTLMv2: its CHALLENGE has no target information");
      return FALSE;
    }
  return TRUE;
}

/* NTLMv2 over the server's target information; @mic becomes whether AUTHENTICATE must have one. */
static gboolean
respond_v2 (SmbAuthNtlm             *self,
            const SmbNtlmProof      *proof,
            const SmbNtlmChallenge  *challenge,
            SmbNtlmResponse         *response,
            gboolean                *mic,
            GError                 **error)
{
  const char *host = smb_auth_get_credentials (SMB_AUTH (self))->target_host;
  g_autofree char *principal = is_empty (host) ? NULL : g_strconcat ("cifs/", host, NULL);
  g_autoptr(GBytes) target_info = NULL;
  SmbNtlmTargetInfo info;

  if (!smb_ntlm_target_info_parse (challenge->target_info, &info, error))
    return FALSE;

  *mic = info.has_timestamp;
  if (info.has_timestamp)
    info.flags |= SMB_NTLM_AV_FLAG_MIC;
  else
    info.timestamp = smb_filetime_from_unix (g_get_real_time ());

  target_info = smb_ntlm_target_info_extend (challenge->target_info, info.flags, principal);
  smb_ntlm_respond_v2 (proof, info.timestamp, target_info, !info.has_timestamp, response);
  return TRUE;
}

static gboolean
respond (SmbAuthNtlm             *self,
         const SmbNtlmChallenge  *challenge,
         SmbNtlmAuthenticate     *message,
         SmbNtlmResponse         *response,
         GError                 **error)
{
  const SmbCredentials *credentials = smb_auth_get_credentials (SMB_AUTH (self));
  guint8 client_challenge[SMB_NTLM_CHALLENGE_SIZE];
  const SmbNtlmProof proof = {
    .user = message->user,
    .domain = message->domain,
    .password = or_empty (credentials->password),
    .server_challenge = challenge->server_challenge,
    .client_challenge = client_challenge,
  };

  smb_random_bytes (client_challenge, sizeof client_challenge);
  if (is_anonymous (self))
    smb_ntlm_respond_anonymous (response);
  else if (credentials->use_ntlm_v2)
    return respond_v2 (self, &proof, challenge, response, &message->has_mic, error);
  else
    smb_ntlm_respond_v1 (&proof, (message->flags & SMB_NTLM_EXTENDED_SESSION_SECURITY) != 0, response);
  return TRUE;
}

static guint32
choose_flags (SmbAuthNtlm *self,
              guint32      challenge_flags)
{
  guint32 flags = challenge_flags & OFFERED_FLAGS;

  if (is_anonymous (self))
    flags = (flags | SMB_NTLM_ANONYMOUS) & ~SMB_NTLM_KEY_EXCHANGE;
  if (!(flags & SMB_NTLM_SIGN)) /* without session security there is no key to exchange */
    flags &= ~SMB_NTLM_KEY_EXCHANGE;
  return flags;
}

/* A random key, sent under the one that came of the response; or that one itself. Returns what to send. */
static GBytes *
choose_session_key (SmbAuthNtlm  *self,
                    const guint8  key_exchange_key[SMB_NTLM_KEY_SIZE])
{
  guint8 encrypted[SMB_NTLM_KEY_SIZE];

  if (!(self->flags & SMB_NTLM_KEY_EXCHANGE))
    {
      memcpy (self->session_key, key_exchange_key, SMB_NTLM_KEY_SIZE);
      return NULL;
    }

  smb_random_bytes (self->session_key, SMB_NTLM_KEY_SIZE);
  smb_rc4 (key_exchange_key, SMB_NTLM_KEY_SIZE, self->session_key, SMB_NTLM_KEY_SIZE, encrypted);
  return g_bytes_new (encrypted, sizeof encrypted);
}

/* Over all three messages ([MS-NLMP] 3.1.5.1.2): nobody can take a flag out of them. */
static void
add_mic (SmbAuthNtlm *self,
         GBytes      *challenge,
         GByteArray  *authenticate)
{
  const GOutputVector messages[] = {
    { g_bytes_get_data (self->negotiate, NULL), g_bytes_get_size (self->negotiate) },
    { g_bytes_get_data (challenge, NULL), g_bytes_get_size (challenge) },
    { authenticate->data, authenticate->len },
  };
  guint8 mic[SMB_NTLM_MIC_SIZE];

  smb_hmac_md5 (self->session_key, SMB_NTLM_KEY_SIZE, messages, G_N_ELEMENTS (messages), mic);
  memcpy (authenticate->data + SMB_NTLM_MIC_OFFSET, mic, sizeof mic);
}

static GBytes *
make_authenticate (SmbAuthNtlm  *self,
                   GBytes       *token,
                   GError      **error)
{
  const SmbCredentials *credentials = smb_auth_get_credentials (SMB_AUTH (self));
  g_auto(SmbNtlmChallenge) challenge = { 0 };
  g_auto(SmbNtlmResponse) response = { 0 };
  g_autoptr(GBytes) session_key = NULL;
  SmbNtlmAuthenticate message = { 0 };
  GByteArray *bytes;

  if (!smb_ntlm_decode_challenge (token, &challenge, error) || !check_challenge (self, &challenge, error))
    return NULL;

  message.flags = self->flags = choose_flags (self, challenge.flags);
  message.user = self->user;
  message.domain = or_empty (self->domain != NULL ? self->domain : challenge.target_name);
  message.workstation = or_empty (credentials->workstation);
  if (!respond (self, &challenge, &message, &response, error))
    return NULL;

  message.lm_response = response.lm;
  message.nt_response = response.nt;
  message.session_key = session_key = choose_session_key (self, response.key);
  bytes = smb_ntlm_encode_authenticate (&message);
  if (message.has_mic)
    add_mic (self, token, bytes);

  self->stage = STAGE_DONE;
  return g_byte_array_free_to_bytes (bytes);
}

static GBytes *
step (SmbAuthNtlm  *self,
      GBytes       *token,
      GError      **error)
{
  if (self->stage == STAGE_NEW && token == NULL)
    return make_negotiate (self, error);
  if (self->stage == STAGE_NEGOTIATED && token != NULL)
    return make_authenticate (self, token, error);

  g_set_error_literal (error, SMB_ERROR, SMB_ERROR_PROTOCOL, "The server's NTLM message comes out of turn");
  return NULL;
}

static GBytes *
smb_auth_ntlm_step (SmbAuth   *auth,
                    GBytes    *token,
                    gboolean  *complete,
                    GError   **error)
{
  SmbAuthNtlm *self = SMB_AUTH_NTLM (auth);
  GBytes *answer = step (self, token, error);

  *complete = self->stage == STAGE_DONE;
  return answer;
}

static GBytes *
smb_auth_ntlm_get_session_key (SmbAuth *auth)
{
  SmbAuthNtlm *self = SMB_AUTH_NTLM (auth);
  SmbSecret *key;

  if (self->stage != STAGE_DONE || is_anonymous (self))
    return NULL;

  key = smb_secret_new (self->session_key, SMB_NTLM_KEY_SIZE);
  return g_bytes_new_with_free_func (key->data, key->size, (GDestroyNotify) smb_secret_unref, key);
}

/* The list of SPNEGO's mechanisms is all that is ever signed here. Each time from the initial state: it does
 * not count among the session's messages ([MS-SPNG] 3.3.5.1). */
static gboolean
make_signature (SmbAuthNtlm      *self,
                SmbNtlmDirection  direction,
                GBytes           *message,
                guint8            signature[SMB_NTLM_SIGNATURE_SIZE])
{
  const guint32 needed = SMB_NTLM_SIGN | SMB_NTLM_EXTENDED_SESSION_SECURITY;
  g_auto(SmbNtlmSigner) signer = { 0 };

  if (self->stage != STAGE_DONE || (self->flags & needed) != needed)
    return FALSE;

  smb_ntlm_signer_init (&signer, self->session_key, self->flags, direction);
  smb_ntlm_signer_sign (&signer, g_bytes_get_data (message, NULL), g_bytes_get_size (message), signature);
  return TRUE;
}

static GBytes *
smb_auth_ntlm_sign (SmbAuth *auth,
                    GBytes  *message)
{
  guint8 signature[SMB_NTLM_SIGNATURE_SIZE];

  if (!make_signature (SMB_AUTH_NTLM (auth), SMB_NTLM_CLIENT_TO_SERVER, message, signature))
    return NULL;
  return g_bytes_new (signature, sizeof signature);
}

static gboolean
smb_auth_ntlm_verify (SmbAuth *auth,
                      GBytes  *message,
                      GBytes  *mic)
{
  guint8 signature[SMB_NTLM_SIGNATURE_SIZE];

  return make_signature (SMB_AUTH_NTLM (auth), SMB_NTLM_SERVER_TO_CLIENT, message, signature) &&
         g_bytes_get_size (mic) == sizeof signature &&
         smb_memory_equal (g_bytes_get_data (mic, NULL), signature, sizeof signature);
}

/* NTLMv2 needs no target information: here there is an empty list of it ([MS-NLMP] 3.3.2). */
static void
respond_v2_bare (const SmbNtlmProof *proof,
                 SmbNtlmResponse    *response)
{
  g_autoptr(GBytes) end_of_list = g_bytes_new_static ("\0\0\0", 4);

  smb_ntlm_respond_v2 (proof, smb_filetime_from_unix (g_get_real_time ()), end_of_list, TRUE, response);
}

/* The response to a challenge without a message around it ([MS-CIFS] 3.2.4.2.4): no flags, no MIC, no key
 * exchange. */
static gboolean
smb_auth_ntlm_respond (SmbAuth  *auth,
                       GBytes   *challenge,
                       GBytes  **lm_response,
                       GBytes  **nt_response,
                       GError  **error)
{
  SmbAuthNtlm *self = SMB_AUTH_NTLM (auth);
  const SmbCredentials *credentials = smb_auth_get_credentials (auth);
  guint8 client_challenge[SMB_NTLM_CHALLENGE_SIZE];
  const SmbNtlmProof proof = {
    .user = self->user,
    .domain = or_empty (self->domain),
    .password = or_empty (credentials->password),
    .server_challenge = g_bytes_get_data (challenge, NULL),
    .client_challenge = client_challenge,
  };
  g_auto(SmbNtlmResponse) response = { 0 };

  if (!check_texts (self, error))
    return FALSE;
  if (self->stage != STAGE_NEW || g_bytes_get_size (challenge) != SMB_NTLM_CHALLENGE_SIZE)
    {
      g_set_error_literal (error, SMB_ERROR, SMB_ERROR_PROTOCOL, "The server's challenge is malformed");
      return FALSE;
    }

  smb_random_bytes (client_challenge, sizeof client_challenge);
  if (is_anonymous (self))
    smb_ntlm_respond_anonymous (&response);
  else if (credentials->use_ntlm_v2)
    respond_v2_bare (&proof, &response);
  else
    smb_ntlm_respond_v1 (&proof, FALSE, &response);

  memcpy (self->session_key, response.key, SMB_NTLM_KEY_SIZE);
  *lm_response = g_steal_pointer (&response.lm);
  *nt_response = g_steal_pointer (&response.nt);
  self->stage = STAGE_DONE;
  return TRUE;
}

static void
smb_auth_ntlm_class_init (SmbAuthNtlmClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  SmbAuthClass *auth_class = SMB_AUTH_CLASS (klass);

  object_class->constructed = smb_auth_ntlm_constructed;
  object_class->finalize = smb_auth_ntlm_finalize;

  auth_class->oid = "1.3.6.1.4.1.311.2.2.10";
  auth_class->is_usable = smb_auth_ntlm_is_usable;
  auth_class->step = smb_auth_ntlm_step;
  auth_class->get_session_key = smb_auth_ntlm_get_session_key;
  auth_class->sign = smb_auth_ntlm_sign;
  auth_class->verify = smb_auth_ntlm_verify;
  auth_class->respond = smb_auth_ntlm_respond;
}

static void
smb_auth_ntlm_init (SmbAuthNtlm *self)
{
}
