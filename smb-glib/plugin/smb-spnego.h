/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "plugin/smb-auth.h"

G_BEGIN_DECLS

#define SMB_TYPE_SPNEGO (smb_spnego_get_type ())
G_DECLARE_FINAL_TYPE (SmbSpnego, smb_spnego, SMB, SPNEGO, GObject)

/* One login: chooses among the installed mechanisms (or those of @mechanisms, in that order) by what the
 * credentials allow and the server offers, and protects the choice ([RFC 4178], [MS-SPNG]). */
SmbSpnego *smb_spnego_new (SmbCredentials     *credentials,
                           const char *const  *mechanisms);

/* What a step came to: @token is to be sent next; NULL without @error when the server needs none, which is no
 * success by itself. Both belong to who is told.
 * Fails with PROTOCOL for what no honest server sends, SECURITY for a wrong or lacking proof of the choice,
 * AUTH_FAILED when the server rejects all or nothing is in common, PLUGIN_MISSING when a mechanism asked for
 * is not installed, and with what the mechanism reports. After an error all further steps fail. */
typedef void (*SmbSpnegoDone) (GBytes   *token,
                               GError   *error,
                               gpointer  data);

/* @token: the server's: the hint of its NEGOTIATE response at first (may be NULL or empty), then what each
 * SESSION_SETUP response carried; NULL or empty also for a response without a token, which must be told too.
 * One step at a time. @done is called once: from within, where the mechanism asks nobody, else in the
 * thread-default context of the caller. */
void smb_spnego_step (SmbSpnego     *self,
                      GBytes        *token,
                      GCancellable  *cancellable,
                      SmbSpnegoDone  done,
                      gpointer       data);

/* TRUE once mechanism and negotiation have ended well; a server's success before that is an attack.
 * Never while a token that a step came to is unanswered: so ask after the step for the server's last
 * response, also when that carried no token. */
gboolean    smb_spnego_is_complete     (SmbSpnego *self);
/* (transfer full): NULL while not complete, and for logins that have none (anonymous). */
GBytes     *smb_spnego_get_session_key (SmbSpnego *self);
/* The name of the mechanism that the server accepted, as in SMB_AUTH_EXTENSION_POINT; NULL before. */
const char *smb_spnego_get_mechanism   (SmbSpnego *self);

G_END_DECLS
