/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "smb-shared-file-private.h"

#include "wire/smb-filetime.h"

/**
 * SmbSharedFile:
 *
 * What a server says of a file or folder.
 *
 * Immutable, and safe in any thread. Listings make many of these, so they are small: times become
 * objects only when asked for.
 */
struct _SmbSharedFile
{
  GObject parent_instance;

  char             *filename;
  char             *short_name; /* NULL = none */
  SmbSharedFileInfo info;
};

G_DEFINE_FINAL_TYPE (SmbSharedFile, smb_shared_file, G_TYPE_OBJECT)

enum
{
  PROP_FILENAME = 1,
  PROP_SHORT_NAME,
  PROP_CREATION_TIME,
  PROP_LAST_ACCESS_TIME,
  PROP_LAST_WRITE_TIME,
  PROP_CHANGE_TIME,
  PROP_FILE_SIZE,
  PROP_ALLOC_SIZE,
  PROP_ATTRIBUTES,
  PROP_FILE_ID,
  PROP_REPARSE_TAG,
  PROP_IS_DIRECTORY,
  PROP_IS_READ_ONLY,
  PROP_IS_NORMAL,
  N_PROPS
};
static GParamSpec *props[N_PROPS];

static void
smb_shared_file_get_property (GObject    *object,
                              guint       id,
                              GValue     *value,
                              GParamSpec *pspec)
{
  SmbSharedFile *self = SMB_SHARED_FILE (object);

  switch (id)
    {
    case PROP_FILENAME:
      g_value_set_string (value, self->filename);
      break;
    case PROP_SHORT_NAME:
      g_value_set_string (value, self->short_name);
      break;
    case PROP_CREATION_TIME:
      g_value_take_boxed (value, smb_shared_file_get_creation_time (self));
      break;
    case PROP_LAST_ACCESS_TIME:
      g_value_take_boxed (value, smb_shared_file_get_last_access_time (self));
      break;
    case PROP_LAST_WRITE_TIME:
      g_value_take_boxed (value, smb_shared_file_get_last_write_time (self));
      break;
    case PROP_CHANGE_TIME:
      g_value_take_boxed (value, smb_shared_file_get_change_time (self));
      break;
    case PROP_FILE_SIZE:
      g_value_set_uint64 (value, self->info.file_size);
      break;
    case PROP_ALLOC_SIZE:
      g_value_set_uint64 (value, self->info.alloc_size);
      break;
    case PROP_ATTRIBUTES:
      g_value_set_flags (value, self->info.attributes);
      break;
    case PROP_FILE_ID:
      g_value_set_uint64 (value, self->info.file_id);
      break;
    case PROP_REPARSE_TAG:
      g_value_set_uint (value, self->info.reparse_tag);
      break;
    case PROP_IS_DIRECTORY:
      g_value_set_boolean (value, smb_shared_file_get_is_directory (self));
      break;
    case PROP_IS_READ_ONLY:
      g_value_set_boolean (value, smb_shared_file_get_is_read_only (self));
      break;
    case PROP_IS_NORMAL:
      g_value_set_boolean (value, smb_shared_file_get_is_normal (self));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
smb_shared_file_finalize (GObject *object)
{
  SmbSharedFile *self = SMB_SHARED_FILE (object);

  g_free (self->filename);
  g_free (self->short_name);

  G_OBJECT_CLASS (smb_shared_file_parent_class)->finalize (object);
}

static void
install_names (GParamFlags flags)
{
  /**
   * SmbSharedFile:filename: (getter get_filename)
   *
   * The last component of its path; empty for the root of a share.
   */
  props[PROP_FILENAME] = g_param_spec_string ("filename", NULL, NULL, NULL, flags);

  /**
   * SmbSharedFile:short-name: (getter get_short_name)
   *
   * Its 8.3 name; %NULL if it has none, or was not asked for.
   */
  props[PROP_SHORT_NAME] = g_param_spec_string ("short-name", NULL, NULL, NULL, flags);
}

static void
install_times (GParamFlags flags)
{
  /**
   * SmbSharedFile:creation-time: (getter get_creation_time)
   *
   * When it was made, in UTC; %NULL if the server does not know.
   */
  props[PROP_CREATION_TIME] = g_param_spec_boxed ("creation-time", NULL, NULL, G_TYPE_DATE_TIME, flags);

  /**
   * SmbSharedFile:last-access-time: (getter get_last_access_time)
   *
   * When it was last read, in UTC; %NULL if the server does not know.
   */
  props[PROP_LAST_ACCESS_TIME] = g_param_spec_boxed ("last-access-time", NULL, NULL, G_TYPE_DATE_TIME, flags);

  /**
   * SmbSharedFile:last-write-time: (getter get_last_write_time)
   *
   * When it was last written, in UTC; %NULL if the server does not know.
   */
  props[PROP_LAST_WRITE_TIME] = g_param_spec_boxed ("last-write-time", NULL, NULL, G_TYPE_DATE_TIME, flags);

  /**
   * SmbSharedFile:change-time: (getter get_change_time)
   *
   * When it was last changed in any way, its attributes included, in UTC; %NULL if the server does not know.
   */
  props[PROP_CHANGE_TIME] = g_param_spec_boxed ("change-time", NULL, NULL, G_TYPE_DATE_TIME, flags);
}

static void
install_numbers (GParamFlags flags)
{
  /**
   * SmbSharedFile:file-size: (getter get_file_size)
   *
   * Bytes in it.
   */
  props[PROP_FILE_SIZE] = g_param_spec_uint64 ("file-size", NULL, NULL, 0, G_MAXUINT64, 0, flags);

  /**
   * SmbSharedFile:alloc-size: (getter get_alloc_size)
   *
   * Bytes that it takes on the server's disk.
   */
  props[PROP_ALLOC_SIZE] = g_param_spec_uint64 ("alloc-size", NULL, NULL, 0, G_MAXUINT64, 0, flags);

  /**
   * SmbSharedFile:attributes: (getter get_attributes)
   *
   * Its attributes; bits that have no name here may be set too.
   */
  props[PROP_ATTRIBUTES] = g_param_spec_flags ("attributes", NULL, NULL, SMB_TYPE_FILE_ATTRIBUTES, 0, flags);

  /**
   * SmbSharedFile:file-id: (getter get_file_id)
   *
   * A number that no other file on its volume has; 0 if unknown.
   */
  props[PROP_FILE_ID] = g_param_spec_uint64 ("file-id", NULL, NULL, 0, G_MAXUINT64, 0, flags);

  /**
   * SmbSharedFile:reparse-tag: (getter get_reparse_tag)
   *
   * What kind of reparse point it is ([MS-FSCC] 2.1.2.1); 0 if it is none, or was not asked for.
   */
  props[PROP_REPARSE_TAG] = g_param_spec_uint ("reparse-tag", NULL, NULL, 0, G_MAXUINT32, 0, flags);
}

static void
install_questions (GParamFlags flags)
{
  /**
   * SmbSharedFile:is-directory: (getter get_is_directory)
   *
   * Whether it is a folder.
   */
  props[PROP_IS_DIRECTORY] = g_param_spec_boolean ("is-directory", NULL, NULL, FALSE, flags);

  /**
   * SmbSharedFile:is-read-only: (getter get_is_read_only)
   *
   * Whether it has the read-only attribute.
   */
  props[PROP_IS_READ_ONLY] = g_param_spec_boolean ("is-read-only", NULL, NULL, FALSE, flags);

  /**
   * SmbSharedFile:is-normal: (getter get_is_normal)
   *
   * Whether it has none of the attributes read-only, hidden, system, directory and archive.
   */
  props[PROP_IS_NORMAL] = g_param_spec_boolean ("is-normal", NULL, NULL, FALSE, flags);
}

static void
smb_shared_file_class_init (SmbSharedFileClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = smb_shared_file_get_property;
  object_class->finalize = smb_shared_file_finalize;

  install_names (G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  install_times (G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  install_numbers (G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  install_questions (G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, props);
}

static void
smb_shared_file_init (SmbSharedFile *self)
{
}

SmbSharedFile *
smb_shared_file_new (const SmbSharedFileInfo *info,
                     char                    *filename,
                     char                    *short_name)
{
  SmbSharedFile *self = g_object_new (SMB_TYPE_SHARED_FILE, NULL);

  self->info = *info;
  self->filename = filename;
  self->short_name = short_name;
  return self;
}

/**
 * smb_shared_file_get_filename: (get-property filename)
 * @self: the file
 *
 * The last component of its path; empty for the root of a share.
 *
 * Returns: the name
 */
const char *
smb_shared_file_get_filename (SmbSharedFile *self)
{
  g_return_val_if_fail (SMB_IS_SHARED_FILE (self), NULL);

  return self->filename;
}

/**
 * smb_shared_file_get_short_name: (get-property short-name)
 * @self: the file
 *
 * Its 8.3 name.
 *
 * Returns: (nullable): the name, or %NULL if it has none, or was not asked for
 */
const char *
smb_shared_file_get_short_name (SmbSharedFile *self)
{
  g_return_val_if_fail (SMB_IS_SHARED_FILE (self), NULL);

  return self->short_name;
}

/**
 * smb_shared_file_get_creation_time: (get-property creation-time)
 * @self: the file
 *
 * When it was made.
 *
 * Returns: (transfer full) (nullable): the time in UTC, or %NULL if the server does not know
 */
GDateTime *
smb_shared_file_get_creation_time (SmbSharedFile *self)
{
  g_return_val_if_fail (SMB_IS_SHARED_FILE (self), NULL);

  return smb_filetime_to_date_time (self->info.creation_time);
}

/**
 * smb_shared_file_get_last_access_time: (get-property last-access-time)
 * @self: the file
 *
 * When it was last read.
 *
 * Returns: (transfer full) (nullable): the time in UTC, or %NULL if the server does not know
 */
GDateTime *
smb_shared_file_get_last_access_time (SmbSharedFile *self)
{
  g_return_val_if_fail (SMB_IS_SHARED_FILE (self), NULL);

  return smb_filetime_to_date_time (self->info.last_access_time);
}

/**
 * smb_shared_file_get_last_write_time: (get-property last-write-time)
 * @self: the file
 *
 * When it was last written.
 *
 * Returns: (transfer full) (nullable): the time in UTC, or %NULL if the server does not know
 */
GDateTime *
smb_shared_file_get_last_write_time (SmbSharedFile *self)
{
  g_return_val_if_fail (SMB_IS_SHARED_FILE (self), NULL);

  return smb_filetime_to_date_time (self->info.last_write_time);
}

/**
 * smb_shared_file_get_change_time: (get-property change-time)
 * @self: the file
 *
 * When it was last changed in any way, its attributes included.
 *
 * Returns: (transfer full) (nullable): the time in UTC, or %NULL if the server does not know
 */
GDateTime *
smb_shared_file_get_change_time (SmbSharedFile *self)
{
  g_return_val_if_fail (SMB_IS_SHARED_FILE (self), NULL);

  return smb_filetime_to_date_time (self->info.change_time);
}

/**
 * smb_shared_file_get_file_size: (get-property file-size)
 * @self: the file
 *
 * How long it is.
 *
 * Returns: bytes
 */
guint64
smb_shared_file_get_file_size (SmbSharedFile *self)
{
  g_return_val_if_fail (SMB_IS_SHARED_FILE (self), 0);

  return self->info.file_size;
}

/**
 * smb_shared_file_get_alloc_size: (get-property alloc-size)
 * @self: the file
 *
 * What it takes on the server's disk.
 *
 * Returns: bytes
 */
guint64
smb_shared_file_get_alloc_size (SmbSharedFile *self)
{
  g_return_val_if_fail (SMB_IS_SHARED_FILE (self), 0);

  return self->info.alloc_size;
}

/**
 * smb_shared_file_get_attributes: (get-property attributes)
 * @self: the file
 *
 * Its attributes.
 *
 * Returns: the attributes; bits that have no name here may be set too
 */
SmbFileAttributes
smb_shared_file_get_attributes (SmbSharedFile *self)
{
  g_return_val_if_fail (SMB_IS_SHARED_FILE (self), SMB_FILE_ATTRIBUTES_NONE);

  return self->info.attributes;
}

/**
 * smb_shared_file_get_file_id: (get-property file-id)
 * @self: the file
 *
 * A number that no other file on its volume has.
 *
 * Returns: the number, or 0 if unknown
 */
guint64
smb_shared_file_get_file_id (SmbSharedFile *self)
{
  g_return_val_if_fail (SMB_IS_SHARED_FILE (self), 0);

  return self->info.file_id;
}

/**
 * smb_shared_file_get_reparse_tag: (get-property reparse-tag)
 * @self: the file
 *
 * What kind of reparse point it is ([MS-FSCC] 2.1.2.1).
 *
 * Returns: the tag, or 0 if it is none, or was not asked for
 */
guint32
smb_shared_file_get_reparse_tag (SmbSharedFile *self)
{
  g_return_val_if_fail (SMB_IS_SHARED_FILE (self), 0);

  return self->info.reparse_tag;
}

/**
 * smb_shared_file_get_is_directory: (get-property is-directory)
 * @self: the file
 *
 * Whether it is a folder.
 *
 * Returns: whether it is
 */
gboolean
smb_shared_file_get_is_directory (SmbSharedFile *self)
{
  g_return_val_if_fail (SMB_IS_SHARED_FILE (self), FALSE);

  return (self->info.attributes & SMB_FILE_ATTRIBUTES_DIRECTORY) != 0;
}

/**
 * smb_shared_file_get_is_read_only: (get-property is-read-only)
 * @self: the file
 *
 * Whether it has the read-only attribute.
 *
 * Returns: whether it has
 */
gboolean
smb_shared_file_get_is_read_only (SmbSharedFile *self)
{
  g_return_val_if_fail (SMB_IS_SHARED_FILE (self), FALSE);

  return (self->info.attributes & SMB_FILE_ATTRIBUTES_READ_ONLY) != 0;
}

/**
 * smb_shared_file_get_is_normal: (get-property is-normal)
 * @self: the file
 *
 * Whether it has none of the attributes read-only, hidden, system, directory and archive.
 *
 * Returns: whether it has none
 */
gboolean
smb_shared_file_get_is_normal (SmbSharedFile *self)
{
  g_return_val_if_fail (SMB_IS_SHARED_FILE (self), FALSE);

  return self->info.attributes == SMB_FILE_ATTRIBUTES_NORMAL || (self->info.attributes & 0xff) == 0;
}
