/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "smb-smb1-find.h"

#include "smb-smb1-build.h"

/* Entries that a list may have at most; more than fit. */
#define MAX_ENTRIES 1366

#define SEARCH_HIDDEN    0x0002
#define SEARCH_SYSTEM    0x0004
#define SEARCH_DIRECTORY 0x0010

#define FLAG_CONTINUE_FROM_LAST 0x0008

#define FIRST_PARAMETERS 10
#define NEXT_PARAMETERS  8

/* [MS-CIFS] 2.2.2.3.1, [MS-SMB] 2.2.2.3.1: each is laid out as a class of [MS-FSCC]. */
static const struct
{
  guint8  info_class;
  guint16 level;
} levels[] = {
  { SMB_FSCC_FILE_DIRECTORY, 0x0101 },         /* SMB_FIND_FILE_DIRECTORY_INFO */
  { SMB_FSCC_FILE_FULL_DIRECTORY, 0x0102 },    /* SMB_FIND_FILE_FULL_DIRECTORY_INFO */
  { SMB_FSCC_FILE_NAMES, 0x0103 },             /* SMB_FIND_FILE_NAMES_INFO */
  { SMB_FSCC_FILE_BOTH_DIRECTORY, 0x0104 },    /* SMB_FIND_FILE_BOTH_DIRECTORY_INFO */
  { SMB_FSCC_FILE_ID_FULL_DIRECTORY, 0x0105 }, /* SMB_FIND_FILE_ID_FULL_DIRECTORY_INFO */
  { SMB_FSCC_FILE_ID_BOTH_DIRECTORY, 0x0106 }, /* SMB_FIND_FILE_ID_BOTH_DIRECTORY_INFO */
};

static gboolean
get_level (guint8    info_class,
           guint16  *level,
           GError  **error)
{
  for (gsize i = 0; i < G_N_ELEMENTS (levels); i++)
    if (levels[i].info_class == info_class)
      {
        *level = levels[i].level;
        return TRUE;
      }

  g_set_error (error, SMB_ERROR, SMB_ERROR_INVALID_ARGUMENT, "SMB1 lists no folders at level %u", info_class);
  return FALSE;
}

static gboolean
write_transaction (const SmbSmb1Builder  *builder,
                   const SmbRequest      *request,
                   SmbSmb1Subcommand      function,
                   const SmbWriter       *parameters,
                   guint16                flags2,
                   SmbFrame              *frame,
                   gboolean               step,
                   GError               **error)
{
  SmbSmb1Note *note = smb_smb1_frame_get_note (frame);
  gboolean first = function == SMB_SMB1_TRANS2_FIND_FIRST2;
  const SmbSmb1Transaction transaction = {
    .command = SMB_SMB1_TRANSACTION2,
    .setup = { function },
    .n_setup = 1,
    .parameters = parameters->bytes->data,
    .n_parameters = parameters->bytes->len,
    .max_parameters = first ? FIRST_PARAMETERS : NEXT_PARAMETERS,
    .max_data = MIN (request->query_directory.max_output, G_MAXUINT16),
    .flags2 = smb_smb1_get_flags2 (builder) | flags2,
    .tid = request->tree_id,
  };

  note->answer = first ? SMB_SMB1_ANSWER_FIND_FIRST : SMB_SMB1_ANSWER_FIND_NEXT;
  note->info_class = request->query_directory.info_class;
  return smb_smb1_transaction_write (&transaction, frame, step, builder->terms->max_buffer_size, error);
}

static char *
make_search_path (const char *folder,
                  const char *pattern)
{
  if (pattern == NULL || *pattern == '\0')
    pattern = "*";
  return *folder == '\0' ? g_strdup (pattern) : g_strconcat (folder, "\\", pattern, NULL);
}

/* [MS-CIFS] 2.2.6.2.1. The search is not closed at its end: that is told when it is asked for again. */
static gboolean
encode_first (const SmbSmb1Builder  *builder,
              const SmbRequest      *request,
              const SmbSmb1Open     *open,
              gboolean               step,
              SmbFrame              *frame,
              GError               **error)
{
  g_autofree char *path = make_search_path (open->path, request->query_directory.pattern);
  g_auto(SmbWriter) w = { 0 };
  guint16 level;

  if (!get_level (request->query_directory.info_class, &level, error))
    return FALSE;

  smb_writer_init (&w, NULL);
  smb_writer_u16 (&w, SEARCH_HIDDEN | SEARCH_SYSTEM | SEARCH_DIRECTORY); /* SearchAttributes */
  smb_writer_u16 (&w, MAX_ENTRIES);                                      /* SearchCount */
  smb_writer_u16 (&w, 0);                                                /* Flags */
  smb_writer_u16 (&w, level);                                            /* InformationLevel */
  smb_writer_u32 (&w, 0);                                                /* SearchStorageType */
  if (!smb_smb1_write_path (&w, path, open->snapshot, error))            /* FileName */
    return FALSE;
  return write_transaction (builder, request, SMB_SMB1_TRANS2_FIND_FIRST2, &w,
                            open->snapshot == 0 ? 0 : SMB_SMB1_FLAG2_REPARSE_PATH, frame, step, error);
}

