/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "smb-smb2-body-private.h"

/* Where the variable part of each request begins, from the header. */
#define TREE_CONNECT_PATH_OFFSET    (SMB2_BODY_OFFSET + 8)
#define WRITE_DATA_OFFSET           (SMB2_BODY_OFFSET + 48)
#define IOCTL_INPUT_OFFSET          (SMB2_BODY_OFFSET + 56)
#define QUERY_DIRECTORY_NAME_OFFSET (SMB2_BODY_OFFSET + 32)
#define SET_INFO_BUFFER_OFFSET      (SMB2_BODY_OFFSET + 32)
/* Where a READ's data is wanted: directly behind the fixed part of the response. */
#define READ_DATA_OFFSET            (SMB2_BODY_OFFSET + 16)

#define IOCTL_IS_FSCTL  0x00000001
#define RESTART_SCANS   0x01

gboolean
smb_smb2_check_name (const char  *text,
                     guint16     *size,
                     GError     **error)
{
  gsize units;

  if (text == NULL || !g_utf8_validate (text, -1, NULL))
    {
      g_set_error_literal (error, SMB_ERROR, SMB_ERROR_INVALID_ARGUMENT, "A name is not valid UTF-8");
      return FALSE;
    }
  units = smb_utf16_count_units (text);
  if (units > G_MAXUINT16 / 2)
    {
      g_set_error (error, SMB_ERROR, SMB_ERROR_INVALID_ARGUMENT,
                   "A name of %" G_GSIZE_FORMAT " UTF-16 units is too long", units);
      return FALSE;
    }

  *size = 2 * units;
  return TRUE;
}

/* In a chain, all ones stand for the handle of the request before ([MS-SMB2] 3.2.4.1.4). */
void
smb_smb2_write_handle (SmbWriter        *w,
                       const SmbRequest *request)
{
  smb_writer_u64 (w, request->related ? G_MAXUINT64 : request->handle.persistent);
  smb_writer_u64 (w, request->related ? G_MAXUINT64 : request->handle.transient);
}

/* A Buffer whose StructureSize counts one byte of it has that byte even if there is nothing to put in. */
static void
write_buffer (SmbWriter *w,
              GBytes    *bytes)
{
  gsize size = 0;
  gconstpointer data = bytes == NULL ? NULL : g_bytes_get_data (bytes, &size);

  if (size == 0)
    smb_writer_zeros (w, 1);
  else
    smb_writer_bytes (w, data, size);
}

static gboolean
get_input_size (GBytes   *input,
                guint32  *size,
                GError  **error)
{
  gsize bytes = input == NULL ? 0 : g_bytes_get_size (input);

  if (bytes > G_MAXUINT32)
    {
      g_set_error (error, SMB_ERROR, SMB_ERROR_INVALID_ARGUMENT,
                   "%" G_GSIZE_FORMAT " bytes are too many for one request", bytes);
      return FALSE;
    }

  *size = bytes;
  return TRUE;
}

/* LOGOFF, TREE_DISCONNECT, CANCEL and ECHO: [MS-SMB2] 2.2.7, 2.2.11, 2.2.30, 2.2.28. */
static gboolean
encode_reserved (SmbWriter         *w,
                 const SmbRequest  *request,
                 GBytes           **payload,
                 GError           **error)
{
  smb_writer_u16 (w, 4); /* StructureSize */
  smb_writer_u16 (w, 0); /* Reserved */
  return TRUE;
}

/* [MS-SMB2] 2.2.9 */
static gboolean
encode_tree_connect (SmbWriter         *w,
                     const SmbRequest  *request,
                     GBytes           **payload,
                     GError           **error)
{
  guint16 path_size;

  if (!smb_smb2_check_name (request->tree_connect.path, &path_size, error))
    return FALSE;

  smb_writer_u16 (w, 9);                            /* StructureSize */
  smb_writer_u16 (w, 0);                            /* Flags */
  smb_writer_u16 (w, TREE_CONNECT_PATH_OFFSET);     /* PathOffset */
  smb_writer_u16 (w, path_size);                    /* PathLength */
  smb_writer_utf16 (w, request->tree_connect.path); /* Buffer */
  if (path_size == 0)
    smb_writer_zeros (w, 1);
  return TRUE;
}

