/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <gio/gio.h>

#include "smb-enumerator.h"
#include "smb-enums.h"
#include "smb-error.h"
#include "smb-macros.h"
#include "smb-open-file.h"
#include "smb-security-descriptor.h"
#include "smb-shared-device.h"
#include "smb-shared-file.h"

G_BEGIN_DECLS

#define SMB_TYPE_PROTOCOL_FACTORY (smb_protocol_factory_get_type ())
SMB_EXTERN G_DECLARE_DERIVABLE_TYPE (SmbProtocolFactory, smb_protocol_factory, SMB, PROTOCOL_FACTORY, GObject)

/**
 * SmbProtocolFactoryClass:
 * @parent_class: the parent's
 * @auth_ok: class closure of [signal@ProtocolFactory::auth-ok]
 * @auth_failed: class closure of [signal@ProtocolFactory::auth-failed]
 * @closed: class closure of [signal@ProtocolFactory::closed]
 *
 * What a subclass may override: each signal has a virtual function of its name.
 */
struct _SmbProtocolFactoryClass
{
  GObjectClass parent_class;

  void (*auth_ok)     (SmbProtocolFactory *self);
  void (*auth_failed) (SmbProtocolFactory *self,
                       const GError       *error);
  void (*closed)      (SmbProtocolFactory *self,
                       const GError       *error);

  /*< private >*/
  gpointer padding[12];
};

SMB_EXTERN SmbProtocolFactory *smb_protocol_factory_new (const char *username,
                                                         const char *password,
                                                         const char *client_name,
                                                         const char *server_name);

/* What the connection is like */

SMB_EXTERN SmbConnectionState smb_protocol_factory_get_state             (SmbProtocolFactory *self);
SMB_EXTERN gboolean           smb_protocol_factory_get_ready             (SmbProtocolFactory *self);
SMB_EXTERN SmbDialectVersion  smb_protocol_factory_get_dialect           (SmbProtocolFactory *self);
SMB_EXTERN gboolean           smb_protocol_factory_get_guest             (SmbProtocolFactory *self);
SMB_EXTERN const char        *smb_protocol_factory_get_signing_algorithm (SmbProtocolFactory *self);
SMB_EXTERN const char        *smb_protocol_factory_get_cipher            (SmbProtocolFactory *self);
SMB_EXTERN guint              smb_protocol_factory_get_max_read_size     (SmbProtocolFactory *self);
SMB_EXTERN guint              smb_protocol_factory_get_max_write_size    (SmbProtocolFactory *self);

/* Opening and closing */

SMB_EXTERN gboolean smb_protocol_factory_open_connection           (SmbProtocolFactory   *self,
                                                                    const char           *host,
                                                                    guint16               port,
                                                                    int                   timeout_msec,
                                                                    GCancellable         *cancellable,
                                                                    GError              **error);
SMB_EXTERN void     smb_protocol_factory_open_connection_async     (SmbProtocolFactory   *self,
                                                                    const char           *host,
                                                                    guint16               port,
                                                                    int                   timeout_msec,
                                                                    GCancellable         *cancellable,
                                                                    GAsyncReadyCallback   callback,
                                                                    gpointer              user_data);
SMB_EXTERN gboolean smb_protocol_factory_open_connection_finish    (SmbProtocolFactory   *self,
                                                                    GAsyncResult         *result,
                                                                    GError              **error);
SMB_EXTERN gboolean smb_protocol_factory_open_connection_to        (SmbProtocolFactory   *self,
                                                                    GSocketConnectable   *server,
                                                                    int                   timeout_msec,
                                                                    GCancellable         *cancellable,
                                                                    GError              **error);
SMB_EXTERN void     smb_protocol_factory_open_connection_to_async  (SmbProtocolFactory   *self,
                                                                    GSocketConnectable   *server,
                                                                    int                   timeout_msec,
                                                                    GCancellable         *cancellable,
                                                                    GAsyncReadyCallback   callback,
                                                                    gpointer              user_data);
SMB_EXTERN gboolean smb_protocol_factory_open_connection_to_finish (SmbProtocolFactory   *self,
                                                                    GAsyncResult         *result,
                                                                    GError              **error);
SMB_EXTERN gboolean smb_protocol_factory_close_connection          (SmbProtocolFactory   *self,
                                                                    int                   timeout_msec,
                                                                    GCancellable         *cancellable,
                                                                    GError              **error);
