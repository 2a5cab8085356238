/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "plugin/smb-auth.h"

G_BEGIN_DECLS

/* A mechanism that a login offers to the server. */
typedef struct
{
  SmbAuth *auth;
  char    *name; /* as in SMB_AUTH_EXTENSION_POINT */
} SmbSpnegoMechanism;

/*
 * smb_spnego_mechanisms_new: what can be offered, the preferred first, never empty: the installed ones, or
 *   those of @requested (nullable) in its order, which the credentials allow and which are among @server_oids
 *   (nullable: not known). Fails with PLUGIN_MISSING if one that was requested, or every one, is not
 *   installed, and with AUTH_FAILED if none is left.
 * smb_spnego_mechanisms_find: the one of an object identifier, borrowed; %NULL if it is not offered.
 * smb_spnego_mechanisms_encode: the MechTypeList to send.
 */
GPtrArray          *smb_spnego_mechanisms_new    (SmbCredentials    *credentials,
                                                  const char *const *requested,
                                                  const char *const *server_oids,
                                                  GError           **error);
SmbSpnegoMechanism *smb_spnego_mechanisms_find   (GPtrArray         *self,
                                                  const char        *oid);
GBytes             *smb_spnego_mechanisms_encode (GPtrArray         *self);

G_END_DECLS
