/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <gio/gio.h>

#include "smb-macros.h"

G_BEGIN_DECLS

/* The tokens of SPNEGO (RFC 4178 4.2, [MS-SPNG] 2.2.1) and their DER, by libtasn1. */

/* NegTokenResp.negState; the numbers are those of the wire. */
typedef enum
{
  SMB_SPNEGO_STATE_NONE = -1, /* not told */
  SMB_SPNEGO_STATE_ACCEPT_COMPLETED = 0,
  SMB_SPNEGO_STATE_ACCEPT_INCOMPLETE = 1,
  SMB_SPNEGO_STATE_REJECT = 2,
  SMB_SPNEGO_STATE_REQUEST_MIC = 3,
} SmbSpnegoState;

/* A NegTokenResp. Empty octet strings count as absent. */
typedef struct
{
  SmbSpnegoState state;
  char          *mechanism; /* nullable: the object identifier of supportedMech, dotted */
  GBytes        *token;     /* nullable */
  GBytes        *mic;       /* nullable */
} SmbSpnegoResponse;

/*
 * smb_spnego_encode_mech_list: MechTypeList of dotted object identifiers, preferred first: what the MIC
 *   covers.
 * smb_spnego_encode_init: the client's first token; @token nullable.
 * smb_spnego_encode_response: the client's further ones; both nullable.
 * smb_spnego_decode_hint: the mechanisms that the server's NEGOTIATE offers, as dotted object identifiers;
 *   %NULL without error if it names none.
 * smb_spnego_decode_response: what the server answers. @response is cleared by the caller, also after an
 *   error.
 *
 * Both decoders fail with SMB_ERROR_PROTOCOL only.
 */
GBytes  *smb_spnego_encode_mech_list (const char *const *mechanisms);
GBytes  *smb_spnego_encode_init      (GBytes            *mech_list,
                                      GBytes            *token);
GBytes  *smb_spnego_encode_response  (GBytes            *token,
                                      GBytes            *mic);
gboolean smb_spnego_decode_hint      (GBytes            *bytes,
                                      GStrv             *mechanisms,
                                      GError           **error);
gboolean smb_spnego_decode_response  (GBytes            *bytes,
                                      SmbSpnegoResponse *response,
                                      GError           **error);

void     smb_spnego_response_clear   (SmbSpnegoResponse *response);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (SmbSpnegoResponse, smb_spnego_response_clear)

G_END_DECLS
