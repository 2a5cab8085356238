/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "smb-smb2-contexts.h"

#define SALT_SIZE      32
#define HASH_SHA512    0x0001
#define NO_CIPHER      0x0000
#define CONTEXT_HEADER 8

/* ContextType of [MS-SMB2] 2.2.3.1 */
typedef enum
{
  CONTEXT_PREAUTH_INTEGRITY = 1,
  CONTEXT_ENCRYPTION = 2,
  CONTEXT_NETNAME = 5,
  CONTEXT_SIGNING = 8,
} ContextType;

/* What is offered, the preferred first: AES-GMAC and AES-GCM are the fastest by far where the processor has
 * AES. */
static const struct
{
  guint16         id;
  SmbMacAlgorithm algorithm;
  const char     *name;
} signing_algorithms[] = {
  { 2, SMB_MAC_AES_128_GMAC, "AES-128-GMAC" },
  { 1, SMB_MAC_AES_128_CMAC, "AES-128-CMAC" },
  { 0, SMB_MAC_HMAC_SHA256, "HMAC-SHA256" },
};

static const struct
{
  guint16     id;
  SmbCipher   cipher;
  const char *name;
} ciphers[] = {
  { 2, SMB_CIPHER_AES_128_GCM, "AES-128-GCM" },
  { 4, SMB_CIPHER_AES_256_GCM, "AES-256-GCM" },
  { 1, SMB_CIPHER_AES_128_CCM, "AES-128-CCM" },
  { 3, SMB_CIPHER_AES_256_CCM, "AES-256-CCM" },
};

const char *
smb_smb2_get_signing_name (SmbMacAlgorithm algorithm)
{
  for (gsize i = 0; i < G_N_ELEMENTS (signing_algorithms); i++)
    if (signing_algorithms[i].algorithm == algorithm)
      return signing_algorithms[i].name;

  return NULL;
}

const char *
smb_smb2_get_cipher_name (SmbCipher cipher)
{
  for (gsize i = 0; i < G_N_ELEMENTS (ciphers); i++)
    if (ciphers[i].cipher == cipher)
      return ciphers[i].name;

  return NULL;
}

/* Begins a context; end_context() sets its DataLength. The padding lies between two, not behind the last. */
static gsize
begin_context (SmbWriter   *writer,
               ContextType  type)
{
  gsize begin;

  smb_writer_align (writer, 8);
  begin = smb_writer_get_offset (writer);
  smb_writer_u16 (writer, type);
  smb_writer_u16 (writer, 0); /* DataLength */
  smb_writer_u32 (writer, 0); /* Reserved */
  return begin;
}

static void
end_context (SmbWriter *writer,
             gsize      begin)
{
  smb_writer_patch_u16 (writer, begin + 2, smb_writer_get_offset (writer) - begin - CONTEXT_HEADER);
}

/* [MS-SMB2] 2.2.3.1.1 */
static void
write_preauth (SmbWriter *writer)
{
  gsize begin = begin_context (writer, CONTEXT_PREAUTH_INTEGRITY);
  guint8 salt[SALT_SIZE];

  smb_random_bytes (salt, sizeof salt);
  smb_writer_u16 (writer, 1); /* HashAlgorithmCount */
  smb_writer_u16 (writer, sizeof salt);
  smb_writer_u16 (writer, HASH_SHA512);
  smb_writer_bytes (writer, salt, sizeof salt);
  end_context (writer, begin);
}

/* [MS-SMB2] 2.2.3.1.2 */
static void
write_encryption (SmbWriter *writer)
{
  gsize begin = begin_context (writer, CONTEXT_ENCRYPTION);

  smb_writer_u16 (writer, G_N_ELEMENTS (ciphers));
  for (gsize i = 0; i < G_N_ELEMENTS (ciphers); i++)
    smb_writer_u16 (writer, ciphers[i].id);
  end_context (writer, begin);
}

/* [MS-SMB2] 2.2.3.1.7 */
static void
write_signing (SmbWriter *writer)
{
  gsize begin = begin_context (writer, CONTEXT_SIGNING);

  smb_writer_u16 (writer, G_N_ELEMENTS (signing_algorithms));
  for (gsize i = 0; i < G_N_ELEMENTS (signing_algorithms); i++)
    smb_writer_u16 (writer, signing_algorithms[i].id);
  end_context (writer, begin);
}

/* [MS-SMB2] 2.2.3.1.4 */
static void
write_netname (SmbWriter  *writer,
               const char *target_host)
{
  gsize begin = begin_context (writer, CONTEXT_NETNAME);

  smb_writer_utf16 (writer, target_host);
  end_context (writer, begin);
}

