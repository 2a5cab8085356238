/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "engine/operations/smb-security-calls.h"

#include "engine/connection/smb-connection.h"
#include "engine/operations/smb-operation.h"
#include "wire/smb-fscc.h"
#include "wire/smb-ntstatus.h"

/* Bytes that hold nearly every descriptor at the cost of one credit. */
#define USUAL_SIZE 65536

#define ALL_PARTS                                                                                           \
  (SMB_SECURITY_INFORMATION_OWNER | SMB_SECURITY_INFORMATION_GROUP | SMB_SECURITY_INFORMATION_DACL |        \
   SMB_SECURITY_INFORMATION_SACL | SMB_SECURITY_INFORMATION_LABEL | SMB_SECURITY_INFORMATION_ATTRIBUTE |    \
   SMB_SECURITY_INFORMATION_SCOPE | SMB_SECURITY_INFORMATION_BACKUP)

/* These are entries of the list for auditing. */
#define PARTS_IN_SACL                                                                                       \
  (SMB_SECURITY_INFORMATION_SACL | SMB_SECURITY_INFORMATION_LABEL | SMB_SECURITY_INFORMATION_ATTRIBUTE |    \
   SMB_SECURITY_INFORMATION_SCOPE)

#define OWNER_CONTROL (SMB_SECURITY_CONTROL_OWNER_DEFAULTED)
#define GROUP_CONTROL (SMB_SECURITY_CONTROL_GROUP_DEFAULTED)
#define DACL_CONTROL                                                                                        \
  (SMB_SECURITY_CONTROL_DACL_PRESENT | SMB_SECURITY_CONTROL_DACL_DEFAULTED |                                \
   SMB_SECURITY_CONTROL_DACL_AUTO_INHERIT_REQUIRED | SMB_SECURITY_CONTROL_DACL_AUTO_INHERITED |             \
   SMB_SECURITY_CONTROL_DACL_PROTECTED)
#define SACL_CONTROL                                                                                        \
  (SMB_SECURITY_CONTROL_SACL_PRESENT | SMB_SECURITY_CONTROL_SACL_DEFAULTED |                                \
   SMB_SECURITY_CONTROL_SACL_AUTO_INHERIT_REQUIRED | SMB_SECURITY_CONTROL_SACL_AUTO_INHERITED |             \
   SMB_SECURITY_CONTROL_SACL_PROTECTED)

typedef struct
{
  SmbPath                path;
  SmbSecurityInformation parts;
  guint32                access;
  GBytes                *descriptor; /* to be set */
} Security;

static void
security_free (gpointer data)
{
  Security *self = data;

  smb_path_clear (&self->path);
  g_clear_pointer (&self->descriptor, g_bytes_unref);
  g_free (self);
}

static void
refuse (SmbCall    *call,
        SmbError    code,
        const char *why)
{
  smb_call_set_error (call, g_error_new (SMB_ERROR, code, "Cannot %s: %s", smb_call_get_context (call), why));
}

static SmbCall *
call_new (SmbConnection          *connection,
          const char             *verb,
          const char             *share,
          const char             *path,
          SmbPathFlags            flags,
          Security               *security,
          int                     timeout_msec,
          GCancellable           *cancellable)
{
  SmbCall *call = smb_path_call_new (connection, verb, share, path, flags, &security->path, timeout_msec,
                                     cancellable);

  if (security->parts == 0 || (security->parts & ~ALL_PARTS) != 0)
    refuse (call, SMB_ERROR_INVALID_ARGUMENT, "no parts of it are chosen, or such as there are not");
  return call;
}

/* Getting */

/* [MS-SMB2] 3.3.5.20.3 */
static guint32
access_to_get (SmbSecurityInformation parts)
{
  guint32 access = 0;

  if ((parts & ~SMB_SECURITY_INFORMATION_SACL) != 0)
    access |= SMB_FSCC_ACCESS_READ_CONTROL;
  if ((parts & (SMB_SECURITY_INFORMATION_SACL | SMB_SECURITY_INFORMATION_BACKUP)) != 0)
    access |= SMB_FSCC_ACCESS_SYSTEM_SECURITY;
  return access;
}

