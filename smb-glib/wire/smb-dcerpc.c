/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "wire/smb-dcerpc.h"

#include "smb-error.h"
#include "wire/smb-reader.h"
#include "wire/smb-writer.h"

/* [C706] 12.6, connection-oriented PDUs */

#define VERSION                5
#define HEADER_SIZE            16
#define REQUEST_HEADER_SIZE    24
#define FRAGMENT_LENGTH_OFFSET 8
#define LITTLE_ENDIAN_ASCII    0x10 /* the first byte of the data representation, [C706] 14.1 */

enum
{
  PTYPE_REQUEST = 0,
  PTYPE_RESPONSE = 2,
  PTYPE_FAULT = 3,
  PTYPE_BIND = 11,
  PTYPE_BIND_ACK = 12,
  PTYPE_BIND_NAK = 13,
};

enum
{
  FLAG_FIRST = 0x01,
  FLAG_LAST = 0x02,
};

/* [C706] appendix E and [MS-RPCE] 3.3.1.5.7: what a fault may say */
#define FAULT_ACCESS_DENIED    0x00000005
#define FAULT_OPNUM_RANGE      0x1C010002
#define FAULT_UNKNOWN_IF       0x1C010003

/* 8a885d04-1ceb-11c9-9fe8-08002b104860 version 2.0: NDR with 32-bit pointers ([C706] 14) */
static const SmbDcerpcInterface ndr32 = {
  { 0x04, 0x5D, 0x88, 0x8A, 0xEB, 0x1C, 0xC9, 0x11, 0x9F, 0xE8, 0x08, 0x00, 0x2B, 0x10, 0x48, 0x60 }, 2, 0,
};

typedef struct
{
  guint8  type;
  guint8  flags;
  guint16 fragment_length;
  guint32 call_id;
} Header;

struct _SmbDcerpcReply
{
  guint32     call_id;
  gsize       max_stub_size;
  GByteArray *pending; /* bytes that are no whole PDU yet */
  GByteArray *stub;
  gboolean    started; /* the first fragment has come */
  gboolean    complete;
  gboolean    failed;
};

static void
begin_pdu (SmbWriter *w,
           guint8     type,
           guint32    call_id)
{
  smb_writer_init (w, NULL);
  smb_writer_u8 (w, VERSION);                 /* rpc_vers */
  smb_writer_u8 (w, 0);                       /* rpc_vers_minor */
  smb_writer_u8 (w, type);                    /* PTYPE */
  smb_writer_u8 (w, FLAG_FIRST | FLAG_LAST);  /* pfc_flags */
  smb_writer_u32 (w, LITTLE_ENDIAN_ASCII);    /* packed_drep */
  smb_writer_u16 (w, 0);                      /* frag_length */
  smb_writer_u16 (w, 0);                      /* auth_length */
  smb_writer_u32 (w, call_id);                /* call_id */
}

static GBytes *
end_pdu (SmbWriter *w)
{
  smb_writer_patch_u16 (w, FRAGMENT_LENGTH_OFFSET, smb_writer_get_offset (w));

  return smb_writer_steal_bytes (w);
}

static void
write_syntax (SmbWriter                *w,
              const SmbDcerpcInterface *syntax)
{
  smb_writer_bytes (w, syntax->uuid, sizeof syntax->uuid); /* if_uuid */
  smb_writer_u16 (w, syntax->major);                       /* if_version */
  smb_writer_u16 (w, syntax->minor);
}

GBytes *
smb_dcerpc_bind_encode (guint32                   call_id,
                        const SmbDcerpcInterface *interface)
{
  SmbWriter w;

  begin_pdu (&w, PTYPE_BIND, call_id);
  smb_writer_u16 (&w, SMB_DCERPC_MAX_FRAGMENT); /* max_xmit_frag */
  smb_writer_u16 (&w, SMB_DCERPC_MAX_FRAGMENT); /* max_recv_frag */
  smb_writer_u32 (&w, 0);                       /* assoc_group_id */
  smb_writer_u8 (&w, 1);                        /* n_context_elem */
  smb_writer_zeros (&w, 3);                     /* reserved, reserved2 */
  smb_writer_u16 (&w, 0);                       /* p_cont_id */
  smb_writer_u8 (&w, 1);                        /* n_transfer_syn */
  smb_writer_u8 (&w, 0);                        /* reserved */
  write_syntax (&w, interface);                 /* abstract_syntax */
  write_syntax (&w, &ndr32);                    /* transfer_syntaxes */

  return end_pdu (&w);
}

