# SPDX-License-Identifier: LGPL-2.1-or-later
"""The programs that are compared: the command of each for a task, and what it tells about itself."""
import os
import re
import shutil
from dataclasses import dataclass, field

from workloads import DIALECTS, SMALL

SHARE = "bench"


@dataclass(frozen=True)
class Place:
    """Where a server is, and what a client needs beside."""
    host: str
    port: int
    user: str
    password: str
    conf: str   # for Samba's programs
    local: str  # a folder with `big` and `small`, to send


@dataclass(frozen=True)
class Job:
    argv: list
    text: str = ""  # for the standard input
    times: int = 1
    environment: dict = field(default_factory=dict)


def result_line(output):
    """{"ops": …, "bytes": …, "inner": …} of our own programs."""
    found = re.search(r"^RESULT inner=(\S+) ops=(\d+) bytes=(\d+)$", output, re.MULTILINE)
    return {} if found is None else {"inner": float(found[1]), "ops": int(found[2]), "bytes": int(found[3])}


def common_arguments(task, place):
    return ["--workload", task.workload.kind, "--host", place.host, "--port", str(place.port), "--user", place.user,
            "--password", place.password, "--share", SHARE, "--path", task.workload.path,
            "--count", str(task.count), "--size", str(task.size)]


class OwnProgram:
    """One that this folder has the source of."""

    # These leave their arguments, and libsmbclient other things, to the end of the process.
    environment = {"ASAN_OPTIONS": "detect_leaks=0"}
    package = None  # of Debian's, without which meson leaves it out

    def __init__(self, build):
        self.build = build
        self.program = os.path.join(build, "tests", "bench", self.file)

    def missing(self):
        if os.access(self.program, os.X_OK):
            return None
        if self.package is not None:
            return "not built; it needs the package %s, and then meson setup --reconfigure %s" % (self.package,
                                                                                                 self.build)
        return "not built: %s" % self.program

    def told(self, _task, output):
        return result_line(output)


class SmbGlib(OwnProgram):
    name, file = "smb-glib", "smb-bench"

    def __init__(self, build):
        super().__init__(build)
        self.environment = dict(self.environment, SMB_PLUGIN_PATH=build)

    def job(self, task, place):
        variant = ["--variant", task.workload.variant] if task.workload.variant else []
        return Job([self.program, "--mode", task.mode, "--dialect", DIALECTS[task.dialect][2]] + variant +
                   common_arguments(task, place), environment=self.environment)


class LibSmbClient(OwnProgram):
    name, file, package = "libsmbclient", "libsmbclient-bench", "libsmbclient-dev"

    def job(self, task, place):
        return Job([self.program, "--configuration", place.conf] + common_arguments(task, place),
                   environment=self.environment)


class SmbClient:
    name = "smbclient"
    program = "smbclient"

    def __init__(self, _build):
        pass

    def missing(self):
        return None if shutil.which(self.program) else "the package smbclient is missing"

    def job(self, task, place):
        """None if it has no command for the task."""
        script = self.script(task, place)
        if script is None:
            return None
        argv = [self.program, "-s", place.conf, "//%s/%s" % (place.host, SHARE), "-p", str(place.port), "-U",
                "%s%%%s" % (place.user, place.password)]
        if task.workload.kind == "connect":
            return Job(argv + ["-c", script], times=task.count)
        return Job(argv, text=script + "\n")

    @staticmethod
    def script(task, place):
        names = ["f%05d" % i for i in range(task.count)]
        return {
            "read": lambda: "get big /dev/null",
            "write": lambda: "put %s/big written" % place.local,
            "smallread": lambda: "\n".join("get small\\%s /dev/null" % name for name in names),
            "smallwrite": lambda: "\n".join("put %s/small new\\%s" % (place.local, name) for name in names),
            "list": lambda: "ls many\\*",
            "connect": lambda: "quit",
            "delete": lambda: "cd doomed\ndel *",
        }.get(task.workload.kind, lambda: None)()

    def told(self, task, output):
        """It goes on after most errors, so what it did is counted."""
        if task.workload.kind in ("read", "smallread"):
            sizes = re.findall(r"getting file \S+ of size (\d+) ", output)
            return {"ops": len(sizes), "bytes": sum(map(int, sizes))}
        if task.workload.kind == "list":
            return {"ops": len(re.findall(r"^  entry-", output, re.MULTILINE))}
        return task.expected()  # connect: its status; the others: what is on the server's disk


CLIENTS = {c.name: c for c in (SmbGlib, SmbClient, LibSmbClient)}

CONFIGURATION = """[global]
  workgroup = TESTGROUP
  client min protocol = {dialect}
  client max protocol = {dialect}
  client signing = {signing}
  client smb encrypt = {encryption}
  client use kerberos = off
  name resolve order = host
  lock directory = {folder}
  state directory = {folder}
  cache directory = {folder}
  private dir = {folder}
"""


def write_configuration(folder, dialect, mode):
    """Samba's programs are told there what the command line of smb-bench says."""
    path = os.path.join(folder, "client.conf")
    with open(path, "w", encoding="utf-8") as f:
        f.write(CONFIGURATION.format(dialect=DIALECTS[dialect][1], folder=folder,
                                     signing="if_required" if mode == "plain" else "required",
                                     encryption="required" if mode == "sealed" else "off"))
    return path
