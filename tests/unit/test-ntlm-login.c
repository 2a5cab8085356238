/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "smb-auth-ntlm.h"
#include "smb-ntlm-message.h"
#include "smb-ntlm-response.h"
#include "smb-ntlm-signer.h"
#include "smb-ntlm-target-info.h"

#include "hex.h"

/* Logins with SmbAuthNtlm. The test is the server: it makes the CHALLENGE and checks AUTHENTICATE from its
 * own end. */

#define ALL_FLAGS 0xe28a8215 /* what a Windows server answers to our NEGOTIATE */
#define NO_TIME   "02000c0044004f004d00410049004e00" "00000000"
#define WITH_TIME "02000c0044004f004d00410049004e00" "07000800aabbccddeeff0100" "00000000"

static const guint8 server_challenge[SMB_NTLM_CHALLENGE_SIZE] = { 8, 7, 6, 5, 4, 3, 2, 1 };

typedef struct
{
  SmbCredentials *credentials;
  SmbAuth        *auth;
  GBytes         *negotiate;
  GBytes         *challenge;
  GBytes         *authenticate;
} Fixture;

typedef struct
{
  GAsyncResult *result;
  gboolean      called;
} Step;

static void
set_up (Fixture      *f,
        gconstpointer data)
{
  f->credentials = smb_credentials_new ();
  f->credentials->username = g_strdup ("User");
  f->credentials->password = g_strdup ("Pässwörd");
  f->credentials->workstation = g_strdup ("CLIENT");
  f->credentials->target_host = g_strdup ("nas.example");
}

static void
tear_down (Fixture      *f,
           gconstpointer data)
{
  if (f->auth != NULL)
    g_assert_finalize_object (f->auth);
  g_clear_pointer (&f->credentials, smb_credentials_unref);
  g_clear_pointer (&f->negotiate, g_bytes_unref);
  g_clear_pointer (&f->challenge, g_bytes_unref);
  g_clear_pointer (&f->authenticate, g_bytes_unref);
}

static void
stepped_cb (GObject      *source,
            GAsyncResult *result,
            gpointer      user_data)
{
  Step *step = user_data;

  step->result = g_object_ref (result);
  step->called = TRUE;
}

static GBytes *
step (Fixture   *f,
      GBytes    *token,
      gboolean   expect_complete,
      GError   **error)
{
  Step record = { 0 };
  gboolean complete;
  GBytes *answer;

  smb_auth_step_async (f->auth, token, NULL, stepped_cb, &record);
  while (!record.called)
    g_main_context_iteration (NULL, TRUE);

  answer = smb_auth_step_finish (f->auth, record.result, &complete, error);
  g_object_unref (record.result);
  if (answer != NULL)
    g_assert_cmpint (complete, ==, expect_complete);
  return answer;
}

static void
start (Fixture *f)
{
  g_autoptr(GError) error = NULL;

  f->auth = g_object_new (SMB_TYPE_AUTH_NTLM, "credentials", f->credentials, NULL);
  g_assert_true (smb_auth_is_usable (f->auth));
  f->negotiate = step (f, NULL, FALSE, &error);
  g_assert_no_error (error);
  g_assert_null (smb_auth_get_session_key (f->auth));
}

static GBytes *
make_challenge (guint32     flags,
                const char *target_info_hex)
{
  g_autoptr(GBytes) target_info = bytes_from_hex (target_info_hex);
  guint16 size = (guint16) g_bytes_get_size (target_info);
  SmbWriter w;

  smb_writer_init (&w, NULL);
  smb_writer_bytes (&w, "NTLMSSP", 8);
  smb_writer_u32 (&w, 2);
  smb_writer_u16 (&w, 12); /* TargetNameFields */
  smb_writer_u16 (&w, 12);
  smb_writer_u32 (&w, 56);
  smb_writer_u32 (&w, flags);
  smb_writer_bytes (&w, server_challenge, sizeof server_challenge);
  smb_writer_zeros (&w, 8);
  smb_writer_u16 (&w, size); /* TargetInfoFields */
  smb_writer_u16 (&w, size);
  smb_writer_u32 (&w, 56 + 12);
  smb_writer_zeros (&w, 8); /* Version */
  smb_writer_utf16 (&w, "TARGET");
  smb_writer_bytes (&w, g_bytes_get_data (target_info, NULL), size);

  return smb_writer_steal_bytes (&w);
}

