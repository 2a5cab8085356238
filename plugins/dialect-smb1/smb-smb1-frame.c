/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "smb-smb1-frame.h"

/* In the scratch: SmbSmb1Note, the message, then each part behind this. */
typedef struct
{
  guint32 kind;
  guint32 size;
} PartHeader;

static void
part_free (gpointer data)
{
  SmbSmb1Part *part = data;

  g_byte_array_unref (part->bytes);
  g_free (part);
}

SmbFrame *
smb_smb1_frame_new (SmbCommand command)
{
  SmbFrame *frame = smb_frame_new ();

  smb_frame_add_message (frame, command);
  g_byte_array_set_size (frame->bytes, sizeof (SmbSmb1Note));
  memset (frame->bytes->data, 0, sizeof (SmbSmb1Note));
  return frame;
}

void
smb_smb1_frame_begin (SmbFrame  *frame,
                      SmbWriter *writer)
{
  smb_frame_get_message (frame, 0)->offset = frame->bytes->len;
  smb_writer_init (writer, frame->bytes);
}

void
smb_smb1_frame_end (SmbFrame        *frame,
                    const SmbWriter *writer)
{
  SmbFrameMessage *message = smb_frame_get_message (frame, 0);

  message->size = smb_writer_get_offset (writer);
  frame->size = message->size + (message->payload == NULL ? 0 : g_bytes_get_size (message->payload));
}

gsize
smb_smb1_frame_begin_part (SmbFrame        *frame,
                           SmbSmb1PartKind  kind,
                           SmbWriter       *writer)
{
  const PartHeader header = { .kind = kind };
  gsize part = frame->bytes->len;

  g_byte_array_append (frame->bytes, (const guint8 *) &header, sizeof header);
  smb_writer_init (writer, frame->bytes);
  return part;
}

void
smb_smb1_frame_end_part (SmbFrame *frame,
                         gsize     part)
{
  guint32 size = frame->bytes->len - part - sizeof (PartHeader);

  memcpy (frame->bytes->data + part + offsetof (PartHeader, size), &size, sizeof size);
}

SmbSmb1Note *
smb_smb1_frame_get_note (SmbFrame *frame)
{
  return (SmbSmb1Note *) (gpointer) frame->bytes->data;
}

void
smb_smb1_frame_put_off (SmbFrame        *frame,
                        const SmbWriter *writer)
{
  SmbFrameMessage *message = smb_frame_get_message (frame, 0);
  const PartHeader header = { SMB_SMB1_PART_STEP, message->size };
  GByteArray *bytes = g_byte_array_sized_new (frame->bytes->len + 64);

  g_byte_array_append (bytes, frame->bytes->data, message->offset);
  g_byte_array_append (bytes, writer->bytes->data, writer->bytes->len);
  g_byte_array_append (bytes, (const guint8 *) &header, sizeof header);
  g_byte_array_append (bytes, frame->bytes->data + message->offset, frame->bytes->len - message->offset);
  g_byte_array_unref (frame->bytes);
  frame->bytes = bytes;
  message->size = writer->bytes->len;
  frame->size = message->size;
}

GPtrArray *
smb_smb1_frame_dup_parts (SmbFrame *frame)
{
  const SmbFrameMessage *message = smb_frame_get_message (frame, 0);
  gsize offset = message->offset + message->size;
  GPtrArray *parts = NULL;

  while (offset < frame->bytes->len)
    {
      SmbSmb1Part *part = g_new0 (SmbSmb1Part, 1);
      PartHeader header;

      memcpy (&header, frame->bytes->data + offset, sizeof header);
      offset += sizeof header;
      part->kind = header.kind;
      part->bytes = g_byte_array_sized_new (header.size);
      g_byte_array_append (part->bytes, frame->bytes->data + offset, header.size);
      offset += header.size;
      if (parts == NULL)
        parts = g_ptr_array_new_with_free_func (part_free);
      g_ptr_array_add (parts, part);
    }

  return parts;
}

void
smb_smb1_frame_set_vectors (SmbFrame *frame)
{
  const SmbFrameMessage *message = smb_frame_get_message (frame, 0);
  gconstpointer payload;
  gsize size;

  smb_frame_clear_vectors (frame);
  smb_frame_add_vector (frame, frame->bytes->data + message->offset, message->size);
  if (message->payload == NULL)
    return;

  payload = g_bytes_get_data (message->payload, &size);
  smb_frame_add_vector (frame, payload, size);
}

void
smb_smb1_write_no_andx (SmbWriter *writer)
{
  smb_writer_u8 (writer, 0xff); /* AndXCommand */
  smb_writer_u8 (writer, 0);    /* AndXReserved */
  smb_writer_u16 (writer, 0);   /* AndXOffset */
}

gsize
smb_smb1_begin_bytes (SmbWriter *writer)
{
  gsize byte_count = smb_writer_get_offset (writer);

  smb_writer_u16 (writer, 0); /* ByteCount */
  return byte_count;
}

void
smb_smb1_end_bytes (SmbWriter *writer,
                    gsize      byte_count)
{
  smb_writer_patch_u16 (writer, byte_count, smb_writer_get_offset (writer) - byte_count - 2);
}

/* [MS-CIFS] 2.2.4.39.1; at least one byte comes along. */
void
smb_smb1_write_echo (SmbWriter *writer)
{
  smb_writer_u8 (writer, 1);  /* WordCount */
  smb_writer_u16 (writer, 1); /* EchoCount */
  smb_writer_u16 (writer, 1); /* ByteCount */
  smb_writer_u8 (writer, 0);  /* Data */
}

gboolean
smb_smb1_write_string (SmbWriter   *writer,
                       const char  *text,
                       GError     **error)
{
  if (text == NULL || !g_utf8_validate (text, -1, NULL))
    {
      g_set_error_literal (error, SMB_ERROR, SMB_ERROR_INVALID_ARGUMENT, "A name is not valid UTF-8");
      return FALSE;
    }
  if (smb_utf16_count_units (text) >= G_MAXUINT16 / 2)
    {
      g_set_error_literal (error, SMB_ERROR, SMB_ERROR_INVALID_ARGUMENT, "A name is too long");
      return FALSE;
    }

  smb_writer_align (writer, 2);
  smb_writer_utf16 (writer, text);
  smb_writer_u16 (writer, 0);
  return TRUE;
}

/* [MS-SMB] 2.2.1.1.1: the token is the first component. */
gboolean
smb_smb1_write_path (SmbWriter   *writer,
                     const char  *path,
                     guint64      snapshot,
                     GError     **error)
{
  g_autoptr(GDateTime) time = snapshot == 0 ? NULL : smb_filetime_to_date_time (snapshot);
  g_autofree char *token = time == NULL ? NULL : smb_gmt_token_format (time);
  g_autofree char *whole = NULL;

  if (path == NULL || (snapshot != 0 && token == NULL))
    {
      g_set_error_literal (error, SMB_ERROR, SMB_ERROR_INVALID_ARGUMENT,
                           "A path is missing, or its snapshot's time");
      return FALSE;
    }
  if (token == NULL)
    whole = g_strconcat ("\\", path, NULL);
  else
    whole = g_strconcat ("\\", token, *path == '\0' ? "" : "\\", path, NULL);
  return smb_smb1_write_string (writer, whole, error);
}
