/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "scripted-ntlm.h"

#include <string.h>

#include "crypto/smb-hash.h"
#include "crypto/smb-random.h"
#include "scripted-spnego.h"
#include "wire/smb-filetime.h"
#include "wire/smb-reader.h"
#include "wire/smb-utf16.h"
#include "wire/smb-writer.h"

#define SIGNATURE "NTLMSSP" /* with its terminator */

/* NegotiateFlags ([MS-NLMP] 2.2.2.5) */
enum
{
  NTLM_SIGN = 0x10,
  NTLM_SEAL = 0x20,
  NTLM_ALWAYS_SIGN = 0x8000,
  NTLM_TARGET_TYPE_SERVER = 0x20000,
  NTLM_EXTENDED = 0x80000,
  NTLM_TARGET_INFO = 0x800000,
  NTLM_KEY_EXCHANGE = 0x40000000,
};

/* UNICODE, REQUEST_TARGET, NTLM, TARGET_TYPE_SERVER, EXTENDED_SESSIONSECURITY, TARGET_INFO, VERSION */
#define ALWAYS_FLAGS 0x028A0205u
/* SIGN, SEAL, ALWAYS_SIGN, 128, KEY_EXCH, 56 */
#define WANTED_FLAGS 0xE0008030u

#define CHALLENGE_AT  24
#define MIC_AT        72
#define MIC_SIZE      16
#define PROOF_SIZE    16
#define NTLMV1_SIZE   24
#define AV_FLAGS      6
#define AV_TIMESTAMP  7
#define AV_FLAG_MIC   2

/* AUTHENTICATE_MESSAGE ([MS-NLMP] 2.2.1.3), borrowed. */
typedef struct
{
  SmbReader lm;
  SmbReader nt;
  SmbReader domain;
  SmbReader user;
  SmbReader session_key;
  guint32   flags;
} Authenticate;

static void
read_field (SmbReader *reader,
            SmbReader *field)
{
  guint16 size = smb_reader_u16 (reader);

  smb_reader_skip (reader, 2);
  smb_reader_sub (reader, field, smb_reader_u32 (reader), size);
}

static gboolean
read_authenticate (GBytes       *message,
                   Authenticate *self)
{
  SmbReader reader;
  SmbReader workstation;

  smb_reader_init (&reader, g_bytes_get_data (message, NULL), g_bytes_get_size (message));
  smb_reader_skip (&reader, sizeof SIGNATURE);
  smb_reader_expect_u32 (&reader, 3); /* MessageType */
  read_field (&reader, &self->lm);
  read_field (&reader, &self->nt);
  read_field (&reader, &self->domain);
  read_field (&reader, &self->user);
  read_field (&reader, &workstation);
  read_field (&reader, &self->session_key);
  self->flags = smb_reader_u32 (&reader); /* NegotiateFlags */
  return smb_reader_finish (&reader, "AUTHENTICATE_MESSAGE", NULL);
}

static void
write_av_text (SmbWriter  *writer,
               guint16     id,
               const char *text)
{
  smb_writer_u16 (writer, id);
  smb_writer_u16 (writer, (guint16) (2 * smb_utf16_count_units (text)));
  smb_writer_utf16 (writer, text);
}

static void
write_target_info (SmbWriter *writer)
{
  write_av_text (writer, 2, "WONDERLAND"); /* MsvAvNbDomainName */
  write_av_text (writer, 1, "SCRIPTED");   /* MsvAvNbComputerName */
  write_av_text (writer, 4, "wonderland.example");
  write_av_text (writer, 3, "scripted.wonderland.example");
  smb_writer_u16 (writer, AV_TIMESTAMP);
  smb_writer_u16 (writer, 8);
  smb_writer_u64 (writer, smb_filetime_from_unix (g_get_real_time ()));
  smb_writer_u32 (writer, 0); /* MsvAvEOL */
}