/* [MS-SMB2] 2.2.15 */
static gboolean
encode_close (SmbWriter         *w,
              const SmbRequest  *request,
              GBytes           **payload,
              GError           **error)
{
  smb_writer_u16 (w, 24);             /* StructureSize */
  smb_writer_u16 (w, 0);              /* Flags */
  smb_writer_u32 (w, 0);              /* Reserved */
  smb_smb2_write_handle (w, request); /* FileId */
  return TRUE;
}

/* [MS-SMB2] 2.2.17 */
static gboolean
encode_flush (SmbWriter         *w,
              const SmbRequest  *request,
              GBytes           **payload,
              GError           **error)
{
  smb_writer_u16 (w, 24);             /* StructureSize */
  smb_writer_u16 (w, 0);              /* Reserved1 */
  smb_writer_u32 (w, 0);              /* Reserved2 */
  smb_smb2_write_handle (w, request); /* FileId */
  return TRUE;
}

/* [MS-SMB2] 2.2.19 */
static gboolean
encode_read (SmbWriter         *w,
             const SmbRequest  *request,
             GBytes           **payload,
             GError           **error)
{
  smb_writer_u16 (w, 49);                    /* StructureSize */
  smb_writer_u8 (w, READ_DATA_OFFSET);       /* Padding */
  smb_writer_u8 (w, 0);                      /* Flags */
  smb_writer_u32 (w, request->read.length);  /* Length */
  smb_writer_u64 (w, request->read.offset);  /* Offset */
  smb_smb2_write_handle (w, request);        /* FileId */
  smb_writer_u32 (w, request->read.minimum); /* MinimumCount */
  smb_writer_u32 (w, 0);                     /* Channel */
  smb_writer_u32 (w, 0);                     /* RemainingBytes */
  smb_writer_u16 (w, 0);                     /* ReadChannelInfoOffset */
  smb_writer_u16 (w, 0);                     /* ReadChannelInfoLength */
  write_buffer (w, NULL);                    /* Buffer */
  return TRUE;
}

/* The caller's memory, kept alive by its owner if it has one. */
static GBytes *
get_write_payload (const SmbRequest *request)
{
  if (request->write.owner == NULL)
    return g_bytes_new_static (request->write.data, request->write.size);
  return g_bytes_new_with_free_func (request->write.data, request->write.size,
                                     (GDestroyNotify) g_bytes_unref, g_bytes_ref (request->write.owner));
}

/* [MS-SMB2] 2.2.21 */
static gboolean
encode_write (SmbWriter         *w,
              const SmbRequest  *request,
              GBytes           **payload,
              GError           **error)
{
  if (request->write.size > G_MAXUINT32)
    {
      g_set_error (error, SMB_ERROR, SMB_ERROR_INVALID_ARGUMENT,
                   "%" G_GSIZE_FORMAT " bytes are too many for one WRITE", request->write.size);
      return FALSE;
    }

  smb_writer_u16 (w, 49);                    /* StructureSize */
  smb_writer_u16 (w, WRITE_DATA_OFFSET);     /* DataOffset */
  smb_writer_u32 (w, request->write.size);   /* Length */
  smb_writer_u64 (w, request->write.offset); /* Offset */
  smb_smb2_write_handle (w, request);        /* FileId */
  smb_writer_u32 (w, 0);                     /* Channel */
  smb_writer_u32 (w, 0);                     /* RemainingBytes */
  smb_writer_u16 (w, 0);                     /* WriteChannelInfoOffset */
  smb_writer_u16 (w, 0);                     /* WriteChannelInfoLength */
  smb_writer_u32 (w, 0);                     /* Flags */
  if (request->write.size == 0)
    write_buffer (w, NULL);                  /* Buffer */
  else
    *payload = get_write_payload (request);
  return TRUE;
}

