/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "smb-uri.h"

#include <string.h>

#include "smb-error.h"

/**
 * SmbUri:
 *
 * The address of a server, a share or a file: `smb://[domain;][user@]host[:port]/share/path`.
 *
 * Immutable, and safe in any thread. [func@Uri.parse] makes these.
 */
struct _SmbUri
{
  GObject parent_instance;

  char   *domain; /* NULL = none, as is user */
  char   *user;
  char   *host;
  guint16 port;   /* 0 = none */
  char   *share;
  char   *path;
};

G_DEFINE_FINAL_TYPE (SmbUri, smb_uri, G_TYPE_OBJECT)

enum { PROP_DOMAIN = 1, PROP_USER, PROP_HOST, PROP_PORT, PROP_SHARE, PROP_PATH, N_PROPS };
static GParamSpec *props[N_PROPS];

static void
smb_uri_get_property (GObject    *object,
                      guint       id,
                      GValue     *value,
                      GParamSpec *pspec)
{
  SmbUri *self = SMB_URI (object);

  switch (id)
    {
    case PROP_DOMAIN:
      g_value_set_string (value, self->domain);
      break;
    case PROP_USER:
      g_value_set_string (value, self->user);
      break;
    case PROP_HOST:
      g_value_set_string (value, self->host);
      break;
    case PROP_PORT:
      g_value_set_uint (value, self->port);
      break;
    case PROP_SHARE:
      g_value_set_string (value, self->share);
      break;
    case PROP_PATH:
      g_value_set_string (value, self->path);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
smb_uri_finalize (GObject *object)
{
  SmbUri *self = SMB_URI (object);

  g_free (self->domain);
  g_free (self->user);
  g_free (self->host);
  g_free (self->share);
  g_free (self->path);

  G_OBJECT_CLASS (smb_uri_parent_class)->finalize (object);
}

static void
smb_uri_class_init (SmbUriClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  const GParamFlags flags = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS;

  object_class->get_property = smb_uri_get_property;
  object_class->finalize = smb_uri_finalize;

  /**
   * SmbUri:domain: (getter get_domain)
   *
   * The domain or workgroup of the user; %NULL if the address has none.
   */
  props[PROP_DOMAIN] = g_param_spec_string ("domain", NULL, NULL, NULL, flags);

  /**
   * SmbUri:user: (getter get_user)
   *
   * Who logs in; %NULL if the address does not say.
   */
  props[PROP_USER] = g_param_spec_string ("user", NULL, NULL, NULL, flags);

  /**
   * SmbUri:host: (getter get_host)
   *
   * The name or the address of the server; an IPv6 address without its brackets.
   */
  props[PROP_HOST] = g_param_spec_string ("host", NULL, NULL, NULL, flags);

  /**
   * SmbUri:port: (getter get_port)
   *
   * The port; 0 if the address has none.
   */
  props[PROP_PORT] = g_param_spec_uint ("port", NULL, NULL, 0, G_MAXUINT16, 0, flags);

  /**
   * SmbUri:share: (getter get_share)
   *
   * The name of the share; empty if the address is that of the server.
   */
  props[PROP_SHARE] = g_param_spec_string ("share", NULL, NULL, NULL, flags);

  /**
   * SmbUri:path: (getter get_path)
   *
   * The path in the share, with `/` and none at its ends; empty for the root.
   */
  props[PROP_PATH] = g_param_spec_string ("path", NULL, NULL, NULL, flags);

  g_object_class_install_properties (object_class, N_PROPS, props);
}

static void
smb_uri_init (SmbUri *self)
{
}

static gboolean
refuse (GError     **error,
        const char  *reason)
{
  g_set_error (error, SMB_ERROR, SMB_ERROR_INVALID_ARGUMENT, "Not an address of the form "
               "smb://[domain;][user@]host[:port]/share/path: %s", reason);
  return FALSE;
}

/* One percent-encoded part, in which the characters of @reserved must not appear even so. */
static char *
decode (const char  *text,
        gsize        size,
        const char  *reserved,
        GError     **error)
{
  g_autofree char *decoded = g_uri_unescape_segment (text, text + size, NULL);

  if (decoded == NULL || !g_utf8_validate (decoded, -1, NULL))
    {
      refuse (error, "a part of it is not valid percent-encoded UTF-8");
      return NULL;
    }
  if (strpbrk (decoded, reserved) != NULL)
    {
      refuse (error, "a name in it has a slash, a backslash or a colon");
      return NULL;
    }
  return g_steal_pointer (&decoded);
}

/* A part of [domain;]user; an empty one counts as missing. */
static gboolean
take_name (char       **name,
           const char  *text,
           gsize        size,
           GError     **error)
{
  if (size == 0)
    return TRUE;

  *name = decode (text, size, "", error);
  return *name != NULL;
}

/* Passwords in addresses end up in logs, histories and process lists. */
static gboolean
take_userinfo (SmbUri      *self,
               const char  *userinfo,
               GError     **error)
{
  const char *user, *semicolon;

  if (userinfo == NULL)
    return TRUE;
  if (strchr (userinfo, ':') != NULL)
    return refuse (error, "a password must not be part of it");

  semicolon = strchr (userinfo, ';');
  user = semicolon == NULL ? userinfo : semicolon + 1;
  if (semicolon != NULL && !take_name (&self->domain, userinfo, semicolon - userinfo, error))
    return FALSE;
  return take_name (&self->user, user, strlen (user), error);
}

/* /share/path. An encoded slash would be one more level for the server. */
static gboolean
take_path (SmbUri      *self,
           const char  *path,
           GError     **error)
{
  g_auto(GStrv) segments = g_strsplit (path, "/", -1);
  g_autoptr(GPtrArray) names = g_ptr_array_new_with_free_func (g_free);

  for (guint i = 0; segments[i] != NULL; i++)
    {
      char *name;

      if (*segments[i] == '\0')
        continue;
      name = decode (segments[i], strlen (segments[i]), "/\\:", error);
      if (name == NULL)
        return FALSE;
      g_ptr_array_add (names, name);
    }
  g_ptr_array_add (names, NULL);

  self->share = g_strdup (names->len > 1 ? names->pdata[0] : "");
  self->path = names->len > 1 ? g_strjoinv ("/", (char **) names->pdata + 1) : g_strdup ("");
  return TRUE;
}

static gboolean
take_parts (SmbUri      *self,
            GUri        *uri,
            GError     **error)
{
  const char *host = g_uri_get_host (uri);

  if (g_ascii_strcasecmp (g_uri_get_scheme (uri), "smb") != 0)
    return refuse (error, "it does not begin with smb://");
  if (host == NULL || *host == '\0' || strpbrk (host, "@/\\;<>\"| \t\r\n") != NULL)
    return refuse (error, "it names no server");
  if (g_uri_get_query (uri) != NULL || g_uri_get_fragment (uri) != NULL)
    return refuse (error, "“?” and “#” in a name are written %3F and %23");

  self->host = g_strdup (host);
  self->port = MAX (g_uri_get_port (uri), 0);
  return take_userinfo (self, g_uri_get_userinfo (uri), error) &&
         take_path (self, g_uri_get_path (uri), error);
}

/**
 * smb_uri_parse:
 * @text: an address, for example `smb://WORKGROUP;ada@fileserver/share/folder/file.txt`
 * @error: where to put an error, or %NULL
 *
 * Takes an address to pieces. Its parts are percent-decoded; the share and the path may be missing, in the
 * path doubled slashes and those at its ends do not count.
 *
 * Fails with [error@Smb.Error.INVALID_ARGUMENT] if @text is not of this form, also if there is a password in
 * it: those do not belong into addresses.
 *
 * Returns: (transfer full): the address
 */
SmbUri *
smb_uri_parse (const char  *text,
               GError     **error)
{
  g_autoptr(GUri) uri = NULL;
  g_autoptr(SmbUri) self = NULL;

  g_return_val_if_fail (text != NULL, NULL);

  /* GUri's own message may repeat a part of a password. */
  uri = g_uri_parse (text, G_URI_FLAGS_ENCODED, NULL);
  if (uri == NULL)
    {
      refuse (error, "it is no valid URI");
      return NULL;
    }

  self = g_object_new (SMB_TYPE_URI, NULL);
  return take_parts (self, uri, error) ? g_steal_pointer (&self) : NULL;
}

/**
 * smb_uri_get_domain: (get-property domain)
 * @self: the address
 *
 * The domain or workgroup of the user.
 *
 * Returns: (nullable): the domain, or %NULL if the address has none
 */
const char *
smb_uri_get_domain (SmbUri *self)
{
  g_return_val_if_fail (SMB_IS_URI (self), NULL);

  return self->domain;
}

/**
 * smb_uri_get_user: (get-property user)
 * @self: the address
 *
 * Who logs in.
 *
 * Returns: (nullable): the user, or %NULL if the address does not say
 */
const char *
smb_uri_get_user (SmbUri *self)
{
  g_return_val_if_fail (SMB_IS_URI (self), NULL);

  return self->user;
}

/**
 * smb_uri_get_host: (get-property host)
 * @self: the address
 *
 * The server.
 *
 * Returns: a name or an address; IPv6 without brackets
 */
const char *
smb_uri_get_host (SmbUri *self)
{
  g_return_val_if_fail (SMB_IS_URI (self), NULL);

  return self->host;
}

/**
 * smb_uri_get_port: (get-property port)
 * @self: the address
 *
 * The port.
 *
 * Returns: the port, or 0 if the address has none
 */
guint16
smb_uri_get_port (SmbUri *self)
{
  g_return_val_if_fail (SMB_IS_URI (self), 0);

  return self->port;
}

/**
 * smb_uri_get_share: (get-property share)
 * @self: the address
 *
 * The name of the share.
 *
 * Returns: the name; empty if the address is that of the server
 */
const char *
smb_uri_get_share (SmbUri *self)
{
  g_return_val_if_fail (SMB_IS_URI (self), NULL);

  return self->share;
}

/**
 * smb_uri_get_path: (get-property path)
 * @self: the address
 *
 * The path in the share.
 *
 * Returns: the path, with `/` and none at its ends; empty for the root
 */
const char *
smb_uri_get_path (SmbUri *self)
{
  g_return_val_if_fail (SMB_IS_URI (self), NULL);

  return self->path;
}
