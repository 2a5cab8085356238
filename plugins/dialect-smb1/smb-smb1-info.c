/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "smb-smb1-info.h"

#include "smb-smb1-assembly.h"
#include "smb-smb1-build.h"

/* Classes of [MS-FSCC] have this added to their number ([MS-SMB] 2.2.2.3.5), where the server knows them. */
#define PASS_THROUGH 1000

#define QUERY_FILE_ALL_INFO      0x0107
#define QUERY_FS_SIZE_INFO       0x0103
#define QUERY_PARAMETERS         2 /* EaErrorOffset */
#define SECURITY_PARAMETERS      4 /* LengthNeeded */

/* What FileAllInformation has and SMB_QUERY_FILE_ALL_INFO has not: number, access, position, mode,
 * alignment. */
#define ALL_INFO_MORE            28

/* A level of SMB1's own and the class that it is, or is made to be. */
typedef struct
{
  SmbInfoType   type;
  guint8        info_class;
  guint16       level;
  SmbSmb1Answer answer;
  gboolean      always; /* also where the server knows the class: not all mean the same by it */
} Level;

/* [MS-CIFS] 2.2.2.3.3, 2.2.2.3.2 */
static const Level query_levels[] = {
  { SMB_INFO_TYPE_FILE, SMB_FSCC_FILE_BASIC, 0x0101, SMB_SMB1_ANSWER_TRANSACTION, FALSE },
  { SMB_INFO_TYPE_FILE, SMB_FSCC_FILE_STANDARD, 0x0102, SMB_SMB1_ANSWER_TRANSACTION, FALSE },
  { SMB_INFO_TYPE_FILE, SMB_FSCC_FILE_EA, 0x0103, SMB_SMB1_ANSWER_TRANSACTION, FALSE },
  { SMB_INFO_TYPE_FILE, SMB_FSCC_FILE_NAME, 0x0104, SMB_SMB1_ANSWER_TRANSACTION, FALSE },
  { SMB_INFO_TYPE_FILE, SMB_FSCC_FILE_ALL, QUERY_FILE_ALL_INFO, SMB_SMB1_ANSWER_ALL_INFO, TRUE },
  { SMB_INFO_TYPE_FILE, SMB_FSCC_FILE_NETWORK_OPEN, QUERY_FILE_ALL_INFO, SMB_SMB1_ANSWER_NETWORK_OPEN,
    FALSE },
  { SMB_INFO_TYPE_FILE, SMB_FSCC_FILE_ALTERNATE_NAME, 0x0108, SMB_SMB1_ANSWER_TRANSACTION, FALSE },
  { SMB_INFO_TYPE_FILE, SMB_FSCC_FILE_STREAM, 0x0109, SMB_SMB1_ANSWER_TRANSACTION, FALSE },
  { SMB_INFO_TYPE_FILE, SMB_FSCC_FILE_COMPRESSION, 0x010b, SMB_SMB1_ANSWER_TRANSACTION, FALSE },
  { SMB_INFO_TYPE_FILESYSTEM, SMB_FSCC_FS_VOLUME, 0x0102, SMB_SMB1_ANSWER_TRANSACTION, FALSE },
  { SMB_INFO_TYPE_FILESYSTEM, SMB_FSCC_FS_SIZE, QUERY_FS_SIZE_INFO, SMB_SMB1_ANSWER_TRANSACTION, FALSE },
  { SMB_INFO_TYPE_FILESYSTEM, SMB_FSCC_FS_DEVICE, 0x0104, SMB_SMB1_ANSWER_TRANSACTION, FALSE },
  { SMB_INFO_TYPE_FILESYSTEM, SMB_FSCC_FS_ATTRIBUTE, 0x0105, SMB_SMB1_ANSWER_TRANSACTION, FALSE },
  { SMB_INFO_TYPE_FILESYSTEM, SMB_FSCC_FS_FULL_SIZE, QUERY_FS_SIZE_INFO, SMB_SMB1_ANSWER_FULL_SIZE, FALSE },
};

