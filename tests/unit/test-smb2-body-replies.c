/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "smb2-body-bytes.h"

typedef struct
{
  const char *name;
  SmbCommand  command;
  guint32     status;
  const char *body; /* ends with the last byte that is needed */
  void      (*ask) (SmbRequest *request);
  void      (*check) (const SmbReply *reply,
                      const guint8   *message);
} ReplyCase;

static GByteArray *
build_message (const char *body)
{
  g_autoptr(GByteArray) bytes = from_hex (body);
  GByteArray *message = from_hex ("fe534d42 4000 0100 00000000 0000 0100 01000000 00000000 0700000000000000"
                                  "00000000 2a000000 0000000000000000 0000000000000000 0000000000000000");

  g_assert_cmpuint (message->len, ==, HEADER_SIZE);
  g_byte_array_append (message, bytes->data, bytes->len);
  return message;
}

static SmbRequest *
build_request (const ReplyCase *c)
{
  SmbRequest *request = new_request (c->command);

  if (c->ask != NULL)
    c->ask (request);
  return request;
}

static gboolean
decode_message (const ReplyCase  *c,
                const guint8     *message,
                gsize             size,
                SmbReply         *reply,
                GError          **error)
{
  g_autoptr(SmbRequest) request = build_request (c);
  SmbItem item = { .command = c->command, .status = c->status, .bytes = message, .size = size };

  return smb_smb2_decode_body (&item, request, reply, error);
}

static void
check_session_setup (const SmbReply *reply,
                     const guint8   *message)
{
  g_assert_true (reply->session_setup.guest);
  g_assert_false (reply->session_setup.null);
  g_assert_true (reply->session_setup.seal);
  g_assert_true (reply->session_setup.token == message + 72);
  g_assert_cmpuint (reply->session_setup.token_size, ==, 3);
}

static void
check_session_done (const SmbReply *reply,
                    const guint8   *message)
{
  g_assert_true (reply->session_setup.null);
  g_assert_false (reply->session_setup.guest);
  g_assert_null (reply->session_setup.token);
  g_assert_cmpuint (reply->session_setup.token_size, ==, 0);
}

static void
check_tree_connect (const SmbReply *reply,
                    const guint8   *message)
{
  g_assert_cmpuint (reply->tree_connect.tree_id, ==, 42);
  g_assert_cmpuint (reply->tree_connect.share_type, ==, 1);
  g_assert_cmphex (reply->tree_connect.share_flags, ==, 0x8030);
  g_assert_cmphex (reply->tree_connect.capabilities, ==, 0x88);
  g_assert_cmphex (reply->tree_connect.maximal_access, ==, 0x001f01ff);
  g_assert_true (reply->tree_connect.seal);
  g_assert_true (reply->tree_connect.dfs);
}

static void
ask_create (SmbRequest *request)
{
  request->create.path = g_strdup ("dir\\link\\file");
}

static void
check_create (const SmbReply *reply,
              const guint8   *message)
{
  g_assert_cmpuint (reply->create.action, ==, 1);
  g_assert_cmphex (reply->create.creation_time, ==, 0x01d0000000000001);
  g_assert_cmphex (reply->create.last_access_time, ==, 0x01d0000000000002);
  g_assert_cmphex (reply->create.last_write_time, ==, 0x01d0000000000003);
  g_assert_cmphex (reply->create.change_time, ==, 0x01d0000000000004);
  g_assert_cmpuint (reply->create.allocation_size, ==, 0x1000);
  g_assert_cmpuint (reply->create.end_of_file, ==, 0x123);
  g_assert_cmphex (reply->create.file_attributes, ==, 0x20);
  g_assert_cmphex (reply->create.handle.persistent, ==, 0x1122334455667788);
  g_assert_cmphex (reply->create.handle.transient, ==, 0x99aabbccddeeff00);
  g_assert_cmphex (reply->create.file_id, ==, 0);
}

static void
check_create_id (const SmbReply *reply,
                 const guint8   *message)
{
  g_assert_cmphex (reply->create.handle.persistent, ==, 0x1122334455667788);
  g_assert_cmphex (reply->create.file_id, ==, 0x0807060504030201);
}

static void
ask_read (SmbRequest *request)
{
  request->read.length = 5;
}

static void
check_read (const SmbReply *reply,
            const guint8   *message)
{
  g_assert_cmpmem (reply->read.data, reply->read.size, "hello", 5);
  g_assert_true (reply->read.data == message + 80);
}

