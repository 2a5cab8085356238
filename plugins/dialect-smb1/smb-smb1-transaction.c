/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "smb-smb1-transaction.h"

/* WordCount without setup. */
#define PRIMARY_WORDS       14
#define NT_PRIMARY_WORDS    19
#define SECONDARY_WORDS     8
#define SECONDARY2_WORDS    9
#define NT_SECONDARY_WORDS  18

#define PIPE_NAME           "\\PIPE\\"
#define MAX_SETUP_IN_REPLY  1 /* NT_TRANSACT_IOCTL has a length there */

/* What of the transaction is still to be written. */
typedef struct
{
  gsize parameters_done;
  gsize data_done;
} Progress;

/* What one message takes of it, and where to. */
typedef struct
{
  gsize n_parameters;
  gsize parameter_offset;
  gsize n_data;
  gsize data_offset;
} Piece;

static gsize
align (gsize offset)
{
  return (offset + 3) & ~(gsize) 3;
}

/* As much as fits behind @begin: parameters first. Both begin at multiples of 4. */
static Piece
choose_piece (const SmbSmb1Transaction *self,
              const Progress           *progress,
              gsize                     begin,
              gsize                     max_size)
{
  Piece piece = { .parameter_offset = align (begin) };
  gsize left = self->n_parameters - progress->parameters_done;

  piece.n_parameters = piece.parameter_offset < max_size ? MIN (left, max_size - piece.parameter_offset) : 0;
  piece.data_offset = align (piece.parameter_offset + piece.n_parameters);
  left = self->n_data - progress->data_done;
  if (progress->parameters_done + piece.n_parameters == self->n_parameters && piece.data_offset < max_size)
    piece.n_data = MIN (left, max_size - piece.data_offset);
  return piece;
}

static void
write_count (SmbWriter *w,
             gboolean   is_nt,
             guint32    value)
{
  if (is_nt)
    smb_writer_u32 (w, value);
  else
    smb_writer_u16 (w, value);
}

/* Count and offset, and the displacement in what is not the first message. */
static void
write_range (SmbWriter *w,
             gboolean   is_nt,
             gsize      count,
             gsize      offset,
             gsize      displacement,
             gboolean   secondary)
{
  write_count (w, is_nt, count);
  write_count (w, is_nt, count == 0 ? 0 : offset);
  if (secondary)
    write_count (w, is_nt, displacement);
}

static void
write_ranges (SmbWriter      *w,
              gboolean        is_nt,
              const Piece    *piece,
              const Progress *done,
              gboolean        secondary)
{
  write_range (w, is_nt, piece->n_parameters, piece->parameter_offset, done->parameters_done, secondary);
  write_range (w, is_nt, piece->n_data, piece->data_offset, done->data_done, secondary);
}

static void
write_piece (const SmbSmb1Transaction *self,
             SmbWriter                *w,
             const Piece              *piece,
             Progress                 *progress)
{
  if (piece->n_parameters > 0)
    {
      smb_writer_align (w, 4);
      smb_writer_bytes (w, self->parameters + progress->parameters_done, piece->n_parameters);
    }
  if (piece->n_data > 0)
    {
      smb_writer_align (w, 4);
      smb_writer_bytes (w, self->data + progress->data_done, piece->n_data);
    }
  progress->parameters_done += piece->n_parameters;
  progress->data_done += piece->n_data;
}

/* The words of TRANSACTION and TRANSACTION2 up to the ranges ([MS-CIFS] 2.2.4.33.1). */
static void
write_words (const SmbSmb1Transaction *self,
             SmbWriter                *w)
{
  smb_writer_u8 (w, PRIMARY_WORDS + self->n_setup); /* WordCount */
  smb_writer_u16 (w, self->n_parameters);           /* TotalParameterCount */
  smb_writer_u16 (w, self->n_data);                 /* TotalDataCount */
  smb_writer_u16 (w, self->max_parameters);         /* MaxParameterCount */
  smb_writer_u16 (w, self->max_data);               /* MaxDataCount */
  smb_writer_u8 (w, 0);                             /* MaxSetupCount */
  smb_writer_u8 (w, 0);                             /* Reserved1 */
  smb_writer_u16 (w, 0);                            /* Flags */
  smb_writer_u32 (w, 0);                            /* Timeout */
  smb_writer_u16 (w, 0);                            /* Reserved2 */
}

