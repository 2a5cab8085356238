/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <gio/gio.h>

#include "smb-macros.h"

G_BEGIN_DECLS

/**
 * SmbCredentials:
 *
 * Who logs in, where. Reference counted and immutable once filled in; the password is wiped with the last
 * reference.
 */
typedef struct
{
  /*< private >*/
  gatomicrefcount ref_count;

  /*< public >*/
  char    *username;    /* NULL or "" = none */
  char    *password;    /* NULL = none */
  char    *domain;      /* NULL = none given */
  char    *workstation; /* NULL = none given */
  char    *target_host; /* the host of the service principal cifs/HOST */
  gboolean use_ntlm_v2;
  gboolean anonymous; /* asked for, or nothing else is possible */
} SmbCredentials;

SMB_EXTERN SmbCredentials *smb_credentials_new   (void);
SMB_EXTERN SmbCredentials *smb_credentials_ref   (SmbCredentials *self);
SMB_EXTERN void            smb_credentials_unref (SmbCredentials *self);

/* The name and the domain as they go to a server, to be freed; the username may hold both. @domain becomes
 * NULL where none is given and the server's own is meant. */
SMB_EXTERN void smb_credentials_get_names (const SmbCredentials  *self,
                                           char                 **user,
                                           char                 **domain);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (SmbCredentials, smb_credentials_unref)

#define SMB_TYPE_AUTH (smb_auth_get_type ())
SMB_EXTERN G_DECLARE_DERIVABLE_TYPE (SmbAuth, smb_auth, SMB, AUTH, GObject)

/**
 * SmbAuthClass:
 * @oid: the mechanism's object identifier, dotted
 * @is_usable: whether @credentials suffice for this mechanism; quick, no I/O
 * @step: (nullable): for a mechanism that asks nobody and so has its answer at once: takes the server's token
 *   (%NULL at first), and gives what @step_finish does
 * @step_async: instead of @step: takes the server's token (%NULL at first); callbacks come in the caller's
 *   thread-default context
 * @step_finish: (transfer full) (nullable): the token to send, %NULL with @error unset when none is due;
 *   @complete becomes TRUE once nothing more is expected from the mechanism
 * @get_session_key: (transfer full) (nullable): the key, once known
 * @sign: (transfer full) (nullable): a MIC over @message; %NULL without error when the mechanism cannot (yet)
 * @verify: whether @mic is the server's MIC over @message
 * @respond: (nullable): answers a bare challenge of 8 bytes, for servers from before SPNEGO; FALSE with
 *   @error when the credentials or their policy forbid it. The response is made for the names that
 *   smb_credentials_get_names() gives (no domain is ""), so these must be sent. Afterwards get_session_key
 *   gives the key
 *
 * A security mechanism inside SPNEGO: an extension of "smb-1-auth". One object for one login.
 */
struct _SmbAuthClass
{
  GObjectClass parent_class;

  const char *oid;

  gboolean (*is_usable)       (SmbAuth              *self);
  GBytes  *(*step)            (SmbAuth              *self,
                               GBytes               *token,
                               gboolean             *complete,
                               GError              **error);
  void     (*step_async)      (SmbAuth              *self,
                               GBytes               *token,
                               GCancellable         *cancellable,
                               GAsyncReadyCallback   callback,
                               gpointer              user_data);
  GBytes  *(*step_finish)     (SmbAuth              *self,
                               GAsyncResult         *result,
                               gboolean             *complete,
                               GError              **error);
  GBytes  *(*get_session_key) (SmbAuth              *self);
  GBytes  *(*sign)            (SmbAuth              *self,
                               GBytes               *message);
  gboolean (*verify)          (SmbAuth              *self,
                               GBytes               *message,
                               GBytes               *mic);
  gboolean (*respond)         (SmbAuth              *self,
                               GBytes               *challenge,
                               GBytes              **lm_response,
                               GBytes              **nt_response,
                               GError              **error);

  gpointer padding[3];
};

/* Property "credentials" (construct-only pointer; the object takes a reference). */
SMB_EXTERN SmbCredentials *smb_auth_get_credentials (SmbAuth *self);

SMB_EXTERN const char *smb_auth_get_oid         (SmbAuth              *self);
SMB_EXTERN gboolean    smb_auth_is_usable       (SmbAuth              *self);
SMB_EXTERN gboolean    smb_auth_can_step        (SmbAuth              *self);
SMB_EXTERN GBytes     *smb_auth_step            (SmbAuth              *self,
                                                 GBytes               *token,
                                                 gboolean             *complete,
                                                 GError              **error);
SMB_EXTERN void        smb_auth_step_async      (SmbAuth              *self,
                                                 GBytes               *token,
                                                 GCancellable         *cancellable,
                                                 GAsyncReadyCallback   callback,
                                                 gpointer              user_data);
SMB_EXTERN GBytes     *smb_auth_step_finish     (SmbAuth              *self,
                                                 GAsyncResult         *result,
                                                 gboolean             *complete,
                                                 GError              **error);
SMB_EXTERN GBytes     *smb_auth_get_session_key (SmbAuth              *self);
SMB_EXTERN GBytes     *smb_auth_sign            (SmbAuth              *self,
                                                 GBytes               *message);
SMB_EXTERN gboolean    smb_auth_verify          (SmbAuth              *self,
                                                 GBytes               *message,
                                                 GBytes               *mic);
SMB_EXTERN gboolean    smb_auth_respond         (SmbAuth              *self,
                                                 GBytes               *challenge,
                                                 GBytes              **lm_response,
                                                 GBytes              **nt_response,
                                                 GError              **error);

G_END_DECLS
