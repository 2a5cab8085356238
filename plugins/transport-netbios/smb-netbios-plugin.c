/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "smb-netbios-transport.h"

SMB_DEFINE_PLUGIN (smb_transport_netbios, SMB_TRANSPORT_EXTENSION_POINT, SMB_TYPE_NETBIOS_TRANSPORT,
                   "netbios", 5)
