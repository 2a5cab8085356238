#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""The examples in C do what their first lines say."""
import filecmp
import os
import sys

from example import ExampleCase, pattern, run, write

import tap
from private_samba import Samba


PROGRAMS = sys.argv.pop(1).split(",")


class Examples(ExampleCase):
    def test_list_shares(self):
        done = self.good("list-shares", self.url())
        self.assertRegex(done.output, r"(?m)^data +folder +Files of everyone$")
        self.assertRegex(done.output, r"(?m)^Übung +folder +Grüße € 😀$")
        self.assertRegex(done.output, r"(?m)^IPC\$ +pipes +special")
        self.assertEqual(done.errors, "")

    def test_list_shares_as_nobody(self):
        """No user in the address: nobody is asked for a password."""
        done = run("list-shares", self.url(user=None))
        self.assertEqual(done.status, 0, done.errors)
        self.assertIn("Files of everyone", done.output)

    def test_list_directory(self):
        os.mkdir(self.server.path("data", "folder"))
        write(self.server.path("data", "b file"), pattern(12345))
        write(self.server.path("data", "ä"), b"")
        os.utime(self.server.path("data", "b file"), (0, 1700000000))
        done = self.good("list-directory", self.url("data"), environment={"TZ": "UTC"})
        lines = done.output.splitlines()
        self.assertEqual(len(lines), 3)
        self.assertRegex(lines[0], r"^d-----  +0  \d{4}-\d\d-\d\d \d\d:\d\d  folder$")
        self.assertRegex(lines[1] + lines[2], r"------  +12345  2023-11-14 22:13  b file")
        self.assertRegex(done.output, r"(?m)  ä$")

    def test_list_directory_shows_no_control_characters(self):
        write(self.server.path("data", "a\x1b[31mb"), b"")
        done = self.good("list-directory", self.url("data"))
        self.assertNotIn("\x1b", done.output)

    if "list" in PROGRAMS:
        def test_list_in_vala(self):
            os.mkdir(self.server.path("data", "folder"))
            write(self.server.path("data", "file"), pattern(12345))
            self.assertRegex(self.good("list", self.url()).output, r"(?m)^data +Files of everyone$")
            listing = self.good("list", self.url("data")).output
            self.assertRegex(listing, r"(?m)^ +0  folder/$")
            self.assertRegex(listing, r"(?m)^ +12345  file$")

    def test_retrieve(self):
        for size in (0, 1, 100000, 20000000):
            with self.subTest(size):
                write(self.server.path("data", "file"), pattern(size))
                for name in PROGRAMS:
                    if name.startswith("retrieve"):
                        done = self.good(name, self.url("data", "file"), binary=True)
                        self.assertEqual(done.output, pattern(size))
                        self.assertEqual(done.errors, "file: %d bytes\n" % size)

    def test_retrieve_by_an_encoded_address(self):
        os.mkdir(self.server.path("Übung", "a b"))
        write(self.server.path("Übung", "a b", "😀#1"), b"smile")
        done = self.good("retrieve", self.url("%C3%9Cbung", "a%20b", "😀%231"))
        self.assertEqual(done.output, "smile")

    def test_user_of_a_domain(self):
        write(self.server.path("data", "file"), b"x")
        self.assertEqual(self.good("retrieve", self.url("data", "file", user="TESTGROUP;alice")).output, "x")

    def test_user_with_other_letters(self):
        done = run("list-directory", self.url("data", user="j%C3%BCrgen"), password="Grüße€")
        self.assertEqual(done.status, 0, done.errors)

    def test_store(self):
        for size in (0, 1, 100000, 20000000):
            with self.subTest(size):
                path = os.path.join(self.folder, "local")
                write(path, pattern(size))
                done = self.good("store", self.url("data", "stored"), path)
                self.assertEqual(done.output, "%d bytes stored\n" % size)
                self.assertEqual(done.errors, "")
                self.assertTrue(filecmp.cmp(path, self.server.path("data", "stored"), shallow=False))

    def make_tree(self, top):
        for i in range(30):
            folder = os.path.join(top, "folder %d" % i, "deeper")
            os.makedirs(folder)
            for j in range(10):
                write(os.path.join(folder, "file %d" % j), pattern(i * 1000 + j))
        write(os.path.join(top, "Ümläut 😀"), pattern(3000000))
        os.mkdir(os.path.join(top, "empty"))

    def assert_same_tree(self, one, other):
        compared = filecmp.dircmp(one, other)
        self.assertEqual((compared.left_only, compared.right_only, compared.funny_files), ([], [], []))
        _match, mismatch, errors = filecmp.cmpfiles(one, other, compared.common_files, shallow=False)
        self.assertEqual((mismatch, errors), ([], []))
        for name in compared.common_dirs:
            self.assert_same_tree(os.path.join(one, name), os.path.join(other, name))

    def test_download_tree(self):
        self.make_tree(self.server.path("data"))
        local = os.path.join(self.folder, "tree")
        done = self.good("download-tree", self.url("data"), local)
        self.assert_same_tree(self.server.path("data"), local)
        self.assertRegex(done.output, r"^301 files, ")
        self.assertEqual(done.errors, "")

    def test_download_of_a_part(self):
        self.make_tree(self.server.path("data"))
        local = os.path.join(self.folder, "tree")
        self.good("download-tree", self.url("data", "folder%207"), local)
        self.assert_same_tree(self.server.path("data", "folder 7"), local)

    def test_download_goes_on_past_a_failure(self):
        self.make_tree(self.server.path("data"))
        os.chmod(self.server.path("data", "folder 3", "deeper", "file 4"), 0)
        local = os.path.join(self.folder, "tree")
        done = run("download-tree", self.url("data"), local, password=self.password)
        self.assertEqual(done.status, 1)
        self.assertRegex(done.output, r"^300 files, ")
        self.assertRegex(done.errors, r"\Adownload-tree: .*folder 3/deeper/file 4.*ACCESS_DENIED.*\n\Z")
        self.assertFalse(os.path.exists(os.path.join(local, "folder 3", "deeper", "file 4")))

    def test_download_keeps_what_is_there(self):
        done = run("download-tree", self.url("data"), self.folder, password=self.password)
        self.assertEqual(done.status, 1)
        self.assertRegex(done.errors, r"\Adownload-tree: .*exists.*\n\Z")
        self.assertEqual(os.listdir(self.folder), [])