static void query (SmbCall *call,
                   guint32  max_size);

static void
return_descriptor (SmbCall        *call,
                   const SmbReply *reply)
{
  SmbSecurityDescriptorData *descriptor;
  GError                    *error = NULL;

  descriptor = smb_security_descriptor_data_decode (reply->output.data, reply->output.size, &error);
  if (descriptor == NULL)
    {
      g_prefix_error (&error, "Cannot %s: ", smb_call_get_context (call));
      smb_call_return_error (call, error);
      return;
    }
  smb_call_return (call, descriptor, (GDestroyNotify) smb_security_descriptor_data_free);
}

static void
queried (SmbPlan  *plan,
         gpointer  data)
{
  SmbCall *call = smb_plan_get_call (plan);
  guint32  most = smb_connection_get_transact_chunk (smb_call_get_connection (call));
  guint32  status = smb_plan_get_status (plan, 1);

  if ((status == SMB_STATUS_BUFFER_TOO_SMALL || status == SMB_STATUS_BUFFER_OVERFLOW) &&
      smb_plan_get_request (plan, 1)->query_info.max_output < most)
    query (call, most);
  else if (smb_operation_check (plan))
    return_descriptor (call, smb_plan_get_reply (plan, 1));
}

static void
query (SmbCall *call,
       guint32  max_size)
{
  Security   *security = smb_call_get_data (call);
  SmbPlan    *plan = smb_operation_plan_new (call, queried, NULL);
  SmbRequest *request;

  smb_operation_add_open (plan, &security->path, security->access, 0);
  request = smb_plan_add (plan, SMB_COMMAND_QUERY_INFO);
  request->query_info.type = SMB_INFO_TYPE_SECURITY;
  request->query_info.additional = security->parts;
  request->query_info.max_output = max_size;
  smb_operation_add_lazy_close (plan);
  smb_plan_submit (plan);
}

static void
get_start (SmbCall *call)
{
  guint32 most = smb_connection_get_transact_chunk (smb_call_get_connection (call));

  query (call, MIN (USUAL_SIZE, most));
}

SmbCall *
smb_get_security_call_new (SmbConnection          *connection,
                           const char             *share,
                           const char             *path,
                           SmbSecurityInformation  parts,
                           int                     timeout_msec,
                           GCancellable           *cancellable)
{
  Security *security = g_new0 (Security, 1);
  SmbCall  *call;

  security->parts = parts;
  security->access = access_to_get (parts);
  call = call_new (connection, "get the security descriptor of", share, path, SMB_PATH_STREAMS, security,
                   timeout_msec, cancellable);
  smb_call_set_operation (call, get_start, NULL, security, security_free);
  return call;
}

/* Setting */

/* [MS-SMB2] 3.3.5.21.3 */
static guint32
access_to_set (SmbSecurityInformation parts)
{
  const SmbSecurityInformation owners = SMB_SECURITY_INFORMATION_OWNER | SMB_SECURITY_INFORMATION_GROUP |
                                        SMB_SECURITY_INFORMATION_LABEL;
  const SmbSecurityInformation rights = SMB_SECURITY_INFORMATION_DACL | SMB_SECURITY_INFORMATION_ATTRIBUTE;
  const SmbSecurityInformation audits = SMB_SECURITY_INFORMATION_SACL | SMB_SECURITY_INFORMATION_SCOPE;
  gboolean                     all = (parts & SMB_SECURITY_INFORMATION_BACKUP) != 0;
  guint32                      access = 0;

  if (all || (parts & owners) != 0)
    access |= SMB_FSCC_ACCESS_WRITE_OWNER;
  if (all || (parts & rights) != 0)
    access |= SMB_FSCC_ACCESS_WRITE_DAC;
  if (all || (parts & audits) != 0)
    access |= SMB_FSCC_ACCESS_SYSTEM_SECURITY;
  return access;
}

