/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "smb-protocol-factory-settings.h"

#include <string.h>

#define DEFAULT_TIMEOUT_MSEC 60000
#define DEFAULT_KEEPALIVE_SECONDS 600

#define FIELD(setting, name) [SMB_FACTORY_##setting] = G_STRUCT_OFFSET (SmbFactorySettings, name)

static const gsize fields[SMB_FACTORY_N_SETTINGS] = {
  FIELD (USERNAME, username),
  FIELD (PASSWORD, password),
  FIELD (DOMAIN, domain),
  FIELD (CLIENT_NAME, client_name),
  FIELD (SERVER_NAME, server_name),
  FIELD (USE_NTLM_V2, use_ntlm_v2),
  FIELD (SIGN_OPTIONS, sign_options),
  FIELD (ENCRYPTION, encryption),
  FIELD (ALLOW_GUEST, allow_guest),
  FIELD (ANONYMOUS, anonymous),
  FIELD (AUTH_MECHANISMS, auth_mechanisms),
  FIELD (TRANSPORT, transport),
  FIELD (MIN_DIALECT, min_dialect),
  FIELD (MAX_DIALECT, max_dialect),
  FIELD (DEFAULT_TIMEOUT, default_timeout),
  FIELD (KEEPALIVE_INTERVAL, keepalive_interval),
  FIELD (PROXY_RESOLVER, proxy_resolver),
};

static gpointer
get_field (const SmbFactorySettings *self,
           SmbFactorySetting         setting)
{
  return (guint8 *) self + fields[setting];
}

void
smb_factory_settings_init (SmbFactorySettings *self)
{
  memset (self, 0, sizeof *self);
  self->use_ntlm_v2 = TRUE;
  self->sign_options = SMB_SIGN_OPTIONS_WHEN_SUPPORTED;
  self->encryption = SMB_ENCRYPTION_IF_REQUIRED;
  self->transport = g_strdup ("auto");
  self->default_timeout = DEFAULT_TIMEOUT_MSEC;
  self->keepalive_interval = DEFAULT_KEEPALIVE_SECONDS;
}

void
smb_factory_settings_clear (SmbFactorySettings *self)
{
  g_clear_pointer (&self->username, g_free);
  g_clear_pointer (&self->password, smb_secret_unref);
  g_clear_pointer (&self->domain, g_free);
  g_clear_pointer (&self->client_name, g_free);
  g_clear_pointer (&self->server_name, g_free);
  g_clear_pointer (&self->auth_mechanisms, g_strfreev);
  g_clear_pointer (&self->transport, g_free);
  g_clear_object (&self->proxy_resolver);
}

static void
set_password (SmbFactorySettings *self,
              const char         *password)
{
  smb_secret_unref (self->password);
  self->password = smb_secret_new_string (password);
}

static void
set_string (char       **field,
            const char  *value)
{
  g_free (*field);
  *field = g_strdup (value);
}

static void
set_strv (GStrv       *field,
          const char **value)
{
  g_strfreev (*field);
  *field = g_strdupv ((GStrv) value);
}

void
smb_factory_settings_set_value (SmbFactorySettings *self,
                                SmbFactorySetting   setting,
                                const GValue       *value)
{
  gpointer field = get_field (self, setting);

  if (setting == SMB_FACTORY_PASSWORD)
    set_password (self, g_value_get_string (value));
  else if (setting == SMB_FACTORY_AUTH_MECHANISMS)
    set_strv (field, g_value_get_boxed (value));
  else if (G_VALUE_HOLDS_STRING (value))
    set_string (field, g_value_get_string (value));
  else if (G_VALUE_HOLDS_OBJECT (value))
    g_set_object ((GObject **) field, g_value_get_object (value));
  else if (G_VALUE_HOLDS_ENUM (value))
    *(int *) field = g_value_get_enum (value);
  else if (G_VALUE_HOLDS_BOOLEAN (value))
    *(gboolean *) field = g_value_get_boolean (value);
  else if (G_VALUE_HOLDS_UINT (value))
    *(guint *) field = g_value_get_uint (value);
  else
    *(int *) field = g_value_get_int (value);
}