static void
answer (Fixture    *f,
        guint32     flags,
        const char *target_info_hex)
{
  g_autoptr(GError) error = NULL;

  start (f);
  f->challenge = make_challenge (flags, target_info_hex);
  f->authenticate = step (f, f->challenge, TRUE, &error);
  g_assert_no_error (error);
}

static void
answer_fails (Fixture    *f,
              guint32     flags,
              const char *target_info_hex,
              SmbError    code)
{
  g_autoptr(GError) error = NULL;

  start (f);
  f->challenge = make_challenge (flags, target_info_hex);
  g_assert_null (step (f, f->challenge, FALSE, &error));
  g_assert_error (error, SMB_ERROR, (int) code);
  g_assert_null (smb_auth_get_session_key (f->auth));
}

/* The server's side of AUTHENTICATE. */

static const guint8 *
get_field (Fixture *f,
           gsize    fields,
           gsize   *size)
{
  SmbReader r, field;

  smb_reader_init (&r, g_bytes_get_data (f->authenticate, NULL), g_bytes_get_size (f->authenticate));
  smb_reader_skip (&r, fields);
  *size = smb_reader_u16 (&r);
  g_assert_cmpuint (smb_reader_u16 (&r), ==, *size);
  smb_reader_sub (&r, &field, smb_reader_u32 (&r), *size);
  g_assert_true (smb_reader_finish (&r, "AUTHENTICATE", NULL));

  return field.data;
}

static char *
get_text (Fixture *f,
          gsize    fields)
{
  gsize size;
  const guint8 *data = get_field (f, fields, &size);

  return smb_utf16_to_utf8 (data, size);
}

static void
assert_names (Fixture    *f,
              const char *domain,
              const char *user,
              const char *workstation)
{
  g_autofree char *sent_domain = get_text (f, 28);
  g_autofree char *sent_user = get_text (f, 36);
  g_autofree char *sent_workstation = get_text (f, 44);

  g_assert_cmpstr (sent_domain, ==, domain);
  g_assert_cmpstr (sent_user, ==, user);
  g_assert_cmpstr (sent_workstation, ==, workstation);
}

static guint32
get_u32 (Fixture *f,
         gsize    offset)
{
  SmbReader r;

  smb_reader_init (&r, g_bytes_get_data (f->authenticate, NULL), g_bytes_get_size (f->authenticate));
  smb_reader_skip (&r, offset);
  return smb_reader_u32 (&r);
}

static guint32
get_flags (Fixture *f)
{
  return get_u32 (f, 60);
}

static void
assert_mic (Fixture      *f,
            const guint8 *key)
{
  g_autoptr(GByteArray) bytes = g_bytes_unref_to_array (g_bytes_ref (f->authenticate));
  const GOutputVector messages[] = {
    { g_bytes_get_data (f->negotiate, NULL), g_bytes_get_size (f->negotiate) },
    { g_bytes_get_data (f->challenge, NULL), g_bytes_get_size (f->challenge) },
    { bytes->data, bytes->len },
  };
  guint8 mic[SMB_NTLM_MIC_SIZE];
  const guint8 *sent;

  memset (bytes->data + SMB_NTLM_MIC_OFFSET, 0, sizeof mic);
  smb_hmac_md5 (key, SMB_NTLM_KEY_SIZE, messages, G_N_ELEMENTS (messages), mic);
  sent = g_bytes_get_data (f->authenticate, NULL);
  g_assert_cmpmem (sent + SMB_NTLM_MIC_OFFSET, sizeof mic, mic, sizeof mic);
}

