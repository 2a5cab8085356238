# SPDX-License-Identifier: LGPL-2.1-or-later
"""What is measured, with which dialects and protection."""
from dataclasses import dataclass

MIB = 1024 * 1024
SMALL = 4096
SMALL_FILES = 2000  # the programs ask for attributes of so many files in turn

# name on the command line: (for people, Samba's name, smb-bench's)
DIALECTS = {
    "1": ("SMB 1", "NT1", "smb-1"), "2.0.2": ("SMB 2.0.2", "SMB2_02", "smb-2-02"),
    "2.1": ("SMB 2.1", "SMB2_10", "smb-2-10"), "3.0": ("SMB 3.0", "SMB3_00", "smb-3-00"),
    "3.0.2": ("SMB 3.0.2", "SMB3_02", "smb-3-02"), "3.1.1": ("SMB 3.1.1", "SMB3_11", "smb-3-11"),
}
MODES = ("plain", "signed", "sealed")


@dataclass(frozen=True)
class Workload:
    name: str          # on the command line
    kind: str          # what the programs call it
    option: str        # the option that says how much: size (MiB), files, entries, calls or connects
    title: str
    unit: str          # of the rate
    path: str          # below the share
    variant: str = ""  # "sync": one after another

    def modes(self):
        """How the data is protected matters where there is much of it."""
        return MODES if self.option == "size" else MODES[:1]


WORKLOADS = {w.name: w for w in (
    Workload("read", "read", "size", "read a file of {n} MiB", "MiB/s", "big"),
    Workload("write", "write", "size", "write a file of {n} MiB", "MiB/s", "written"),
    Workload("retrieve", "read", "size", "retrieve {n} MiB to a stream", "MiB/s", "big", "stream"),
    Workload("store", "write", "size", "store {n} MiB from a stream", "MiB/s", "written", "stream"),
    Workload("smallread", "smallread", "files", "read {n} files of 4 KiB", "files/s", "small"),
    Workload("smallwrite", "smallwrite", "files", "write {n} files of 4 KiB", "files/s", "new"),
    Workload("list", "list", "entries", "list {n} entries", "entries/s", "many"),
    Workload("stat", "stat", "calls", "{n} stats, many at once", "stats/s", "small"),
    Workload("stat-sync", "stat", "calls", "{n} stats, one by one", "stats/s", "small", "sync"),
    Workload("connect", "connect", "connects", "{n} connections with login", "logins/s", ""),
    Workload("randread", "randread", "calls", "{n} random reads, many at once", "reads/s", "big"),
    Workload("randread-sync", "randread", "calls", "{n} random reads, one by one", "reads/s", "big", "sync"),
    Workload("delete", "delete", "files", "delete {n} files by pattern", "files/s", "doomed"),
)}


@dataclass(frozen=True)
class Task:
    """A workload with its numbers."""
    workload: Workload
    dialect: str  # a key of DIALECTS
    mode: str
    amount: int   # MiB, or how many
    size: int     # bytes of the large file

    @property
    def title(self):
        title = self.workload.title.format(n=format(self.amount, ","))
        return title if self.mode == "plain" else title + ", " + self.mode

    @property
    def count(self):
        return 1 if self.workload.option == "size" else self.amount

    def expected(self):
        """What a client that tells must tell."""
        if self.workload.option == "size":
            return {"bytes": self.size}
        if self.workload.kind in ("smallread", "smallwrite", "randread"):
            return {"ops": self.amount, "bytes": self.amount * SMALL}
        return {"ops": self.amount}


def modes_of(dialect):
    return MODES if dialect.startswith("3") else MODES[:2]


def tasks(options, dialect, mode):
    return [Task(w, dialect, mode, getattr(options, w.option), options.size * MIB)
            for w in (WORKLOADS[name] for name in options.workloads) if mode in w.modes()]