static void
check_read_padded (const SmbReply *reply,
                   const guint8   *message)
{
  g_assert_cmpmem (reply->read.data, reply->read.size, "hi", 2);
  g_assert_true (reply->read.data == message + 88);
}

static void
check_empty (const SmbReply *reply,
             const guint8   *message)
{
  g_assert_null (reply->output.data);
  g_assert_cmpuint (reply->output.size, ==, 0);
}

static void
ask_write (SmbRequest *request)
{
  request->write.size = 5;
}

static void
check_write (const SmbReply *reply,
             const guint8   *message)
{
  g_assert_cmpuint (reply->write.count, ==, 5);
}

static void
ask_ioctl (SmbRequest *request)
{
  request->ioctl.code = 0x0011c017;
  request->ioctl.max_output = 4;
}

static void
ask_copychunk (SmbRequest *request)
{
  request->ioctl.code = 0x001440f2;
  request->ioctl.max_output = 12;
}

static void
check_ioctl (const SmbReply *reply,
             const guint8   *message)
{
  g_assert_cmpmem (reply->output.data, reply->output.size, "data", 4);
}

static void
check_copychunk (const SmbReply *reply,
                 const guint8   *message)
{
  g_assert_cmpuint (reply->output.size, ==, 12);
}

static void
ask_query_directory (SmbRequest *request)
{
  request->query_directory.max_output = 4;
}

static void
ask_query_info (SmbRequest *request)
{
  request->query_info.max_output = 4;
}

static void
check_error (const SmbReply *reply,
             const guint8   *message)
{
  g_assert_cmpuint (reply->error.symlink_unparsed, ==, 0);
}

static void
check_symlink (const SmbReply *reply,
               const guint8   *message)
{
  g_assert_cmpuint (reply->error.symlink_unparsed, ==, 10);
}

#define CREATE_REPLY_START                                                                               \
  "5900 00 00 01000000 010000000000d001 020000000000d001 030000000000d001 040000000000d001"              \
  "0010000000000000 2301000000000000 20000000 00000000"
#define CREATE_REPLY CREATE_REPLY_START HANDLE
/* To the target "t", PrintName "t"; "\file" is what is left of the path. */
#define SYMLINK                                                                                         \
  "1c000000 53594d4c 0c0000a0 1000 0a00 0000 0200 0200 0200 01000000 74007400"