void
smb_factory_settings_get_value (const SmbFactorySettings *self,
                                SmbFactorySetting         setting,
                                GValue                   *value)
{
  gpointer field = get_field (self, setting);

  if (G_VALUE_HOLDS_STRING (value))
    g_value_set_string (value, *(char **) field);
  else if (G_VALUE_HOLDS_BOXED (value))
    g_value_set_boxed (value, *(gpointer *) field);
  else if (G_VALUE_HOLDS_OBJECT (value))
    g_value_set_object (value, *(gpointer *) field);
  else if (G_VALUE_HOLDS_ENUM (value))
    g_value_set_enum (value, *(int *) field);
  else if (G_VALUE_HOLDS_BOOLEAN (value))
    g_value_set_boolean (value, *(gboolean *) field);
  else if (G_VALUE_HOLDS_UINT (value))
    g_value_set_uint (value, *(guint *) field);
  else
    g_value_set_int (value, *(int *) field);
}

/* The properties. */

static void
install_string (GObjectClass      *klass,
                SmbFactorySetting  setting,
                const char        *name,
                const char        *initial)
{
  g_object_class_install_property (klass, setting,
                                   g_param_spec_string (name, NULL, NULL, initial,
                                                        G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS));
}

static void
install_boolean (GObjectClass      *klass,
                 SmbFactorySetting  setting,
                 const char        *name,
                 gboolean           initial)
{
  g_object_class_install_property (klass, setting,
                                   g_param_spec_boolean (name, NULL, NULL, initial,
                                                         G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS));
}

static void
install_enum (GObjectClass      *klass,
              SmbFactorySetting  setting,
              const char        *name,
              GType              type,
              int                initial)
{
  g_object_class_install_property (klass, setting,
                                   g_param_spec_enum (name, NULL, NULL, type, initial,
                                                      G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS));
}

static void
install_who (GObjectClass *klass)
{
  /**
   * SmbProtocolFactory:username:
   *
   * Who logs in; also as `DOMAIN\user` or `user@realm`.
   *
   * Without a user the desktop's ticket is used where there is a mechanism that has one; else the login is
   * anonymous. `guest` with no password implies [property@ProtocolFactory:allow-guest].
   *
   * This and the other writable properties count when a connection is opened: to set one later changes the
   * next opening, and not the connection that is open.
   */
  install_string (klass, SMB_FACTORY_USERNAME, "username", NULL);

  /**
   * SmbProtocolFactory:password:
   *
   * The user's password. The factory's copy is overwritten before its memory is given back.
   */
  g_object_class_install_property (klass, SMB_FACTORY_PASSWORD,
                                   g_param_spec_string ("password", NULL, NULL, NULL,
                                                        G_PARAM_WRITABLE | G_PARAM_STATIC_STRINGS));

  /**
   * SmbProtocolFactory:domain:
   *
   * The domain or workgroup that knows the user, unless [property@ProtocolFactory:username] names it.
   */
  install_string (klass, SMB_FACTORY_DOMAIN, "domain", NULL);

  /**
   * SmbProtocolFactory:client-name:
   *
   * What this machine calls itself: the workstation of an NTLM login and the calling name of a NetBIOS
   * session, at most 15 characters. %NULL is a name of the transport's choice, and none in a login.
   */
  install_string (klass, SMB_FACTORY_CLIENT_NAME, "client-name", NULL);

  /**
   * SmbProtocolFactory:server-name:
   *
   * The server's NetBIOS name, or its host name. Needed only for servers that insist on their name while they
   * are opened by address. For a NetBIOS session it is found out if the server wants to hear it.
   */
  install_string (klass, SMB_FACTORY_SERVER_NAME, "server-name", NULL);
}

static void
install_login (GObjectClass *klass)
{
  /**
   * SmbProtocolFactory:use-ntlm-v2:
   *
   * Whether NTLM logins are version 2. Version 1 is weak, and is for servers that know nothing better.
   */
  install_boolean (klass, SMB_FACTORY_USE_NTLM_V2, "use-ntlm-v2", TRUE);

  /**
   * SmbProtocolFactory:allow-guest:
   *
   * Whether a login is good that the server has turned into one of a guest: such a session is neither signed
   * nor encrypted. If not, it fails with %SMB_ERROR_AUTH_FAILED.
   */
  install_boolean (klass, SMB_FACTORY_ALLOW_GUEST, "allow-guest", FALSE);

  /**
   * SmbProtocolFactory:anonymous:
   *
   * Whether to log in as nobody even if there is a user or a ticket.
   */
  install_boolean (klass, SMB_FACTORY_ANONYMOUS, "anonymous", FALSE);

  /**
   * SmbProtocolFactory:auth-mechanisms:
   *
   * The names of the mechanisms that a login may use, the preferred first. %NULL: all that are installed, in
   * their own order. A mechanism that fails is not followed by the next one unless this names both.
   */
  g_object_class_install_property (klass, SMB_FACTORY_AUTH_MECHANISMS,
                                   g_param_spec_boxed ("auth-mechanisms", NULL, NULL, G_TYPE_STRV,
                                                       G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS));
}