/* [MS-SMB2] 2.2.31 */
static gboolean
encode_ioctl (SmbWriter         *w,
              const SmbRequest  *request,
              GBytes           **payload,
              GError           **error)
{
  guint32 input_size;

  if (!get_input_size (request->ioctl.input, &input_size, error))
    return FALSE;

  smb_writer_u16 (w, 57);                                        /* StructureSize */
  smb_writer_u16 (w, 0);                                         /* Reserved */
  smb_writer_u32 (w, request->ioctl.code);                       /* CtlCode */
  smb_smb2_write_handle (w, request);                            /* FileId */
  smb_writer_u32 (w, input_size == 0 ? 0 : IOCTL_INPUT_OFFSET);  /* InputOffset */
  smb_writer_u32 (w, input_size);                                /* InputCount */
  smb_writer_u32 (w, 0);                                         /* MaxInputResponse */
  smb_writer_u32 (w, 0);                                         /* OutputOffset */
  smb_writer_u32 (w, 0);                                         /* OutputCount */
  smb_writer_u32 (w, request->ioctl.max_output);                 /* MaxOutputResponse */
  smb_writer_u32 (w, IOCTL_IS_FSCTL);                            /* Flags */
  smb_writer_u32 (w, 0);                                         /* Reserved2 */
  write_buffer (w, request->ioctl.input);                        /* Buffer */
  return TRUE;
}

/* [MS-SMB2] 2.2.33. Samba and others refuse an empty pattern, also where a scan is only continued. */
static gboolean
encode_query_directory (SmbWriter         *w,
                        const SmbRequest  *request,
                        GBytes           **payload,
                        GError           **error)
{
  const char *pattern = request->query_directory.pattern;
  guint16 pattern_size;

  if (pattern == NULL || *pattern == '\0')
    pattern = "*";
  if (!smb_smb2_check_name (pattern, &pattern_size, error))
    return FALSE;

  smb_writer_u16 (w, 33);                                                /* StructureSize */
  smb_writer_u8 (w, request->query_directory.info_class);                /* FileInformationClass */
  smb_writer_u8 (w, request->query_directory.restart ? RESTART_SCANS : 0); /* Flags */
  smb_writer_u32 (w, 0);                                                 /* FileIndex */
  smb_smb2_write_handle (w, request);                                    /* FileId */
  smb_writer_u16 (w, QUERY_DIRECTORY_NAME_OFFSET);                       /* FileNameOffset */
  smb_writer_u16 (w, pattern_size);                                      /* FileNameLength */
  smb_writer_u32 (w, request->query_directory.max_output);               /* OutputBufferLength */
  smb_writer_utf16 (w, pattern);                                         /* Buffer */
  return TRUE;
}

/* [MS-SMB2] 2.2.37 */
static gboolean
encode_query_info (SmbWriter         *w,
                   const SmbRequest  *request,
                   GBytes           **payload,
                   GError           **error)
{
  if (request->query_info.path != NULL)
    {
      g_set_error_literal (error, SMB_ERROR, SMB_ERROR_INVALID_ARGUMENT,
                           "SMB2 asks about nothing by its path");
      return FALSE;
    }

  smb_writer_u16 (w, 41);                             /* StructureSize */
  smb_writer_u8 (w, request->query_info.type);        /* InfoType */
  smb_writer_u8 (w, request->query_info.info_class);  /* FileInfoClass */
  smb_writer_u32 (w, request->query_info.max_output); /* OutputBufferLength */
  smb_writer_u16 (w, 0);                              /* InputBufferOffset */
  smb_writer_u16 (w, 0);                              /* Reserved */
  smb_writer_u32 (w, 0);                              /* InputBufferLength */
  smb_writer_u32 (w, request->query_info.additional); /* AdditionalInformation */
  smb_writer_u32 (w, 0);                              /* Flags */
  smb_smb2_write_handle (w, request);                 /* FileId */
  write_buffer (w, NULL);                             /* Buffer */
  return TRUE;
}