SMB_EXTERN void     smb_protocol_factory_close_connection_async    (SmbProtocolFactory   *self,
                                                                    int                   timeout_msec,
                                                                    GCancellable         *cancellable,
                                                                    GAsyncReadyCallback   callback,
                                                                    gpointer              user_data);
SMB_EXTERN gboolean smb_protocol_factory_close_connection_finish   (SmbProtocolFactory   *self,
                                                                    GAsyncResult         *result,
                                                                    GError              **error);

/* The server as a whole, and its shares */

SMB_EXTERN GPtrArray *smb_protocol_factory_list_shares        (SmbProtocolFactory   *self,
                                                               int                   timeout_msec,
                                                               GCancellable         *cancellable,
                                                               GError              **error);
SMB_EXTERN void       smb_protocol_factory_list_shares_async  (SmbProtocolFactory   *self,
                                                               int                   timeout_msec,
                                                               GCancellable         *cancellable,
                                                               GAsyncReadyCallback   callback,
                                                               gpointer              user_data);
SMB_EXTERN GPtrArray *smb_protocol_factory_list_shares_finish (SmbProtocolFactory   *self,
                                                               GAsyncResult         *result,
                                                               GError              **error);

SMB_EXTERN gboolean smb_protocol_factory_connect_share        (SmbProtocolFactory   *self,
                                                               const char           *share,
                                                               int                   timeout_msec,
                                                               GCancellable         *cancellable,
                                                               GError              **error);
SMB_EXTERN void     smb_protocol_factory_connect_share_async  (SmbProtocolFactory   *self,
                                                               const char           *share,
                                                               int                   timeout_msec,
                                                               GCancellable         *cancellable,
                                                               GAsyncReadyCallback   callback,
                                                               gpointer              user_data);
SMB_EXTERN gboolean smb_protocol_factory_connect_share_finish (SmbProtocolFactory   *self,
                                                               GAsyncResult         *result,
                                                               GError              **error);

SMB_EXTERN GBytes *smb_protocol_factory_echo        (SmbProtocolFactory   *self,
                                                     GBytes               *data,
                                                     int                   timeout_msec,
                                                     GCancellable         *cancellable,
                                                     GError              **error);
SMB_EXTERN void    smb_protocol_factory_echo_async  (SmbProtocolFactory   *self,
                                                     GBytes               *data,
                                                     int                   timeout_msec,
                                                     GCancellable         *cancellable,
                                                     GAsyncReadyCallback   callback,
                                                     gpointer              user_data);
SMB_EXTERN GBytes *smb_protocol_factory_echo_finish (SmbProtocolFactory   *self,
                                                     GAsyncResult         *result,
                                                     GError              **error);

/* Names */

SMB_EXTERN gboolean smb_protocol_factory_create_directory        (SmbProtocolFactory   *self,
                                                                  const char           *share,
                                                                  const char           *path,
                                                                  int                   timeout_msec,
                                                                  GCancellable         *cancellable,
                                                                  GError              **error);
SMB_EXTERN void     smb_protocol_factory_create_directory_async  (SmbProtocolFactory   *self,
                                                                  const char           *share,
                                                                  const char           *path,
                                                                  int                   timeout_msec,
                                                                  GCancellable         *cancellable,
                                                                  GAsyncReadyCallback   callback,
                                                                  gpointer              user_data);
SMB_EXTERN gboolean smb_protocol_factory_create_directory_finish (SmbProtocolFactory   *self,
                                                                  GAsyncResult         *result,
                                                                  GError              **error);
SMB_EXTERN gboolean smb_protocol_factory_delete_directory        (SmbProtocolFactory   *self,
                                                                  const char           *share,
                                                                  const char           *path,
                                                                  int                   timeout_msec,
                                                                  GCancellable         *cancellable,
                                                                  GError              **error);
SMB_EXTERN void     smb_protocol_factory_delete_directory_async  (SmbProtocolFactory   *self,
                                                                  const char           *share,
                                                                  const char           *path,
                                                                  int                   timeout_msec,
                                                                  GCancellable         *cancellable,
                                                                  GAsyncReadyCallback   callback,
                                                                  gpointer              user_data);
SMB_EXTERN gboolean smb_protocol_factory_delete_directory_finish (SmbProtocolFactory   *self,
                                                                  GAsyncResult         *result,
                                                                  GError              **error);
