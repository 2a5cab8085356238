#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""What the documents say can be done is done here, and what they point to exists."""
import glob
import os
import re
import shlex
import subprocess
import sys
import unittest

from example import SECONDS, TOP, ExampleCase, write

import tap

COMPILER = shlex.split(sys.argv.pop(1))
HAVE_BINDINGS = sys.argv.pop(1) == "bindings"

SOURCE = os.path.dirname(os.environ["SMB_TEST_SRCDIR"])
FOLDERS = ("smb-glib/", "plugins/", "tests/", "examples/", "introspection/", "doc/")
WITH_PROGRAMS = ("README.md", "doc/getting-started.md")
ALL = ["README.md", "NEWS.md"] + ["doc/" + name for name in sorted(os.listdir(os.path.join(SOURCE, "doc")))
                                  if name.endswith(".md")]

OF_PYSMB = ("smb_messages", "SMB_FILE_ATTRIBUTE_")

BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
QUOTED = re.compile(r"`([^`\n]+)`")
CASES = re.compile(r"`(tests/[^`]+\.c)`\s\(([^)]+)\)")
LINK = re.compile(r"\]\(([\w./-]+)\)")


def read(name):
    with open(os.path.join(SOURCE, name), encoding="utf-8") as file:
        return file.read()


def blocks(name, language):
    return [text for kind, text in BLOCK.findall(read(name)) if kind == language]


def prose(name):
    return BLOCK.sub("", re.sub(r"^```\n.*?^```$", "", read(name), flags=re.MULTILINE | re.DOTALL))


class Programs(ExampleCase):
    """Those in the documents, with the private server in place of the one they name."""

    def setUp(self):
        super().setUp()
        os.mkdir(self.server.path("data", "folder"))
        write(self.server.path("data", "folder", "file.txt"), b"0123456789")

    def adapt(self, text):
        text = re.sub(r'"fileserver"(, 0)?', '"%s", %d' % (self.server.host, self.server.port), text)
        return text.replace('"ada"', '"%s"' % self.server.user).replace('"secret"', '"%s"' % self.password)

    def run_program(self, *argv):
        return subprocess.run(argv, timeout=SECONDS, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT, cwd=self.folder, encoding="utf-8")

    def compile(self, text):
        environment = dict(os.environ, PKG_CONFIG_PATH=os.path.join(TOP, "meson-uninstalled"))
        flags = subprocess.check_output(["pkg-config", "--cflags", "--libs", "smb-glib-1.0"], env=environment,
                                        encoding="utf-8")
        with open(os.path.join(self.folder, "program.c"), "w", encoding="utf-8") as file:
            file.write(text)
        argv = [*COMPILER, "-Wall", "-Wextra", "-Wno-unused-parameter", "-Werror", "program.c", "-o", "program"]
        done = self.run_program(*argv, *shlex.split(flags), "-Wl,-rpath," + os.path.join(TOP, "smb-glib"))
        self.assertEqual((done.returncode, done.stdout), (0, ""))

    def check(self, done):
        self.assertEqual(done.returncode, 0, done.stdout)
        self.assertRegex(done.stdout, r"file\.txt|10 bytes")

    def test_c(self):
        for name in WITH_PROGRAMS:
            programs = [text for text in blocks(name, "c") if "\nmain (" in text]
            self.assertTrue(programs)
            for text in programs:
                with self.subTest(name):
                    self.compile(self.adapt(text))
                    self.check(self.run_program("./program"))

    if HAVE_BINDINGS:
        def test_python(self):
            for name in WITH_PROGRAMS:
                programs = [text for text in blocks(name, "python") if text.startswith("import ")]
                self.assertTrue(programs)
                for text in programs:
                    with self.subTest(name):
                        self.check(self.run_program("/usr/bin/python3", "-c", self.adapt(text)))

    def test_length_in_readme(self):
        """They are to be taken in at a glance."""
        for language in ("c", "python"):
            self.assertLess(len(blocks("README.md", language)[0].splitlines()), 20)


class Words(unittest.TestCase):
    """What stands in the documents is still there in the sources."""

    @classmethod
    def setUpClass(cls):
        cls.words = set()
        for pattern in ("smb-glib/*.[ch]", "smb-glib/*/*.[ch]", "plugins/*/*.[ch]", "tests/*/*.[ch]",
                        "tests/*/*.py"):
            for path in glob.glob(os.path.join(SOURCE, pattern)):
                cls.words.update(re.findall(r"\w+", read(path)))

    def test_files(self):
        for name in ALL:
            for word in QUOTED.findall(prose(name)):
                if word.startswith(FOLDERS) and not re.search(r"[<>*{]", word):
                    with self.subTest(name + ": " + word):
                        path = os.path.join(SOURCE, word.split(" ")[0])
                        self.assertTrue(os.path.exists(path) or word.startswith("tests/bench/"))

    def test_links(self):
        for name in ALL:
            for target in LINK.findall(prose(name)):
                if not target.endswith(".html"):
                    with self.subTest(name + ": " + target):
                        self.assertTrue(os.path.exists(os.path.join(SOURCE, os.path.dirname(name), target)))

    def test_cases(self):
        for name in ALL:
            for path, cases in CASES.findall(prose(name)):
                text = read(path)
                for case in re.split(r",\s+", cases):
                    with self.subTest("%s: %s" % (path, case)):
                        self.assertTrue(re.search(r'"[^"]*\b%s"' % re.escape(case), text))

    def test_symbols(self):
        for name in ALL:
            for word in QUOTED.findall(prose(name)):
                for symbol in re.findall(r"\b(?:smb_\w{3,}|SMB_[A-Z_]{4,}|Smb[A-Z]\w+)\b", word):
                    with self.subTest(name + ": " + symbol):
                        self.assertTrue(symbol in self.words or symbol in OF_PYSMB)


if __name__ == "__main__":
    tap.main()
