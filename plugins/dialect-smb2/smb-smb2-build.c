/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "smb-smb2-build.h"

#include "smb-smb2-body.h"
#include "smb-smb2-finish.h"

#define CREDIT_SIZE 65536 /* bytes of payload that one credit pays for */
#define USUAL_SIZE  512   /* of a chain of three small messages */

guint
smb_smb2_get_cost (const SmbSmb2Terms *terms,
                   const SmbRequest   *request)
{
  guint size = terms->large_mtu ? smb_smb2_payload_size (request) : 0;

  return size == 0 ? 1 : (size - 1) / CREDIT_SIZE + 1;
}

/* An empty frame, behind the room for a TRANSFORM_HEADER, to be written to by @writer. */
static SmbFrame *
new_frame (SmbWriter *writer)
{
  SmbFrame *frame = smb_frame_new ();

  smb_writer_init (writer, frame->bytes);
  smb_writer_reserve (writer, USUAL_SIZE);
  smb_writer_extend (writer, SMB_SMB2_TRANSFORM_SIZE);
  return frame;
}

static SmbFrameMessage *
add_message (SmbFrame   *frame,
             SmbWriter  *writer,
             SmbCommand  command)
{
  smb_writer_begin (writer);
  return smb_frame_add_message (frame, command);
}

static gboolean
write_body (SmbWriter         *writer,
            const SmbRequest  *request,
            guint16            security_mode,
            GBytes           **payload,
            GError           **error)
{
  if (request->command == SMB_COMMAND_SESSION_SETUP)
    return smb_smb2_write_session_setup (writer, security_mode, request->session_setup.token, error);

  return smb_smb2_encode_body (writer, request, 0, payload, error);
}

/* Related requests name tree and session as the others do: 0xFFFFFFFF is for the server to understand, and
 * some do not. */
static SmbSmb2Header
make_header (const SmbSmb2Terms *terms,
             const SmbRequest   *request,
             guint32             tree_id,
             guint               cost)
{
  return (SmbSmb2Header) {
    .credit_charge = terms->large_mtu ? cost : 0,
    .command = request->command,
    .flags = request->related ? SMB_SMB2_FLAG_RELATED : 0,
    .tree_id = tree_id,
  };
}

static gboolean
check_request (const SmbRequest  *request,
               gboolean           first,
               guint              cost,
               GError           **error)
{
  const char *wrong = NULL;

  if (request->command == SMB_COMMAND_NEGOTIATE || request->command == SMB_COMMAND_CANCEL)
    wrong = "is no request of its own";
  else if (request->related && first)
    wrong = "has no request before it to be related to";
  else if (cost > G_MAXUINT16)
    wrong = "is too large";
  if (wrong == NULL)
    return TRUE;

  g_set_error (error, SMB_ERROR, SMB_ERROR_INVALID_ARGUMENT, "%s %s",
               smb_command_get_name (request->command), wrong);
  return FALSE;
}

static gboolean
append_request (SmbFrame            *frame,
                SmbWriter           *writer,
                const SmbSmb2Terms  *terms,
                guint16              security_mode,
                const SmbRequest    *request,
                guint32              tree_id,
                GError             **error)
{
  guint cost = smb_smb2_get_cost (terms, request);
  SmbSmb2Header header = make_header (terms, request, tree_id, cost);
  SmbFrameMessage *message;

  if (!check_request (request, frame->n_messages == 0, cost, error))
    return FALSE;

  message = add_message (frame, writer, request->command);
  smb_smb2_header_write (&header, writer);
  if (!write_body (writer, request, security_mode, &message->payload, error))
    return FALSE;

  message->size = smb_writer_get_offset (writer);
  return TRUE;
}

/* Behind a payload the padding has a vector of its own. */
static void
chain_to_next (SmbFrame  *frame,
               SmbWriter *writer)
{
  guint last = frame->n_messages - 1;
  const SmbFrameMessage *message = smb_frame_get_message (frame, last);
  gsize padding = smb_smb2_get_padding (message);

  smb_smb2_set_u32 (smb_smb2_get_header (frame, last), SMB_SMB2_HEADER_NEXT_COMMAND,
                    message->size + smb_smb2_get_payload_size (message) + padding);
  if (message->payload == NULL)
    smb_writer_zeros (writer, padding);
}

SmbFrame *
smb_smb2_build (const SmbSmb2Terms  *terms,
                guint16              security_mode,
                SmbRequest *const   *requests,
                guint                n_requests,
                GError             **error)
{
  g_auto(SmbWriter) writer = { 0 };
  g_autoptr(SmbFrame) frame = new_frame (&writer);
  guint32 tree_id = 0;

  for (guint i = 0; i < n_requests; i++)
    {
      if (!requests[i]->related)
        tree_id = requests[i]->tree_id;
      if (i > 0)
        chain_to_next (frame, &writer);
      if (!append_request (frame, &writer, terms, security_mode, requests[i], tree_id, error))
        return NULL;
    }

  return g_steal_pointer (&frame);
}

SmbFrame *
smb_smb2_build_negotiate (const SmbSmb2Offer *offer,
                          const char         *target_host)
{
  g_auto(SmbWriter) writer = { 0 };
  SmbFrame *frame = new_frame (&writer);
  SmbFrameMessage *message = add_message (frame, &writer, SMB_COMMAND_NEGOTIATE);

  smb_smb2_offer_write (offer, target_host, &writer);
  message->size = smb_writer_get_offset (&writer);
  message->key = offer->message_id;
  message->units = 1;
  smb_smb2_set_vectors (frame);
  return frame;
}

/* [MS-SMB2] 3.2.4.24 */
SmbFrame *
smb_smb2_build_cancel (guint64 message_id,
                       guint64 async_id)
{
  const SmbSmb2Header header = {
    .command = SMB_COMMAND_CANCEL,
    .flags = async_id == 0 ? 0 : SMB_SMB2_FLAG_ASYNC,
    .message_id = message_id,
    .async_id = async_id,
  };
  g_auto(SmbWriter) writer = { 0 };
  SmbFrame *frame = new_frame (&writer);
  SmbFrameMessage *message = add_message (frame, &writer, SMB_COMMAND_CANCEL);

  smb_smb2_header_write (&header, &writer);
  smb_writer_u16 (&writer, 4); /* StructureSize */
  smb_writer_u16 (&writer, 0); /* Reserved */
  message->size = smb_writer_get_offset (&writer);
  message->key = message_id;
  return frame;
}
