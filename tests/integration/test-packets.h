/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "test-relay.h"

G_BEGIN_DECLS

/* What is said on the wire, read as [MS-SMB2] has it and without the library. */

enum
{
  TEST_SMB2_NEGOTIATE = 0,
  TEST_SMB2_SESSION_SETUP = 1,
  TEST_SMB2_LOGOFF = 2,
  TEST_SMB2_TREE_CONNECT = 3,
  TEST_SMB2_CREATE = 5,
  TEST_SMB2_CLOSE = 6,
  TEST_SMB2_READ = 8,
  TEST_SMB2_WRITE = 9,
  TEST_SMB2_IOCTL = 11,
  TEST_SMB2_CANCEL = 12,
  TEST_SMB2_ECHO = 13,
  TEST_SMB2_QUERY_DIRECTORY = 14,
  TEST_SMB2_QUERY_INFO = 16,
  TEST_SMB2_SET_INFO = 17,
};

enum
{
  TEST_SMB2_FLAG_ASYNC = 0x2,
  TEST_SMB2_FLAG_RELATED = 0x4,
  TEST_SMB2_FLAG_SIGNED = 0x8,
};

/* 2.2.1, or 2.2.41 of a message that is sealed. */
typedef struct
{
  TestRelayWay  way;
  guint         frame;       /* number of the frame that it is in */
  gboolean      sealed;      /* then nothing else is known of it */
  guint16       command;
  guint16       charge;
  guint32       status;
  guint16       credits;     /* asked for, or granted */
  guint32       flags;
  guint64       message_id;
  guint32       tree_id;     /* 0 with an AsyncId */
  guint64       session_id;
  gboolean      has_signature; /* one that is not zero */
  const guint8 *body;        /* borrowed from the frame */
  gsize         body_size;
} TestPacket;

/* Of TestPacket, for as long as the frames live. */
GArray           *test_packets_new   (GPtrArray    *frames);
const TestPacket *test_packets_get   (GArray       *packets,
                                      guint         index);
/* How many there are of a command in one direction. */
guint             test_packets_count (GArray       *packets,
                                      TestRelayWay  way,
                                      guint16       command);
/* The index of the first after the login: of the answer to the last SESSION_SETUP, plus 1. */
guint             test_packets_find_login_end (GArray *packets);

guint16           test_packet_get_u16 (const TestPacket *packet,
                                       gsize             offset);
guint32           test_packet_get_u32 (const TestPacket *packet,
                                       gsize             offset);

G_END_DECLS
