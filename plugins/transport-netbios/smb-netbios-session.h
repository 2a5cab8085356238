/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <smb-glib/plugin.h>

G_BEGIN_DECLS

/* The packets of the session service ([RFC 1002] 4.3), all of which begin with the same header. */

#define SMB_NETBIOS_HEADER_SIZE       4
#define SMB_NETBIOS_MAX_RESPONSE_SIZE 6 /* behind the header */
#define SMB_NETBIOS_LARGEST_MESSAGE   0x1FFFF

/* [RFC 1002] 4.3.1 TYPE */
typedef enum
{
  SMB_NETBIOS_SESSION_MESSAGE = 0x00,
  SMB_NETBIOS_SESSION_REQUEST = 0x81,
  SMB_NETBIOS_POSITIVE_RESPONSE = 0x82,
  SMB_NETBIOS_NEGATIVE_RESPONSE = 0x83,
  SMB_NETBIOS_RETARGET_RESPONSE = 0x84,
  SMB_NETBIOS_KEEPALIVE = 0x85,
} SmbNetbiosPacket;

/* [RFC 1002] 4.3.4 ERROR_CODE */
typedef enum
{
  SMB_NETBIOS_REFUSED_WITHOUT_REASON = 0x00, /* the code itself is missing */
  SMB_NETBIOS_REFUSED_CALLED_NOT_LISTENING = 0x80,
  SMB_NETBIOS_REFUSED_CALLING_NOT_HEARD = 0x81,
  SMB_NETBIOS_REFUSED_CALLED_NOT_PRESENT = 0x82,
  SMB_NETBIOS_REFUSED_RESOURCES = 0x83,
  SMB_NETBIOS_REFUSED_UNSPECIFIED = 0x8F,
} SmbNetbiosRefusal;

/**
 * SmbNetbiosResponse:
 * @type: POSITIVE, NEGATIVE, RETARGET or KEEPALIVE
 * @refusal: SmbNetbiosRefusal, or a number that has no name; of a NEGATIVE one
 * @address: of a RETARGET one: where to call instead, IPv4 in network order
 * @port: likewise
 *
 * What a server may answer to a session request.
 */
typedef struct
{
  guint8  type;
  guint8  refusal;
  guint8  address[4];
  guint16 port;
} SmbNetbiosResponse;

/*
 * smb_netbios_header_encode: of a message; one of no bytes is a keep-alive.
 * smb_netbios_header_decode: FALSE with SMB_ERROR_PROTOCOL if it is none. Says nothing about @type.
 * smb_netbios_response_get_size: how many bytes follow the header; FALSE with SMB_ERROR_PROTOCOL unless it is
 *   that of a response.
 * smb_netbios_response_decode: @data is the header and what follows it.
 */
void     smb_netbios_header_encode     (gsize                 size,
                                        guint8                header[SMB_NETBIOS_HEADER_SIZE]);
gboolean smb_netbios_header_decode     (const guint8          header[SMB_NETBIOS_HEADER_SIZE],
                                        guint8               *type,
                                        gsize                *size,
                                        GError              **error);

GBytes  *smb_netbios_request_encode    (const SmbNetbiosName *called,
                                        const SmbNetbiosName *calling);
gboolean smb_netbios_response_get_size (const guint8          header[SMB_NETBIOS_HEADER_SIZE],
                                        gsize                *size,
                                        GError              **error);
gboolean smb_netbios_response_decode   (const guint8         *data,
                                        gsize                 size,
                                        SmbNetbiosResponse   *response,
                                        GError              **error);

/* What a refusal means, in words. */
GError  *smb_netbios_refusal_to_error  (guint8                refusal,
                                        const SmbNetbiosName *called,
                                        const SmbNetbiosName *calling);

G_END_DECLS
