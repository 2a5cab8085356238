# SPDX-License-Identifier: LGPL-2.1-or-later
"""The private Samba server for tests in Python.

    with Samba("--signing", "mandatory") as server:
        connect (server.host, server.port, server.user, server.password)

The options are those of samba-server.py.  A test that fails with an exception
gets the server's log on stderr.
"""
import json
import os
import subprocess
import sys

SCRIPT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "samba-server.py")


class SambaError(Exception):
    """The server did not start, or refused a command."""


class Samba:
    def __init__(self, *options):
        environment = {k: v for k, v in os.environ.items() if k != "LD_PRELOAD"}
        self.process = subprocess.Popen(["/usr/bin/python3", SCRIPT, *options], env=environment,
                                        stdin=subprocess.PIPE, stdout=subprocess.PIPE, encoding="utf-8")
        line = self.process.stdout.readline()
        if not line:
            self.process.stdin.close()
            raise SambaError("samba-server.py ended with %d" % self.process.wait())
        self.description = json.loads(line)
        self.host = self.description["host"]
        self.port = int(self.description["port"])
        self.user = self.description["user"]
        self.password = self.description["password"]
        self.users = self.named("user:")
        self.shares = self.named("share:")

    def named(self, prefix):
        return {k[len(prefix):]: v for k, v in self.description.items() if k.startswith(prefix)}

    def __enter__(self):
        return self

    def __exit__(self, kind, _value, _traceback):
        if kind is not None and self.process.poll() is None:
            self.print_log()
        self.stop()

    def print_log(self):
        lines = self.command("log")["log"].splitlines()
        sys.stderr.write("".join("# %s\n" % line for line in lines))

    def command(self, line):
        """Sends one command of samba-server.py, and returns its answer."""
        self.process.stdin.write(line + "\n")
        self.process.stdin.flush()
        answer = json.loads(self.process.stdout.readline() or '{"status": "error", "message": "server ended"}')
        if answer["status"] != "ok":
            raise SambaError(answer["message"])
        return answer

    def path(self, share, *names):
        """A file of a share, on the server's disk."""
        return os.path.join(self.shares[share], *names)

    def environment(self):
        """The environment with what a program needs to connect."""
        return dict(os.environ, SMB_TEST_HOST=self.host, SMB_TEST_PORT=str(self.port),
                    SMB_TEST_USER=self.user, SMB_TEST_PASSWORD=self.password)

    def stop(self):
        if self.process.poll() is None:
            try:
                self.process.stdin.write("quit\n")
                self.process.stdin.close()
            except BrokenPipeError:
                pass
        self.process.wait()
        self.process.stdout.close()
