/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "plugin/smb-spnego-token.h"

#include <libtasn1.h>

#include "smb-error.h"

#define SPNEGO_OID "1.3.6.1.5.5.2"

/* SMB2 carries at most 64 KiB. Honest lists have five entries of some ten bytes each, and libtasn1 takes time
 * that is quadratic in the size of an identifier. */
#define MAX_TOKEN_SIZE     65535
#define MAX_MECH_LIST_SIZE 512
#define MAX_OID_SIZE       128
#define USUAL_TOKEN_SIZE   1024

/* Tags as they are on the wire: all of RFC 4178 4.2 are below 31, which takes one byte (X.690 8.1.2.2). */
#define TAG_ANY      0 /* reserved for what is not DER, so it can stand for all others */
#define TAG_SEQUENCE (ASN1_CLASS_STRUCTURED | ASN1_TAG_SEQUENCE)
#define TAG_GSS      (ASN1_CLASS_APPLICATION | ASN1_CLASS_STRUCTURED | 0) /* RFC 2743 3.1 */
#define TAG_FIELD(n) (ASN1_CLASS_CONTEXT_SPECIFIC | ASN1_CLASS_STRUCTURED | (n))
#define TAG_INIT     TAG_FIELD (0) /* the choices of NegotiationToken */
#define TAG_RESPONSE TAG_FIELD (1)

/* NegTokenInit has its mechListMIC where NegTokenInit2 has its hints, and a server sends either. */
#define INIT_MECH_TYPES    TAG_FIELD (0)
#define INIT_REQ_FLAGS     TAG_FIELD (1)
#define INIT_MECH_TOKEN    TAG_FIELD (2)
#define INIT_NEG_HINTS     TAG_FIELD (3)
#define INIT_MECH_LIST_MIC TAG_FIELD (4)

#define RESPONSE_NEG_STATE      TAG_FIELD (0)
#define RESPONSE_SUPPORTED_MECH TAG_FIELD (1)
#define RESPONSE_TOKEN          TAG_FIELD (2)
#define RESPONSE_MECH_LIST_MIC  TAG_FIELD (3)

/* Encoding, from the end to the beginning, since each element tells its size first. The values are our own,
 * so nothing of it can fail. */

/* Makes all but the last @end bytes the content of a @tag. */
static void
enclose (GByteArray *der,
         guint8      tag,
         guint       end)
{
  guint8 length[ASN1_MAX_LENGTH_SIZE];
  int size;

  asn1_length_der (der->len - end, length, &size);
  g_byte_array_prepend (der, length, size);
  g_byte_array_prepend (der, &tag, sizeof tag);
}

static void
prepend_bytes (GByteArray *der,
               GBytes     *bytes)
{
  g_byte_array_prepend (der, g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes));
}

static void
prepend_oid (GByteArray *der,
             const char *oid)
{
  guint8 bytes[MAX_OID_SIZE];
  int size = sizeof bytes;
  int result = asn1_object_id_der (oid, bytes, &size, 0);

  g_assert (result == ASN1_SUCCESS);

  g_byte_array_prepend (der, bytes, size);
}

/* Nothing if there are none. */
static void
prepend_octets (GByteArray *der,
                guint8      field,
                GBytes     *octets)
{
  const guint end = der->len;

  if (octets == NULL || g_bytes_get_size (octets) == 0)
    return;

  prepend_bytes (der, octets);
  enclose (der, ASN1_TAG_OCTET_STRING, end);
  enclose (der, field, end);
}

GBytes *
smb_spnego_encode_mech_list (const char *const *mechanisms)
{
  GByteArray *der = g_byte_array_new ();

  for (guint i = g_strv_length ((GStrv) mechanisms); i > 0; i--)
    prepend_oid (der, mechanisms[i - 1]);
  enclose (der, TAG_SEQUENCE, 0);

  return g_byte_array_free_to_bytes (der);
}

GBytes *
smb_spnego_encode_init (GBytes *mech_list,
                        GBytes *token)
{
  GByteArray *der = g_byte_array_sized_new (USUAL_TOKEN_SIZE);
  guint end;

  prepend_octets (der, INIT_MECH_TOKEN, token);
  end = der->len;
  prepend_bytes (der, mech_list);
  enclose (der, INIT_MECH_TYPES, end);
  enclose (der, TAG_SEQUENCE, 0);
  enclose (der, TAG_INIT, 0);
  prepend_oid (der, SPNEGO_OID);
  enclose (der, TAG_GSS, 0);

  return g_byte_array_free_to_bytes (der);
}

