# SPDX-License-Identifier: LGPL-2.1-or-later
"""Gives a file of a private Samba's share a list of access rights, in SDDL, through the share's modules.

Run by samba-server.py inside the server's environment: CONF SHARE PATH SDDL.
"""
import sys

from samba.samba3 import param, smbd
from samba.auth_util import system_session_unix
from samba.dcerpc import security

conf, share, path, text = sys.argv[1:]
param.get_context().load(conf)
descriptor = security.descriptor.from_sddl(text, security.dom_sid("S-1-5-21-0-0-0"))
smbd.set_nt_acl(path, security.SECINFO_DACL, descriptor, system_session_unix(), service=share)