SMB_EXTERN gboolean smb_protocol_factory_rename        (SmbProtocolFactory   *self,
                                                        const char           *share,
                                                        const char           *old_path,
                                                        const char           *new_path,
                                                        int                   timeout_msec,
                                                        GCancellable         *cancellable,
                                                        GError              **error);
SMB_EXTERN void     smb_protocol_factory_rename_async  (SmbProtocolFactory   *self,
                                                        const char           *share,
                                                        const char           *old_path,
                                                        const char           *new_path,
                                                        int                   timeout_msec,
                                                        GCancellable         *cancellable,
                                                        GAsyncReadyCallback   callback,
                                                        gpointer              user_data);
SMB_EXTERN gboolean smb_protocol_factory_rename_finish (SmbProtocolFactory   *self,
                                                        GAsyncResult         *result,
                                                        GError              **error);

SMB_EXTERN gboolean smb_protocol_factory_delete_files        (SmbProtocolFactory   *self,
                                                              const char           *share,
                                                              const char           *pattern,
                                                              gboolean              delete_matching_folders,
                                                              int                   timeout_msec,
                                                              GCancellable         *cancellable,
                                                              GError              **error);
SMB_EXTERN void     smb_protocol_factory_delete_files_async  (SmbProtocolFactory   *self,
                                                              const char           *share,
                                                              const char           *pattern,
                                                              gboolean              delete_matching_folders,
                                                              int                   timeout_msec,
                                                              GCancellable         *cancellable,
                                                              GAsyncReadyCallback   callback,
                                                              gpointer              user_data);
SMB_EXTERN gboolean smb_protocol_factory_delete_files_finish (SmbProtocolFactory   *self,
                                                              GAsyncResult         *result,
                                                              GError              **error);
SMB_EXTERN gboolean smb_protocol_factory_reset_file_attributes        (SmbProtocolFactory   *self,
                                                                       const char           *share,
                                                                       const char           *pattern,
                                                                       SmbFileAttributes     attributes,
                                                                       int                   timeout_msec,
                                                                       GCancellable         *cancellable,
                                                                       GError              **error);
SMB_EXTERN void     smb_protocol_factory_reset_file_attributes_async  (SmbProtocolFactory   *self,
                                                                       const char           *share,
                                                                       const char           *pattern,
                                                                       SmbFileAttributes     attributes,
                                                                       int                   timeout_msec,
                                                                       GCancellable         *cancellable,
                                                                       GAsyncReadyCallback   callback,
                                                                       gpointer              user_data);
SMB_EXTERN gboolean smb_protocol_factory_reset_file_attributes_finish (SmbProtocolFactory   *self,
                                                                       GAsyncResult         *result,
                                                                       GError              **error);

/* What the server knows of a file */

SMB_EXTERN SmbSharedFile *smb_protocol_factory_get_attributes        (SmbProtocolFactory   *self,
                                                                      const char           *share,
                                                                      const char           *path,
                                                                      int                   timeout_msec,
                                                                      GCancellable         *cancellable,
                                                                      GError              **error);
SMB_EXTERN void           smb_protocol_factory_get_attributes_async  (SmbProtocolFactory   *self,
                                                                      const char           *share,
                                                                      const char           *path,
                                                                      int                   timeout_msec,
                                                                      GCancellable         *cancellable,
                                                                      GAsyncReadyCallback   callback,
                                                                      gpointer              user_data);
SMB_EXTERN SmbSharedFile *smb_protocol_factory_get_attributes_finish (SmbProtocolFactory   *self,
                                                                      GAsyncResult         *result,
                                                                      GError              **error);

SMB_EXTERN SmbSecurityDescriptor *smb_protocol_factory_get_security        (SmbProtocolFactory  *self,
                                                                            const char          *share,
                                                                            const char          *path,
                                                                            int                  timeout_msec,
                                                                            GCancellable        *cancellable,
                                                                            GError             **error);
SMB_EXTERN void                   smb_protocol_factory_get_security_async  (SmbProtocolFactory  *self,
                                                                            const char          *share,
                                                                            const char          *path,
                                                                            int                  timeout_msec,
                                                                            GCancellable        *cancellable,
                                                                            GAsyncReadyCallback  callback,
                                                                            gpointer             user_data);
