/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* The server's side of SPNEGO (RFC 4178), with NTLM as the only mechanism. */

/* negState */
enum
{
  SCRIPTED_SPNEGO_COMPLETED = 0,
  SCRIPTED_SPNEGO_INCOMPLETE = 1,
};

/* The DER of mechTypes in a NegTokenInit; NULL if the token is none. */
GBytes *scripted_spnego_get_mech_list  (GBytes     *token);
/* mechToken or responseToken; NULL if there is none. */
GBytes *scripted_spnego_get_token      (GBytes     *token);

/* The offer in a NEGOTIATE response ([MS-SPNG] 3.2.5.2). */
void    scripted_spnego_write_hint     (GByteArray *bytes);
/* NegTokenResp; @token and @mic are nullable. */
void    scripted_spnego_write_response (GByteArray *bytes,
                                        guint8      state,
                                        gboolean    with_mechanism,
                                        GBytes     *token,
                                        GBytes     *mic);

G_END_DECLS