/* [MS-CIFS] 2.2.6.3.1. Servers that know the flag need neither key nor name. */
static gboolean
encode_next (const SmbSmb1Builder  *builder,
             const SmbRequest      *request,
             const SmbSmb1Open     *open,
             SmbFrame              *frame,
             GError               **error)
{
  g_auto(SmbWriter) w = { 0 };
  guint16 level;

  if (!get_level (request->query_directory.info_class, &level, error))
    return FALSE;

  smb_writer_init (&w, NULL);
  smb_writer_u16 (&w, open->sid);                /* SID */
  smb_writer_u16 (&w, MAX_ENTRIES);              /* SearchCount */
  smb_writer_u16 (&w, level);                    /* InformationLevel */
  smb_writer_u32 (&w, open->resume_key);         /* ResumeKey */
  smb_writer_u16 (&w, FLAG_CONTINUE_FROM_LAST);  /* Flags */
  if (open->resume_name != NULL)                 /* FileName */
    smb_writer_bytes (&w, g_bytes_get_data (open->resume_name, NULL), g_bytes_get_size (open->resume_name));
  smb_writer_u16 (&w, 0);
  return write_transaction (builder, request, SMB_SMB1_TRANS2_FIND_NEXT2, &w, 0, frame, FALSE, error);
}

static void
encode_find_close (const SmbSmb1Builder *builder,
                   const SmbRequest     *request,
                   const SmbSmb1Open    *open,
                   SmbFrame             *frame)
{
  g_auto(SmbWriter) w = { 0 };

  smb_smb1_begin_message (builder, request, frame, &w, SMB_SMB1_FIND_CLOSE2, 0);
  smb_smb1_write_find_close (&w, open->sid);
  smb_smb1_frame_end (frame, &w);
}

static gboolean
encode_restart (const SmbSmb1Builder  *builder,
                const SmbRequest      *request,
                const SmbSmb1Open     *open,
                SmbFrame              *frame,
                GError               **error)
{
  gboolean searching = open->search == SMB_SMB1_SEARCH_GOES_ON || open->search == SMB_SMB1_SEARCH_ALL_SEEN;

  if (searching)
    encode_find_close (builder, request, open, frame);
  return encode_first (builder, request, open, searching, frame, error);
}

/* Where all was seen the search is closed, and the answer to that is "no more files". */
gboolean
smb_smb1_encode_query_directory (const SmbSmb1Builder  *builder,
                                 const SmbRequest      *request,
                                 SmbFrame              *frame,
                                 GError               **error)
{
  g_autoptr(GMutexLocker) locker = g_mutex_locker_new (&builder->opens->lock);
  const SmbSmb1Open *open = smb_smb1_opens_find (builder->opens, request->handle.transient);

  if (open == NULL)
    {
      g_set_error_literal (error, SMB_ERROR, SMB_ERROR_INVALID_ARGUMENT, "There is no such open folder");
      return FALSE;
    }
  if (request->query_directory.restart || open->search == SMB_SMB1_SEARCH_NONE)
    return encode_restart (builder, request, open, frame, error);
  if (open->search == SMB_SMB1_SEARCH_GOES_ON)
    return encode_next (builder, request, open, frame, error);

  smb_smb1_frame_get_note (frame)->answer = SMB_SMB1_ANSWER_END_OF_SEARCH;
  if (open->search == SMB_SMB1_SEARCH_CLOSED)
    return smb_smb1_encode_echo (builder, request, frame, error);
  encode_find_close (builder, request, open, frame);
  return TRUE;
}

/* Answers. */