/* [MS-NLMP] 2.2.1.2 */
static GBytes *
make_challenge (guint32 client_flags)
{
  g_auto(SmbWriter) writer = { 0 };
  g_auto(SmbWriter) info = { 0 };
  guint8            challenge[8];

  smb_random_bytes (challenge, sizeof challenge);
  smb_writer_init (&info, NULL);
  write_target_info (&info);

  smb_writer_init (&writer, NULL);
  smb_writer_bytes (&writer, SIGNATURE, sizeof SIGNATURE);
  smb_writer_u32 (&writer, 2);  /* MessageType */
  smb_writer_u16 (&writer, 16); /* TargetName */
  smb_writer_u16 (&writer, 16);
  smb_writer_u32 (&writer, 56);
  smb_writer_u32 (&writer, ALWAYS_FLAGS | (client_flags & WANTED_FLAGS));
  smb_writer_bytes (&writer, challenge, sizeof challenge);
  smb_writer_zeros (&writer, 8); /* Reserved */
  smb_writer_u16 (&writer, (guint16) info.bytes->len);
  smb_writer_u16 (&writer, (guint16) info.bytes->len);
  smb_writer_u32 (&writer, 72);
  smb_writer_bytes (&writer, "\6\1\0\0\0\0\0\17", 8); /* Version */
  smb_writer_utf16 (&writer, "SCRIPTED");
  smb_writer_bytes (&writer, info.bytes->data, info.bytes->len);
  return smb_writer_steal_bytes (&writer);
}

/* NTOWFv1 ([MS-NLMP] 3.3.1) */
static void
hash_password (const char *password,
               guint8      hash[16])
{
  gsize              size;
  g_autofree guint8 *text = smb_utf16_from_utf8 (password, &size);

  smb_md4 (text, size, hash);
}

/* NTOWFv2 ([MS-NLMP] 3.3.2), over the names as the client sent them. */
static void
hash_user (const Authenticate *message,
           const char         *password,
           guint8              hash[16])
{
  g_autofree char   *user = smb_utf16_to_utf8 (message->user.data, message->user.size);
  g_autofree char   *upper = g_utf8_strup (user == NULL ? "" : user, -1);
  gsize              size;
  g_autofree guint8 *name = smb_utf16_from_utf8 (upper, &size);
  GOutputVector      vectors[] = { { name, size }, { message->domain.data, message->domain.size } };
  guint8             key[16];

  hash_password (password, key);
  smb_hmac_md5 (key, sizeof key, vectors, G_N_ELEMENTS (vectors), hash);
}

/* FALSE for a wrong password; else SessionBaseKey, which is KeyExchangeKey too. */
static gboolean
check_v2 (const Authenticate *message,
          const char         *password,
          const guint8       *challenge,
          guint8              key[16])
{
  const guint8 *proof = message->nt.data;
  GOutputVector proven[] = { { challenge, 8 }, { proof + PROOF_SIZE, message->nt.size - PROOF_SIZE } };
  GOutputVector base = { proof, PROOF_SIZE };
  guint8        hash[16];
  guint8        expected[16];

  hash_user (message, password, hash);
  smb_hmac_md5 (hash, sizeof hash, proven, G_N_ELEMENTS (proven), expected);
  smb_hmac_md5 (hash, sizeof hash, &base, 1, key);
  return memcmp (expected, proof, sizeof expected) == 0;
}

/* DESL () of [MS-NLMP] 6 */
static void
encrypt_long (const guint8 key[16],
              const guint8 data[8],
              guint8       out[NTLMV1_SIZE])
{
  guint8 padded[21] = { 0 };

  memcpy (padded, key, 16);
  for (guint i = 0; i < 3; i++)
    smb_des_hash (padded + 7 * i, data, out + 8 * i);
}

/* [MS-NLMP] 3.3.1, 3.4.5.1. Without extended session security the challenge is used as it is. */
static gboolean
check_v1 (const Authenticate *message,
          const char         *password,
          const guint8       *challenge,
          guint8              key[16])
{
  gboolean      extended = (message->flags & NTLM_EXTENDED) != 0 && message->lm.size == NTLMV1_SIZE;
  GOutputVector both[] = { { challenge, 8 }, { message->lm.data, extended ? 8 : 0 } };
  guint8        hash[16];
  guint8        base[16];
  guint8        digest[16];
  guint8        expected[NTLMV1_SIZE];

  hash_password (password, hash);
  smb_md4 (hash, sizeof hash, base);
  smb_md5 (both, 2, digest);
  encrypt_long (hash, extended ? digest : challenge, expected);
  if (extended)
    smb_hmac_md5 (base, sizeof base, both, 2, key);
  else
    memcpy (key, base, sizeof base);
  return memcmp (expected, message->nt.data, sizeof expected) == 0;
}