static const ReplyCase cases[] = {
  { "session-setup/more", SMB_COMMAND_SESSION_SETUP, SMB_STATUS_MORE_PROCESSING_REQUIRED,
    "0900 0500 4800 0300 a1b2c3", NULL, check_session_setup },
  { "session-setup/done", SMB_COMMAND_SESSION_SETUP, SMB_STATUS_SUCCESS,
    "0900 0200 0000 0000", NULL, check_session_done },
  { "session-setup/refused", SMB_COMMAND_SESSION_SETUP, SMB_STATUS_LOGON_FAILURE,
    "0900 00 00 00000000", NULL, check_error },
  { "logoff", SMB_COMMAND_LOGOFF, SMB_STATUS_SUCCESS, "0400 0000", NULL, NULL },
  { "tree-connect", SMB_COMMAND_TREE_CONNECT, SMB_STATUS_SUCCESS,
    "1000 01 00 30800000 88000000 ff011f00", NULL, check_tree_connect },
  { "tree-disconnect", SMB_COMMAND_TREE_DISCONNECT, SMB_STATUS_SUCCESS, "0400 0000", NULL, NULL },
  { "create", SMB_COMMAND_CREATE, SMB_STATUS_SUCCESS,
    CREATE_REPLY "00000000 00000000", ask_create, check_create },
  { "create/id", SMB_COMMAND_CREATE, SMB_STATUS_SUCCESS,
    CREATE_REPLY "98000000 58000000"
    "20000000 1000 0400 0000 1800 08000000 4d784163 00000000 00000000 ff011f00"
    "00000000 1000 0400 0000 1800 20000000 51466964 00000000 0102030405060708 1112131415161718"
    "00000000000000000000000000000000", ask_create, check_create_id },
  { "create/not-found", SMB_COMMAND_CREATE, SMB_STATUS_OBJECT_NAME_NOT_FOUND,
    "0900 00 00 00000000", ask_create, check_error },
  { "create/symlink", SMB_COMMAND_CREATE, SMB_STATUS_STOPPED_ON_SYMLINK,
    "0900 00 00 20000000" SYMLINK, ask_create, check_symlink },
  { "create/symlink-context", SMB_COMMAND_CREATE, SMB_STATUS_STOPPED_ON_SYMLINK,
    "0900 02 00 38000000 05000000 53526472 0102030405 000000 20000000 00000000" SYMLINK,
    ask_create, check_symlink },
  { "create/symlink-silent", SMB_COMMAND_CREATE, SMB_STATUS_STOPPED_ON_SYMLINK,
    "0900 00 00 00000000", ask_create, check_error },
  { "close", SMB_COMMAND_CLOSE, SMB_STATUS_SUCCESS,
    "3c00 0000 00000000 0000000000000000 0000000000000000 0000000000000000 0000000000000000"
    "0000000000000000 0000000000000000 00000000", NULL, NULL },
  { "flush", SMB_COMMAND_FLUSH, SMB_STATUS_SUCCESS, "0400 0000", NULL, NULL },
  { "read", SMB_COMMAND_READ, SMB_STATUS_SUCCESS,
    "1100 50 00 05000000 00000000 00000000 68656c6c6f", ask_read, check_read },
  { "read/padded", SMB_COMMAND_READ, SMB_STATUS_SUCCESS,
    "1100 58 00 02000000 00000000 00000000 0000000000000000 6869", ask_read, check_read_padded },
  { "read/overflow", SMB_COMMAND_READ, SMB_STATUS_BUFFER_OVERFLOW,
    "1100 50 00 05000000 00000000 00000000 68656c6c6f", ask_read, check_read },
  { "read/overflow-error", SMB_COMMAND_READ, SMB_STATUS_BUFFER_OVERFLOW,
    "0900 00 00 00000000", ask_read, check_error },
  { "read/empty", SMB_COMMAND_READ, SMB_STATUS_SUCCESS,
    "1100 00 00 00000000 00000000 00000000", ask_read, check_empty },
  { "read/end", SMB_COMMAND_READ, SMB_STATUS_END_OF_FILE, "0900 00 00 00000000", ask_read, check_error },
  { "write", SMB_COMMAND_WRITE, SMB_STATUS_SUCCESS,
    "1100 0000 05000000 00000000 0000 0000", ask_write, check_write },
  { "ioctl", SMB_COMMAND_IOCTL, SMB_STATUS_SUCCESS,
    "3100 0000 17c01100" HANDLE "70000000 00000000 70000000 04000000 00000000 00000000 64617461",
    ask_ioctl, check_ioctl },
  { "ioctl/echoed-input", SMB_COMMAND_IOCTL, SMB_STATUS_BUFFER_OVERFLOW,
    "3100 0000 17c01100" HANDLE "70000000 03000000 78000000 04000000 00000000 00000000"
    "0102030000000000 64617461", ask_ioctl, check_ioctl },
  { "ioctl/no-output", SMB_COMMAND_IOCTL, SMB_STATUS_SUCCESS,
    "3100 0000 17c01100" HANDLE "ffffffff ffffffff 00000000 00000000 00000000 00000000",
    ask_ioctl, check_empty },
  { "ioctl/refused", SMB_COMMAND_IOCTL, SMB_STATUS_INVALID_PARAMETER,
    "0900 00 00 00000000", ask_copychunk, check_error },
  { "ioctl/copychunk-limits", SMB_COMMAND_IOCTL, SMB_STATUS_INVALID_PARAMETER,
    "3100 0000 f2401400" HANDLE "70000000 00000000 70000000 0c000000 00000000 00000000"
    "00010000 00001000 00000001", ask_copychunk, check_copychunk },
  { "echo", SMB_COMMAND_ECHO, SMB_STATUS_SUCCESS, "0400 0000", NULL, NULL },
  { "query-directory", SMB_COMMAND_QUERY_DIRECTORY, SMB_STATUS_SUCCESS,
    "0900 4800 04000000 64617461", ask_query_directory, check_ioctl },
  { "query-directory/end", SMB_COMMAND_QUERY_DIRECTORY, SMB_STATUS_NO_MORE_FILES,
    "0900 00 00 00000000", ask_query_directory, check_error },
  { "query-info", SMB_COMMAND_QUERY_INFO, SMB_STATUS_SUCCESS,
    "0900 4800 04000000 64617461", ask_query_info, check_ioctl },
  { "query-info/overflow", SMB_COMMAND_QUERY_INFO, SMB_STATUS_BUFFER_OVERFLOW,
    "0900 4800 04000000 64617461", ask_query_info, check_ioctl },
  { "query-info/overflow-error", SMB_COMMAND_QUERY_INFO, SMB_STATUS_BUFFER_OVERFLOW,
    "0900 00 00 00000000", ask_query_info, check_empty },
  { "query-info/too-small", SMB_COMMAND_QUERY_INFO, SMB_STATUS_BUFFER_TOO_SMALL,
    "0900 00 00 04000000 00010000", ask_query_info, check_error },
  { "query-info/too-small-context", SMB_COMMAND_QUERY_INFO, SMB_STATUS_BUFFER_TOO_SMALL,
    "0900 01 00 0c000000 04000000 00000000 00010000", ask_query_info, check_error },
  { "set-info", SMB_COMMAND_SET_INFO, SMB_STATUS_SUCCESS, "0200", NULL, NULL },
};

