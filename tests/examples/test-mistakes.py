#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""What goes wrong is told in one line, with a status that is not 0, and gives nothing away."""
import os
import socket
import subprocess
import sys

from example import ExampleCase, command, run

import tap

PROGRAMS = sys.argv.pop(1).split(",")

SECRET = "s3cret-passw0rd"

# Which of them needs what behind the address.
FILE, FOLDER, SERVER = "file", "folder", "server"
NEEDS = {"retrieve": FILE, "retrieve.py": FILE, "retrieve.js": FILE, "store": FILE, "list-directory": FOLDER,
         "download-tree": FOLDER, "smb-try": FOLDER, "list": FOLDER, "list-shares": SERVER}

SHOWS_PROGRESS = ("smb-try",)


class Mistakes(ExampleCase):
    def arguments(self, name, url):
        """The rest of a command line that would be right with a better address."""
        local = os.path.join(self.folder, "local")
        if name == "store":
            open(local, "w").close()
        return [url] + ([local] if name in ("store", "download-tree") else [])

    def check(self, name, url, reason, status, password=SECRET):
        done = run(name, *self.arguments(name, url), password=password)
        shown = done.output + done.errors
        self.assertRegex(done.errors, r"\A%s: [^\n]*%s[^\n]*\n\Z" % (name, reason))
        self.assertEqual(done.status, status)
        for secret in (SECRET, self.password):
            self.assertNotIn(secret, shown)
        if name not in SHOWS_PROGRESS and name != "download-tree":
            self.assertEqual(done.output, "")

    def each(self, *needs, but=()):
        """The programs whose address must have one of @needs, or all."""
        return [name for name in PROGRAMS if NEEDS[name] in (needs or NEEDS.values()) and name not in but]

    def check_all(self, url, reason, status, *needs, **options):
        for name in self.each(*needs):
            with self.subTest(name):
                self.check(name, url, reason, status, **options)

    def test_no_address(self):
        for url in ("data", "/data", "", "http://127.0.0.1/data/file", "smb:", "smb:///data/file"):
            self.check_all(url, "Not an address of the form smb://", 2)

    def test_bad_port(self):
        self.check_all("smb://alice@127.0.0.1:99999/data/file", "Not an address", 2)

    def test_password_in_the_address(self):
        self.check_all("smb://alice:%s@127.0.0.1/data/file" % SECRET, "a password must not be part of it", 2)

    def test_password_in_a_bad_address(self):
        self.check_all("smb://alice:%s@127.0.0.1:99999/data/file" % SECRET, "Not an address", 2)

    def test_no_arguments(self):
        for name in self.each():
            with self.subTest(name):
                done = run(name)
                self.assertEqual(done.status, 2)
                self.assertEqual(done.output, "")
                self.assertRegex(done.errors, r"(?i)usage|address")

    def test_unknown_option(self):
        for name in self.each():
            with self.subTest(name):
                done = run(name, "--nonsense", self.url("data"))
                self.assertEqual((done.status, done.output), (2, ""))

    def test_no_password_file(self):
        for name in self.each():
            with self.subTest(name):
                done = run(name, "--password-file", "/nowhere/at/all",
                           *self.arguments(name, self.url("data", "x")))
                self.assertEqual((done.status, done.output), (2, ""))
                self.assertRegex(done.errors, r"/nowhere/at/all[^\n]*\n\Z")

    def test_no_terminal(self):
        for name in self.each():
            with self.subTest(name):
                done = run(name, *self.arguments(name, self.url("data", "x")))
                self.assertEqual((done.status, done.output), (2, ""))
                self.assertRegex(done.errors, r"no terminal to ask for the password")

    def test_wrong_password(self):
        self.check_all(self.url("data", "file"), "password is wrong \\(STATUS_LOGON_FAILURE 0xC000006D\\)", 1)

    def test_no_such_host(self):
        """A name that no resolver needs the network to refuse."""
        self.check_all("smb://alice@no..such..host/data/file", "no..such..host", 1)

    def test_no_server(self):
        with socket.socket() as unused:
            unused.bind(("127.0.0.1", 0))
            self.check_all("smb://alice@127.0.0.1:%d/data/file" % unused.getsockname()[1],
                           "Could not connect to 127.0.0.1: Connection refused", 1)

    def test_no_share(self):
        self.check_all(self.url("nothing", "file"), "share 'nothing'.*STATUS_BAD_NETWORK_NAME", 1, FILE,
                       FOLDER, password=self.password)

    def test_no_file(self):
        self.check_all(self.url("data", "nothing", "at all"),
                       "'nothing/at all' on share 'data'.*STATUS_OBJECT_(NAME|PATH)_NOT_FOUND", 1, FILE,
                       FOLDER, password=self.password)

    def test_folder_for_a_file(self):
        os.mkdir(self.server.path("data", "folder"))
        self.check_all(self.url("data", "folder"), "it is a folder \\(STATUS_", 1, FILE,
                       password=self.password)

    def test_file_for_a_folder(self):
        for name in self.each(FOLDER, but=["smb-try"]):
            with self.subTest(name):
                self.check(name, self.url("ro", "readme.txt"), "it is not a folder \\(STATUS_", 1,
                           password=self.password)

    def test_no_access(self):
        self.check("store", self.url("ro", "new"), "STATUS_ACCESS_DENIED", 1, password=self.password)

    def test_no_local_file(self):
        done = run("store", self.url("data", "new"), "/nowhere/at/all", password=self.password)
        self.assertRegex(done.errors, r"\Astore: [^\n]*/nowhere/at/all[^\n]*\n\Z")
        self.assertEqual(done.status, 1)
        self.assertEqual(os.listdir(self.server.path("data")), [])

    def test_server_gone(self):
        """While half of a file is there."""
        size = 1 << 30
        with open(self.server.path("data", "big"), "wb") as f:
            f.truncate(size)
        for name in self.each(FILE, but=["store"]):
            with self.subTest(name):
                with subprocess.Popen(command(name) + ["--password-file", "-", self.url("data", "big")],
                                      stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                      stderr=subprocess.PIPE) as child:
                    child.stdin.write(self.password.encode())
                    child.stdin.close()
                    received = len(child.stdout.read(1 << 20))
                    self.server.command("kill")
                    received += len(child.stdout.read())
                    errors = child.stderr.read().decode()
                self.assertTrue(0 < received < size)
                self.assertRegex(errors, r"\A%s: [^\n]*'big' on share 'data'[^\n]*\n\Z" % name)
                self.assertEqual(child.returncode, 1)


if __name__ == "__main__":
    tap.main()
