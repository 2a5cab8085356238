/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "crypto/smb-secret.h"
#include "engine/connection/smb-connection.h"
#include "smb-enums.h"

/* What the writable properties of a factory say: what the next opening asks for. Whoever has it locks it. */
typedef struct
{
  char              *username;
  SmbSecret         *password;
  char              *domain;
  char              *client_name;
  char              *server_name;
  gboolean           use_ntlm_v2;
  SmbSignOptions     sign_options;
  SmbEncryption      encryption;
  gboolean           allow_guest;
  gboolean           anonymous;
  GStrv              auth_mechanisms;
  char              *transport;
  SmbDialectVersion  min_dialect;
  SmbDialectVersion  max_dialect;
  int                default_timeout;
  guint              keepalive_interval;
  GProxyResolver    *proxy_resolver;
} SmbFactorySettings;

typedef enum
{
  SMB_FACTORY_USERNAME = 1,
  SMB_FACTORY_PASSWORD,
  SMB_FACTORY_DOMAIN,
  SMB_FACTORY_CLIENT_NAME,
  SMB_FACTORY_SERVER_NAME,
  SMB_FACTORY_USE_NTLM_V2,
  SMB_FACTORY_SIGN_OPTIONS,
  SMB_FACTORY_ENCRYPTION,
  SMB_FACTORY_ALLOW_GUEST,
  SMB_FACTORY_ANONYMOUS,
  SMB_FACTORY_AUTH_MECHANISMS,
  SMB_FACTORY_TRANSPORT,
  SMB_FACTORY_MIN_DIALECT,
  SMB_FACTORY_MAX_DIALECT,
  SMB_FACTORY_DEFAULT_TIMEOUT,
  SMB_FACTORY_KEEPALIVE_INTERVAL,
  SMB_FACTORY_PROXY_RESOLVER,
  SMB_FACTORY_N_SETTINGS,
} SmbFactorySetting;

/* The properties, by the numbers above. */
void smb_factory_settings_install   (GObjectClass             *klass);
void smb_factory_settings_init      (SmbFactorySettings       *self);
void smb_factory_settings_clear     (SmbFactorySettings       *self);
void smb_factory_settings_set_value (SmbFactorySettings       *self,
                                     SmbFactorySetting         setting,
                                     const GValue             *value);
void smb_factory_settings_get_value (const SmbFactorySettings *self,
                                     SmbFactorySetting         setting,
                                     GValue                   *value);

/* What is opened by host and port. */
SmbConnectionOptions *smb_factory_settings_make_options     (const SmbFactorySettings  *self,
                                                             const char                *host,
                                                             guint16                    port,
                                                             GError                   **error);
/* What is opened by a GSocketConnectable. */
SmbConnectionOptions *smb_factory_settings_make_options_for (const SmbFactorySettings  *self,
                                                             GSocketConnectable        *server,
                                                             GError                   **error);
