# SPDX-License-Identifier: LGPL-2.1-or-later
"""Runs the examples, for the tests of this folder.

They are in the folder examples/ beside tests/: programs in that of the build, scripts in that of the source.
Scripts find the library that was built, as if it were installed.
"""
import atexit
import os
import shutil
import subprocess
import sys
import tempfile
import unittest

TOP = os.path.dirname(os.environ["SMB_TEST_BUILDDIR"])
BUILT = os.path.join(TOP, "examples")
SOURCES = os.path.join(os.path.dirname(os.environ["SMB_TEST_SRCDIR"]), "examples")

sys.path.insert(0, os.path.join(os.environ["SMB_TEST_SRCDIR"], "support"))
sys.dont_write_bytecode = True

from private_samba import Samba

# Far more than any of them needs: only one that hangs gets there.
SECONDS = 60

INTERPRETERS = {".py": ["/usr/bin/python3"], ".js": ["gjs", "-m"]}


def command(name):
    """The command line of an example: a program, or a script with its interpreter."""
    suffix = os.path.splitext(name)[1]
    if suffix in INTERPRETERS:
        return INTERPRETERS[suffix] + [os.path.join(SOURCES, name)]
    return [os.path.join(BUILT, name)]


def overrides():
    """A folder where PyGObject finds what the library brings for Python."""
    folder = tempfile.mkdtemp(prefix="smb-overrides.")
    atexit.register(shutil.rmtree, folder)
    os.mkdir(os.path.join(folder, "gi"))
    os.symlink(os.path.join(os.path.dirname(SOURCES), "introspection", "overrides"),
               os.path.join(folder, "gi", "overrides"))
    return folder


os.environ.update(GI_TYPELIB_PATH=os.path.join(TOP, "introspection"),
                  LD_LIBRARY_PATH=os.path.join(TOP, "smb-glib"),
                  PYTHONPATH=overrides(), PYTHONDONTWRITEBYTECODE="1", LC_ALL="C.UTF-8")


class Done:
    """How an example ended."""

    def __init__(self, status, output, errors):
        self.status = status
        self.output = output
        self.errors = errors


def run(name, *arguments, password=None, binary=False, environment=None):
    """Runs an example; @password is given to it by its standard input."""
    options = [] if password is None else ["--password-file", "-"]
    done = subprocess.run(command(name) + options + list(arguments), timeout=SECONDS,
                          input=("%s\n" % password).encode() if password is not None else b"",
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE, start_new_session=True,
                          env=dict(os.environ, **environment or {}))
    output = done.stdout if binary else done.stdout.decode()
    return Done(done.returncode, output, done.stderr.decode())


def address(server, *path, user="alice", port=None):
    return "smb://%s%s:%d/%s" % (user + "@" if user else "", server.host, port or server.port, "/".join(path))


def pattern(size):
    """Bytes that repeat at no round number."""
    return (bytes(range(251)) * (size // 251 + 1))[:size]


def write(path, data):
    with open(path, "wb") as f:
        f.write(data)


class ExampleCase(unittest.TestCase):
    """Tests beside one private Samba, whose share "data" is empty again after each."""

    @classmethod
    def setUpClass(cls):
        cls.server = Samba()
        cls.addClassCleanup(cls.server.stop)
        cls.password = cls.server.password

    def setUp(self):
        self.folder = tempfile.mkdtemp(prefix="smb-examples.")
        self.addCleanup(shutil.rmtree, self.folder)
        self.addCleanup(self.empty_share)

    def empty_share(self):
        for name in os.listdir(self.server.path("data")):
            path = self.server.path("data", name)
            shutil.rmtree(path) if os.path.isdir(path) else os.remove(path)

    def url(self, *path, **options):
        return address(self.server, *path, **options)

    def good(self, name, *arguments, **options):
        """Runs an example that must succeed."""
        done = run(name, *arguments, password=self.password, **options)
        self.assertEqual(done.status, 0, done.errors)
        return done
