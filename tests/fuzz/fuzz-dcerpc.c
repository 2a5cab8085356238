/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "fuzz.h"

#include "smb-error.h"
#include "wire/smb-dcerpc.h"

#define CALL_ID       1
#define MAX_STUB_SIZE 4096

/* The first byte says into how large pieces the pipe cuts the rest. */
static void
push_pieces (const guint8 *data,
             gsize         size)
{
  g_autoptr(SmbDcerpcReply) reply = smb_dcerpc_reply_new (CALL_ID, MAX_STUB_SIZE);
  const gsize step = data[0] + 1;

  for (gsize offset = 1; offset < size; offset += step)
    {
      g_autoptr(GError) error = NULL;

      if (!smb_dcerpc_reply_push (reply, data + offset, MIN (step, size - offset), &error))
        {
          g_assert_true (error->domain == SMB_ERROR);
          return;
        }
    }

  if (smb_dcerpc_reply_is_complete (reply))
    {
      gsize stub_size;

      smb_dcerpc_reply_get_stub (reply, &stub_size);
      g_assert_cmpuint (stub_size, <=, MAX_STUB_SIZE);
    }
}

int
LLVMFuzzerTestOneInput (const guint8 *data,
                        gsize         size)
{
  g_autoptr(GError) error = NULL;
  SmbDcerpcBindAck ack;

  if (size == 0)
    return 0;

  g_assert_true (smb_dcerpc_bind_ack_decode (&ack, CALL_ID, data + 1, size - 1, &error) == (error == NULL));
  push_pieces (data, size);

  return 0;
}
