#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Runs a program in a network of its own, where all ports are free and every user may have them.

  private-network.py PROGRAM [ARG...]

The network has the addresses 127.0.0.1 and 10.99.0.1/8, the second of which is in SMB_TEST_NETWORK, and nobody else
in it.  Where the machine does not let its users have networks the program runs in the machine's own, without the
variable.
"""
import ctypes
import fcntl
import os
import socket
import struct
import sys

CLONE_NEWUSER, CLONE_NEWNET = 0x10000000, 0x40000000
SIOCSIFFLAGS, SIOCSIFADDR, SIOCSIFBRDADDR, SIOCSIFNETMASK = 0x8914, 0x8916, 0x891A, 0x891C
IFF_UP = 1
ADDRESS, BROADCAST, MASK = "10.99.0.1", "10.255.255.255", "255.0.0.0"

libc = ctypes.CDLL(None, use_errno=True)


def write(path, text):
    with open(path, "w", encoding="ascii") as f:
        f.write(text)


def unshare(flags):
    return libc.unshare(flags) == 0


def become_root():
    """In the new user namespace, as oneself outside."""
    user, group = os.geteuid(), os.getegid()
    if not unshare(CLONE_NEWUSER):
        return False
    write("/proc/self/setgroups", "deny")
    write("/proc/self/uid_map", "0 %d 1" % user)
    write("/proc/self/gid_map", "0 %d 1" % group)
    return True


def configure(control, request, interface, value):
    fcntl.ioctl(control, request, struct.pack("16s16s", interface, value))


def inet(address):
    return struct.pack("=HH4s8x", socket.AF_INET, 0, socket.inet_aton(address))


def raise_interfaces():
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as control:
        configure(control, SIOCSIFFLAGS, b"lo", struct.pack("=H14x", IFF_UP))
        configure(control, SIOCSIFADDR, b"lo:1", inet(ADDRESS))
        configure(control, SIOCSIFNETMASK, b"lo:1", inet(MASK))
        configure(control, SIOCSIFBRDADDR, b"lo:1", inet(BROADCAST))


def enter_network():
    try:
        if unshare(CLONE_NEWNET) or become_root() and unshare(CLONE_NEWNET):
            raise_interfaces()
            os.environ["SMB_TEST_NETWORK"] = ADDRESS
    except OSError as error:
        print("# no private network: %s" % error, flush=True)


def main(program):
    os.environ.pop("SMB_TEST_NETWORK", None)
    enter_network()
    os.execvp(program[0], program)


if len(sys.argv) < 2:
    sys.exit(__doc__)
main(sys.argv[1:])