static void
test_decode (gconstpointer data)
{
  const ReplyCase *c = data;
  g_autoptr(GByteArray) message = build_message (c->body);
  g_autoptr(GError) error = NULL;
  SmbReply reply;

  g_assert_true (decode_message (c, message->data, message->len, &reply, &error));
  g_assert_no_error (error);
  g_assert_cmpint (reply.command, ==, c->command);
  g_assert_cmphex (reply.status, ==, c->status);
  if (c->check != NULL)
    c->check (&reply, message->data);
}

static void
test_prefixes (gconstpointer data)
{
  const ReplyCase *c = data;
  g_autoptr(GByteArray) message = build_message (c->body);

  for (gsize size = 0; size < message->len; size++)
    {
      g_autofree guint8 *copy = g_memdup2 (message->data, size);
      g_autoptr(GError) error = NULL;
      SmbReply reply;

      g_assert_false (decode_message (c, copy, size, &reply, &error));
      g_assert_error (error, SMB_ERROR, SMB_ERROR_PROTOCOL);
    }
}

/* Whatever a reply points to must be there; ASan sees if it is not. */
static guint
touch_reply (const SmbReply *reply)
{
  const guint8 *data = NULL;
  gsize size = 0;
  guint sum = 0;

  if (reply->command == SMB_COMMAND_SESSION_SETUP)
    {
      data = reply->session_setup.token;
      size = reply->session_setup.token_size;
    }
  else if (reply->command == SMB_COMMAND_READ || reply->command == SMB_COMMAND_IOCTL ||
           reply->command == SMB_COMMAND_QUERY_DIRECTORY || reply->command == SMB_COMMAND_QUERY_INFO)
    {
      data = reply->output.data;
      size = reply->output.size;
    }
  for (gsize i = 0; i < size; i++)
    sum += data[i];
  return sum;
}

static void
test_corruption (gconstpointer data)
{
  static const guint8 flips[] = { 0x01, 0x02, 0x04, 0x08, 0x10, 0x20, 0x40, 0x80, 0xff };
  const ReplyCase *c = data;
  g_autoptr(GByteArray) message = build_message (c->body);

  for (gsize i = 0; i < message->len * G_N_ELEMENTS (flips); i++)
    {
      g_autofree guint8 *copy = g_memdup2 (message->data, message->len);
      g_autoptr(GError) error = NULL;
      SmbReply reply;

      copy[i / G_N_ELEMENTS (flips)] ^= flips[i % G_N_ELEMENTS (flips)];
      if (!decode_message (c, copy, message->len, &reply, &error))
        g_assert_error (error, SMB_ERROR, SMB_ERROR_PROTOCOL);
      else
        touch_reply (&reply);
    }
}

