# SPDX-License-Identifier: LGPL-2.1-or-later
"""A private Samba that allows one dialect and one protection, with the files that the workloads need."""
import contextlib
import json
import os
import shutil
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(os.path.dirname(HERE), "support"))
from private_samba import Samba, SambaError  # noqa: E402, F401

from clients import SHARE, Place, write_configuration  # noqa: E402
from workloads import DIALECTS, MIB, SMALL, SMALL_FILES  # noqa: E402

PROTECTION = {"plain": ["--signing", "off", "--encryption", "off"],
              "signed": ["--signing", "mandatory", "--encryption", "off"],
              "sealed": ["--encryption", "required"]}
BLOCK = b"Z" * MIB  # what all programs write


class Failure(Exception):
    """What went wrong with a server or a client, in one line."""


def make_file(path, size):
    with open(path, "wb") as f:
        for left in range(size, 0, -MIB):
            f.write(BLOCK[:left])
    os.chmod(path, 0o666)


def make_folder(path):
    os.mkdir(path)
    os.chmod(path, 0o777)
    return path


def make_files(folder, pattern, count, size):
    for i in range(count):
        make_file(os.path.join(folder, pattern % i), size)


def same_content(path, other):
    return os.path.getsize(path) == os.path.getsize(other) and \
        subprocess.run(["cmp", "-s", path, other], check=False).returncode == 0


class Server:
    """Its files, and where clients find it; made by `serving()`."""

    def __init__(self, samba, local):
        self.samba, self.local, self.root = samba, local, samba.shares[SHARE]
        os.chmod(self.root, 0o777)

    def path(self, *names):
        return os.path.join(self.root, *names)

    def fill(self, tasks):
        """What no workload changes."""
        kinds = {task.workload.kind: task for task in tasks}
        size = tasks[0].size
        free = os.statvfs(self.root)
        if kinds.keys() & {"read", "write", "randread"}:
            if free.f_bavail * free.f_frsize < 2 * size + 256 * MIB:
                raise Failure("no room for two files of %d MiB in %s: use --size or TMPDIR" % (size // MIB, self.root))
            make_file(self.path("big"), size)
            os.symlink(self.path("big"), os.path.join(self.local, "big"))
        make_file(os.path.join(self.local, "small"), SMALL)
        wanted = [kinds[kind].amount for kind in ("smallread", "stat") if kind in kinds]
        if "stat" in kinds:
            wanted[-1] = min(wanted[-1], SMALL_FILES)
        make_files(make_folder(self.path("small")), "f%05d", max(wanted, default=0), SMALL)
        make_files(make_folder(self.path("many")), "entry-%06d.txt", kinds["list"].amount if "list" in kinds else 0, 0)

    def prepare(self, task):
        """What the workload makes is gone, what it needs is there, and nobody is connected."""
        if task.workload.kind == "write" and os.path.exists(self.path("written")):
            os.remove(self.path("written"))
        for name in ("new", "doomed"):
            if task.workload.path == name:
                shutil.rmtree(self.path(name), ignore_errors=True)
                make_folder(self.path(name))
        if task.workload.kind == "delete":
            make_files(self.path("doomed"), "f%05d", task.amount, SMALL)
        self.samba.command("wait-clients 0")

    def check(self, task):
        """That what should be on the disk is there."""
        kind, small = task.workload.kind, os.path.join(self.local, "small")
        if kind == "write" and not (os.path.exists(self.path("written")) and
                                    same_content(self.path("written"), self.path("big"))):
            raise Failure("the file on the server is not what was written")
        if kind == "smallwrite":
            names = sorted(os.listdir(self.path("new")))
            if names != ["f%05d" % i for i in range(task.amount)]:
                raise Failure("%d of %d files on the server" % (len(names), task.amount))
            if not all(same_small(self.path("new", name), small) for name in names):
                raise Failure("a file on the server is not what was written")
        if kind == "delete" and os.listdir(self.path("doomed")):
            raise Failure("%d files are left" % len(os.listdir(self.path("doomed"))))


def same_small(path, other):
    with open(path, "rb") as f, open(other, "rb") as g:
        return f.read() == g.read()


@contextlib.contextmanager
def delayed(build, samba, delay):
    """The address of a proxy that delays by so many milliseconds there and back; the server's if 0."""
    if delay == 0:
        yield samba.host, samba.port
        return
    argv = [os.path.join(build, "tests", "support", "delay-proxy"), "--to", "%s:%d" % (samba.host, samba.port),
            "--delay-ms", str(delay / 2)]
    with subprocess.Popen(argv, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        try:
            yield "127.0.0.1", int(json.loads(process.stdout.readline())["port"])
        finally:
            process.stdin.close()


@contextlib.contextmanager
def serving(options, dialect, mode, tasks):
    """(Server, Place) while it runs."""
    arguments = ["--min", DIALECTS[dialect][1], "--max", DIALECTS[dialect][1], "--log-level", "0",
                 "--share-set", SHARE + ":vfs objects="] + PROTECTION[mode]
    with tempfile.TemporaryDirectory(prefix="smb-bench.") as local, Samba(*arguments) as samba:
        server = Server(samba, local)
        server.fill(tasks)
        with delayed(options.build, samba, options.delay) as (host, port):
            yield server, Place(host, port, samba.user, samba.password, write_configuration(local, dialect, mode),
                                local)