/* The session key of both sides, and that both can sign with it. */
static void
assert_session_key (Fixture      *f,
                    const guint8 *key_exchange_key,
                    guint8        key[SMB_NTLM_KEY_SIZE])
{
  g_autoptr(GBytes) ours = smb_auth_get_session_key (f->auth);
  gsize size;
  const guint8 *encrypted = get_field (f, 52, &size);

  memcpy (key, key_exchange_key, SMB_NTLM_KEY_SIZE);
  if (get_flags (f) & SMB_NTLM_KEY_EXCHANGE)
    {
      g_assert_cmpuint (size, ==, SMB_NTLM_KEY_SIZE);
      smb_rc4 (key_exchange_key, SMB_NTLM_KEY_SIZE, encrypted, size, key);
    }
  else
    g_assert_cmpuint (size, ==, 0);

  g_assert_nonnull (ours);
  g_assert_cmpmem (g_bytes_get_data (ours, NULL), g_bytes_get_size (ours), key, SMB_NTLM_KEY_SIZE);
}

static void
assert_signatures (Fixture      *f,
                   const guint8 *key)
{
  g_autoptr(GBytes) message = g_bytes_new_static ("message", 7);
  g_autoptr(GBytes) ours = smb_auth_sign (f->auth, message);
  g_autoptr(GBytes) again = smb_auth_sign (f->auth, message);
  g_auto(SmbNtlmSigner) client = { 0 }, server = { 0 };
  guint8 signature[SMB_NTLM_SIGNATURE_SIZE];

  smb_ntlm_signer_init (&client, key, get_flags (f), SMB_NTLM_CLIENT_TO_SERVER);
  smb_ntlm_signer_sign (&client, "message", 7, signature);
  g_assert_cmpmem (g_bytes_get_data (ours, NULL), g_bytes_get_size (ours), signature, sizeof signature);
  g_assert_true (g_bytes_equal (ours, again)); /* always the first of the session */
  g_assert_false (smb_auth_verify (f->auth, message, ours)); /* a reflected one */

  smb_ntlm_signer_init (&server, key, get_flags (f), SMB_NTLM_SERVER_TO_CLIENT);
  smb_ntlm_signer_sign (&server, "message", 7, signature);
  for (gsize size = 0; size <= sizeof signature; size++)
    {
      g_autoptr(GBytes) mic = g_bytes_new (signature, size);

      g_assert_cmpint (smb_auth_verify (f->auth, message, mic), ==, size == sizeof signature);
    }
  signature[7] ^= 1;
  {
    g_autoptr(GBytes) mic = g_bytes_new (signature, sizeof signature);

    g_assert_false (smb_auth_verify (f->auth, message, mic));
  }
}

/* Checks an NTLMv2 response as a server that knows the password does; gives SessionBaseKey. */
static void
assert_v2 (Fixture    *f,
           const char *domain,
           guint8      key[SMB_NTLM_KEY_SIZE])
{
  const SmbNtlmProof proof = { "USER", domain, "Pässwörd", server_challenge, server_challenge };
  gsize size;
  const guint8 *nt = get_field (f, 20, &size);
  const GOutputVector vectors[] = { { server_challenge, sizeof server_challenge }, { nt + 16, size - 16 } };
  guint8 hash[SMB_NTLM_KEY_SIZE], response[SMB_MD5_SIZE];

  smb_ntlm_ntowf_v2 (&proof, hash);
  smb_hmac_md5 (hash, sizeof hash, vectors, G_N_ELEMENTS (vectors), response);
  g_assert_cmpmem (nt, 16, response, sizeof response);
  smb_hmac_md5 (hash, sizeof hash, &(GOutputVector) { nt, 16 }, 1, key);
}