SMB_EXTERN SmbSecurityDescriptor *smb_protocol_factory_get_security_finish (SmbProtocolFactory  *self,
                                                                            GAsyncResult        *result,
                                                                            GError             **error);

SMB_EXTERN SmbSecurityDescriptor *smb_protocol_factory_get_security_parts        (SmbProtocolFactory      *self,
                                                                                  const char              *share,
                                                                                  const char              *path,
                                                                                  SmbSecurityInformation   parts,
                                                                                  int                      timeout_msec,
                                                                                  GCancellable            *cancellable,
                                                                                  GError                 **error);
SMB_EXTERN void                   smb_protocol_factory_get_security_parts_async  (SmbProtocolFactory      *self,
                                                                                  const char              *share,
                                                                                  const char              *path,
                                                                                  SmbSecurityInformation   parts,
                                                                                  int                      timeout_msec,
                                                                                  GCancellable            *cancellable,
                                                                                  GAsyncReadyCallback      callback,
                                                                                  gpointer                 user_data);
SMB_EXTERN SmbSecurityDescriptor *smb_protocol_factory_get_security_parts_finish (SmbProtocolFactory      *self,
                                                                                  GAsyncResult            *result,
                                                                                  GError                 **error);

SMB_EXTERN gboolean smb_protocol_factory_set_security        (SmbProtocolFactory      *self,
                                                              const char              *share,
                                                              const char              *path,
                                                              SmbSecurityDescriptor   *descriptor,
                                                              SmbSecurityInformation   parts,
                                                              int                      timeout_msec,
                                                              GCancellable            *cancellable,
                                                              GError                 **error);
SMB_EXTERN void     smb_protocol_factory_set_security_async  (SmbProtocolFactory      *self,
                                                              const char              *share,
                                                              const char              *path,
                                                              SmbSecurityDescriptor   *descriptor,
                                                              SmbSecurityInformation   parts,
                                                              int                      timeout_msec,
                                                              GCancellable            *cancellable,
                                                              GAsyncReadyCallback      callback,
                                                              gpointer                 user_data);
SMB_EXTERN gboolean smb_protocol_factory_set_security_finish (SmbProtocolFactory      *self,
                                                              GAsyncResult            *result,
                                                              GError                 **error);

SMB_EXTERN GPtrArray *smb_protocol_factory_list_snapshots        (SmbProtocolFactory   *self,
                                                                  const char           *share,
                                                                  const char           *path,
                                                                  int                   timeout_msec,
                                                                  GCancellable         *cancellable,
                                                                  GError              **error);
SMB_EXTERN void       smb_protocol_factory_list_snapshots_async  (SmbProtocolFactory   *self,
                                                                  const char           *share,
                                                                  const char           *path,
                                                                  int                   timeout_msec,
                                                                  GCancellable         *cancellable,
                                                                  GAsyncReadyCallback   callback,
                                                                  gpointer              user_data);
SMB_EXTERN GPtrArray *smb_protocol_factory_list_snapshots_finish (SmbProtocolFactory   *self,
                                                                  GAsyncResult         *result,
                                                                  GError              **error);

/* Folders: smb-protocol-factory-listing.c */

SMB_EXTERN GPtrArray *smb_protocol_factory_list_path        (SmbProtocolFactory    *self,
                                                             const char            *share,
                                                             const char            *path,
                                                             SmbFileAttributeMask   search,
                                                             const char            *pattern,
                                                             int                    timeout_msec,
                                                             GCancellable          *cancellable,
                                                             GError               **error);
SMB_EXTERN void       smb_protocol_factory_list_path_async  (SmbProtocolFactory    *self,
                                                             const char            *share,
                                                             const char            *path,
                                                             SmbFileAttributeMask   search,
                                                             const char            *pattern,
                                                             int                    timeout_msec,
                                                             GCancellable          *cancellable,
                                                             GAsyncReadyCallback    callback,
                                                             gpointer               user_data);
SMB_EXTERN GPtrArray *smb_protocol_factory_list_path_finish (SmbProtocolFactory    *self,
                                                             GAsyncResult          *result,
                                                             GError               **error);

SMB_EXTERN SmbEnumerator *smb_protocol_factory_enumerate        (SmbProtocolFactory   *self,
                                                                 const char           *share,
                                                                 const char           *path,
                                                                 const char           *pattern,
                                                                 SmbFileInfoFields     fields,
                                                                 int                   timeout_msec,
                                                                 GCancellable         *cancellable,
                                                                 GError              **error);