GBytes *
smb_spnego_encode_response (GBytes *token,
                            GBytes *mic)
{
  const guint8 state = SMB_SPNEGO_STATE_ACCEPT_INCOMPLETE;
  GByteArray *der = g_byte_array_sized_new (USUAL_TOKEN_SIZE);
  guint end;

  prepend_octets (der, RESPONSE_MECH_LIST_MIC, mic);
  prepend_octets (der, RESPONSE_TOKEN, token);
  end = der->len;
  g_byte_array_prepend (der, &state, sizeof state);
  enclose (der, ASN1_TAG_ENUMERATED, end);
  enclose (der, RESPONSE_NEG_STATE, end);
  enclose (der, TAG_SEQUENCE, 0);
  enclose (der, TAG_RESPONSE, 0);

  return g_byte_array_free_to_bytes (der);
}

/* Decoding */

/* What is still to be read of a token, or of an element's content; borrowed. Only der_take() moves on. Where
 * a function fails the token is malformed, and nothing more of it is read. */
typedef struct
{
  const guint8 *data;
  gsize         size;
} Der;

static gboolean
der_init (Der    *self,
          GBytes *bytes)
{
  self->data = g_bytes_get_data (bytes, &self->size);

  return self->size <= MAX_TOKEN_SIZE;
}

static gboolean
der_take (Der   *self,
          gsize  size,
          Der   *taken)
{
  if (size > self->size)
    return FALSE;

  *taken = (Der) { self->data, size };
  self->data += size;
  self->size -= size;
  return TRUE;
}

/* Whether there is a next element and it is a @tag. A longer tag is another one, or not DER. */
static gboolean
der_is_next (const Der *self,
             guint8     tag)
{
  unsigned char class;
  unsigned long number;
  int size;

  return asn1_get_tag_der (self->data, (int) self->size, &class, &size, &number) == ASN1_SUCCESS &&
         size == 1 && (tag == TAG_ANY || (class | number) == tag);
}

static gboolean
der_take_tag (Der    *self,
              guint8  tag)
{
  Der taken;

  return der_is_next (self, tag) && der_take (self, 1, &taken);
}

/* Of the element whose tag was taken. libtasn1 refuses what is indefinite, or more than there is. A length
 * may be in more bytes than it takes, but not cut off, which libtasn1 lets pass as well. */
static gboolean
der_take_content (Der *self,
                  Der *content)
{
  Der length;
  int length_size;
  const long size = asn1_get_length_der (self->data, (int) self->size, &length_size);

  if (size < 0 || length_size < 1 || !der_take (self, length_size, &length))
    return FALSE;
  if (length.data[0] > 0x80 && length.size != 1 + (length.data[0] & 0x7fu))
    return FALSE;

  return der_take (self, size, content);
}

static gboolean
der_enter (Der    *self,
           guint8  tag,
           Der    *content)
{
  return der_take_tag (self, tag) && der_take_content (self, content);
}

/* The same for an element that has to be the last one. */
static gboolean
der_enter_last (Der    *self,
                guint8  tag,
                Der    *content)
{
  return der_enter (self, tag, content) && self->size == 0;
}

/* The content of an optional @field that is one @tag; its data is %NULL if the field is absent. */
static gboolean
der_take_field (Der    *self,
                guint8  field,
                guint8  tag,
                Der    *content)
{
  Der element;

  *content = (Der) { NULL, 0 };
  return !der_is_next (self, field) ||
         (der_enter (self, field, &element) && der_enter_last (&element, tag, content));
}

/* A byte is at most four characters. */
typedef char Oid[4 * MAX_OID_SIZE + 1];

/* libtasn1 begins with the length, and passes over a number at the end that lacks its last byte. */
static gboolean
der_take_oid (Der *self,
              Oid  oid)
{
  Der value, content;
  int size;

  if (!der_take_tag (self, ASN1_TAG_OBJECT_ID))
    return FALSE;

  value = *self;
  return der_take_content (self, &content) &&
         content.size > 0 && content.size <= MAX_OID_SIZE && content.data[content.size - 1] < 0x80 &&
         asn1_get_object_id_der (value.data, (int) value.size, &size, oid, sizeof (Oid)) == ASN1_SUCCESS;
}

static gboolean
malformed (GError **error)
{
  g_set_error_literal (error, SMB_ERROR, SMB_ERROR_PROTOCOL, "The server's SPNEGO token is malformed");
  return FALSE;
}

/* To the fields of a NegTokenInit. */
static gboolean
enter_init (GBytes *bytes,
            Der    *fields)
{
  Der token, context, choice;
  Oid oid;

  return der_init (&token, bytes) &&
         der_enter_last (&token, TAG_GSS, &context) &&
         der_take_oid (&context, oid) && g_str_equal (oid, SPNEGO_OID) &&
         der_enter_last (&context, TAG_INIT, &choice) &&
         der_enter_last (&choice, TAG_SEQUENCE, fields);
}

