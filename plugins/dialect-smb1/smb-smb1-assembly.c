/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "smb-smb1-assembly.h"

/* Bytes that have come, from @begin to before @end. */
typedef struct
{
  gsize begin;
  gsize end;
} Range;

/* The parameters, or the data. */
typedef struct
{
  gsize   max_size;
  gsize   size;   /* as announced; may become less, never more */
  guint8 *bytes;  /* of the size that was announced first */
  GArray *ranges; /* sorted, apart from each other */
} Block;

struct _SmbSmb1Assembly
{
  gboolean begun;
  Block    parameters;
  Block    data;
};

SmbSmb1Assembly *
smb_smb1_assembly_new (guint32 max_parameters,
                       guint32 max_data)
{
  SmbSmb1Assembly *self = g_new0 (SmbSmb1Assembly, 1);

  self->parameters.max_size = max_parameters;
  self->data.max_size = max_data;
  return self;
}

static void
block_clear (Block *block)
{
  g_free (block->bytes);
  g_clear_pointer (&block->ranges, g_array_unref);
}

void
smb_smb1_assembly_free (SmbSmb1Assembly *self)
{
  block_clear (&self->parameters);
  block_clear (&self->data);
  g_free (self);
}

/* The first part says how much there will be; the following may take some of it back. */
static gboolean
block_announce (Block   *block,
                gsize    size,
                gboolean first)
{
  if (size > (first ? block->max_size : block->size))
    return FALSE;

  block->size = size;
  if (first)
    {
      block->bytes = g_malloc (MAX (size, 1));
      block->ranges = g_array_new (FALSE, FALSE, sizeof (Range));
    }
  return TRUE;
}

/* Where a range that begins at @begin belongs. */
static guint
find_place (const GArray *ranges,
            gsize         begin)
{
  guint low = 0;
  guint high = ranges->len;

  while (low < high)
    {
      guint middle = (low + high) / 2;

      if (g_array_index (ranges, Range, middle).begin < begin)
        low = middle + 1;
      else
        high = middle;
    }
  return low;
}

/* FALSE if some of it was there. */
static gboolean
add_range (GArray *ranges,
           Range   range)
{
  guint place = find_place (ranges, range.begin);
  Range *before = place > 0 ? &g_array_index (ranges, Range, place - 1) : NULL;
  Range *behind = place < ranges->len ? &g_array_index (ranges, Range, place) : NULL;
  gboolean joins_before = before != NULL && before->end == range.begin;
  gboolean joins_behind = behind != NULL && behind->begin == range.end;

  if ((before != NULL && before->end > range.begin) || (behind != NULL && behind->begin < range.end))
    return FALSE;

  if (joins_before && joins_behind)
    {
      before->end = behind->end;
      g_array_remove_index (ranges, place);
    }
  else if (joins_before)
    before->end = range.end;
  else if (joins_behind)
    behind->begin = range.begin;
  else
    g_array_insert_val (ranges, place, range);
  return TRUE;
}

static gboolean
block_add (Block        *block,
           const guint8 *bytes,
           gsize         size,
           gsize         displacement)
{
  const Range range = { displacement, displacement + size };

  if (size == 0)
    return TRUE;
  if (displacement > block->size || size > block->size - displacement || !add_range (block->ranges, range))
    return FALSE;

  memcpy (block->bytes + displacement, bytes, size);
  return TRUE;
}

/* What came before the size was taken back may lie behind it: it counts as there. */
static gboolean
block_is_complete (const Block *block)
{
  const Range *first;

  if (block->size == 0)
    return TRUE;
  if (block->ranges->len == 0)
    return FALSE;
  first = &g_array_index (block->ranges, Range, 0);
  return first->begin == 0 && first->end >= block->size;
}

gboolean
smb_smb1_assembly_add (SmbSmb1Assembly                *self,
                       const SmbSmb1TransactionReply  *part,
                       GError                        **error)
{
  gboolean first = !self->begun;

  self->begun = TRUE;
  if (block_announce (&self->parameters, part->total_parameters, first)
      && block_announce (&self->data, part->total_data, first)
      && block_add (&self->parameters, part->parameters, part->n_parameters, part->parameter_displacement)
      && block_add (&self->data, part->data, part->n_data, part->data_displacement)
      && (part->n_parameters + part->n_data > 0 || smb_smb1_assembly_is_complete (self)))
    return TRUE;

  g_set_error_literal (error, SMB_ERROR, SMB_ERROR_PROTOCOL,
                       "The server sent a part of an answer that does not fit the others");
  return FALSE;
}

gboolean
smb_smb1_assembly_is_complete (const SmbSmb1Assembly *self)
{
  return self->begun && block_is_complete (&self->parameters) && block_is_complete (&self->data);
}

GBytes *
smb_smb1_assembly_to_message (const SmbSmb1Assembly *self,
                              const guint8          *header)
{
  return smb_smb1_transaction_join (header, self->parameters.bytes, self->parameters.size,
                                    self->data.bytes, self->data.size);
}

gboolean
smb_smb1_transaction_is_whole (const SmbSmb1TransactionReply *reply)
{
  return reply->n_parameters == reply->total_parameters && reply->n_data == reply->total_data
         && (reply->n_parameters == 0 || reply->parameter_displacement == 0)
         && (reply->n_data == 0 || reply->data_displacement == 0);
}

GBytes *
smb_smb1_transaction_join (const guint8 *header,
                           const guint8 *parameters,
                           gsize         n_parameters,
                           const guint8 *data,
                           gsize         n_data)
{
  const gsize parameter_offset = SMB_SMB1_MIN_SIZE + 2 * 18;
  SmbWriter w;

  smb_writer_init (&w, NULL);
  smb_writer_bytes (&w, header, SMB_SMB1_HEADER_SIZE);
  w.bytes->data[SMB_SMB1_HEADER_COMMAND] = SMB_SMB1_NT_TRANSACT;
  smb_writer_u8 (&w, 18);                                /* WordCount */
  smb_writer_zeros (&w, 3);                              /* Reserved1 */
  smb_writer_u32 (&w, n_parameters);                     /* TotalParameterCount */
  smb_writer_u32 (&w, n_data);                           /* TotalDataCount */
  smb_writer_u32 (&w, n_parameters);                     /* ParameterCount */
  smb_writer_u32 (&w, parameter_offset);                 /* ParameterOffset */
  smb_writer_u32 (&w, 0);                                /* ParameterDisplacement */
  smb_writer_u32 (&w, n_data);                           /* DataCount */
  smb_writer_u32 (&w, parameter_offset + n_parameters);  /* DataOffset */
  smb_writer_u32 (&w, 0);                                /* DataDisplacement */
  smb_writer_u8 (&w, 0);                                 /* SetupCount */
  smb_writer_u16 (&w, 0);                                /* ByteCount, which could not say it */
  smb_writer_bytes (&w, parameters, n_parameters);
  smb_writer_bytes (&w, data, n_data);
  return smb_writer_steal_bytes (&w);
}
