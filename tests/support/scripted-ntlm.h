/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* The server's side of a login with NTLM in SPNEGO ([MS-NLMP], [MS-SPNG]). */
typedef struct
{
  GBytes *mech_list; /* DER of MechTypeList; NULL before the first token */
  GBytes *negotiate; /* the messages so far, for the MIC */
  GBytes *challenge;
  guint8  key[16];   /* ExportedSessionKey */
} ScriptedNtlm;

typedef enum
{
  SCRIPTED_NTLM_CONTINUE,
  SCRIPTED_NTLM_ACCEPT,
  SCRIPTED_NTLM_ANONYMOUS,
  SCRIPTED_NTLM_REFUSE,
} ScriptedNtlmResult;

/* Takes the client's token and appends the answer. */
ScriptedNtlmResult scripted_ntlm_step  (ScriptedNtlm *self,
                                        const char   *user,
                                        const char   *password,
                                        gboolean      send_mic,
                                        GBytes       *token,
                                        GByteArray   *answer);
void               scripted_ntlm_clear (ScriptedNtlm *self);

G_END_DECLS