static void
test_v2_with_mic (Fixture      *f,
                  gconstpointer data)
{
  guint8 base_key[SMB_NTLM_KEY_SIZE], key[SMB_NTLM_KEY_SIZE];
  gsize size;
  const guint8 *lm, *nt;

  answer (f, ALL_FLAGS, WITH_TIME);
  assert_names (f, "TARGET", "User", "CLIENT");
  g_assert_cmphex (get_flags (f), ==, 0xe2888215);
  assert_v2 (f, "TARGET", base_key);
  assert_session_key (f, base_key, key);
  assert_mic (f, key);
  assert_signatures (f, key);

  lm = get_field (f, 12, &size);
  assert_hex (lm, size, "000000000000000000000000000000000000000000000000");
  nt = get_field (f, 20, &size);
  assert_hex (nt + 24, 8, "aabbccddeeff0100"); /* the server's time */
  assert_hex (nt + 44, size - 44,
              "02000c0044004f004d00410049004e00" "07000800aabbccddeeff0100" "0600040002000000"
              "0a00100000000000000000000000000000000000"
              "0900200063006900660073002f006e00610073002e006500780061006d0070006c006500"
              "00000000" "00000000");
}

static void
test_v2_without_time (Fixture      *f,
                      gconstpointer data)
{
  const SmbNtlmProof proof = { "User", "TARGET", "Pässwörd", server_challenge, server_challenge };
  guint8 base_key[SMB_NTLM_KEY_SIZE], key[SMB_NTLM_KEY_SIZE], hash[SMB_NTLM_KEY_SIZE], response[SMB_MD5_SIZE];
  gsize lm_size, nt_size;
  const guint8 *lm, *nt;
  gint64 now = g_get_real_time ();
  guint64 time;

  answer (f, ALL_FLAGS, NO_TIME);
  assert_v2 (f, "TARGET", base_key);
  assert_session_key (f, base_key, key);
  assert_signatures (f, key);

  lm = get_field (f, 12, &lm_size); /* LMv2 */
  g_assert_cmpuint (lm_size, ==, 24);
  smb_ntlm_ntowf_v2 (&proof, hash);
  smb_hmac_md5 (hash, sizeof hash, (GOutputVector[]) { { server_challenge, 8 }, { lm + 16, 8 } }, 2,
                response);
  g_assert_cmpmem (lm, 16, response, sizeof response);

  nt = get_field (f, 20, &nt_size);
  memcpy (&time, nt + 24, sizeof time);
  g_assert_cmpint (ABS (smb_filetime_to_unix (GUINT64_FROM_LE (time)) - now), <, 60 * G_USEC_PER_SEC);
  g_assert_cmpmem (nt + 32, 8, lm + 16, 8); /* the same client challenge */
  assert_hex (nt + 44 + 16, 2, "0a00");      /* no flags promise a MIC, */
  g_assert_cmpuint (get_u32 (f, 32), ==, 72); /* and there is no room for one before the domain */
}

static void
test_v1_extended (Fixture      *f,
                  gconstpointer data)
{
  g_auto(SmbNtlmResponse) expected = { 0 };
  guint8 client_challenge[SMB_NTLM_CHALLENGE_SIZE], key[SMB_NTLM_KEY_SIZE];
  const SmbNtlmProof proof = { "User", "TARGET", "Pässwörd", server_challenge, client_challenge };
  gsize size;
  const guint8 *lm, *nt;

  f->credentials->use_ntlm_v2 = FALSE;
  answer (f, ALL_FLAGS, WITH_TIME);
  lm = get_field (f, 12, &size);
  g_assert_cmpuint (size, ==, 24);
  memcpy (client_challenge, lm, sizeof client_challenge);
  assert_hex (lm + 8, 16, "00000000000000000000000000000000");

  smb_ntlm_respond_v1 (&proof, TRUE, &expected);
  nt = get_field (f, 20, &size);
  g_assert_cmpmem (nt, size, g_bytes_get_data (expected.nt, NULL), 24);
  assert_session_key (f, expected.key, key);
  assert_signatures (f, key);
}