class Try(ExampleCase):
    def test_on_the_private_server(self):
        done = run("smb-try", environment=self.server.environment())
        self.assertEqual(done.status, 0, done.errors)
        for line in (r"dialect +SMB 3\.1\.1", r"every message is signed +AES-128-GMAC",
                     r"encryption +AES-128-GCM, ", r"data +Files of everyone", r"stored +268\.4.MB in .*/s",
                     r"retrieved +268\.4.MB in .*/s", r"compared +every byte"):
            self.assertRegex(done.output, line)
        self.assertEqual(os.listdir(self.server.path("data")), [])

    def test_on_an_address(self):
        write(self.server.path("data", "small"), pattern(10))
        write(self.server.path("data", "large"), pattern(5000000))
        os.mkdir(self.server.path("data", "folder"))
        before = os.stat(self.server.path("data")).st_mtime_ns
        done = self.good("smb-try", self.url("data"))
        self.assertRegex(done.output, r"folder +folder\n +large +5\.0.MB\n +small +10 bytes")
        self.assertRegex(done.output, r'Retrieving "large".*\n +retrieved +5\.0.MB in')
        self.assertEqual(os.stat(self.server.path("data")).st_mtime_ns, before)

    def test_on_a_file(self):
        self.assertRegex(self.good("smb-try", self.url("ro", "readme.txt")).output,
                         r'Retrieving "readme\.txt".*\n +retrieved +10 bytes in')

    def test_on_a_server(self):
        self.assertIn("Files of everyone", self.good("smb-try", self.url()).output)

    def test_on_an_empty_folder(self):
        self.assertRegex(self.good("smb-try", self.url("data")).output, r'In "data"\n  nothing\n')

    def test_old_servers(self):
        for dialect, name in (("SMB2_02", r"SMB 2\.0\.2"), ("NT1", "SMB 1")):
            options = ["--min", dialect, "--max", dialect, "--signing", "off"]
            with self.subTest(dialect), Samba(*options) as server:
                done = run("smb-try", environment=server.environment())
                self.assertEqual(done.status, 0, done.errors)
                self.assertRegex(done.output, r"dialect +%s\n" % name)
                self.assertRegex(done.output, r"encryption +the server cannot")


if __name__ == "__main__":
    tap.main()