static GStrv
decode_mech_list (Der *list)
{
  g_autoptr(GStrvBuilder) builder = g_strv_builder_new ();
  Oid oid;

  while (list->size > 0)
    {
      if (!der_take_oid (list, oid))
        return NULL;
      g_strv_builder_add (builder, oid);
    }
  return g_strv_builder_end (builder);
}

/* A NULL list is one that is absent. */
static gboolean
decode_mech_types (Der   *fields,
                   GStrv *mechanisms)
{
  Der field, list;

  if (!der_is_next (fields, INIT_MECH_TYPES))
    return TRUE;

  if (!der_enter (fields, INIT_MECH_TYPES, &field) || field.size > MAX_MECH_LIST_SIZE ||
      !der_enter_last (&field, TAG_SEQUENCE, &list))
    return FALSE;

  *mechanisms = decode_mech_list (&list);
  return *mechanisms != NULL;
}

gboolean
smb_spnego_decode_hint (GBytes  *bytes,
                        GStrv   *mechanisms,
                        GError **error)
{
  g_auto(GStrv) found = NULL;
  Der fields, ignored;

  *mechanisms = NULL;
  if (!enter_init (bytes, &fields) || !decode_mech_types (&fields, &found) ||
      !der_take_field (&fields, INIT_REQ_FLAGS, ASN1_TAG_BIT_STRING, &ignored) ||
      !der_take_field (&fields, INIT_MECH_TOKEN, ASN1_TAG_OCTET_STRING, &ignored) ||
      !der_take_field (&fields, INIT_NEG_HINTS, TAG_ANY, &ignored) ||
      !der_take_field (&fields, INIT_MECH_LIST_MIC, ASN1_TAG_OCTET_STRING, &ignored) ||
      fields.size > 0)
    return malformed (error);

  *mechanisms = g_steal_pointer (&found);
  return TRUE;
}

/* To the fields of a NegTokenResp. */
static gboolean
enter_response (GBytes *bytes,
                Der    *fields)
{
  Der token, choice;

  return der_init (&token, bytes) &&
         der_enter_last (&token, TAG_RESPONSE, &choice) &&
         der_enter_last (&choice, TAG_SEQUENCE, fields);
}

static gboolean
decode_state (Der            *fields,
              SmbSpnegoState *state)
{
  Der number;

  if (!der_take_field (fields, RESPONSE_NEG_STATE, ASN1_TAG_ENUMERATED, &number))
    return FALSE;
  if (number.data == NULL)
    return TRUE;
  if (number.size != 1 || number.data[0] > SMB_SPNEGO_STATE_REQUEST_MIC)
    return FALSE;

  *state = number.data[0];
  return TRUE;
}

static gboolean
decode_mechanism (Der   *fields,
                  char **mechanism)
{
  Der field;
  Oid oid;

  if (!der_is_next (fields, RESPONSE_SUPPORTED_MECH))
    return TRUE;
  if (!der_enter (fields, RESPONSE_SUPPORTED_MECH, &field) || !der_take_oid (&field, oid) || field.size > 0)
    return FALSE;

  *mechanism = g_strdup (oid);
  return TRUE;
}

static gboolean
decode_octets (Der     *fields,
               guint8   field,
               GBytes **octets)
{
  Der content;

  if (!der_take_field (fields, field, ASN1_TAG_OCTET_STRING, &content))
    return FALSE;

  if (content.size > 0)
    *octets = g_bytes_new (content.data, content.size);
  return TRUE;
}

gboolean
smb_spnego_decode_response (GBytes             *bytes,
                            SmbSpnegoResponse  *response,
                            GError            **error)
{
  Der fields;

  *response = (SmbSpnegoResponse) { SMB_SPNEGO_STATE_NONE, NULL, NULL, NULL };
  if (!enter_response (bytes, &fields) || !decode_state (&fields, &response->state) ||
      !decode_mechanism (&fields, &response->mechanism) ||
      !decode_octets (&fields, RESPONSE_TOKEN, &response->token) ||
      !decode_octets (&fields, RESPONSE_MECH_LIST_MIC, &response->mic) ||
      fields.size > 0)
    return malformed (error);
  return TRUE;
}

void
smb_spnego_response_clear (SmbSpnegoResponse *response)
{
  g_clear_pointer (&response->mechanism, g_free);
  g_clear_pointer (&response->token, g_bytes_unref);
  g_clear_pointer (&response->mic, g_bytes_unref);
}
