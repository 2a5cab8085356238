/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "smb-shared-device-private.h"

#include "wire/smb-srvsvc.h"

/**
 * SmbSharedDevice:
 *
 * What a server shares: a tree of files, a printer or the pipes for remote procedure calls.
 *
 * Immutable, and safe in any thread. [method@ProtocolFactory.list_shares] makes these.
 */
struct _SmbSharedDevice
{
  GObject parent_instance;

  char   *name;
  char   *comments;
  guint32 type;
};

G_DEFINE_FINAL_TYPE (SmbSharedDevice, smb_shared_device, G_TYPE_OBJECT)

enum { PROP_NAME = 1, PROP_COMMENTS, PROP_DEVICE_TYPE, PROP_SPECIAL, PROP_TEMPORARY, N_PROPS };
static GParamSpec *props[N_PROPS];

static void
smb_shared_device_get_property (GObject    *object,
                                guint       id,
                                GValue     *value,
                                GParamSpec *pspec)
{
  SmbSharedDevice *self = SMB_SHARED_DEVICE (object);

  switch (id)
    {
    case PROP_NAME:
      g_value_set_string (value, self->name);
      break;
    case PROP_COMMENTS:
      g_value_set_string (value, self->comments);
      break;
    case PROP_DEVICE_TYPE:
      g_value_set_enum (value, smb_shared_device_get_device_type (self));
      break;
    case PROP_SPECIAL:
      g_value_set_boolean (value, smb_shared_device_get_special (self));
      break;
    case PROP_TEMPORARY:
      g_value_set_boolean (value, smb_shared_device_get_temporary (self));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
smb_shared_device_finalize (GObject *object)
{
  SmbSharedDevice *self = SMB_SHARED_DEVICE (object);

  g_free (self->name);
  g_free (self->comments);

  G_OBJECT_CLASS (smb_shared_device_parent_class)->finalize (object);
}

static void
smb_shared_device_class_init (SmbSharedDeviceClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  const GParamFlags flags = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS;

  object_class->get_property = smb_shared_device_get_property;
  object_class->finalize = smb_shared_device_finalize;

  /**
   * SmbSharedDevice:name: (getter get_name)
   *
   * The name by which the share is opened.
   */
  props[PROP_NAME] = g_param_spec_string ("name", NULL, NULL, NULL, flags);

  /**
   * SmbSharedDevice:comments: (getter get_comments)
   *
   * What the server's administrator wrote about it; empty if nothing.
   */
  props[PROP_COMMENTS] = g_param_spec_string ("comments", NULL, NULL, NULL, flags);

  /**
   * SmbSharedDevice:device-type: (getter get_device_type)
   *
   * What it gives access to.
   */
  props[PROP_DEVICE_TYPE] =
    g_param_spec_enum ("device-type", NULL, NULL, SMB_TYPE_DEVICE_TYPE, SMB_DEVICE_TYPE_DISK, flags);

  /**
   * SmbSharedDevice:special: (getter get_special)
   *
   * Whether it is for administration or the server itself, like `IPC$` and `C$`.
   */
  props[PROP_SPECIAL] = g_param_spec_boolean ("special", NULL, NULL, FALSE, flags);

  /**
   * SmbSharedDevice:temporary: (getter get_temporary)
   *
   * Whether it goes away with the server's next start.
   */
  props[PROP_TEMPORARY] = g_param_spec_boolean ("temporary", NULL, NULL, FALSE, flags);

  g_object_class_install_properties (object_class, N_PROPS, props);
}

static void
smb_shared_device_init (SmbSharedDevice *self)
{
}

SmbSharedDevice *
smb_shared_device_new (const char *name,
                       const char *comments,
                       guint32     type)
{
  SmbSharedDevice *self = g_object_new (SMB_TYPE_SHARED_DEVICE, NULL);

  self->name = g_strdup (name);
  self->comments = g_strdup (comments != NULL ? comments : "");
  self->type = type;
  return self;
}

/**
 * smb_shared_device_get_name: (get-property name)
 * @self: the share
 *
 * The name by which the share is opened.
 *
 * Returns: the name
 */
const char *
smb_shared_device_get_name (SmbSharedDevice *self)
{
  g_return_val_if_fail (SMB_IS_SHARED_DEVICE (self), NULL);

  return self->name;
}

/**
 * smb_shared_device_get_comments: (get-property comments)
 * @self: the share
 *
 * What the server's administrator wrote about it.
 *
 * Returns: a text, which may be empty
 */
const char *
smb_shared_device_get_comments (SmbSharedDevice *self)
{
  g_return_val_if_fail (SMB_IS_SHARED_DEVICE (self), NULL);

  return self->comments;
}

/**
 * smb_shared_device_get_device_type: (get-property device-type)
 * @self: the share
 *
 * What it gives access to. A kind that [MS-SRVS] 2.2.2.4 does not name counts as a device.
 *
 * Returns: the type
 */
SmbDeviceType
smb_shared_device_get_device_type (SmbSharedDevice *self)
{
  g_return_val_if_fail (SMB_IS_SHARED_DEVICE (self), SMB_DEVICE_TYPE_DISK);

  switch (self->type & SMB_SRVSVC_SHARE_TYPE_MASK)
    {
    case SMB_SRVSVC_SHARE_DISK:
      return SMB_DEVICE_TYPE_DISK;
    case SMB_SRVSVC_SHARE_PRINTQ:
      return SMB_DEVICE_TYPE_PRINT_QUEUE;
    case SMB_SRVSVC_SHARE_IPC:
      return SMB_DEVICE_TYPE_IPC;
    default:
      return SMB_DEVICE_TYPE_COMM_DEVICE;
    }
}

/**
 * smb_shared_device_get_special: (get-property special)
 * @self: the share
 *
 * Whether it is for administration or the server itself, like `IPC$` and `C$`.
 *
 * Returns: whether it is special
 */
gboolean
smb_shared_device_get_special (SmbSharedDevice *self)
{
  g_return_val_if_fail (SMB_IS_SHARED_DEVICE (self), FALSE);

  return (self->type & SMB_SRVSVC_SHARE_SPECIAL) != 0;
}

/**
 * smb_shared_device_get_temporary: (get-property temporary)
 * @self: the share
 *
 * Whether it goes away with the server's next start.
 *
 * Returns: whether it is temporary
 */
gboolean
smb_shared_device_get_temporary (SmbSharedDevice *self)
{
  g_return_val_if_fail (SMB_IS_SHARED_DEVICE (self), FALSE);

  return (self->type & SMB_SRVSVC_SHARE_TEMPORARY) != 0;
}