/* A part that is not there is not to be taken for one that is empty: a missing list allows everything. */
static gboolean
has_parts (const SmbSecurityDescriptorData *descriptor,
           SmbSecurityInformation           parts)
{
  return (!(parts & SMB_SECURITY_INFORMATION_OWNER) || descriptor->owner != NULL) &&
         (!(parts & SMB_SECURITY_INFORMATION_GROUP) || descriptor->group != NULL) &&
         (!(parts & SMB_SECURITY_INFORMATION_DACL) ||
          (descriptor->control & SMB_SECURITY_CONTROL_DACL_PRESENT) != 0) &&
         (!(parts & PARTS_IN_SACL) || (descriptor->control & SMB_SECURITY_CONTROL_SACL_PRESENT) != 0);
}

/* Only what is to be set is sent. */
static SmbSecurityDescriptorData
select_parts (const SmbSecurityDescriptorData *descriptor,
              SmbSecurityInformation           parts)
{
  SmbSecurityDescriptorData selected = *descriptor;
  guint16                   control = 0;

  if (parts & SMB_SECURITY_INFORMATION_BACKUP)
    return selected;
  control |= (parts & SMB_SECURITY_INFORMATION_OWNER) ? OWNER_CONTROL : 0;
  control |= (parts & SMB_SECURITY_INFORMATION_GROUP) ? GROUP_CONTROL : 0;
  control |= (parts & SMB_SECURITY_INFORMATION_DACL) ? DACL_CONTROL : 0;
  control |= (parts & PARTS_IN_SACL) ? SACL_CONTROL : 0;
  selected.control &= control;
  selected.owner = (parts & SMB_SECURITY_INFORMATION_OWNER) ? selected.owner : NULL;
  selected.group = (parts & SMB_SECURITY_INFORMATION_GROUP) ? selected.group : NULL;
  selected.dacl = (parts & SMB_SECURITY_INFORMATION_DACL) ? selected.dacl : NULL;
  selected.sacl = (parts & PARTS_IN_SACL) ? selected.sacl : NULL;
  return selected;
}

static void
encode (SmbCall                         *call,
        const SmbSecurityDescriptorData *descriptor,
        Security                        *security)
{
  SmbSecurityDescriptorData selected = select_parts (descriptor, security->parts);
  g_auto(SmbWriter)         w;

  smb_writer_init (&w, NULL);
  if (!has_parts (descriptor, security->parts))
    refuse (call, SMB_ERROR_INVALID_ARGUMENT, "the descriptor lacks a part that is to be set");
  else if (!smb_security_descriptor_data_encode (&selected, &w))
    refuse (call, SMB_ERROR_INVALID_ARGUMENT, "a list of the descriptor is longer than it can be");
  security->descriptor = smb_writer_steal_bytes (&w);
}

static void
set_start (SmbCall *call)
{
  Security   *security = smb_call_get_data (call);
  SmbPlan    *plan = smb_operation_plan_new (call, smb_operation_done, NULL);
  SmbRequest *request;

  smb_operation_add_open (plan, &security->path, security->access, 0);
  request = smb_plan_add (plan, SMB_COMMAND_SET_INFO);
  request->set_info.type = SMB_INFO_TYPE_SECURITY;
  request->set_info.additional = security->parts;
  request->set_info.input = g_bytes_ref (security->descriptor);
  smb_operation_add_close (plan);
  smb_plan_submit (plan);
}

SmbCall *
smb_set_security_call_new (SmbConnection                   *connection,
                           const char                      *share,
                           const char                      *path,
                           const SmbSecurityDescriptorData *descriptor,
                           SmbSecurityInformation           parts,
                           int                              timeout_msec,
                           GCancellable                    *cancellable)
{
  Security *security = g_new0 (Security, 1);
  SmbCall  *call;

  security->parts = parts;
  security->access = access_to_set (parts);
  call = call_new (connection, "set the security descriptor of", share, path,
                   SMB_PATH_WRITE | SMB_PATH_STREAMS, security, timeout_msec, cancellable);
  encode (call, descriptor, security);
  smb_call_set_operation (call, set_start, NULL, security, security_free);
  return call;
}
