/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "smb-smb1-frame.h"

G_BEGIN_DECLS

#define SMB_SMB1_MAX_SETUP 4

/* [MS-CIFS] 2.2.2.2 */
typedef enum
{
  SMB_SMB1_TRANS_TRANSACT_NMPIPE = 0x0026,
  SMB_SMB1_TRANS2_FIND_FIRST2 = 0x0001,
  SMB_SMB1_TRANS2_FIND_NEXT2 = 0x0002,
  SMB_SMB1_TRANS2_QUERY_FS_INFORMATION = 0x0003,
  SMB_SMB1_TRANS2_QUERY_PATH_INFORMATION = 0x0005,
  SMB_SMB1_TRANS2_QUERY_FILE_INFORMATION = 0x0007,
  SMB_SMB1_TRANS2_SET_FILE_INFORMATION = 0x0008,
  SMB_SMB1_NT_TRANSACT_IOCTL = 0x0002,
  SMB_SMB1_NT_TRANSACT_SET_SECURITY_DESC = 0x0003,
  SMB_SMB1_NT_TRANSACT_QUERY_SECURITY_DESC = 0x0006,
} SmbSmb1Subcommand;

/**
 * SmbSmb1Transaction:
 * @command: TRANSACTION, TRANSACTION2 or NT_TRANSACT
 * @function: of NT_TRANSACT; the others have it as the first word of their setup
 * @parameters: borrowed, as is @data
 * @max_parameters: bytes that may come back; likewise @max_data
 *
 * A request of [MS-CIFS] 2.2.4.33, 2.2.4.46 or 2.2.4.62.
 */
typedef struct
{
  SmbSmb1Command    command;
  SmbSmb1Subcommand function;
  guint16           setup[SMB_SMB1_MAX_SETUP];
  guint             n_setup;
  const guint8     *parameters;
  gsize             n_parameters;
  const guint8     *data;
  gsize             n_data;
  guint32           max_parameters;
  guint32           max_data;
  guint16           flags2;
  guint16           tid;
} SmbSmb1Transaction;

/* The message of @frame, and if it were larger than @max_size the parts that follow it. Where @step, it is
 * itself one that follows another, and must fit. Notes the limits. SMB_ERROR_INVALID_ARGUMENT for what does
 * not fit. */
gboolean smb_smb1_transaction_write (const SmbSmb1Transaction  *self,
                                     SmbFrame                  *frame,
                                     gboolean                   step,
                                     gsize                      max_size,
                                     GError                   **error);

/* One message of a response ([MS-CIFS] 2.2.4.33.2, 2.2.4.46.2, 2.2.4.62.2). */
typedef struct
{
  guint32       total_parameters;
  guint32       total_data;
  const guint8 *parameters; /* borrowed, as is @data */
  gsize         n_parameters;
  gsize         parameter_displacement;
  const guint8 *data;
  gsize         n_data;
  gsize         data_displacement;
} SmbSmb1TransactionReply;

/* Reads a whole message whose header says that it is of such a command. */
gboolean smb_smb1_transaction_read  (SmbSmb1TransactionReply   *self,
                                     const guint8              *bytes,
                                     gsize                      size,
                                     GError                   **error);

G_END_DECLS