/* The offset of the last of @count entries; each begins where the one before says, and further on. */
static gboolean
find_last (const SmbSmb1TransactionReply *reply,
           guint                          count,
           gsize                         *last)
{
  gsize offset = 0;

  for (guint i = 0; i < count; i++)
    {
      gsize rest = reply->n_data - offset;
      gsize next;

      if (rest < sizeof (guint32))
        return FALSE;
      next = smb_smb1_get_u32 (reply->data, offset); /* NextEntryOffset */
      if (i + 1 < count && (next < sizeof (guint32) || next > rest))
        return FALSE;
      *last = offset;
      offset += next;
    }
  return TRUE;
}

/* Servers may leave an offset in the last entry that leads nowhere; the count says that it is the last. */
static gboolean
end_list (const SmbSmb1TransactionReply *reply,
          guint                          count,
          guint8                         info_class,
          SmbSmb1Open                   *open)
{
  SmbDirectoryIter iter;
  SmbDirectoryEntry entry;
  gsize last;

  if (!find_last (reply, count, &last))
    return FALSE;

  smb_smb1_set_u32 ((guint8 *) reply->data, last, 0);
  g_clear_pointer (&open->resume_name, g_bytes_unref);
  open->resume_key = 0;
  smb_directory_iter_init (&iter, info_class, reply->data + last, reply->n_data - last);
  if (smb_directory_iter_next (&iter, &entry, NULL))
    {
      open->resume_key = entry.file_index;
      open->resume_name = g_bytes_new (entry.name, entry.name_size);
    }
  return TRUE;
}

/* [MS-CIFS] 2.2.6.2.2, 2.2.6.3.2 */
static gboolean
read_parameters (const SmbSmb1TransactionReply  *reply,
                 gboolean                        first,
                 guint16                        *sid,
                 guint                          *count,
                 gboolean                       *all_seen,
                 GError                        **error)
{
  SmbReader r;

  smb_reader_init (&r, reply->parameters, reply->n_parameters);
  if (first)
    *sid = smb_reader_u16 (&r);            /* SID */
  *count = smb_reader_u16 (&r);            /* SearchCount */
  *all_seen = smb_reader_u16 (&r) != 0;    /* EndOfSearch */
  return smb_reader_finish (&r, "FIND response", error);
}

static guint32
take_entries (SmbSmb1Open                    *open,
              const SmbSmb1Note              *note,
              const SmbSmb1TransactionReply  *reply,
              GError                        **error)
{
  guint16 sid = open->sid;
  gboolean all_seen;
  guint count;

  if (!read_parameters (reply, note->answer == SMB_SMB1_ANSWER_FIND_FIRST, &sid, &count, &all_seen, error))
    return SMB_STATUS_SUCCESS;

  open->sid = sid;
  open->search = all_seen || count == 0 ? SMB_SMB1_SEARCH_ALL_SEEN : SMB_SMB1_SEARCH_GOES_ON;
  if (count == 0)
    return SMB_STATUS_NO_MORE_FILES;
  if (!end_list (reply, count, note->info_class, open))
    g_set_error_literal (error, SMB_ERROR, SMB_ERROR_PROTOCOL,
                         "The server counts more entries than it sends");
  return SMB_STATUS_SUCCESS;
}

static gboolean
is_end (guint32 status)
{
  return status == SMB_STATUS_NO_MORE_FILES || status == SMB_STATUS_NO_SUCH_FILE;
}

guint32
smb_smb1_find_answered (SmbSmb1Opens                   *opens,
                        const SmbSmb1Note              *note,
                        guint32                         status,
                        const SmbSmb1TransactionReply  *reply,
                        GError                        **error)
{
  g_autoptr(GMutexLocker) locker = g_mutex_locker_new (&opens->lock);
  SmbSmb1Open *open = smb_smb1_opens_find (opens, note->serial);
  gboolean first = note->answer == SMB_SMB1_ANSWER_FIND_FIRST;

  if (open == NULL) /* its CLOSE has overtaken it */
    return status == SMB_STATUS_SUCCESS ? SMB_STATUS_INVALID_HANDLE : status;
  if (reply != NULL)
    return take_entries (open, note, reply, error);

  if (first)
    open->search = SMB_SMB1_SEARCH_NONE;
  else if (is_end (status))
    {
      open->search = SMB_SMB1_SEARCH_ALL_SEEN;
      return SMB_STATUS_NO_MORE_FILES;
    }
  return status;
}

void
smb_smb1_find_ended (SmbSmb1Opens *opens,
                     guint64       serial)
{
  g_autoptr(GMutexLocker) locker = g_mutex_locker_new (&opens->lock);
  SmbSmb1Open *open = smb_smb1_opens_find (opens, serial);

  if (open != NULL)
    open->search = SMB_SMB1_SEARCH_CLOSED;
}
