#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Large files with smb-glib and with smbclient, side by side on a private Samba server; prints Markdown.

    tests/bench/compare.py BUILD [--size MIB] [--runs N] [--delay MS] [--dialects NT1,SMB3_11]

BUILD is a build folder (meson setup BUILD --buildtype=release). The clients take turns, and each table cell is
the median of their runs in seconds of the whole process; the ratio is the median of the ratios within a turn.
With --delay the connection goes through a proxy that delays each direction by half of it.
"""
import argparse
import json
import os
import statistics
import subprocess
import sys
import time

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(os.path.dirname(HERE), "support"))

from private_samba import Samba  # noqa: E402

MIB = 1024 * 1024
NICKS = {"NT1": "smb-1", "SMB2_02": "smb-2-02", "SMB2_10": "smb-2-10", "SMB3_00": "smb-3-00", "SMB3_02": "smb-3-02",
         "SMB3_11": "smb-3-11"}


def timed(argv, **options):
    begin = time.monotonic()
    done = subprocess.run(argv, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                          **options)
    seconds = time.monotonic() - begin
    if done.returncode != 0:
        sys.exit("%s failed: %s" % (argv[0], done.stdout))
    return seconds


class Clients:
    def __init__(self, build, server, host, port, size):
        self.build, self.server, self.host, self.port, self.size = build, server, host, port, size
        self.environment = dict(os.environ, SMB_PLUGIN_PATH=build)
        self.source = server.path("data", ".source")

    def ours(self, workload, mode, dialect):
        return timed([os.path.join(self.build, "tests", "bench", "smb-bench"), "--workload", workload, "--mode", mode,
                      "--dialect", NICKS[dialect], "--host", self.host, "--port", str(self.port),
                      "--user", self.server.user, "--password", self.server.password, "--share", "data",
                      "--path", "big" if workload == "read" else "written", "--size", str(self.size)],
                     env=self.environment)

    def smbclient(self, workload, mode, dialect):
        command = "get big /dev/null" if workload == "read" else "put %s written" % self.source
        signing = {"plain": "if_required", "signed": "required", "sealed": "required"}[mode]
        return timed(["smbclient", "-s", "/dev/null", "//%s/data" % self.host, "-p", str(self.port), "-m", dialect,
                      "-U", "%s%%%s" % (self.server.user, self.server.password),
                      "--option=client min protocol=" + dialect, "--option=client signing=" + signing,
                      "--client-protection=" + ("encrypt" if mode == "sealed" else "sign" if mode == "signed" else "off"),
                      "-c", command])


def start_proxy(build, server, delay):
    """Its address, once it listens."""
    process = subprocess.Popen([os.path.join(build, "tests", "support", "delay-proxy"), "--to",
                                "%s:%d" % (server.host, server.port), "--delay-ms", str(delay / 2)],
                               stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    return process, "127.0.0.1", int(json.loads(process.stdout.readline())["port"])


def compare(clients, workload, mode, dialect, runs):
    times = {"ours": [], "smbclient": []}
    for turn in range(runs + 1):
        order = [clients.ours, clients.smbclient]
        for client in order if turn % 2 else reversed(order):
            seconds = client(workload, mode, dialect)
            if turn > 0:  # the first one warms up
                times[client.__name__].append(seconds)
    ratio = statistics.median(a / b for a, b in zip(times["ours"], times["smbclient"]))
    print("| %s | %s | %s | %.2f | %.2f | %.2f |" % (dialect, workload, mode, statistics.median(times["ours"]),
                                                    statistics.median(times["smbclient"]), ratio), flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("build")
    parser.add_argument("--size", type=int, default=1024, help="MiB")
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--delay", type=float, default=0, help="milliseconds there and back")
    parser.add_argument("--dialects", default="NT1,SMB3_11")
    a = parser.parse_args()

    with Samba("--min", "NT1") as server:
        for path in (server.path("data", "big"), server.path("data", ".source")):
            with open(path, "wb") as f:
                for _ in range(a.size):
                    f.write(os.urandom(MIB))
            os.chmod(path, 0o666)
        proxy, host, port = (None, server.host, server.port) if not a.delay else start_proxy(a.build, server, a.delay)
        clients = Clients(os.path.abspath(a.build), server, host, port, a.size * MIB)
        print("| dialect | %d MiB | | smb-glib s | smbclient s | ratio |\n|---|---|---|---|---|---|" % a.size)
        for dialect in a.dialects.split(","):
            for mode in ("plain", "signed") + (("sealed",) if dialect.startswith("SMB3") else ()):
                for workload in ("read", "write"):
                    compare(clients, workload, mode, dialect, a.runs)
        if proxy is not None:
            proxy.stdin.close()
            proxy.kill()
            proxy.wait()


if __name__ == "__main__":
    main()