/* [MS-CIFS] 2.2.4.62.1 */
static void
write_nt_words (const SmbSmb1Transaction *self,
                SmbWriter                *w)
{
  smb_writer_u8 (w, NT_PRIMARY_WORDS + self->n_setup); /* WordCount */
  smb_writer_u8 (w, MAX_SETUP_IN_REPLY);               /* MaxSetupCount */
  smb_writer_u16 (w, 0);                               /* Reserved1 */
  smb_writer_u32 (w, self->n_parameters);              /* TotalParameterCount */
  smb_writer_u32 (w, self->n_data);                    /* TotalDataCount */
  smb_writer_u32 (w, self->max_parameters);            /* MaxParameterCount */
  smb_writer_u32 (w, self->max_data);                  /* MaxDataCount */
}

static void
write_setup (const SmbSmb1Transaction *self,
             SmbWriter                *w,
             gboolean                  is_nt)
{
  smb_writer_u8 (w, self->n_setup);     /* SetupCount */
  if (is_nt)
    smb_writer_u16 (w, self->function); /* Function */
  else
    smb_writer_u8 (w, 0);               /* Reserved3 */
  for (guint i = 0; i < self->n_setup; i++)
    smb_writer_u16 (w, self->setup[i]); /* Setup */
}

/* TRANSACTION names its pipe, TRANSACTION2 has a name that nobody uses, NT_TRANSACT has none. */
static gsize
get_name_end (const SmbSmb1Transaction *self,
              gsize                     bytes_begin)
{
  if (self->command == SMB_SMB1_TRANSACTION)
    return (bytes_begin + 1) / 2 * 2 + 2 * sizeof PIPE_NAME;
  return self->command == SMB_SMB1_TRANSACTION2 ? bytes_begin + 1 : bytes_begin;
}

static void
write_name (const SmbSmb1Transaction *self,
            SmbWriter                *w)
{
  if (self->command == SMB_SMB1_TRANSACTION)
    smb_smb1_write_string (w, PIPE_NAME, NULL);
  else if (self->command == SMB_SMB1_TRANSACTION2)
    smb_writer_u8 (w, 0);
}

static void
write_primary (const SmbSmb1Transaction *self,
               SmbWriter                *w,
               gsize                     max_size,
               Progress                 *progress)
{
  gboolean is_nt = self->command == SMB_SMB1_NT_TRANSACT;
  guint n_words = (is_nt ? NT_PRIMARY_WORDS : PRIMARY_WORDS) + self->n_setup;
  gsize bytes_begin = SMB_SMB1_HEADER_SIZE + 1 + 2 * n_words + 2;
  Piece piece = choose_piece (self, progress, get_name_end (self, bytes_begin), max_size);
  gsize byte_count;

  smb_smb1_header_write (w, self->command, self->flags2, self->tid);
  if (is_nt)
    write_nt_words (self, w);
  else
    write_words (self, w);
  write_ranges (w, is_nt, &piece, progress, FALSE);
  write_setup (self, w, is_nt);

  byte_count = smb_smb1_begin_bytes (w);
  write_name (self, w);
  write_piece (self, w, &piece, progress);
  smb_smb1_end_bytes (w, byte_count);
}

/* [MS-CIFS] 2.2.4.34, 2.2.4.47, 2.2.4.63. Their commands come after those of the first messages. */
static void
write_secondary (const SmbSmb1Transaction *self,
                 SmbWriter                *w,
                 gsize                     max_size,
                 Progress                 *progress)
{
  gboolean is_nt = self->command == SMB_SMB1_NT_TRANSACT;
  gboolean is_trans2 = self->command == SMB_SMB1_TRANSACTION2;
  guint n_words = is_nt ? NT_SECONDARY_WORDS : is_trans2 ? SECONDARY2_WORDS : SECONDARY_WORDS;
  gsize bytes_begin = SMB_SMB1_HEADER_SIZE + 1 + 2 * n_words + 2;
  Piece piece = choose_piece (self, progress, bytes_begin, max_size);
  gsize byte_count;

  smb_smb1_header_write (w, self->command + 1, self->flags2, self->tid);
  smb_writer_u8 (w, n_words);                                   /* WordCount */
  if (is_nt)
    smb_writer_zeros (w, 3);                                    /* Reserved1 */
  write_count (w, is_nt, self->n_parameters);                   /* TotalParameterCount */
  write_count (w, is_nt, self->n_data);                         /* TotalDataCount */
  write_ranges (w, is_nt, &piece, progress, TRUE);
  if (is_nt)
    smb_writer_u8 (w, 0);                                       /* Reserved2 */
  else if (is_trans2)
    smb_writer_u16 (w, 0xffff);                                 /* FID: it is named elsewhere */

  byte_count = smb_smb1_begin_bytes (w);
  write_piece (self, w, &piece, progress);
  smb_smb1_end_bytes (w, byte_count);
}

