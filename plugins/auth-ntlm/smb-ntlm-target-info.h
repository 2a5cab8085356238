/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <smb-glib/plugin.h>

G_BEGIN_DECLS

/* AvId of AV_PAIR ([MS-NLMP] 2.2.2.1) */
enum
{
  SMB_NTLM_AV_EOL = 0,
  SMB_NTLM_AV_NB_COMPUTER_NAME = 1,
  SMB_NTLM_AV_NB_DOMAIN_NAME = 2,
  SMB_NTLM_AV_FLAGS = 6,
  SMB_NTLM_AV_TIMESTAMP = 7,
  SMB_NTLM_AV_SINGLE_HOST = 8,
  SMB_NTLM_AV_TARGET_NAME = 9,
  SMB_NTLM_AV_CHANNEL_BINDINGS = 10,
};

#define SMB_NTLM_AV_FLAG_MIC 0x2 /* AUTHENTICATE has a MIC */

/* What a server says about itself that matters to the client. */
typedef struct
{
  gboolean has_timestamp;
  guint64  timestamp; /* FILETIME */
  guint32  flags;
} SmbNtlmTargetInfo;

/*
 * smb_ntlm_target_info_parse: fails with SMB_ERROR_PROTOCOL unless @bytes is a list of pairs up to MsvAvEOL.
 * smb_ntlm_target_info_extend: the list that the client returns ([MS-NLMP] 3.1.5.1.2): the server's pairs
 *   with @flags, the zero hash of "no channel bindings", and the service principal's name (nullable). @bytes
 *   must have been parsed.
 */
gboolean smb_ntlm_target_info_parse  (GBytes             *bytes,
                                      SmbNtlmTargetInfo  *info,
                                      GError            **error);
GBytes  *smb_ntlm_target_info_extend (GBytes             *bytes,
                                      guint32             flags,
                                      const char         *principal);

G_END_DECLS
