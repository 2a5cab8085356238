/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "plugin/smb-spnego-token.h"

#include <libtasn1.h>

#include "smb-error.h"

#define SPNEGO_OID "1.3.6.1.5.5.2"

/* SMB2 carries at most 64 KiB. Lists are decoded in quadratic time, and honest ones have five entries. */
#define MAX_TOKEN_SIZE     65535
#define MAX_MECH_LIST_SIZE 512
#define USUAL_TOKEN_SIZE   1024

extern const asn1_static_node smb_spnego_asn1[]; /* smb-spnego-asn1.c */

typedef asn1_node Asn1Node;

static void
asn1_node_clear (Asn1Node *node)
{
  asn1_delete_structure (node);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Asn1Node, asn1_node_clear)

static gpointer
load_definitions (gpointer data)
{
  asn1_node definitions = NULL;
  int result = asn1_array2tree (smb_spnego_asn1, &definitions, NULL);

  g_assert (result == ASN1_SUCCESS);

  return definitions;
}

static Asn1Node
create (const char *type)
{
  static GOnce once = G_ONCE_INIT;
  asn1_node definitions = g_once (&once, load_definitions, NULL);
  asn1_node node = NULL;
  int result = asn1_create_element (definitions, type, &node);

  g_assert (result == ASN1_SUCCESS);

  return node;
}

/* Encoding: the values are our own, so nothing of it can fail. */

/* %NULL removes an optional field. */
static void
set (Asn1Node       node,
     const char    *field,
     gconstpointer  value,
     gsize          size)
{
  int result = asn1_write_value (node, field, value, (int) size);

  g_assert (result == ASN1_SUCCESS);
}

static void
set_bytes (Asn1Node    node,
           const char *field,
           GBytes     *bytes)
{
  gsize size = 0;
  gconstpointer data = bytes != NULL ? g_bytes_get_data (bytes, &size) : NULL;

  set (node, field, size > 0 ? data : NULL, size);
}

static GBytes *
encode (Asn1Node node)
{
  int size = USUAL_TOKEN_SIZE;
  guint8 *der = g_malloc (size);
  int result = asn1_der_coding (node, "", der, &size, NULL);

  if (result == ASN1_MEM_ERROR) /* size is what it takes */
    {
      der = g_realloc (der, size);
      result = asn1_der_coding (node, "", der, &size, NULL);
    }
  g_assert (result == ASN1_SUCCESS);

  return g_bytes_new_take (der, size);
}

GBytes *
smb_spnego_encode_mech_list (const char *const *mechanisms)
{
  g_auto(Asn1Node) node = create ("SPNEGO.MechTypeList");

  for (guint i = 0; mechanisms[i] != NULL; i++)
    {
      set (node, "", "NEW", 1);
      set (node, "?LAST", mechanisms[i], 1);
    }
  return encode (node);
}

GBytes *
smb_spnego_encode_init (GBytes *mech_list,
                        GBytes *token)
{
  g_auto(Asn1Node) node = create ("SPNEGO.InitialContextToken");

  set (node, "thisMech", SPNEGO_OID, 1);
  set_bytes (node, "init.mechTypes", mech_list);
  set_bytes (node, "init.reqFlags", NULL);
  set_bytes (node, "init.mechToken", token);
  set_bytes (node, "init.negHints", NULL);
  set_bytes (node, "init.mechListMIC", NULL);

  return encode (node);
}

GBytes *
smb_spnego_encode_response (GBytes *token,
                            GBytes *mic)
{
  g_auto(Asn1Node) node = create ("SPNEGO.NegTokenResp");

  set (node, "negState", "accept-incomplete", 0);
  set_bytes (node, "supportedMech", NULL);
  set_bytes (node, "responseToken", token);
  set_bytes (node, "mechListMIC", mic);

  return encode (node);
}

/* Decoding */

static gboolean
malformed (GError **error)
{
  g_set_error_literal (error, SMB_ERROR, SMB_ERROR_PROTOCOL, "The server's SPNEGO token is malformed");
  return FALSE;
}

