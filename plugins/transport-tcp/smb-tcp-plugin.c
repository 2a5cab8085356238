/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "smb-tcp-transport.h"

SMB_DEFINE_PLUGIN (smb_transport_tcp, SMB_TRANSPORT_EXTENSION_POINT, SMB_TYPE_TCP_TRANSPORT, "tcp", 10)