static void
install_protection (GObjectClass *klass)
{
  /**
   * SmbProtocolFactory:sign-options:
   *
   * When messages are signed.
   */
  install_enum (klass, SMB_FACTORY_SIGN_OPTIONS, "sign-options", SMB_TYPE_SIGN_OPTIONS,
                SMB_SIGN_OPTIONS_WHEN_SUPPORTED);

  /**
   * SmbProtocolFactory:encryption:
   *
   * When messages are encrypted.
   */
  install_enum (klass, SMB_FACTORY_ENCRYPTION, "encryption", SMB_TYPE_ENCRYPTION, SMB_ENCRYPTION_IF_REQUIRED);

  /**
   * SmbProtocolFactory:min-dialect:
   *
   * The oldest dialect that may be spoken; [enum@Smb.DialectVersion.NONE] is no limit.
   */
  install_enum (klass, SMB_FACTORY_MIN_DIALECT, "min-dialect", SMB_TYPE_DIALECT_VERSION,
                SMB_DIALECT_VERSION_NONE);

  /**
   * SmbProtocolFactory:max-dialect:
   *
   * The newest dialect that may be spoken; [enum@Smb.DialectVersion.NONE] is no limit.
   */
  install_enum (klass, SMB_FACTORY_MAX_DIALECT, "max-dialect", SMB_TYPE_DIALECT_VERSION,
                SMB_DIALECT_VERSION_NONE);
}

static void
install_line (GObjectClass *klass)
{
  /**
   * SmbProtocolFactory:transport:
   *
   * How the server is reached: the name of a transport, as `tcp` or `netbios`, or `auto`: port 445 by `tcp`
   * and then port 139 by `netbios`, as soon as that has failed or taken 300 milliseconds; the first to
   * succeed is used. With a given port `auto` is `netbios` for 139 and `tcp` for any other.
   */
  install_string (klass, SMB_FACTORY_TRANSPORT, "transport", "auto");

  /**
   * SmbProtocolFactory:default-timeout:
   *
   * The timeout in milliseconds of a call that was given -1; %G_MAXINT is none.
   *
   * A call that was given 0 does not wait: if it needs an answer of the server's it fails with
   * %SMB_ERROR_TIMED_OUT. With less than -1 it fails with %SMB_ERROR_INVALID_ARGUMENT.
   *
   * It bounds a single request, and the opening of a connection, as a whole. For transfers, enumerations and
   * operations on many files it is the longest time without progress.
   */
  g_object_class_install_property (klass, SMB_FACTORY_DEFAULT_TIMEOUT,
                                   g_param_spec_int ("default-timeout", NULL, NULL, 1, G_MAXINT,
                                                     DEFAULT_TIMEOUT_MSEC,
                                                     G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS));

  /**
   * SmbProtocolFactory:keepalive-interval:
   *
   * After how many seconds without a word the server is asked for an echo, so that neither it nor a firewall
   * forgets the connection; 0 is never.
   */
  g_object_class_install_property (klass, SMB_FACTORY_KEEPALIVE_INTERVAL,
                                   g_param_spec_uint ("keepalive-interval", NULL, NULL, 0, G_MAXINT,
                                                      DEFAULT_KEEPALIVE_SECONDS,
                                                      G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS));

  /**
   * SmbProtocolFactory:proxy-resolver:
   *
   * How proxies are found; %NULL is [func@Gio.ProxyResolver.get_default].
   */
  g_object_class_install_property (klass, SMB_FACTORY_PROXY_RESOLVER,
                                   g_param_spec_object ("proxy-resolver", NULL, NULL, G_TYPE_PROXY_RESOLVER,
                                                        G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS));
}

void
smb_factory_settings_install (GObjectClass *klass)
{
  install_who (klass);
  install_login (klass);
  install_protection (klass);
  install_line (klass);
}