/* Well-formed, but not an answer to what was asked. */
static const ReplyCase bad_cases[] = {
  { "session-setup/token-in-header", SMB_COMMAND_SESSION_SETUP, SMB_STATUS_SUCCESS,
    "0900 0000 4000 0300 a1b2c3", NULL, NULL },
  { "session-setup/token-in-fixed-part", SMB_COMMAND_SESSION_SETUP, SMB_STATUS_SUCCESS,
    "0900 0000 4700 0300 a1b2c3", NULL, NULL },
  { "create/error-body", SMB_COMMAND_CREATE, SMB_STATUS_SUCCESS, "0900 00 00 00000000", ask_create, NULL },
  { "create/contexts-in-fixed-part", SMB_COMMAND_CREATE, SMB_STATUS_SUCCESS,
    CREATE_REPLY_START "8877665544332211 00000000 1000 0400 88000000 14000000 51466964", ask_create, NULL },
  { "create/context-next-too-small", SMB_COMMAND_CREATE, SMB_STATUS_SUCCESS,
    CREATE_REPLY "98000000 18000000 08000000 0000 0000 0000 0000 00000000 0000000000000000",
    ask_create, NULL },
  { "create/context-name-in-next", SMB_COMMAND_CREATE, SMB_STATUS_SUCCESS,
    CREATE_REPLY "98000000 28000000"
    "10000000 1000 0400 0000 0000 00000000 00000000 1000 0400 0000 0000 00000000 4d784163 00000000",
    ask_create, NULL },
  { "create/id-too-short", SMB_COMMAND_CREATE, SMB_STATUS_SUCCESS,
    CREATE_REPLY "98000000 1c000000"
    "00000000 1000 0400 0000 1800 04000000 51466964 00000000 01020304", ask_create, NULL },
  { "create/symlink-longer-than-path", SMB_COMMAND_CREATE, SMB_STATUS_STOPPED_ON_SYMLINK,
    "0900 00 00 1c000000 1c000000 53594d4c 0c0000a0 1000 1c00 0000 0000 0000 0000 00000000",
    ask_create, NULL },
  { "create/symlink-other-tag", SMB_COMMAND_CREATE, SMB_STATUS_STOPPED_ON_SYMLINK,
    "0900 00 00 1c000000 1c000000 53594d4c 030000a0 1000 0200 0000 0000 0000 0000 00000000",
    ask_create, NULL },
  { "read/more-than-asked", SMB_COMMAND_READ, SMB_STATUS_SUCCESS,
    "1100 50 00 06000000 00000000 00000000 68656c6c6f21", ask_read, NULL },
  { "read/data-in-fixed-part", SMB_COMMAND_READ, SMB_STATUS_SUCCESS,
    "1100 4f 00 05000000 00000000 00000000 68656c6c6f", ask_read, NULL },
  { "write/more-than-sent", SMB_COMMAND_WRITE, SMB_STATUS_SUCCESS,
    "1100 0000 06000000 00000000 0000 0000", ask_write, NULL },
  { "ioctl/more-than-asked", SMB_COMMAND_IOCTL, SMB_STATUS_SUCCESS,
    "3100 0000 17c01100" HANDLE "70000000 00000000 70000000 05000000 00000000 00000000 6461746121",
    ask_ioctl, NULL },
  { "ioctl/limits-of-another-code", SMB_COMMAND_IOCTL, SMB_STATUS_INVALID_PARAMETER,
    "3100 0000 17c01100" HANDLE "70000000 00000000 70000000 04000000 00000000 00000000 64617461",
    ask_ioctl, NULL },
  { "query-directory/more-than-asked", SMB_COMMAND_QUERY_DIRECTORY, SMB_STATUS_SUCCESS,
    "0900 4800 05000000 6461746121", ask_query_directory, NULL },
  { "query-info/more-than-asked", SMB_COMMAND_QUERY_INFO, SMB_STATUS_SUCCESS,
    "0900 4800 05000000 6461746121", ask_query_info, NULL },
  { "cancel", SMB_COMMAND_CANCEL, SMB_STATUS_SUCCESS, "0400 0000", NULL, NULL },
  { "negotiate", SMB_COMMAND_NEGOTIATE, SMB_STATUS_SUCCESS, "4100 0000", NULL, NULL },
};

static void
test_refuse (gconstpointer data)
{
  const ReplyCase *c = data;
  g_autoptr(GByteArray) message = build_message (c->body);
  g_autoptr(GError) error = NULL;
  SmbReply reply;

  g_assert_false (decode_message (c, message->data, message->len, &reply, &error));
  g_assert_error (error, SMB_ERROR, SMB_ERROR_PROTOCOL);
}

static void
test_other_command (void)
{
  g_autoptr(GByteArray) message = build_message ("0400 0000");
  g_autoptr(SmbRequest) request = new_request (SMB_COMMAND_ECHO);
  g_autoptr(GError) error = NULL;
  SmbItem item = { .command = SMB_COMMAND_FLUSH, .bytes = message->data, .size = message->len };
  SmbReply reply;

  g_assert_false (smb_smb2_decode_body (&item, request, &reply, &error));
  g_assert_error (error, SMB_ERROR, SMB_ERROR_PROTOCOL);
}

