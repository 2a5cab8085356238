/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "smb-netbios-session.h"

#define FLAG_LENGTH_EXTENSION 0x01 /* the 17th bit of the length; the other flags are 0 */

void
smb_netbios_header_encode (gsize  size,
                           guint8 header[SMB_NETBIOS_HEADER_SIZE])
{
  header[0] = size == 0 ? SMB_NETBIOS_KEEPALIVE : SMB_NETBIOS_SESSION_MESSAGE; /* TYPE */
  header[1] = (guint8) (size >> 16);                                           /* FLAGS */
  header[2] = (guint8) (size >> 8);                                            /* LENGTH */
  header[3] = (guint8) size;
}

gboolean
smb_netbios_header_decode (const guint8   header[SMB_NETBIOS_HEADER_SIZE],
                           guint8        *type,
                           gsize         *size,
                           GError       **error)
{
  *type = header[0];
  *size = (gsize) (header[1] & FLAG_LENGTH_EXTENSION) << 16 | (gsize) header[2] << 8 | header[3];
  if ((header[1] & ~FLAG_LENGTH_EXTENSION) == 0)
    return TRUE;

  g_set_error (error, SMB_ERROR, SMB_ERROR_PROTOCOL,
               "The server does not speak NetBIOS: a packet begins with %02x %02x %02x %02x", header[0],
               header[1], header[2], header[3]);
  return FALSE;
}

/* [RFC 1002] 4.3.2 */
GBytes *
smb_netbios_request_encode (const SmbNetbiosName *called,
                            const SmbNetbiosName *calling)
{
  SmbWriter w;
  gsize     size;

  smb_writer_init (&w, NULL);
  smb_writer_u8 (&w, SMB_NETBIOS_SESSION_REQUEST); /* TYPE */
  smb_writer_u8 (&w, 0);                           /* FLAGS */
  smb_writer_u16_be (&w, 0);                       /* LENGTH */
  smb_netbios_name_encode (called, &w);            /* CALLED NAME */
  smb_netbios_name_encode (calling, &w);           /* CALLING NAME */

  size = smb_writer_get_offset (&w) - SMB_NETBIOS_HEADER_SIZE;
  smb_writer_patch_u16 (&w, 2, GUINT16_SWAP_LE_BE ((guint16) size));
  return smb_writer_steal_bytes (&w);
}

/* [RFC 1002] 4.3.3 to 4.3.6. Samba refuses some without the code. */
static gboolean
is_response_size (guint8 type,
                  gsize  size)
{
  switch (type)
    {
    case SMB_NETBIOS_POSITIVE_RESPONSE:
    case SMB_NETBIOS_KEEPALIVE:
      return size == 0;
    case SMB_NETBIOS_NEGATIVE_RESPONSE:
      return size <= 1;
    case SMB_NETBIOS_RETARGET_RESPONSE:
      return size == SMB_NETBIOS_MAX_RESPONSE_SIZE;
    default:
      return FALSE;
    }
}

gboolean
smb_netbios_response_get_size (const guint8   header[SMB_NETBIOS_HEADER_SIZE],
                               gsize         *size,
                               GError       **error)
{
  guint8 type;

  if (!smb_netbios_header_decode (header, &type, size, error))
    return FALSE;
  if (is_response_size (type, *size))
    return TRUE;

  g_set_error (error, SMB_ERROR, SMB_ERROR_PROTOCOL,
               "The server does not answer a NetBIOS session request: a packet of type %02x and %"
               G_GSIZE_FORMAT " bytes came", type, *size);
  return FALSE;
}

gboolean
smb_netbios_response_decode (const guint8        *data,
                             gsize                size,
                             SmbNetbiosResponse  *response,
                             GError             **error)
{
  guint8    header[SMB_NETBIOS_HEADER_SIZE];
  gsize     trailer_size = 0;
  SmbReader r;

  *response = (SmbNetbiosResponse) { 0 };
  smb_reader_init (&r, data, size);
  smb_reader_copy (&r, header, sizeof header);
  if (!smb_reader_finish (&r, "The answer to the NetBIOS session request", error) ||
      !smb_netbios_response_get_size (header, &trailer_size, error))
    return FALSE;

  response->type = header[0];
  if (response->type == SMB_NETBIOS_NEGATIVE_RESPONSE && trailer_size > 0)
    response->refusal = smb_reader_u8 (&r); /* ERROR_CODE */
  if (response->type == SMB_NETBIOS_RETARGET_RESPONSE)
    {
      smb_reader_copy (&r, response->address, sizeof response->address); /* RETARGET_IP_ADDRESS */
      response->port = smb_reader_u16_be (&r);                           /* PORT */
    }
  return smb_reader_finish (&r, "The answer to the NetBIOS session request", error);
}

GError *
smb_netbios_refusal_to_error (guint8                refusal,
                              const SmbNetbiosName *called,
                              const SmbNetbiosName *calling)
{
  g_autofree char *called_text = smb_netbios_name_dup_text (called);
  g_autofree char *calling_text = smb_netbios_name_dup_text (calling);

  switch (refusal)
    {
    case SMB_NETBIOS_REFUSED_CALLED_NOT_LISTENING:
      return g_error_new (SMB_ERROR, SMB_ERROR_NOT_FOUND, "nobody serves files under the NetBIOS name '%s'",
                          called_text);
    case SMB_NETBIOS_REFUSED_CALLING_NOT_HEARD:
      return g_error_new (SMB_ERROR, SMB_ERROR_ACCESS_DENIED,
                          "the server does not listen to a computer with the NetBIOS name '%s'",
                          calling_text);
    case SMB_NETBIOS_REFUSED_CALLED_NOT_PRESENT:
      return g_error_new (SMB_ERROR, SMB_ERROR_NOT_FOUND, "the server does not have the NetBIOS name '%s'",
                          called_text);
    case SMB_NETBIOS_REFUSED_RESOURCES:
      return g_error_new_literal (SMB_ERROR, SMB_ERROR_FAILED,
                                  "the server has no room for another NetBIOS session");
    case SMB_NETBIOS_REFUSED_WITHOUT_REASON:
    case SMB_NETBIOS_REFUSED_UNSPECIFIED:
      return g_error_new_literal (SMB_ERROR, SMB_ERROR_FAILED,
                                  "the server refuses a NetBIOS session and does not say why");
    default:
      return g_error_new (SMB_ERROR, SMB_ERROR_FAILED,
                          "the server refuses a NetBIOS session, with error 0x%02X", refusal);
    }
}