/* [MS-CIFS] 2.2.2.3.4; all servers know these, and they are laid out as the classes. */
static const Level set_levels[] = {
  { SMB_INFO_TYPE_FILE, SMB_FSCC_FILE_BASIC, 0x0101, SMB_SMB1_ANSWER_PLAIN, TRUE },
  { SMB_INFO_TYPE_FILE, SMB_FSCC_FILE_DISPOSITION, 0x0102, SMB_SMB1_ANSWER_PLAIN, TRUE },
  { SMB_INFO_TYPE_FILE, SMB_FSCC_FILE_ALLOCATION, 0x0103, SMB_SMB1_ANSWER_PLAIN, TRUE },
  { SMB_INFO_TYPE_FILE, SMB_FSCC_FILE_END_OF_FILE, 0x0104, SMB_SMB1_ANSWER_PLAIN, TRUE },
};

static const Level *
find_level (const Level *levels,
            gsize        n_levels,
            SmbInfoType  type,
            guint8       info_class)
{
  for (gsize i = 0; i < n_levels; i++)
    if (levels[i].type == type && levels[i].info_class == info_class)
      return &levels[i];
  return NULL;
}

/* The level by which to ask, and what becomes of its answer. */
static gboolean
choose_level (const SmbSmb1Builder  *builder,
              const Level           *own,
              guint8                 info_class,
              guint16               *level,
              SmbSmb1Answer         *answer,
              GError               **error)
{
  gboolean pass_through = smb_smb1_terms_can (builder->terms, SMB_SMB1_CAP_INFOLEVEL_PASSTHRU);

  if (pass_through && (own == NULL || !own->always))
    {
      *level = PASS_THROUGH + info_class;
      *answer = SMB_SMB1_ANSWER_TRANSACTION;
      return TRUE;
    }
  if (own == NULL)
    {
      g_set_error (error, SMB_ERROR, SMB_ERROR_INVALID_ARGUMENT,
                   "The server does not know information class %u", info_class);
      return FALSE;
    }

  *level = own->level;
  *answer = own->answer;
  return TRUE;
}

/* [MS-CIFS] 2.2.7.6.1, 2.2.7.3.1; the response has LengthNeeded. */
static gboolean
encode_security (const SmbSmb1Builder  *builder,
                 const SmbRequest      *request,
                 SmbSmb1Subcommand      function,
                 guint32                additional,
                 GBytes                *input,
                 guint32                max_output,
                 SmbFrame              *frame,
                 GError               **error)
{
  g_auto(SmbWriter) w = { 0 };
  SmbSmb1Transaction transaction = {
    .command = SMB_SMB1_NT_TRANSACT,
    .function = function,
    .max_parameters = SECURITY_PARAMETERS,
    .max_data = max_output,
    .flags2 = smb_smb1_get_flags2 (builder),
    .tid = request->tree_id,
  };

  smb_writer_init (&w, NULL);
  smb_writer_u16 (&w, smb_smb1_get_fid (request)); /* FID */
  smb_writer_u16 (&w, 0);                          /* Reserved */
  smb_writer_u32 (&w, additional);                 /* SecurityInfoFields */
  transaction.parameters = w.bytes->data;
  transaction.n_parameters = w.bytes->len;
  if (input != NULL)
    transaction.data = g_bytes_get_data (input, &transaction.n_data);
  return smb_smb1_transaction_write (&transaction, frame, FALSE, builder->terms->max_buffer_size, error);
}

/* Bytes to ask for, so that no more come of it than was asked of us. */
static guint32
get_max_data (SmbSmb1Answer answer,
              guint32       max_output)
{
  if (answer == SMB_SMB1_ANSWER_ALL_INFO)
    max_output = max_output > ALL_INFO_MORE ? max_output - ALL_INFO_MORE : 0;
  return MIN (max_output, G_MAXUINT16);
}

static SmbSmb1Subcommand
get_query_function (const SmbRequest *request)
{
  if (request->query_info.type == SMB_INFO_TYPE_FILESYSTEM)
    return SMB_SMB1_TRANS2_QUERY_FS_INFORMATION;
  return request->query_info.path == NULL ? SMB_SMB1_TRANS2_QUERY_FILE_INFORMATION
                                          : SMB_SMB1_TRANS2_QUERY_PATH_INFORMATION;
}

/* [MS-CIFS] 2.2.6.8.1, 2.2.6.6.1, 2.2.6.4.1 */
static gboolean
write_query_parameters (const SmbRequest  *request,
                        guint16            level,
                        SmbWriter         *w,
                        GError           **error)
{
  if (request->query_info.type == SMB_INFO_TYPE_FILE && request->query_info.path == NULL)
    smb_writer_u16 (w, smb_smb1_get_fid (request)); /* FID */
  smb_writer_u16 (w, level);                        /* InformationLevel */
  if (request->query_info.path == NULL)
    return TRUE;

  smb_writer_u32 (w, 0);                            /* Reserved */
  return smb_smb1_write_path (w, request->query_info.path, request->query_info.snapshot, error);
}