/* Without extended session security there is nothing to sign with. */
static void
test_v1_plain (Fixture      *f,
               gconstpointer data)
{
  const SmbNtlmProof proof = { "User", "TARGET", "Pässwörd", server_challenge, server_challenge };
  g_autoptr(GBytes) message = g_bytes_new_static ("message", 7);
  g_auto(SmbNtlmResponse) expected = { 0 };
  guint8 key[SMB_NTLM_KEY_SIZE];
  gsize lm_size, nt_size;
  const guint8 *lm, *nt;

  f->credentials->use_ntlm_v2 = FALSE;
  answer (f, ALL_FLAGS & ~SMB_NTLM_EXTENDED_SESSION_SECURITY, WITH_TIME);
  smb_ntlm_respond_v1 (&proof, FALSE, &expected);
  nt = get_field (f, 20, &nt_size);
  lm = get_field (f, 12, &lm_size);
  g_assert_cmpmem (nt, nt_size, g_bytes_get_data (expected.nt, NULL), 24);
  g_assert_cmpmem (lm, lm_size, nt, nt_size);
  assert_session_key (f, expected.key, key);
  g_assert_null (smb_auth_sign (f->auth, message));
  g_assert_false (smb_auth_verify (f->auth, message, message));
}

static void
test_no_key_exchange (Fixture      *f,
                      gconstpointer data)
{
  guint8 base_key[SMB_NTLM_KEY_SIZE], key[SMB_NTLM_KEY_SIZE];

  answer (f, ALL_FLAGS & ~SMB_NTLM_KEY_EXCHANGE, WITH_TIME);
  assert_v2 (f, "TARGET", base_key);
  assert_session_key (f, base_key, key);
  assert_mic (f, key);
  assert_signatures (f, key);
}

/* A server cannot make us send a flag that we did not offer. */
static void
test_flags_offered_only (Fixture      *f,
                         gconstpointer data)
{
  answer (f, 0xffffffff, WITH_TIME);
  g_assert_cmphex (get_flags (f), ==, 0xe2888215);
}

static void
test_anonymous (Fixture      *f,
                gconstpointer data)
{
  gsize size;
  const guint8 *lm;

  f->credentials->anonymous = TRUE;
  answer (f, ALL_FLAGS, WITH_TIME);
  assert_names (f, "", "", "CLIENT");
  g_assert_cmphex (get_flags (f) & (SMB_NTLM_ANONYMOUS | SMB_NTLM_KEY_EXCHANGE), ==, SMB_NTLM_ANONYMOUS);
  lm = get_field (f, 12, &size);
  assert_hex (lm, size, "00");
  (void) get_field (f, 20, &size);
  g_assert_cmpuint (size, ==, 0);
  g_assert_null (smb_auth_get_session_key (f->auth));
}

/* Nobody is not anonymous by himself. */
static void
test_nobody (Fixture      *f,
             gconstpointer data)
{
  g_clear_pointer (&f->credentials->username, g_free);
  f->auth = g_object_new (SMB_TYPE_AUTH_NTLM, "credentials", f->credentials, NULL);
  g_assert_false (smb_auth_is_usable (f->auth));
}