/* [MS-SMB2] 2.2.39 */
static gboolean
encode_set_info (SmbWriter         *w,
                 const SmbRequest  *request,
                 GBytes           **payload,
                 GError           **error)
{
  guint32 input_size;

  if (!get_input_size (request->set_info.input, &input_size, error))
    return FALSE;

  smb_writer_u16 (w, 33);                           /* StructureSize */
  smb_writer_u8 (w, request->set_info.type);        /* InfoType */
  smb_writer_u8 (w, request->set_info.info_class);  /* FileInfoClass */
  smb_writer_u32 (w, input_size);                   /* BufferLength */
  smb_writer_u16 (w, SET_INFO_BUFFER_OFFSET);       /* BufferOffset */
  smb_writer_u16 (w, 0);                            /* Reserved */
  smb_writer_u32 (w, request->set_info.additional); /* AdditionalInformation */
  smb_smb2_write_handle (w, request);               /* FileId */
  write_buffer (w, request->set_info.input);        /* Buffer */
  return TRUE;
}

typedef gboolean (*Encoder) (SmbWriter         *w,
                             const SmbRequest  *request,
                             GBytes           **payload,
                             GError           **error);

static const Encoder encoders[] = {
  [SMB_COMMAND_LOGOFF] = encode_reserved,
  [SMB_COMMAND_TREE_CONNECT] = encode_tree_connect,
  [SMB_COMMAND_TREE_DISCONNECT] = encode_reserved,
  [SMB_COMMAND_CREATE] = smb_smb2_encode_create,
  [SMB_COMMAND_CLOSE] = encode_close,
  [SMB_COMMAND_FLUSH] = encode_flush,
  [SMB_COMMAND_READ] = encode_read,
  [SMB_COMMAND_WRITE] = encode_write,
  [SMB_COMMAND_IOCTL] = encode_ioctl,
  [SMB_COMMAND_CANCEL] = encode_reserved,
  [SMB_COMMAND_ECHO] = encode_reserved,
  [SMB_COMMAND_QUERY_DIRECTORY] = encode_query_directory,
  [SMB_COMMAND_QUERY_INFO] = encode_query_info,
  [SMB_COMMAND_SET_INFO] = encode_set_info,
};

gboolean
smb_smb2_encode_body (SmbWriter         *writer,
                      const SmbRequest  *request,
                      gsize              header_offset,
                      GBytes           **payload,
                      GError           **error)
{
  g_return_val_if_fail (smb_writer_get_offset (writer) == header_offset + SMB2_BODY_OFFSET, FALSE);

  *payload = NULL;
  if ((guint) request->command >= G_N_ELEMENTS (encoders) || encoders[request->command] == NULL)
    {
      g_set_error (error, SMB_ERROR, SMB_ERROR_INVALID_ARGUMENT, "A %s request has no body of this kind",
                   smb_command_get_name (request->command));
      return FALSE;
    }

  return encoders[request->command](writer, request, payload, error);
}

/* [MS-SMB2] 3.3.5.2.5 says which fields count. */
guint
smb_smb2_payload_size (const SmbRequest *request)
{
  gsize sent = 0;

  switch (request->command)
    {
    case SMB_COMMAND_READ:
      return request->read.length;
    case SMB_COMMAND_WRITE:
      sent = request->write.size;
      break;
    case SMB_COMMAND_IOCTL:
      sent = request->ioctl.input == NULL ? 0 : g_bytes_get_size (request->ioctl.input);
      sent = MAX (sent, request->ioctl.max_output);
      break;
    case SMB_COMMAND_QUERY_DIRECTORY:
      return request->query_directory.max_output;
    case SMB_COMMAND_QUERY_INFO:
      return request->query_info.max_output;
    case SMB_COMMAND_SET_INFO:
      sent = request->set_info.input == NULL ? 0 : g_bytes_get_size (request->set_info.input);
      break;
    default:
      break;
    }
  return MIN (sent, G_MAXUINT);
}