static gboolean
write_query (const SmbSmb1Builder  *builder,
             const SmbRequest      *request,
             guint16                level,
             SmbFrame              *frame,
             GError               **error)
{
  g_auto(SmbWriter) w = { 0 };
  SmbSmb1Transaction transaction = {
    .command = SMB_SMB1_TRANSACTION2,
    .setup = { get_query_function (request) },
    .n_setup = 1,
    .max_parameters = QUERY_PARAMETERS,
    .max_data = get_max_data (smb_smb1_frame_get_note (frame)->answer, request->query_info.max_output),
    .flags2 = smb_smb1_get_flags2 (builder),
    .tid = request->tree_id,
  };

  smb_writer_init (&w, NULL);
  if (!write_query_parameters (request, level, &w, error))
    return FALSE;
  if (request->query_info.path != NULL && request->query_info.snapshot != 0)
    transaction.flags2 |= SMB_SMB1_FLAG2_REPARSE_PATH;
  transaction.parameters = w.bytes->data;
  transaction.n_parameters = w.bytes->len;
  return smb_smb1_transaction_write (&transaction, frame, FALSE, builder->terms->max_buffer_size, error);
}

gboolean
smb_smb1_encode_query_info (const SmbSmb1Builder  *builder,
                            const SmbRequest      *request,
                            SmbFrame              *frame,
                            GError               **error)
{
  SmbSmb1Note *note = smb_smb1_frame_get_note (frame);
  const Level *own = find_level (query_levels, G_N_ELEMENTS (query_levels), request->query_info.type,
                                 request->query_info.info_class);
  guint16 level;

  if (request->query_info.path != NULL)
    note->serial = 0;
  if (request->query_info.path != NULL && request->query_info.type != SMB_INFO_TYPE_FILE)
    {
      g_set_error_literal (error, SMB_ERROR, SMB_ERROR_INVALID_ARGUMENT,
                           "Only files can be asked about by their paths");
      return FALSE;
    }
  if (request->query_info.type == SMB_INFO_TYPE_SECURITY)
    {
      note->answer = SMB_SMB1_ANSWER_TRANSACTION;
      return encode_security (builder, request, SMB_SMB1_NT_TRANSACT_QUERY_SECURITY_DESC,
                              request->query_info.additional, NULL, request->query_info.max_output, frame,
                              error);
    }

  return choose_level (builder, own, request->query_info.info_class, &level, &note->answer, error)
         && write_query (builder, request, level, frame, error);
}

/* [MS-CIFS] 2.2.6.9.1 */
static gboolean
write_set (const SmbSmb1Builder  *builder,
           const SmbRequest      *request,
           guint16                level,
           SmbFrame              *frame,
           GError               **error)
{
  g_auto(SmbWriter) w = { 0 };
  SmbSmb1Transaction transaction = {
    .command = SMB_SMB1_TRANSACTION2,
    .setup = { SMB_SMB1_TRANS2_SET_FILE_INFORMATION },
    .n_setup = 1,
    .max_parameters = QUERY_PARAMETERS,
    .flags2 = smb_smb1_get_flags2 (builder),
    .tid = request->tree_id,
  };

  smb_writer_init (&w, NULL);
  smb_writer_u16 (&w, smb_smb1_get_fid (request)); /* FID */
  smb_writer_u16 (&w, level);                      /* InformationLevel */
  smb_writer_u16 (&w, 0);                          /* Reserved */
  transaction.parameters = w.bytes->data;
  transaction.n_parameters = w.bytes->len;
  if (request->set_info.input != NULL)
    transaction.data = g_bytes_get_data (request->set_info.input, &transaction.n_data);
  return smb_smb1_transaction_write (&transaction, frame, FALSE, builder->terms->max_buffer_size, error);
}