GBytes *
smb_dcerpc_request_encode (guint32       call_id,
                           guint16       opnum,
                           gconstpointer stub,
                           gsize         stub_size)
{
  SmbWriter w;

  g_return_val_if_fail (stub_size <= SMB_DCERPC_MAX_FRAGMENT - REQUEST_HEADER_SIZE, NULL);

  begin_pdu (&w, PTYPE_REQUEST, call_id);
  smb_writer_u32 (&w, stub_size); /* alloc_hint */
  smb_writer_u16 (&w, 0);         /* p_cont_id */
  smb_writer_u16 (&w, opnum);     /* opnum */
  smb_writer_bytes (&w, stub, stub_size);

  return end_pdu (&w);
}

/*
 * The receiver makes it right, but no server of SMB sends big-endian PDUs; and nothing that we bound
 * without authentication may come back with any.
 */
static void
read_header (SmbReader *r,
             Header    *header)
{
  smb_reader_expect_u8 (r, VERSION);             /* rpc_vers */
  smb_reader_skip (r, 1);                        /* rpc_vers_minor */
  header->type = smb_reader_u8 (r);              /* PTYPE */
  header->flags = smb_reader_u8 (r);             /* pfc_flags */
  smb_reader_expect_u8 (r, LITTLE_ENDIAN_ASCII); /* packed_drep */
  smb_reader_skip (r, 3);
  header->fragment_length = smb_reader_u16 (r);  /* frag_length */
  smb_reader_expect_u16 (r, 0);                  /* auth_length */
  header->call_id = smb_reader_u32 (r);          /* call_id */

  if (header->fragment_length < HEADER_SIZE)
    smb_reader_fail (r);
}

static gboolean
set_malformed (GError **error)
{
  g_set_error (error, SMB_ERROR, SMB_ERROR_PROTOCOL, "The reply of the server's pipe makes no sense");

  return FALSE;
}

static gboolean
set_refused (GError **error)
{
  g_set_error (error, SMB_ERROR, SMB_ERROR_NOT_SUPPORTED, "The server's pipe does not offer the interface");

  return FALSE;
}

/* Returns the result for our only context: 0 if the server takes it. */
static guint16
read_bind_ack (SmbReader        *r,
               SmbDcerpcBindAck *self)
{
  guint16 result;

  self->max_transmit = smb_reader_u16 (r);      /* max_xmit_frag */
  self->max_receive = smb_reader_u16 (r);       /* max_recv_frag */
  self->association_group = smb_reader_u32 (r); /* assoc_group_id */
  smb_reader_skip (r, smb_reader_u16 (r));      /* sec_addr */
  smb_reader_align (r, 4);
  smb_reader_expect_u8 (r, 1);                  /* n_results */
  smb_reader_skip (r, 3);                       /* reserved, reserved2 */
  result = smb_reader_u16 (r);                  /* result */
  smb_reader_skip (r, 2);                       /* reason */
  smb_reader_skip (r, 20);                      /* transfer_syntax */

  return result;
}

gboolean
smb_dcerpc_bind_ack_decode (SmbDcerpcBindAck  *self,
                            guint32            call_id,
                            gconstpointer      data,
                            gsize              size,
                            GError           **error)
{
  SmbReader r;
  Header header;
  guint16 result;

  smb_reader_init (&r, data, size);
  read_header (&r, &header);
  if (r.failed || header.call_id != call_id || header.fragment_length != size)
    return set_malformed (error);
  if (header.type == PTYPE_BIND_NAK)
    return set_refused (error);
  if (header.type != PTYPE_BIND_ACK)
    return set_malformed (error);

  result = read_bind_ack (&r, self);
  if (!smb_reader_finish (&r, "The answer to the bind", error))
    return FALSE;

  return result == 0 || set_refused (error);
}

SmbDcerpcReply *
smb_dcerpc_reply_new (guint32 call_id,
                      gsize   max_stub_size)
{
  SmbDcerpcReply *self = g_new0 (SmbDcerpcReply, 1);

  self->call_id = call_id;
  self->max_stub_size = max_stub_size;
  self->pending = g_byte_array_new ();
  self->stub = g_byte_array_new ();

  return self;
}