SMB_EXTERN void           smb_protocol_factory_enumerate_async  (SmbProtocolFactory   *self,
                                                                 const char           *share,
                                                                 const char           *path,
                                                                 const char           *pattern,
                                                                 SmbFileInfoFields     fields,
                                                                 int                   timeout_msec,
                                                                 GCancellable         *cancellable,
                                                                 GAsyncReadyCallback   callback,
                                                                 gpointer              user_data);
SMB_EXTERN SmbEnumerator *smb_protocol_factory_enumerate_finish (SmbProtocolFactory   *self,
                                                                 GAsyncResult         *result,
                                                                 GError              **error);

/* Files: smb-protocol-factory-files.c, smb-protocol-factory-storing.c */

SMB_EXTERN SmbSharedFile *
smb_protocol_factory_retrieve_file (SmbProtocolFactory     *self,
                                    const char             *share,
                                    const char             *path,
                                    GOutputStream          *stream,
                                    GFileProgressCallback   progress,
                                    gpointer                progress_data,
                                    GDestroyNotify          progress_destroy,
                                    int                     timeout_msec,
                                    GCancellable           *cancellable,
                                    guint64                *bytes,
                                    GError                **error);
SMB_EXTERN void
smb_protocol_factory_retrieve_file_async (SmbProtocolFactory     *self,
                                          const char             *share,
                                          const char             *path,
                                          GOutputStream          *stream,
                                          GFileProgressCallback   progress,
                                          gpointer                progress_data,
                                          GDestroyNotify          progress_destroy,
                                          int                     timeout_msec,
                                          GCancellable           *cancellable,
                                          GAsyncReadyCallback     callback,
                                          gpointer                user_data);
SMB_EXTERN void
smb_protocol_factory_retrieve_file_async_with_closures (SmbProtocolFactory     *self,
                                                        const char             *share,
                                                        const char             *path,
                                                        GOutputStream          *stream,
                                                        GClosure               *progress,
                                                        int                     timeout_msec,
                                                        GCancellable           *cancellable,
                                                        GClosure               *ready);
SMB_EXTERN SmbSharedFile *
smb_protocol_factory_retrieve_file_finish (SmbProtocolFactory     *self,
                                           GAsyncResult           *result,
                                           guint64                *bytes,
                                           GError                **error);

SMB_EXTERN SmbSharedFile *
smb_protocol_factory_retrieve_file_from_offset (SmbProtocolFactory     *self,
                                                const char             *share,
                                                const char             *path,
                                                GOutputStream          *stream,
                                                guint64                 offset,
                                                gint64                  max_length,
                                                GFileProgressCallback   progress,
                                                gpointer                progress_data,
                                                GDestroyNotify          progress_destroy,
                                                int                     timeout_msec,
                                                GCancellable           *cancellable,
                                                guint64                *bytes,
                                                GError                **error);
SMB_EXTERN void
smb_protocol_factory_retrieve_file_from_offset_async (SmbProtocolFactory     *self,
                                                      const char             *share,
                                                      const char             *path,
                                                      GOutputStream          *stream,
                                                      guint64                 offset,
                                                      gint64                  max_length,
                                                      GFileProgressCallback   progress,
                                                      gpointer                progress_data,
                                                      GDestroyNotify          progress_destroy,
                                                      int                     timeout_msec,
                                                      GCancellable           *cancellable,
                                                      GAsyncReadyCallback     callback,
                                                      gpointer                user_data);
SMB_EXTERN void
smb_protocol_factory_retrieve_file_from_offset_async_with_closures (SmbProtocolFactory     *self,
                                                                    const char             *share,
                                                                    const char             *path,
                                                                    GOutputStream          *stream,
                                                                    guint64                 offset,
                                                                    gint64                  max_length,
                                                                    GClosure               *progress,
                                                                    int                     timeout_msec,
                                                                    GCancellable           *cancellable,
                                                                    GClosure               *ready);
SMB_EXTERN SmbSharedFile *
smb_protocol_factory_retrieve_file_from_offset_finish (SmbProtocolFactory     *self,
                                                       GAsyncResult           *result,
                                                       guint64                *bytes,
                                                       GError                **error);