gboolean
smb_smb1_encode_set_info (const SmbSmb1Builder  *builder,
                          const SmbRequest      *request,
                          SmbFrame              *frame,
                          GError               **error)
{
  const Level *own = find_level (set_levels, G_N_ELEMENTS (set_levels), request->set_info.type,
                                 request->set_info.info_class);
  SmbSmb1Answer answer;
  guint16 level;

  if (request->set_info.type == SMB_INFO_TYPE_SECURITY)
    return encode_security (builder, request, SMB_SMB1_NT_TRANSACT_SET_SECURITY_DESC,
                            request->set_info.additional, request->set_info.input, 0, frame, error);
  if (request->set_info.type == SMB_INFO_TYPE_FILE && request->set_info.info_class == SMB_FSCC_FILE_RENAME)
    return smb_smb1_encode_rename (builder, request, frame, error);
  if (request->set_info.type != SMB_INFO_TYPE_FILE)
    {
      g_set_error_literal (error, SMB_ERROR, SMB_ERROR_INVALID_ARGUMENT,
                           "Nothing else than files can be set");
      return FALSE;
    }

  return choose_level (builder, own, request->set_info.info_class, &level, &answer, error)
         && write_set (builder, request, level, frame, error);
}

/* Answers. */

static void
copy (SmbReader *r,
      SmbWriter *w,
      gsize      size)
{
  const guint8 *bytes = smb_reader_bytes (r, size);

  if (bytes != NULL)
    smb_writer_bytes (w, bytes, size);
}

/* [MS-CIFS] 2.2.8.3.10 to [MS-FSCC] 2.4.2. The name may be cut short. */
static void
translate_all_info (SmbReader *r,
                    SmbWriter *w)
{
  copy (r, w, 32);       /* BasicInformation: CreationTime, LastAccessTime, LastWriteTime, ChangeTime */
  copy (r, w, 4 + 4);    /* FileAttributes, Reserved */
  copy (r, w, 16 + 4);   /* StandardInformation: AllocationSize, EndOfFile, NumberOfLinks */
  copy (r, w, 2 + 2);    /* DeletePending, Directory, Reserved */
  smb_writer_u64 (w, 0); /* InternalInformation */
  copy (r, w, 4);        /* EaInformation */
  smb_writer_u32 (w, 0); /* AccessInformation */
  smb_writer_u64 (w, 0); /* PositionInformation */
  smb_writer_u32 (w, 0); /* ModeInformation */
  smb_writer_u32 (w, 0); /* AlignmentInformation */
  copy (r, w, 4);        /* NameInformation: FileNameLength */
  copy (r, w, smb_reader_get_remaining (r));
}

/* To [MS-FSCC] 2.4.33. */
static void
translate_network_open (SmbReader *r,
                        SmbWriter *w)
{
  guint32 attributes;

  copy (r, w, 32);                   /* CreationTime, LastAccessTime, LastWriteTime, ChangeTime */
  attributes = smb_reader_u32 (r);
  smb_reader_skip (r, 4);
  copy (r, w, 16);                   /* AllocationSize, EndOfFile */
  smb_writer_u32 (w, attributes);    /* FileAttributes */
  smb_writer_u32 (w, 0);             /* Reserved */
}

/* [MS-CIFS] 2.2.8.2.4 to [MS-FSCC] 2.5.4. */
static void
translate_full_size (SmbReader *r,
                     SmbWriter *w)
{
  guint64 free_units;

  copy (r, w, 8);                 /* TotalAllocationUnits */
  free_units = smb_reader_u64 (r);
  smb_writer_u64 (w, free_units); /* CallerAvailableAllocationUnits */
  smb_writer_u64 (w, free_units); /* ActualAvailableAllocationUnits */
  copy (r, w, 8);                 /* SectorsPerAllocationUnit, BytesPerSector */
}

GBytes *
smb_smb1_info_translate (SmbSmb1Answer                   answer,
                         const guint8                   *header,
                         const SmbSmb1TransactionReply  *reply,
                         GError                        **error)
{
  g_auto(SmbWriter) w = { 0 };
  SmbReader r;

  smb_reader_init (&r, reply->data, reply->n_data);
  smb_writer_init (&w, NULL);
  if (answer == SMB_SMB1_ANSWER_ALL_INFO)
    translate_all_info (&r, &w);
  else if (answer == SMB_SMB1_ANSWER_NETWORK_OPEN)
    translate_network_open (&r, &w);
  else
    translate_full_size (&r, &w);
  if (!smb_reader_finish (&r, "information of the file", error))
    return NULL;

  return smb_smb1_transaction_join (header, NULL, 0, w.bytes->data, w.bytes->len);
}
