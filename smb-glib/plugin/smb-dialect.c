/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "plugin/smb-dialect.h"

#include <string.h>

G_DEFINE_ABSTRACT_TYPE (SmbDialect, smb_dialect, G_TYPE_OBJECT)

static void
smb_dialect_class_init (SmbDialectClass *klass)
{
}

static void
smb_dialect_init (SmbDialect *self)
{
}

void
smb_negotiation_clear (SmbNegotiation *self)
{
  g_clear_pointer (&self->token, g_bytes_unref);
  g_clear_pointer (&self->challenge, g_bytes_unref);
  memset (self, 0, sizeof *self);
}

SmbDialectVersion
smb_dialect_get_oldest (SmbDialect *self)
{
  g_return_val_if_fail (SMB_IS_DIALECT (self), SMB_DIALECT_VERSION_NONE);

  return SMB_DIALECT_GET_CLASS (self)->oldest;
}

SmbDialectVersion
smb_dialect_get_newest (SmbDialect *self)
{
  g_return_val_if_fail (SMB_IS_DIALECT (self), SMB_DIALECT_VERSION_NONE);

  return SMB_DIALECT_GET_CLASS (self)->newest;
}

SmbFrame *
smb_dialect_negotiate (SmbDialect                 *self,
                       const SmbNegotiateOptions  *options,
                       GError                    **error)
{
  g_return_val_if_fail (SMB_IS_DIALECT (self), NULL);
  g_return_val_if_fail (options != NULL, NULL);

  return SMB_DIALECT_GET_CLASS (self)->negotiate (self, options, error);
}

gboolean
smb_dialect_negotiated (SmbDialect      *self,
                        const guint8    *message,
                        gsize            size,
                        SmbNegotiation  *result,
                        GError         **error)
{
  g_return_val_if_fail (SMB_IS_DIALECT (self), FALSE);
  g_return_val_if_fail (message != NULL || size == 0, FALSE);
  g_return_val_if_fail (result != NULL, FALSE);

  memset (result, 0, sizeof *result);
  return SMB_DIALECT_GET_CLASS (self)->negotiated (self, message, size, result, error);
}

/* What is called for each message, here and below, takes it that @self is a dialect. */

guint
smb_dialect_get_cost (SmbDialect       *self,
                      const SmbRequest *request)
{
  g_return_val_if_fail (request != NULL, 0);

  return SMB_DIALECT_GET_CLASS (self)->get_cost (self, request);
}

SmbFrame *
smb_dialect_build (SmbDialect         *self,
                   SmbRequest *const  *requests,
                   guint               n_requests,
                   GError            **error)
{
  g_return_val_if_fail (requests != NULL && n_requests > 0, NULL);

  return SMB_DIALECT_GET_CLASS (self)->build (self, requests, n_requests, error);
}

gboolean
smb_dialect_finish (SmbDialect     *self,
                    SmbFrame       *frame,
                    SmbProtection   protection,
                    guint           want,
                    GError        **error)
{
  g_return_val_if_fail (frame != NULL, FALSE);

  return SMB_DIALECT_GET_CLASS (self)->finish (self, frame, protection, want, error);
}

SmbFrame *
smb_dialect_cancel (SmbDialect     *self,
                    guint64         key,
                    guint64         async_id,
                    SmbProtection   protection,
                    GError        **error)
{
  g_return_val_if_fail (SMB_IS_DIALECT (self), NULL);

  return SMB_DIALECT_GET_CLASS (self)->cancel (self, key, async_id, protection, error);
}

gsize
smb_dialect_get_peek_size (SmbDialect *self)
{
  return SMB_DIALECT_GET_CLASS (self)->peek == NULL ? 0 : SMB_DIALECT_GET_CLASS (self)->peek_size;
}

gboolean
smb_dialect_peek (SmbDialect   *self,
                  const guint8 *bytes,
                  gsize         size,
                  gsize         message_size,
                  guint64      *key,
                  gsize        *payload_offset,
                  gsize        *payload_size)
{
  g_return_val_if_fail (size <= message_size, FALSE);

  if (SMB_DIALECT_GET_CLASS (self)->peek == NULL)
    return FALSE;
  return SMB_DIALECT_GET_CLASS (self)->peek (self, bytes, size, message_size,
                                             key, payload_offset, payload_size);
}

gboolean
smb_dialect_parse (SmbDialect   *self,
                   SmbReceived  *message,
                   GArray       *items,
                   GError      **error)
{
  g_return_val_if_fail (message != NULL, FALSE);
  g_return_val_if_fail (items != NULL && g_array_get_element_size (items) == sizeof (SmbItem), FALSE);

  return SMB_DIALECT_GET_CLASS (self)->parse (self, message, items, error);
}

gboolean
smb_dialect_decode (SmbDialect        *self,
                    const SmbItem     *item,
                    const SmbRequest  *request,
                    SmbReply          *reply,
                    GError           **error)
{
  g_return_val_if_fail (item != NULL && request != NULL && reply != NULL, FALSE);

  memset (reply, 0, sizeof *reply);
  reply->command = item->command;
  reply->status = item->status;
  return SMB_DIALECT_GET_CLASS (self)->decode (self, item, request, reply, error);
}

gboolean
smb_dialect_start_session (SmbDialect  *self,
                           GBytes      *key,
                           GError     **error)
{
  g_return_val_if_fail (SMB_IS_DIALECT (self), FALSE);

  return SMB_DIALECT_GET_CLASS (self)->start_session (self, key, error);
}

SmbRequest *
smb_dialect_validate (SmbDialect *self)
{
  g_return_val_if_fail (SMB_IS_DIALECT (self), NULL);

  if (SMB_DIALECT_GET_CLASS (self)->validate == NULL)
    return NULL;
  return SMB_DIALECT_GET_CLASS (self)->validate (self);
}

gboolean
smb_dialect_validated (SmbDialect      *self,
                       const SmbReply  *reply,
                       GError         **error)
{
  g_return_val_if_fail (SMB_IS_DIALECT (self), FALSE);
  g_return_val_if_fail (reply != NULL, FALSE);
  g_return_val_if_fail (SMB_DIALECT_GET_CLASS (self)->validated != NULL, FALSE);

  return SMB_DIALECT_GET_CLASS (self)->validated (self, reply, error);
}

SmbFrame *
smb_dialect_next_part (SmbDialect     *self,
                       guint64         key,
                       SmbProtection   protection,
                       GError        **error)
{
  g_return_val_if_fail (SMB_IS_DIALECT (self), NULL);

  if (SMB_DIALECT_GET_CLASS (self)->next_part == NULL)
    return NULL;
  return SMB_DIALECT_GET_CLASS (self)->next_part (self, key, protection, error);
}
