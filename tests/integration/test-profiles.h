/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "test-client.h"

G_BEGIN_DECLS

/* What servers and clients can agree on. A test of an operation is written once and runs with each of
 * them. */
typedef struct
{
  const char        *name;
  const char        *server;            /* options of samba-server.py */
  const char        *transport;         /* NULL = "auto" */
  SmbDialectVersion  max_dialect;       /* the client's; NONE = the newest */
  SmbSignOptions     sign_options;
  SmbEncryption      encryption;

  SmbDialectVersion  dialect;           /* what comes of it */
  const char        *signing_algorithm;
  const char        *cipher;            /* the one agreed on, whether it is used or not */
  gboolean           thorough;          /* for all tests, not only the short ones */
} TestProfile;

/* One of them at work: a server, and a client that is connected to it as its first user. Its tests share it,
 * and keep to folders of their own. Beside the usual shares there is "mangled", where files have 8.3 names
 * too. */
typedef struct
{
  const TestProfile  *profile;
  TestSamba          *samba;
  SmbProtocolFactory *factory;
} TestRig;

typedef void (*TestRigFunc) (TestRig *rig);

typedef enum
{
  TEST_PROFILES_THOROUGH,
  TEST_PROFILES_ALL,
  TEST_PROFILES_SMB2, /* all but SMB1 */
} TestProfiles;

typedef struct
{
  const char  *name;
  TestRigFunc  func;
} TestRigCase;

/* Adds "/<group>/<profile>/<case>" for each of the profiles and the cases, of which the last has no name. */
void test_profiles_add (const char        *group,
                        TestProfiles       which,
                        const TestRigCase *cases);
/* In place of g_test_run(). */
int  test_profiles_run (void);

/* Properties for a factory that is to do the same as the rig's. */
SmbProtocolFactory *test_rig_new_client (TestRig    *rig,
                                         const char *user);
gboolean            test_rig_is_smb1    (TestRig    *rig);

G_END_DECLS