SMB_EXTERN SmbOpenFile *smb_protocol_factory_open_file        (SmbProtocolFactory   *self,
                                                               const char           *share,
                                                               const char           *path,
                                                               SmbFileAccess         access,
                                                               SmbFileDisposition    disposition,
                                                               int                   timeout_msec,
                                                               GCancellable         *cancellable,
                                                               GError              **error);
SMB_EXTERN void         smb_protocol_factory_open_file_async  (SmbProtocolFactory   *self,
                                                               const char           *share,
                                                               const char           *path,
                                                               SmbFileAccess         access,
                                                               SmbFileDisposition    disposition,
                                                               int                   timeout_msec,
                                                               GCancellable         *cancellable,
                                                               GAsyncReadyCallback   callback,
                                                               gpointer              user_data);
SMB_EXTERN SmbOpenFile *smb_protocol_factory_open_file_finish (SmbProtocolFactory   *self,
                                                               GAsyncResult         *result,
                                                               GError              **error);

SMB_EXTERN gboolean
smb_protocol_factory_store_file (SmbProtocolFactory     *self,
                                 const char             *share,
                                 const char             *path,
                                 GInputStream           *stream,
                                 GFileProgressCallback   progress,
                                 gpointer                progress_data,
                                 GDestroyNotify          progress_destroy,
                                 int                     timeout_msec,
                                 GCancellable           *cancellable,
                                 guint64                *bytes,
                                 GError                **error);
SMB_EXTERN void
smb_protocol_factory_store_file_async (SmbProtocolFactory     *self,
                                       const char             *share,
                                       const char             *path,
                                       GInputStream           *stream,
                                       GFileProgressCallback   progress,
                                       gpointer                progress_data,
                                       GDestroyNotify          progress_destroy,
                                       int                     timeout_msec,
                                       GCancellable           *cancellable,
                                       GAsyncReadyCallback     callback,
                                       gpointer                user_data);
SMB_EXTERN void
smb_protocol_factory_store_file_async_with_closures (SmbProtocolFactory     *self,
                                                     const char             *share,
                                                     const char             *path,
                                                     GInputStream           *stream,
                                                     GClosure               *progress,
                                                     int                     timeout_msec,
                                                     GCancellable           *cancellable,
                                                     GClosure               *ready);
SMB_EXTERN gboolean
smb_protocol_factory_store_file_finish (SmbProtocolFactory     *self,
                                        GAsyncResult           *result,
                                        guint64                *bytes,
                                        GError                **error);

SMB_EXTERN gboolean
smb_protocol_factory_store_file_from_offset (SmbProtocolFactory     *self,
                                             const char             *share,
                                             const char             *path,
                                             GInputStream           *stream,
                                             guint64                 offset,
                                             gboolean                truncate,
                                             GFileProgressCallback   progress,
                                             gpointer                progress_data,
                                             GDestroyNotify          progress_destroy,
                                             int                     timeout_msec,
                                             GCancellable           *cancellable,
                                             guint64                *bytes,
                                             GError                **error);
SMB_EXTERN void
smb_protocol_factory_store_file_from_offset_async (SmbProtocolFactory     *self,
                                                   const char             *share,
                                                   const char             *path,
                                                   GInputStream           *stream,
                                                   guint64                 offset,
                                                   gboolean                truncate,
                                                   GFileProgressCallback   progress,
                                                   gpointer                progress_data,
                                                   GDestroyNotify          progress_destroy,
                                                   int                     timeout_msec,
                                                   GCancellable           *cancellable,
                                                   GAsyncReadyCallback     callback,
                                                   gpointer                user_data);
SMB_EXTERN void
smb_protocol_factory_store_file_from_offset_async_with_closures (SmbProtocolFactory     *self,
                                                                 const char             *share,
                                                                 const char             *path,
                                                                 GInputStream           *stream,
                                                                 guint64                 offset,
                                                                 gboolean                truncate,
                                                                 GClosure               *progress,
                                                                 int                     timeout_msec,
                                                                 GCancellable           *cancellable,
                                                                 GClosure               *ready);
SMB_EXTERN gboolean
smb_protocol_factory_store_file_from_offset_finish (SmbProtocolFactory     *self,
                                                    GAsyncResult           *result,
                                                    guint64                *bytes,
                                                    GError                **error);

G_END_DECLS