guint
smb_smb2_contexts_write (const SmbSmb2Offer *offer,
                         const char         *target_host,
                         SmbWriter          *writer)
{
  guint count = 2;

  write_preauth (writer);
  write_signing (writer);
  if (offer->ciphers)
    {
      write_encryption (writer);
      count++;
    }
  if (target_host != NULL && *target_host != '\0')
    {
      write_netname (writer, target_host);
      count++;
    }
  return count;
}

static gboolean
refuse (const char  *what,
        GError     **error)
{
  g_set_error (error, SMB_ERROR, SMB_ERROR_SECURITY,
               "The server's answer to the negotiation %s", what);
  return FALSE;
}

/* A list of exactly one number, as every choice of a server is. */
static gboolean
read_choice (SmbReader  *reader,
             guint16    *choice,
             GError    **error)
{
  guint16 count = smb_reader_u16 (reader);

  if (!smb_reader_finish (reader, "negotiate context", error))
    return FALSE;
  if (count != 1)
    return refuse ("chooses more or less than one algorithm", error);

  *choice = smb_reader_u16 (reader);
  return smb_reader_finish (reader, "negotiate context", error);
}

static gboolean
read_preauth (SmbReader  *reader,
              GError    **error)
{
  guint16 count = smb_reader_u16 (reader); /* HashAlgorithmCount */
  guint16 salt_size = smb_reader_u16 (reader);
  guint16 hash = smb_reader_u16 (reader);

  smb_reader_skip (reader, salt_size);
  if (!smb_reader_finish (reader, "negotiate context", error))
    return FALSE;
  if (count != 1 || hash != HASH_SHA512)
    return refuse ("chooses a hash that was not offered", error);

  return TRUE;
}

static gboolean
read_encryption (SmbReader           *reader,
                 SmbSmb2Terms        *terms,
                 const SmbSmb2Offer  *offer,
                 GError             **error)
{
  guint16 id;

  if (!read_choice (reader, &id, error))
    return FALSE;
  if (id == NO_CIPHER)
    return TRUE;

  for (gsize i = 0; i < G_N_ELEMENTS (ciphers) && offer->ciphers; i++)
    if (ciphers[i].id == id)
      {
        terms->can_seal = TRUE;
        terms->cipher = ciphers[i].cipher;
        return TRUE;
      }

  return refuse ("chooses a cipher that was not offered", error);
}

static gboolean
read_signing (SmbReader     *reader,
              SmbSmb2Terms  *terms,
              GError       **error)
{
  guint16 id;

  if (!read_choice (reader, &id, error))
    return FALSE;

  for (gsize i = 0; i < G_N_ELEMENTS (signing_algorithms); i++)
    if (signing_algorithms[i].id == id)
      {
        terms->signing = signing_algorithms[i].algorithm;
        return TRUE;
      }

  return refuse ("chooses a signing algorithm that was not offered", error);
}

static gboolean
read_context (guint                type,
              SmbReader           *data,
              SmbSmb2Terms        *terms,
              const SmbSmb2Offer  *offer,
              GError             **error)
{
  if (type == CONTEXT_PREAUTH_INTEGRITY)
    return read_preauth (data, error);
  if (type == CONTEXT_ENCRYPTION)
    return read_encryption (data, terms, offer, error);

  return read_signing (data, terms, error);
}

static gboolean
next_context (SmbReader  *message,
              guint      *type,
              SmbReader  *data,
              GError    **error)
{
  guint16 size;

  smb_reader_align (message, 8);
  *type = smb_reader_u16 (message);
  size = smb_reader_u16 (message);
  smb_reader_skip (message, 4); /* Reserved */
  smb_reader_take (message, data, size);
  return smb_reader_finish (message, "negotiate context", error);
}

/* Each context moves the reader on or fails it, so @count bounds the loop no worse than the message does. */
gboolean
smb_smb2_contexts_read (SmbSmb2Terms        *terms,
                        const SmbSmb2Offer  *offer,
                        SmbReader           *message,
                        guint                offset,
                        guint                count,
                        GError             **error)
{
  guint32 seen = 0;

  /* A server that knows no SIGNING context uses AES-CMAC ([MS-SMB2] 3.1.4.1). */
  terms->signing = SMB_MAC_AES_128_CMAC;

  smb_reader_seek (message, offset);
  for (guint i = 0; i < count; i++)
    {
      SmbReader data;
      guint type;

      if (!next_context (message, &type, &data, error))
        return FALSE;
      if (type != CONTEXT_PREAUTH_INTEGRITY && type != CONTEXT_ENCRYPTION && type != CONTEXT_SIGNING)
        continue;
      if (seen & (1u << type))
        return refuse ("has a context twice", error);
      seen |= 1u << type;
      if (!read_context (type, &data, terms, offer, error))
        return FALSE;
    }

  if (!(seen & (1u << CONTEXT_PREAUTH_INTEGRITY)))
    return refuse ("chooses no hash", error);
  return TRUE;
}