void
smb_dcerpc_reply_free (SmbDcerpcReply *self)
{
  if (self == NULL)
    return;

  g_byte_array_unref (self->pending);
  g_byte_array_unref (self->stub);
  g_free (self);
}

gboolean
smb_dcerpc_reply_is_complete (const SmbDcerpcReply *self)
{
  return self->complete;
}

gconstpointer
smb_dcerpc_reply_get_stub (const SmbDcerpcReply *self,
                           gsize                *size)
{
  g_return_val_if_fail (self->complete, NULL);

  *size = self->stub->len;

  return self->stub->data;
}

static SmbError
fault_to_error (guint32 status)
{
  switch (status)
    {
    case FAULT_ACCESS_DENIED:
      return SMB_ERROR_ACCESS_DENIED;
    case FAULT_OPNUM_RANGE:
    case FAULT_UNKNOWN_IF:
      return SMB_ERROR_NOT_SUPPORTED;
    default:
      return SMB_ERROR_FAILED;
    }
}

/* [C706] 12.6.4.7; the common part of a response and a fault was read. */
static gboolean
take_fault (SmbReader  *r,
            GError    **error)
{
  const guint32 status = smb_reader_u32 (r); /* status */

  if (!smb_reader_finish (r, "The fault from the server's pipe", error))
    return FALSE;

  g_set_error (error, SMB_ERROR, fault_to_error (status),
               "The server's pipe reports a fault (0x%08X)", status);

  return FALSE;
}

/* [C706] 12.6.4.10 */
static gboolean
take_response (SmbDcerpcReply  *self,
               const Header    *header,
               SmbReader       *r,
               GError         **error)
{
  const gboolean first = (header->flags & FLAG_FIRST) != 0;
  const gsize size = smb_reader_get_remaining (r);

  if (first == self->started)
    return set_malformed (error);

  if (size > self->max_stub_size - self->stub->len)
    {
      g_set_error (error, SMB_ERROR, SMB_ERROR_PROTOCOL, "The reply of the server's pipe is too long");
      return FALSE;
    }

  g_byte_array_append (self->stub, smb_reader_bytes (r, size), size);
  self->started = TRUE;
  self->complete = (header->flags & FLAG_LAST) != 0;

  return TRUE;
}

static gboolean
take_pdu (SmbDcerpcReply  *self,
          const Header    *header,
          SmbReader       *r,
          GError         **error)
{
  smb_reader_skip (r, 4); /* alloc_hint: only a hint, and the sender's */
  smb_reader_skip (r, 2); /* p_cont_id */
  smb_reader_skip (r, 2); /* cancel_count, reserved */
  if (!smb_reader_finish (r, "The reply of the server's pipe", error))
    return FALSE;

  if (header->call_id != self->call_id || self->complete)
    return set_malformed (error);

  switch (header->type)
    {
    case PTYPE_RESPONSE:
      return take_response (self, header, r, error);
    case PTYPE_FAULT:
      return take_fault (r, error);
    default:
      return set_malformed (error);
    }
}

/* Takes all whole PDUs and leaves the rest. */
static gboolean
take_pending (SmbDcerpcReply  *self,
              GError         **error)
{
  gsize offset = 0;

  while (self->pending->len - offset >= HEADER_SIZE)
    {
      Header header;
      SmbReader r;

      smb_reader_init (&r, self->pending->data + offset, self->pending->len - offset);
      read_header (&r, &header);
      if (r.failed)
        return set_malformed (error);
      if (header.fragment_length > r.size)
        break;

      r.size = header.fragment_length;
      if (!take_pdu (self, &header, &r, error))
        return FALSE;
      offset += header.fragment_length;
    }

  g_byte_array_remove_range (self->pending, 0, offset);

  return !self->complete || self->pending->len == 0 || set_malformed (error);
}

gboolean
smb_dcerpc_reply_push (SmbDcerpcReply  *self,
                       gconstpointer    data,
                       gsize            size,
                       GError         **error)
{
  if (self->failed)
    return set_malformed (error);

  if (size > 0)
    g_byte_array_append (self->pending, data, size);
  self->failed = !take_pending (self, error);

  return !self->failed;
}
