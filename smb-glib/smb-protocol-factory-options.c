/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "smb-protocol-factory-settings.h"

#include <string.h>

#include "plugin/smb-plugin.h"
#include "smb-error.h"

/* From properties to what the engine is asked for. */

#define NETBIOS_PORT 139

/* Whether one of the mechanisms can log in without a name, by a ticket. */
static gboolean
has_ticket (const SmbFactorySettings *self,
            SmbCredentials           *credentials)
{
  g_auto(GStrv) installed = smb_plugin_list (SMB_AUTH_EXTENSION_POINT);
  GStrv         names = self->auth_mechanisms != NULL ? self->auth_mechanisms : installed;

  for (guint i = 0; names[i] != NULL; i++)
    {
      GType              type = smb_plugin_lookup (SMB_AUTH_EXTENSION_POINT, names[i], NULL);
      g_autoptr(SmbAuth) auth = type == 0 ? NULL : g_object_new (type, "credentials", credentials, NULL);

      if (auth != NULL && smb_auth_is_usable (auth))
        return TRUE;
    }
  return FALSE;
}

static void
set_user (SmbCredentials *credentials,
          const char     *username,
          const char     *domain)
{
  const char *backslash = username == NULL ? NULL : strchr (username, '\\');

  if (backslash == NULL)
    {
      credentials->username = g_strdup (username);
      credentials->domain = g_strdup (domain);
      return;
    }
  credentials->username = g_strdup (backslash + 1);
  credentials->domain = g_strndup (username, backslash - username);
}

static gboolean
is_empty (const char *text)
{
  return text == NULL || text[0] == '\0';
}

static SmbCredentials *
make_credentials (const SmbFactorySettings *self,
                  const char               *target_host)
{
  SmbCredentials *credentials = smb_credentials_new ();

  credentials->target_host = g_strdup (target_host);
  credentials->workstation = g_strdup (self->client_name);
  credentials->use_ntlm_v2 = self->use_ntlm_v2;
  credentials->anonymous = self->anonymous;
  if (self->anonymous)
    return credentials;

  set_user (credentials, self->username, self->domain);
  if (self->password != NULL)
    credentials->password = g_strdup ((const char *) self->password->data);
  if (is_empty (credentials->username))
    credentials->anonymous = !has_ticket (self, credentials);
  return credentials;
}

static gboolean
is_guest (const SmbCredentials *credentials)
{
  return !is_empty (credentials->username) && g_ascii_strcasecmp (credentials->username, "guest") == 0 &&
         is_empty (credentials->password);
}

static gboolean
check (const SmbFactorySettings  *self,
       GError                   **error)
{
  if (self->max_dialect == SMB_DIALECT_VERSION_NONE || self->min_dialect <= self->max_dialect)
    return TRUE;

  g_set_error_literal (error, SMB_ERROR, SMB_ERROR_INVALID_ARGUMENT,
                       "Cannot open a connection: the oldest dialect allowed is newer than the newest one");
  return FALSE;
}

/* Takes @host. */
static SmbConnectionOptions *
make_options (const SmbFactorySettings *self,
              char                     *host,
              char                     *target_host,
              guint16                   port)
{
  SmbConnectionOptions *options = smb_connection_options_new ();

  options->host = host;
  options->port = port;
  options->target_host = target_host;
  options->transport = g_strdup (self->transport);
  options->proxy_resolver = self->proxy_resolver == NULL ? NULL : g_object_ref (self->proxy_resolver);
  options->client_name = g_strdup (self->client_name);
  options->server_name = g_strdup (self->server_name);
  options->mechanisms = g_strdupv (self->auth_mechanisms);
  options->credentials = make_credentials (self, target_host);
  options->min_version = self->min_dialect;
  options->max_version = self->max_dialect;
  options->sign_options = self->sign_options;
  options->encryption = self->encryption;
  options->allow_guest = self->allow_guest || is_guest (options->credentials);
  options->keepalive_interval = self->keepalive_interval;
  options->default_timeout = self->default_timeout;
  return options;
}

