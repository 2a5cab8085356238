# SPDX-License-Identifier: LGPL-2.1-or-later
"""What the private Samba offers: its options, users, shares and smb.conf.

Everything is a path below one folder.  `samba-server.py` runs what is
written here; this file starts nothing.
"""
import argparse
import os
import socket

DIALECTS = ("NT1", "SMB2_02", "SMB2_10", "SMB3_00", "SMB3_02", "SMB3_11")
USERS = ("alice:Passw0rd", "bob:Hunter22", "jürgen:Grüße€")
SNAPSHOTS = ("@GMT-2024.01.02-03.04.05", "@GMT-2024.02.03-04.05.06", "@GMT-2024.03.04-05.06.07")
FOLDERS = ("private", "lock", "state", "cache", "pid", "ncalrpc", "run", "log", "nss", "shares", "outside")

# No file can grow beyond this with --full; Samba's own databases need half a megabyte each.
FULL_AT = 4 * 1024 * 1024


def option_parser(description):
    p = argparse.ArgumentParser(description=description, allow_abbrev=False,
                                formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("--min", default="SMB2_02", choices=DIALECTS, help="lowest dialect (default %(default)s)")
    p.add_argument("--max", default="SMB3_11", choices=DIALECTS, help="highest dialect (default %(default)s)")
    p.add_argument("--signing", default="auto", choices=("off", "auto", "mandatory"))
    p.add_argument("--encryption", default="auto", choices=("off", "auto", "desired", "required"))
    p.add_argument("--ciphers", metavar="LIST", help="e.g. 'AES-128-CCM, AES-256-GCM'")
    p.add_argument("--signing-algorithms", metavar="LIST", help="e.g. 'HMAC-SHA256, AES-128-CMAC'")
    p.add_argument("--ntlm-auth", default="ntlmv2-only", choices=("ntlmv2-only", "ntlmv1-permitted", "disabled"))
    p.add_argument("--user", action="append", default=[], metavar="NAME:PASSWORD",
                   help="one more user beside " + ", ".join(USERS))
    p.add_argument("--no-guest", action="store_true", help="refuse unknown users instead of making them guests")
    p.add_argument("--shares", type=int, default=0, metavar="N", help="add share001, share002 … shareN")
    p.add_argument("--full", action="store_true",
                   help="the disk is full: no file can grow beyond %d bytes" % FULL_AT)
    p.add_argument("--slow-disk", metavar="LIBRARY",
                   help="add the share \"slow\", to whose files the build's slow-disk.so makes the way long")
    p.add_argument("--set", action="append", default=[], metavar="KEY=VALUE", help="one more [global] line")
    p.add_argument("--share-set", action="append", default=[], metavar="SHARE:KEY=VALUE",
                   help="one more line of a share, which is made if it does not exist")
    p.add_argument("--address", default="127.0.0.1", help="loopback address to listen on (default %(default)s)")
    p.add_argument("--port", type=int, default=0, help="port to listen on (default: one that is free)")
    p.add_argument("--name-service", action="store_true",
                   help="with nmbd on ports 137 and 138, for which the address must not be one of 127.0.0.0/8")
    p.add_argument("--log-level", default=os.environ.get("SMB_TEST_LOG_LEVEL", "1 smb2:3 auth:2"))
    return p


class Config:
    """The folder of one server, and the text of its files."""

    def __init__(self, options, folder):
        self.options = options
        self.folder = folder
        self.conf = folder + "/smb.conf"
        self.logs = folder + "/log"
        self.users = dict(u.split(":", 1) for u in list(USERS) + options.user)
        self.native_xattr = has_user_xattr(folder)
        self.shares = self.share_table()

    def write(self):
        for name in FOLDERS:
            os.mkdir("%s/%s" % (self.folder, name))
        for name in self.shares:
            os.makedirs(self.share_dir(name), exist_ok=True)
        self.write_names()
        self.write_share_contents()

    def write_conf(self, port):
        text = section("global", self.global_table(port))
        for name, table in self.shares.items():
            text += "\n" + section(name, table)
        write(self.conf, text)

    def share_dir(self, name):
        return self.shares[name]["path"]

    def preload(self):
        """smbd takes itself for root (uid_wrapper) and knows our users only (nss_wrapper)."""
        nss = self.folder + "/nss/"
        slow = [self.options.slow_disk] if self.options.slow_disk else []
        return {"LD_PRELOAD": " ".join(["libuid_wrapper.so", "libnss_wrapper.so"] + slow),
                "SLOW_DISK": self.folder + "/shares/slow", "UID_WRAPPER": "1", "UID_WRAPPER_ROOT": "1", "NSS_WRAPPER_PASSWD": nss + "passwd",
                "NSS_WRAPPER_GROUP": nss + "group", "NSS_WRAPPER_HOSTS": nss + "hosts"}

    def global_table(self, port):
        o, d = self.options, self.folder
        table = {
            "netbios name": "SMBTEST", "workgroup": "TESTGROUP", "server role": "standalone server",
            "server string": "private test server", "unix charset": "UTF-8",
            "interfaces": "%s/%d" % (o.address, 128 if ":" in o.address else 8),
            "bind interfaces only": "yes", "smb ports": str(port),
            "disable netbios": "no" if o.name_service else "yes", "local master": "no", "dns proxy": "no",
            "multicast dns register": "no", "server min protocol": o.min, "server max protocol": o.max,
            "ntlm auth": o.ntlm_auth, "map to guest": "Never" if o.no_guest else "Bad User",
            "guest account": "nobody", "passdb backend": "tdbsam", "winbindd socket directory": d + "/run",
            "nmbd:socket dir": d + "/run/nmbd",
            "private dir": d + "/private", "lock directory": d + "/lock", "state directory": d + "/state",
            "cache directory": d + "/cache", "pid directory": d + "/pid", "ncalrpc dir": d + "/ncalrpc",
            "binddns dir": d + "/state", "usershare path": "", "log file": self.logs + "/log.smbd",
            "logging": "file", "log level": o.log_level, "max log size": "0", "load printers": "no", "printing": "bsd",
            "printcap name": "/dev/null", "disable spoolss": "yes", "enable core files": "no",
            "acl_xattr:ignore system acls": "yes", "acl_xattr:default acl style": "everyone",
            "acl_xattr:security_acl_name": "user.NTACL",
            "store dos attributes": "yes", "xattr_tdb:file": d + "/state/xattr.tdb",
        }
        if o.signing != "auto":
            table["server signing"] = {"off": "disabled"}.get(o.signing, o.signing)
        if o.encryption != "auto":
            table["server smb encrypt"] = o.encryption
        if o.ciphers:
            table["server smb3 encryption algorithms"] = o.ciphers
        if o.signing_algorithms:
            table["server smb3 signing algorithms"] = o.signing_algorithms
        table.update(key_value(line) for line in o.set)
        return table

    def share_table(self):
        o = self.options
        table = {
            "data": self.share("data", comment="Files of everyone"),
            "guest": self.share("guest", guest_ok="yes"),
            "ro": self.share("ro", read_only="yes"),
            "private": self.share("private", valid_users="alice"),
            "hidden$": self.share("hidden", browseable="no"),
            "Übung": self.share("uebung", comment="Grüße € 😀"),
            "streams": self.share("streams", modules="streams_xattr"),
            "acl": self.share("acl"),
            "snap": dict(self.share("snap", modules="shadow_copy2"), **{
                "shadow:snapdir": ".snapshots", "shadow:sort": "desc",
                "shadow:basedir": self.folder + "/shares/snap", "shadow:mountpoint": self.folder + "/shares/snap"}),
            "dfs": self.share("dfs", msdfs_root="yes"),
            "links": self.share("links"),
        }
        if o.max.startswith("SMB3") and o.encryption != "off":
            table["crypt"] = self.share("crypt", smb_encrypt="required")
        if o.slow_disk:
            table["slow"] = self.share("slow", comment="Files far away")
        for i in range(1, o.shares + 1):
            table["share%03d" % i] = self.share("numbered", comment="Number %d" % i)
        for line in o.share_set:
            name, _, rest = line.partition(":")
            key, value = key_value(rest)
            table.setdefault(name, self.share(name))[key] = value
        return table

    def share(self, folder, modules="", **lines):
        """A share with access for everyone, whoever the files belong to.

        smbd judges by Windows ACLs alone and the kernel by the one user that all of smbd runs as,
        so that a test may write into the folder itself.  Where the file system has no user
        attributes (tmpfs before Linux 6.6) they are kept in a database.
        """
        modules = [modules, "acl_xattr"] + ([] if self.native_xattr else ["xattr_tdb"])
        table = {"path": "%s/shares/%s" % (self.folder, folder), "read only": "no",
                 "vfs objects": " ".join(modules).strip()}
        table.update((key.replace("_", " "), value) for key, value in lines.items())
        return table

    def write_names(self):
        passwd = ["root:x:0:0::/:/bin/false", "nobody:x:65534:65534::/:/bin/false"]
        passwd += ["%s:x:%d:20000::/:/bin/false" % (name, 20001 + i) for i, name in enumerate(self.users)]
        write(self.folder + "/nss/passwd", "\n".join(passwd) + "\n")
        write(self.folder + "/nss/group", "root:x:0:\nnogroup:x:65534:\nsmbusers:x:20000:\n")
        # Without the machine's own name smbd asks the DNS for it.
        write(self.folder + "/nss/hosts", "127.0.0.1 localhost smbtest %s\n" % socket.gethostname())

    def write_share_contents(self):
        write(self.share_dir("ro") + "/readme.txt", "read only\n")
        write(self.share_dir("guest") + "/hello.txt", "hello guest\n")
        self.write_snapshots(self.share_dir("snap"))
        self.write_links(self.share_dir("links"))
        os.symlink("msdfs:%s\\data" % self.options.address, self.share_dir("dfs") + "/to-data")
        os.symlink("msdfs:127.0.0.2\\nowhere", self.share_dir("dfs") + "/to-nowhere")

    def write_snapshots(self, folder):
        write(folder + "/file.txt", "now\n")
        for i, name in enumerate(SNAPSHOTS, 1):
            old = "%s/.snapshots/%s" % (folder, name)
            os.makedirs(old)
            write(old + "/file.txt", "version %d\n" % i)
            write(old + "/gone-%d.txt" % i, "only in snapshot %d\n" % i)

    def write_links(self, folder):
        os.mkdir(folder + "/folder")
        write(folder + "/target.txt", "target\n")
        write(folder + "/folder/inside.txt", "inside\n")
        write(self.folder + "/outside/secret.txt", "secret\n")
        for name, target in (("to-file", "target.txt"), ("to-folder", "folder"), ("to-outside", "../../outside"),
                             ("dangling", "nothing"), ("loop", "loop")):
            os.symlink(target, folder + "/" + name)


def section(name, table):
    return "[%s]\n" % name + "".join("    %s = %s\n" % line for line in table.items())


def key_value(line):
    key, _, value = line.partition("=")
    return key.strip(), value.strip()


def write(path, text):
    with open(path, "w", encoding="utf-8") as f:
        f.write(text)


def has_user_xattr(folder):
    try:
        os.setxattr(folder, "user.smb-test", b"x")
        os.removexattr(folder, "user.smb-test")
        return True
    except OSError:
        return False