static void
test_names (void)
{
  static const struct
  {
    const char *username;
    const char *domain;
    const char *sent_user;
    const char *sent_domain;
  } cases[] = {
    { "User", NULL, "User", "TARGET" },
    { "User", "", "User", "TARGET" },
    { "User", "MINE", "User", "MINE" },
    { "DOM\\User", NULL, "User", "DOM" },
    { "DOM\\User", "MINE", "User", "DOM" },
    { "\\User", "MINE", "User", "MINE" },
    { "\\User", NULL, "User", "TARGET" },
    { "user@example.org", NULL, "user@example.org", "" },
    { "user@example.org", "MINE", "user@example.org", "MINE" },
    { "DOM\\user@example.org", NULL, "user@example.org", "DOM" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      Fixture f = { 0 };

      set_up (&f, NULL);
      g_free (f.credentials->username);
      f.credentials->username = g_strdup (cases[i].username);
      f.credentials->domain = g_strdup (cases[i].domain);
      answer (&f, ALL_FLAGS, WITH_TIME);
      assert_names (&f, cases[i].sent_domain, cases[i].sent_user, "CLIENT");
      tear_down (&f, NULL);
    }
}

static void
assert_bare_fails (Fixture    *f,
                   const void *bytes,
                   gsize       size)
{
  g_autoptr(GBytes) challenge = g_bytes_new (bytes, size);
  g_autoptr(GBytes) lm = NULL, nt = NULL;
  g_autoptr(GError) error = NULL;

  g_assert_false (smb_auth_respond (f->auth, challenge, &lm, &nt, &error));
  g_assert_error (error, SMB_ERROR, SMB_ERROR_PROTOCOL);
  g_assert_null (nt);
}

static void
respond (Fixture  *f,
         GBytes  **lm,
         GBytes  **nt)
{
  g_autoptr(GBytes) challenge = g_bytes_new (server_challenge, sizeof server_challenge);
  g_autoptr(GError) error = NULL;

  f->auth = g_object_new (SMB_TYPE_AUTH_NTLM, "credentials", f->credentials, NULL);
  assert_bare_fails (f, server_challenge, 7);
  assert_bare_fails (f, "nine bytes", 9);
  g_assert_true (smb_auth_respond (f->auth, challenge, lm, nt, &error));
  g_assert_no_error (error);
  assert_bare_fails (f, server_challenge, 8); /* once only */
}

/* The eight bytes of a server from before SPNEGO. */
static void
test_bare_v2 (Fixture      *f,
              gconstpointer data)
{
  const SmbNtlmProof proof = { "user", "DOM", "Pässwörd", server_challenge, server_challenge };
  g_autoptr(GBytes) lm = NULL, nt = NULL, key = NULL;
  guint8 hash[SMB_NTLM_KEY_SIZE], expected[SMB_MD5_SIZE];
  const guint8 *bytes;
  gsize size;

  g_free (f->credentials->username);
  f->credentials->username = g_strdup ("DOM\\user");
  respond (f, &lm, &nt);

  smb_ntlm_ntowf_v2 (&proof, hash);
  bytes = g_bytes_get_data (nt, &size);
  smb_hmac_md5 (hash, sizeof hash, (GOutputVector[]){ { server_challenge, 8 }, { bytes + 16, size - 16 } }, 2,
                expected);
  g_assert_cmpmem (bytes, 16, expected, sizeof expected);
  smb_hmac_md5 (hash, sizeof hash, (GOutputVector[]) { { bytes, 16 } }, 1, expected);
  key = smb_auth_get_session_key (f->auth);
  g_assert_cmpmem (g_bytes_get_data (key, NULL), g_bytes_get_size (key), expected, sizeof expected);

  bytes = g_bytes_get_data (lm, &size);
  g_assert_cmpuint (size, ==, 24);
  smb_hmac_md5 (hash, sizeof hash, (GOutputVector[]){ { server_challenge, 8 }, { bytes + 16, 8 } }, 2,
                expected);
  g_assert_cmpmem (bytes, 16, expected, sizeof expected);
}

static void
test_bare_v1 (Fixture      *f,
              gconstpointer data)
{
  const SmbNtlmProof proof = { "User", "", "Pässwörd", server_challenge, server_challenge };
  g_autoptr(GBytes) lm = NULL, nt = NULL, key = NULL;
  g_auto(SmbNtlmResponse) expected = { 0 };

  f->credentials->use_ntlm_v2 = FALSE;
  respond (f, &lm, &nt);
  smb_ntlm_respond_v1 (&proof, FALSE, &expected);
  g_assert_true (g_bytes_equal (nt, expected.nt));
  g_assert_true (g_bytes_equal (lm, expected.nt)); /* never an LM response */
  key = smb_auth_get_session_key (f->auth);
  g_assert_cmpmem (g_bytes_get_data (key, NULL), g_bytes_get_size (key), expected.key, SMB_NTLM_KEY_SIZE);
}

static void
test_bare_anonymous (Fixture      *f,
                     gconstpointer data)
{
  g_autoptr(GBytes) lm = NULL, nt = NULL;

  f->credentials->anonymous = TRUE;
  respond (f, &lm, &nt);
  assert_bytes_hex (lm, "00");
  g_assert_cmpuint (g_bytes_get_size (nt), ==, 0);
  g_assert_null (smb_auth_get_session_key (f->auth));
}

static void
test_no_unicode (Fixture      *f,
                 gconstpointer data)
{
  answer_fails (f, ALL_FLAGS & ~SMB_NTLM_UNICODE, WITH_TIME, SMB_ERROR_PROTOCOL);
}

static void
test_no_target_info (Fixture      *f,
                     gconstpointer data)
{
  answer_fails (f, ALL_FLAGS & ~SMB_NTLM_TARGET_INFO, WITH_TIME, SMB_ERROR_SECURITY);
}

static void
test_bad_target_info (Fixture      *f,
                      gconstpointer data)
{
  answer_fails (f, ALL_FLAGS, "0700080011111111", SMB_ERROR_PROTOCOL);
}

static void
test_bad_text (Fixture      *f,
               gconstpointer data)
{
  g_autoptr(GError) error = NULL;

  g_free (f->credentials->password);
  f->credentials->password = g_strdup ("P\344ssword");
  f->auth = g_object_new (SMB_TYPE_AUTH_NTLM, "credentials", f->credentials, NULL);
  g_assert_null (step (f, NULL, FALSE, &error));
  g_assert_error (error, SMB_ERROR, SMB_ERROR_INVALID_ARGUMENT);
}

static void
test_out_of_turn (Fixture      *f,
                  gconstpointer data)
{
  g_autoptr(GError) first = NULL, last = NULL;

  start (f);
  g_assert_null (step (f, NULL, FALSE, &first));
  g_assert_error (first, SMB_ERROR, SMB_ERROR_PROTOCOL);

  f->challenge = make_challenge (ALL_FLAGS, WITH_TIME);
  f->authenticate = step (f, f->challenge, TRUE, NULL);
  g_assert_nonnull (f->authenticate);
  g_assert_null (step (f, f->challenge, TRUE, &last));
  g_assert_error (last, SMB_ERROR, SMB_ERROR_PROTOCOL);
}

static void
test_cancelled (Fixture      *f,
                gconstpointer data)
{
  g_autoptr(GCancellable) cancellable = g_cancellable_new ();
  g_autoptr(GError) error = NULL;
  Step record = { 0 };
  gboolean complete;

  f->auth = g_object_new (SMB_TYPE_AUTH_NTLM, "credentials", f->credentials, NULL);
  g_cancellable_cancel (cancellable);
  smb_auth_step_async (f->auth, NULL, cancellable, stepped_cb, &record);
  while (!record.called)
    g_main_context_iteration (NULL, TRUE);
  g_assert_null (smb_auth_step_finish (f->auth, record.result, &complete, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_object_unref (record.result);
}

#define ADD(path, func) g_test_add (path, Fixture, NULL, set_up, func, tear_down)

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  ADD ("/ntlm-login/v2/with-mic", test_v2_with_mic);
  ADD ("/ntlm-login/v2/without-time", test_v2_without_time);
  ADD ("/ntlm-login/v2/no-key-exchange", test_no_key_exchange);
  ADD ("/ntlm-login/v2/flags-offered-only", test_flags_offered_only);
  ADD ("/ntlm-login/v1/extended", test_v1_extended);
  ADD ("/ntlm-login/v1/plain", test_v1_plain);
  ADD ("/ntlm-login/anonymous", test_anonymous);
  ADD ("/ntlm-login/nobody", test_nobody);
  g_test_add_func ("/ntlm-login/names", test_names);
  ADD ("/ntlm-login/bare/v2", test_bare_v2);
  ADD ("/ntlm-login/bare/v1", test_bare_v1);
  ADD ("/ntlm-login/bare/anonymous", test_bare_anonymous);
  ADD ("/ntlm-login/refused/no-unicode", test_no_unicode);
  ADD ("/ntlm-login/refused/no-target-info", test_no_target_info);
  ADD ("/ntlm-login/refused/bad-target-info", test_bad_target_info);
  ADD ("/ntlm-login/refused/bad-text", test_bad_text);
  ADD ("/ntlm-login/refused/out-of-turn", test_out_of_turn);
  ADD ("/ntlm-login/cancelled", test_cancelled);

  return g_test_run ();
}
