/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "smb-smb1-header.h"

/* Errors of DOS: a class and a code ([MS-CIFS] 2.2.2.4), on the wire class, zero, code of 16 bits. */

#define CLASS_DOS      1
#define CLASS_SERVER   2
#define CLASS_HARDWARE 3

typedef struct
{
  guint8  error_class;
  guint16 code;
  guint32 status;
} Entry;

static const Entry entries[] = {
  { CLASS_DOS, 1, SMB_STATUS_NOT_IMPLEMENTED },           /* ERRbadfunc */
  { CLASS_DOS, 2, SMB_STATUS_OBJECT_NAME_NOT_FOUND },     /* ERRbadfile */
  { CLASS_DOS, 3, SMB_STATUS_OBJECT_PATH_NOT_FOUND },     /* ERRbadpath */
  { CLASS_DOS, 4, SMB_STATUS_TOO_MANY_OPENED_FILES },     /* ERRnofids */
  { CLASS_DOS, 5, SMB_STATUS_ACCESS_DENIED },             /* ERRnoaccess */
  { CLASS_DOS, 6, SMB_STATUS_INVALID_HANDLE },            /* ERRbadfid */
  { CLASS_DOS, 8, SMB_STATUS_INSUFFICIENT_RESOURCES },    /* ERRnomem */
  { CLASS_DOS, 16, SMB_STATUS_DIRECTORY_NOT_EMPTY },      /* ERRremcd */
  { CLASS_DOS, 17, SMB_STATUS_NOT_SAME_DEVICE },          /* ERRdiffdevice */
  { CLASS_DOS, 18, SMB_STATUS_NO_MORE_FILES },            /* ERRnofiles */
  { CLASS_DOS, 32, SMB_STATUS_SHARING_VIOLATION },        /* ERRbadshare */
  { CLASS_DOS, 33, SMB_STATUS_FILE_LOCK_CONFLICT },       /* ERRlock */
  { CLASS_DOS, 38, SMB_STATUS_END_OF_FILE },              /* ERReof */
  { CLASS_DOS, 50, SMB_STATUS_NOT_SUPPORTED },            /* ERRunsup */
  { CLASS_DOS, 67, SMB_STATUS_BAD_NETWORK_NAME },
  { CLASS_DOS, 80, SMB_STATUS_OBJECT_NAME_COLLISION },    /* ERRfilexists */
  { CLASS_DOS, 87, SMB_STATUS_INVALID_PARAMETER },        /* ERRinvalidparam */
  { CLASS_DOS, 111, SMB_STATUS_BUFFER_TOO_SMALL },
  { CLASS_DOS, 112, SMB_STATUS_DISK_FULL },
  { CLASS_DOS, 122, SMB_STATUS_BUFFER_TOO_SMALL },        /* ERRinsufficientbuffer */
  { CLASS_DOS, 123, SMB_STATUS_OBJECT_NAME_INVALID },     /* ERRinvalidname */
  { CLASS_DOS, 124, SMB_STATUS_INVALID_INFO_CLASS },      /* ERRunknownlevel */
  { CLASS_DOS, 145, SMB_STATUS_DIRECTORY_NOT_EMPTY },     /* ERRdirnotempty */
  { CLASS_DOS, 183, SMB_STATUS_OBJECT_NAME_COLLISION },   /* ERRrename */
  { CLASS_DOS, 230, SMB_STATUS_INVALID_PIPE_STATE },      /* ERRbadpipe */
  { CLASS_DOS, 234, SMB_STATUS_BUFFER_OVERFLOW },         /* ERRmoredata */
  { CLASS_SERVER, 2, SMB_STATUS_LOGON_FAILURE },          /* ERRbadpw */
  { CLASS_SERVER, 4, SMB_STATUS_ACCESS_DENIED },          /* ERRaccess */
  { CLASS_SERVER, 5, SMB_STATUS_NETWORK_NAME_DELETED },   /* ERRinvtid */
  { CLASS_SERVER, 6, SMB_STATUS_BAD_NETWORK_NAME },       /* ERRinvnetname */
  { CLASS_SERVER, 7, SMB_STATUS_BAD_DEVICE_TYPE },        /* ERRinvdevice */
  { CLASS_SERVER, 22, SMB_STATUS_NOT_IMPLEMENTED },       /* ERRbadcmd */
  { CLASS_SERVER, 64, SMB_STATUS_NOT_IMPLEMENTED },       /* ERRunknownsmb */
  { CLASS_SERVER, 81, SMB_STATUS_INSUFFICIENT_RESOURCES },/* ERRnoresource */
  { CLASS_SERVER, 91, SMB_STATUS_USER_SESSION_DELETED },  /* ERRbaduid */
  { CLASS_SERVER, 2239, SMB_STATUS_ACCOUNT_DISABLED },    /* ERRaccountexpired */
  { CLASS_SERVER, 2242, SMB_STATUS_PASSWORD_EXPIRED },    /* ERRpasswordExpired */
  { CLASS_SERVER, 0xffff, SMB_STATUS_NOT_SUPPORTED },     /* ERRnosupport */
  { CLASS_HARDWARE, 19, SMB_STATUS_MEDIA_WRITE_PROTECTED }, /* ERRnowrite */
  { CLASS_HARDWARE, 21, SMB_STATUS_DEVICE_NOT_READY },    /* ERRnotready */
  { CLASS_HARDWARE, 32, SMB_STATUS_SHARING_VIOLATION },   /* ERRbadshare */
  { CLASS_HARDWARE, 39, SMB_STATUS_DISK_FULL },           /* ERRdiskfull */
};

/* Codes of this form that came as an NTSTATUS are known by their own names, but for those that say what an
 * NTSTATUS says, too. */
static gboolean
has_dos_form (guint32 status)
{
  guint8 error_class = status & 0xff;

  return (status & 0xc000ff00) == 0 && status > 0xffff && error_class >= CLASS_DOS
         && error_class <= CLASS_HARDWARE;
}

guint32
smb_smb1_status_read (guint32  status,
                      gboolean is_nt)
{
  if (status == 0 || (is_nt && !has_dos_form (status)))
    return status;

  for (gsize i = 0; i < G_N_ELEMENTS (entries); i++)
    if (entries[i].error_class == (status & 0xff) && entries[i].code == status >> 16)
      return entries[i].status;
  return is_nt ? status : SMB_STATUS_UNSUCCESSFUL;
}