/* Also with the name of an interface, "fe80::1%eth0". */
static gboolean
is_address (const char *host)
{
  g_auto(GStrv) parts = g_strsplit (host, "%", 2);

  return parts[0] != NULL && g_hostname_is_ip_address (parts[0]);
}

/* An IPv6 address as a name that UNC paths can hold ([MS-SMB2] 3.2.4.2, the transcription of Windows). */
static char *
address_to_name (const char *address)
{
  g_autofree char *name = NULL;

  if (strchr (address, ':') == NULL)
    return g_strdup (address);
  name = g_strdelimit (g_strdup (address), ":", '-');
  return g_strconcat (g_strdelimit (name, "%", 's'), ".ipv6-literal.net", NULL);
}

/* By what name the server knows itself; never looked up in the network. */
static char *
make_target_host (const SmbFactorySettings *self,
                  const char               *host,
                  guint16                   port)
{
  gboolean netbios = g_strcmp0 (self->transport, "netbios") == 0 || port == NETBIOS_PORT;

  if (!is_empty (self->server_name) && (netbios || is_address (host)))
    return g_strdup (self->server_name);
  return is_address (host) ? address_to_name (host) : g_strdup (host);
}

static char *
parse_host (const char  *host,
            GError     **error)
{
  gsize length = strlen (host);

  if (length > 2 && host[0] == '[' && host[length - 1] == ']')
    return g_strndup (host + 1, length - 2);
  if (length > 0 && g_utf8_validate (host, -1, NULL) && strpbrk (host, "\\/ \t\r\n[]") == NULL)
    return g_strdup (host);

  g_set_error_literal (error, SMB_ERROR, SMB_ERROR_INVALID_ARGUMENT,
                       "Cannot open a connection: this cannot be the name or address of a host");
  return NULL;
}

SmbConnectionOptions *
smb_factory_settings_make_options (const SmbFactorySettings  *self,
                                   const char                *host,
                                   guint16                    port,
                                   GError                   **error)
{
  char *bare_host;

  if (!check (self, error))
    return NULL;
  bare_host = parse_host (host, error);
  if (bare_host == NULL)
    return NULL;
  return make_options (self, bare_host, make_target_host (self, bare_host, port), port);
}

/* The host that @server is about, if it is of a kind that tells; its port, 0 = not known. */
static char *
get_host (GSocketConnectable *server,
          guint16            *port)
{
  *port = 0;
  if (G_IS_NETWORK_ADDRESS (server))
    {
      *port = g_network_address_get_port (G_NETWORK_ADDRESS (server));
      return g_strdup (g_network_address_get_hostname (G_NETWORK_ADDRESS (server)));
    }
  if (G_IS_NETWORK_SERVICE (server))
    return g_strdup (g_network_service_get_domain (G_NETWORK_SERVICE (server)));
  if (G_IS_INET_SOCKET_ADDRESS (server))
    {
      *port = g_inet_socket_address_get_port (G_INET_SOCKET_ADDRESS (server));
      return g_inet_address_to_string (g_inet_socket_address_get_address (G_INET_SOCKET_ADDRESS (server)));
    }
  return g_strdup ("localhost");
}

SmbConnectionOptions *
smb_factory_settings_make_options_for (const SmbFactorySettings  *self,
                                       GSocketConnectable        *server,
                                       GError                   **error)
{
  guint16               port;
  g_autofree char      *host = get_host (server, &port);
  SmbConnectionOptions *options;

  if (G_IS_NETWORK_ADDRESS (server) && port == 0)
    return smb_factory_settings_make_options (self, host, 0, error);
  if (!check (self, error))
    return NULL;

  options = make_options (self, g_strdup (host), make_target_host (self, host, port), port);
  options->server = g_object_ref (server);
  return options;
}