/* In an asynchronous header AsyncId lies where TreeId is. */
static void
test_tree_connect_async (void)
{
  ReplyCase c = { "", SMB_COMMAND_TREE_CONNECT, SMB_STATUS_SUCCESS, "1000 01 00 30000000 00000000 ff011f00" };
  g_autoptr(GByteArray) message = build_message (c.body);
  g_autoptr(GError) error = NULL;
  SmbReply reply;

  message->data[16] |= 0x02;
  g_assert_false (decode_message (&c, message->data, message->len, &reply, &error));
  g_assert_error (error, SMB_ERROR, SMB_ERROR_PROTOCOL);
}

/* READ's data received apart from its message. */
static gboolean
decode_apart (const char    *body,
              const guint8  *payload,
              gsize          payload_size,
              SmbReply      *reply,
              GError       **error)
{
  g_autoptr(GByteArray) message = build_message (body);
  g_autofree guint8 *copy = g_memdup2 (message->data, message->len);
  g_autoptr(SmbRequest) request = new_request (SMB_COMMAND_READ);
  SmbItem item = { .command = SMB_COMMAND_READ, .bytes = copy, .size = message->len,
                   .payload = payload, .payload_size = payload_size };

  ask_read (request);
  return smb_smb2_decode_body (&item, request, reply, error);
}

static void
test_read_apart (void)
{
  g_autofree guint8 *payload = g_memdup2 ("hello", 5);
  g_autoptr(GError) error = NULL;
  SmbReply reply;

  g_assert_true (decode_apart ("1100 50 00 05000000 00000000 00000000", payload, 5, &reply, &error));
  g_assert_no_error (error);
  g_assert_true (reply.read.data == payload);
  g_assert_cmpuint (reply.read.size, ==, 5);

  g_assert_true (decode_apart ("1100 51 00 02000000 00000000 00000000", payload, 5, &reply, &error));
  g_assert_cmpmem (reply.read.data, reply.read.size, "el", 2);

  g_assert_true (decode_apart ("1100 00 00 00000000 00000000 00000000", payload, 5, &reply, &error));
  g_assert_cmpuint (reply.read.size, ==, 0);
}

static void
test_read_apart_refused (void)
{
  static const char *const bodies[] = {
    "1100 50 00 06000000 00000000 00000000", /* more than asked for, and than there is */
    "1100 51 00 05000000 00000000 00000000", /* beyond the end */
    "1100 4f 00 04000000 00000000 00000000", /* begins in the message */
    "1100 ff 00 01000000 00000000 00000000", /* begins behind the end */
    "1100 50 00 05000000 00000000 000000",   /* the message is cut */
  };
  g_autofree guint8 *payload = g_memdup2 ("hello", 5);

  for (gsize i = 0; i < G_N_ELEMENTS (bodies); i++)
    {
      g_autoptr(GError) error = NULL;
      SmbReply reply;

      g_assert_false (decode_apart (bodies[i], payload, 5, &reply, &error));
      g_assert_error (error, SMB_ERROR, SMB_ERROR_PROTOCOL);
      g_assert_null (reply.read.data);
    }
}

static void
add_cases (const char      *prefix,
           const ReplyCase *first,
           gsize            n_cases,
           GTestDataFunc    func)
{
  for (gsize i = 0; i < n_cases; i++)
    {
      g_autofree char *path = g_strconcat ("/smb2-body/", prefix, "/", first[i].name, NULL);

      g_test_add_data_func (path, &first[i], func);
    }
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  add_cases ("decode", cases, G_N_ELEMENTS (cases), test_decode);
  add_cases ("prefixes", cases, G_N_ELEMENTS (cases), test_prefixes);
  add_cases ("corruption", cases, G_N_ELEMENTS (cases), test_corruption);
  add_cases ("refuse", bad_cases, G_N_ELEMENTS (bad_cases), test_refuse);
  g_test_add_func ("/smb2-body/other-command", test_other_command);
  g_test_add_func ("/smb2-body/tree-connect-async", test_tree_connect_async);
  g_test_add_func ("/smb2-body/read-apart/good", test_read_apart);
  g_test_add_func ("/smb2-body/read-apart/refused", test_read_apart_refused);

  return g_test_run ();
}