/* libtasn1 frees @node when it fails. */
static gboolean
decode (Asn1Node      *node,
        gconstpointer  data,
        gsize          size,
        gsize          max_size)
{
  int left = (int) size;

  return size > 0 && size <= max_size &&
         asn1_der_decoding2 (node, data, &left, ASN1_DECODE_FLAG_STRICT_DER, NULL) == ASN1_SUCCESS;
}

/* The value of an octet string, an object identifier (with its zero) or ANY; NULL if absent or empty. */
static GBytes *
get_bytes (Asn1Node    node,
           const char *field)
{
  int size = 0;
  guint8 *value;

  if (asn1_read_value (node, field, NULL, &size) != ASN1_MEM_ERROR || size <= 0)
    return NULL;

  value = g_malloc (size);
  if (asn1_read_value (node, field, value, &size) != ASN1_SUCCESS)
    g_clear_pointer (&value, g_free);
  return value != NULL ? g_bytes_new_take (value, size) : NULL;
}

static char *
get_oid (Asn1Node    node,
         const char *field)
{
  g_autoptr(GBytes) value = get_bytes (node, field);

  return value != NULL ? g_strdup (g_bytes_get_data (value, NULL)) : NULL;
}

static gboolean
decode_mech_list (GBytes *der,
                  GStrv  *mechanisms)
{
  g_auto(Asn1Node) node = create ("SPNEGO.MechTypeList");
  g_autoptr(GStrvBuilder) builder = g_strv_builder_new ();
  int count = 0;

  if (!decode (&node, g_bytes_get_data (der, NULL), g_bytes_get_size (der), MAX_MECH_LIST_SIZE) ||
      asn1_number_of_elements (node, "", &count) != ASN1_SUCCESS)
    return FALSE;

  for (int i = 1; i <= count; i++)
    {
      g_autofree char *field = g_strdup_printf ("?%d", i);
      g_autofree char *oid = get_oid (node, field);

      if (oid == NULL)
        return FALSE;
      g_strv_builder_add (builder, oid);
    }

  *mechanisms = g_strv_builder_end (builder);
  return TRUE;
}

gboolean
smb_spnego_decode_hint (GBytes  *bytes,
                        GStrv   *mechanisms,
                        GError **error)
{
  g_auto(Asn1Node) node = create ("SPNEGO.InitialContextToken");
  g_autofree char *oid = NULL;
  g_autoptr(GBytes) mech_types = NULL;

  *mechanisms = NULL;
  if (!decode (&node, g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes), MAX_TOKEN_SIZE))
    return malformed (error);

  oid = get_oid (node, "thisMech");
  if (g_strcmp0 (oid, SPNEGO_OID) != 0)
    return malformed (error);

  mech_types = get_bytes (node, "init.mechTypes");
  if (mech_types != NULL && !decode_mech_list (mech_types, mechanisms))
    return malformed (error);
  return TRUE;
}

static gboolean
get_state (Asn1Node        node,
           SmbSpnegoState *state)
{
  guint8 number[4];
  int size = sizeof number;
  int result = asn1_read_value (node, "negState", number, &size);

  *state = SMB_SPNEGO_STATE_NONE;
  if (result == ASN1_ELEMENT_NOT_FOUND)
    return TRUE;
  if (result != ASN1_SUCCESS || size != 1 || number[0] > SMB_SPNEGO_STATE_REQUEST_MIC)
    return FALSE;

  *state = number[0];
  return TRUE;
}

gboolean
smb_spnego_decode_response (GBytes             *bytes,
                            SmbSpnegoResponse  *response,
                            GError            **error)
{
  g_auto(Asn1Node) node = create ("SPNEGO.NegTokenResp");

  *response = (SmbSpnegoResponse) { SMB_SPNEGO_STATE_NONE, NULL, NULL, NULL };
  if (!decode (&node, g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes), MAX_TOKEN_SIZE) ||
      !get_state (node, &response->state))
    return malformed (error);

  response->mechanism = get_oid (node, "supportedMech");
  response->token = get_bytes (node, "responseToken");
  response->mic = get_bytes (node, "mechListMIC");
  return TRUE;
}

void
smb_spnego_response_clear (SmbSpnegoResponse *response)
{
  g_clear_pointer (&response->mechanism, g_free);
  g_clear_pointer (&response->token, g_bytes_unref);
  g_clear_pointer (&response->mic, g_bytes_unref);
}