static gboolean
is_complete (const SmbSmb1Transaction *self,
             const Progress           *progress)
{
  return progress->parameters_done == self->n_parameters && progress->data_done == self->n_data;
}

static gboolean
fail (GError     **error,
      const char  *why)
{
  g_set_error_literal (error, SMB_ERROR, SMB_ERROR_INVALID_ARGUMENT, why);
  return FALSE;
}

static gboolean
check_sizes (const SmbSmb1Transaction  *self,
             GError                   **error)
{
  gsize most = self->command == SMB_SMB1_NT_TRANSACT ? G_MAXUINT32 : G_MAXUINT16;

  if (self->n_parameters > most || self->n_data > most || self->max_data > most)
    return fail (error, "There are too many bytes for a transaction");
  return TRUE;
}

static gboolean
write_as_step (const SmbSmb1Transaction  *self,
               SmbFrame                  *frame,
               gsize                      max_size,
               GError                   **error)
{
  g_auto(SmbWriter) w = { 0 };
  Progress progress = { 0 };
  gsize part = smb_smb1_frame_begin_part (frame, SMB_SMB1_PART_STEP, &w);

  write_primary (self, &w, max_size, &progress);
  smb_smb1_frame_end_part (frame, part);
  return is_complete (self, &progress) || fail (error, "There are too many bytes for one message");
}

static void
write_secondaries (const SmbSmb1Transaction *self,
                   SmbFrame                 *frame,
                   gsize                     max_size,
                   Progress                 *progress)
{
  while (!is_complete (self, progress))
    {
      g_auto(SmbWriter) w = { 0 };
      gsize part = smb_smb1_frame_begin_part (frame, SMB_SMB1_PART_SECONDARY, &w);

      write_secondary (self, &w, max_size, progress);
      smb_smb1_frame_end_part (frame, part);
    }
}

gboolean
smb_smb1_transaction_write (const SmbSmb1Transaction  *self,
                            SmbFrame                  *frame,
                            gboolean                   step,
                            gsize                      max_size,
                            GError                   **error)
{
  g_auto(SmbWriter) w = { 0 };
  Progress progress = { 0 };

  if (!check_sizes (self, error))
    return FALSE;
  smb_smb1_frame_get_note (frame)->max_parameters = self->max_parameters;
  smb_smb1_frame_get_note (frame)->max_data = self->max_data;
  max_size = MIN (max_size, G_MAXUINT16); /* ByteCount has 16 bits */
  if (step)
    return write_as_step (self, frame, max_size, error);

  smb_smb1_frame_begin (frame, &w);
  write_primary (self, &w, max_size, &progress);
  smb_smb1_frame_end (frame, &w);
  write_secondaries (self, frame, max_size, &progress);
  return TRUE;
}

/* Responses. */

static guint32
read_count (SmbReader *r,
            gboolean   is_nt)
{
  return is_nt ? smb_reader_u32 (r) : smb_reader_u16 (r);
}

/* Count, offset from the header, displacement. */
static void
read_range (SmbReader     *r,
            gboolean       is_nt,
            const guint8 **bytes,
            gsize         *size,
            gsize         *displacement)
{
  gsize offset;
  SmbReader range;

  *size = read_count (r, is_nt);
  offset = read_count (r, is_nt);
  *displacement = read_count (r, is_nt);
  smb_reader_sub (r, &range, offset, *size);
  *bytes = *size == 0 ? NULL : smb_reader_bytes (&range, *size);
}

gboolean
smb_smb1_transaction_read (SmbSmb1TransactionReply  *self,
                           const guint8             *bytes,
                           gsize                     size,
                           GError                  **error)
{
  gboolean is_nt = size > SMB_SMB1_HEADER_COMMAND && bytes[SMB_SMB1_HEADER_COMMAND] == SMB_SMB1_NT_TRANSACT;
  SmbReader r;

  memset (self, 0, sizeof *self);
  smb_reader_init (&r, bytes, size);
  smb_reader_skip (&r, SMB_SMB1_HEADER_SIZE);
  if (smb_reader_u8 (&r) < (is_nt ? 18 : 10))          /* WordCount */
    smb_reader_fail (&r);
  if (is_nt)
    smb_reader_skip (&r, 3);                           /* Reserved1 */
  self->total_parameters = read_count (&r, is_nt);     /* TotalParameterCount */
  self->total_data = read_count (&r, is_nt);           /* TotalDataCount */
  if (!is_nt)
    smb_reader_skip (&r, 2);                           /* Reserved1 */
  read_range (&r, is_nt, &self->parameters, &self->n_parameters, &self->parameter_displacement);
  read_range (&r, is_nt, &self->data, &self->n_data, &self->data_displacement);

  return smb_reader_finish (&r, "transaction response", error);
}