static void
exchange_key (ScriptedNtlm       *self,
              const Authenticate *message,
              const guint8        key[16])
{
  memcpy (self->key, key, 16);
  if ((message->flags & NTLM_KEY_EXCHANGE) && message->session_key.size == 16)
    smb_rc4 (key, 16, message->session_key.data, 16, self->key);
}

/* Whether the client's target information says that there is one. */
static gboolean
has_mic (const Authenticate *message)
{
  SmbReader reader;
  guint16   id;

  smb_reader_init (&reader, message->nt.data, message->nt.size);
  smb_reader_skip (&reader, PROOF_SIZE + 28); /* NTLMv2_CLIENT_CHALLENGE up to AvPairs */
  do
    {
      SmbReader value;

      id = smb_reader_u16 (&reader);
      smb_reader_take (&reader, &value, smb_reader_u16 (&reader));
      if (id == AV_FLAGS)
        return (smb_reader_u32 (&value) & AV_FLAG_MIC) != 0;
    }
  while (id != 0 && !reader.failed);
  return FALSE;
}

static gboolean
check_mic (ScriptedNtlm *self,
           GBytes       *message)
{
  gsize              size;
  g_autofree guint8 *copy = g_memdup2 (g_bytes_get_data (message, NULL), g_bytes_get_size (message));
  GOutputVector      vectors[3];
  guint8             mic[MIC_SIZE];

  memset (copy + MIC_AT, 0, MIC_SIZE);
  vectors[0].buffer = g_bytes_get_data (self->negotiate, &size);
  vectors[0].size = size;
  vectors[1].buffer = g_bytes_get_data (self->challenge, &size);
  vectors[1].size = size;
  vectors[2].buffer = copy;
  vectors[2].size = g_bytes_get_size (message);
  smb_hmac_md5 (self->key, sizeof self->key, vectors, G_N_ELEMENTS (vectors), mic);
  return memcmp (mic, (const guint8 *) g_bytes_get_data (message, NULL) + MIC_AT, sizeof mic) == 0;
}

static gboolean
check_user (const Authenticate *message,
            const char         *user)
{
  g_autofree char *name = smb_utf16_to_utf8 (message->user.data, message->user.size);

  return name != NULL && g_ascii_strcasecmp (name, user) == 0;
}

static ScriptedNtlmResult
authenticate (ScriptedNtlm *self,
              const char   *user,
              const char   *password,
              GBytes       *message)
{
  const guint8 *challenge = (const guint8 *) g_bytes_get_data (self->challenge, NULL) + CHALLENGE_AT;
  Authenticate  fields;
  guint8        key[16] = { 0 };
  gboolean      is_right = FALSE;

  if (!read_authenticate (message, &fields))
    return SCRIPTED_NTLM_REFUSE;

  if (fields.user.size == 0 && fields.nt.size == 0)
    {
      exchange_key (self, &fields, key);
      return SCRIPTED_NTLM_ANONYMOUS;
    }
  if (fields.nt.size == NTLMV1_SIZE)
    is_right = check_v1 (&fields, password, challenge, key);
  else if (fields.nt.size > PROOF_SIZE)
    is_right = check_v2 (&fields, password, challenge, key);

  exchange_key (self, &fields, key);
  if (!is_right || !check_user (&fields, user))
    return SCRIPTED_NTLM_REFUSE;
  return has_mic (&fields) && !check_mic (self, message) ? SCRIPTED_NTLM_REFUSE : SCRIPTED_NTLM_ACCEPT;
}

static void
derive_signing_key (const ScriptedNtlm *self,
                    const char         *magic,
                    guint8              key[16])
{
  GOutputVector vectors[] = { { self->key, sizeof self->key }, { magic, strlen (magic) + 1 } };

  smb_md5 (vectors, G_N_ELEMENTS (vectors), key);
}

