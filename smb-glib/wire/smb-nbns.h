/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "wire/smb-netbios-name.h"

G_BEGIN_DECLS

/* The questions of NetBIOS's name service and their answers ([RFC 1002] 4.2). */

/* [RFC 1002] 4.2.1.2 QUESTION_TYPE, 4.2.1.3 RR_TYPE */
typedef enum
{
  SMB_NBNS_NAME = 0x0020,   /* NB: which addresses has the name? */
  SMB_NBNS_STATUS = 0x0021, /* NBSTAT: which names has the node? */
} SmbNbnsType;

/* [RFC 1002] 4.2.1.1 RCODE */
#define SMB_NBNS_FORMAT_ERROR    0x1
#define SMB_NBNS_SERVER_FAILURE  0x2
#define SMB_NBNS_NAME_ERROR      0x3
#define SMB_NBNS_NOT_IMPLEMENTED 0x4
#define SMB_NBNS_REFUSED         0x5

/* [RFC 1002] 4.2.13 NB_FLAGS, 4.2.18 NAME_FLAGS */
#define SMB_NBNS_GROUP    0x8000
#define SMB_NBNS_CONFLICT 0x0800
#define SMB_NBNS_ACTIVE   0x0400

/* An address that a name has, in network order. */
typedef struct
{
  guint16 flags;
  guint8  address[4];
} SmbNbnsAddress;

/* A name that a node has. */
typedef struct
{
  guint16        flags;
  SmbNetbiosName name;
} SmbNbnsRecord;

/**
 * SmbNbnsReply:
 * @id: that of the question
 * @code: RCODE; with any but 0 there is nothing more but perhaps the name
 * @type: SmbNbnsType; 0 if there was no answer to a question of these types
 * @has_name: whether @name says something
 * @name: what the answer is about
 * @addresses: (element-type SmbNbnsAddress): to SMB_NBNS_NAME, else empty
 * @records: (element-type SmbNbnsRecord): to SMB_NBNS_STATUS, else empty
 * @has_unit_id: whether @unit_id says something
 * @unit_id: to SMB_NBNS_STATUS: the address of the network adapter
 *
 * An answer ([RFC 1002] 4.2.13, 4.2.14, 4.2.18).
 */
typedef struct
{
  guint16        id;
  guint8         code;
  guint16        type;
  gboolean       has_name;
  SmbNetbiosName name;
  GArray        *addresses;
  GArray        *records;
  gboolean       has_unit_id;
  guint8         unit_id[6];
} SmbNbnsReply;

/*
 * smb_nbns_request_encode: @broadcast says that it will be sent to everybody.
 * smb_nbns_reply_decode: fails with SMB_ERROR_PROTOCOL for what is no answer to a query.
 */
SMB_EXTERN GBytes       *smb_nbns_request_encode (guint16                id,
                                                  SmbNbnsType            type,
                                                  const SmbNetbiosName  *name,
                                                  gboolean               broadcast) G_GNUC_WARN_UNUSED_RESULT;
SMB_EXTERN SmbNbnsReply *smb_nbns_reply_decode   (gconstpointer          data,
                                                  gsize                  size,
                                                  GError               **error) G_GNUC_WARN_UNUSED_RESULT;
SMB_EXTERN void          smb_nbns_reply_free     (SmbNbnsReply          *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (SmbNbnsReply, smb_nbns_reply_free)

G_END_DECLS