/* MAC () of the first message from the server ([MS-NLMP] 3.4.4.2), over the list of mechanisms. */
static GBytes *
make_mic (const ScriptedNtlm *self)
{
  guint8        sign_key[16];
  guint8        seal_key[16];
  guint8        digest[16];
  guint8        mic[16] = { 1, 0, 0, 0 };
  GOutputVector vectors[] = { { "\0\0\0\0", 4 }, { NULL, 0 } };

  vectors[1].buffer = g_bytes_get_data (self->mech_list, &vectors[1].size);
  derive_signing_key (self, "session key to server-to-client signing key magic constant", sign_key);
  derive_signing_key (self, "session key to server-to-client sealing key magic constant", seal_key);
  smb_hmac_md5 (sign_key, sizeof sign_key, vectors, G_N_ELEMENTS (vectors), digest);
  smb_rc4 (seal_key, sizeof seal_key, digest, 8, mic + 4);
  return g_bytes_new (mic, sizeof mic);
}

/* Finds NTLM's message in the token, whatever is around it. */
static GBytes *
find_message (GBytes *token)
{
  gsize         size;
  const guint8 *data = g_bytes_get_data (token, &size);
  const guint8 *found = size == 0 ? NULL : memmem (data, size, SIGNATURE, sizeof SIGNATURE);
  gsize         offset = found == NULL ? size : (gsize) (found - data);

  return size - offset <= sizeof SIGNATURE + 4 ? NULL : g_bytes_new_from_bytes (token, offset, size - offset);
}

static ScriptedNtlmResult
step_negotiate (ScriptedNtlm *self,
                GBytes       *message,
                GByteArray   *answer)
{
  SmbReader reader;

  g_clear_pointer (&self->negotiate, g_bytes_unref);
  g_clear_pointer (&self->challenge, g_bytes_unref);
  if (message == NULL) /* another mechanism's: ours, please */
    {
      scripted_spnego_write_response (answer, SCRIPTED_SPNEGO_INCOMPLETE, TRUE, NULL, NULL);
      return SCRIPTED_NTLM_CONTINUE;
    }

  smb_reader_init (&reader, g_bytes_get_data (message, NULL), g_bytes_get_size (message));
  smb_reader_seek (&reader, 12);
  self->negotiate = g_bytes_ref (message);
  self->challenge = make_challenge (smb_reader_u32 (&reader));
  scripted_spnego_write_response (answer, SCRIPTED_SPNEGO_INCOMPLETE, TRUE, self->challenge, NULL);
  return SCRIPTED_NTLM_CONTINUE;
}

/* Its exact extent, since the MIC is over it: SPNEGO may go on behind it. */
static GBytes *
trim_message (GBytes *token,
              GBytes *message)
{
  g_autoptr(GBytes) exact = scripted_spnego_get_token (token);

  return exact == NULL ? g_bytes_ref (message) : g_steal_pointer (&exact);
}

ScriptedNtlmResult
scripted_ntlm_step (ScriptedNtlm *self,
                    const char   *user,
                    const char   *password,
                    gboolean      send_mic,
                    GBytes       *token,
                    GByteArray   *answer)
{
  g_autoptr(GBytes)  found = find_message (token);
  g_autoptr(GBytes)  message = found == NULL ? NULL : trim_message (token, found);
  g_autoptr(GBytes)  mech_list = scripted_spnego_get_mech_list (token);
  g_autoptr(GBytes)  mic = NULL;
  ScriptedNtlmResult result;

  if (mech_list != NULL)
    {
      g_clear_pointer (&self->mech_list, g_bytes_unref);
      self->mech_list = g_steal_pointer (&mech_list);
    }
  if (message == NULL || ((const guint8 *) g_bytes_get_data (message, NULL))[8] == 1)
    return step_negotiate (self, message, answer);
  if (self->challenge == NULL)
    return SCRIPTED_NTLM_REFUSE;

  result = authenticate (self, user, password, message);
  if (result == SCRIPTED_NTLM_REFUSE)
    return result;
  if (send_mic && result == SCRIPTED_NTLM_ACCEPT && self->mech_list != NULL)
    mic = make_mic (self);
  scripted_spnego_write_response (answer, SCRIPTED_SPNEGO_COMPLETED, FALSE, NULL, mic);
  return result;
}

void
scripted_ntlm_clear (ScriptedNtlm *self)
{
  g_clear_pointer (&self->mech_list, g_bytes_unref);
  g_clear_pointer (&self->negotiate, g_bytes_unref);
  g_clear_pointer (&self->challenge, g_bytes_unref);
}
