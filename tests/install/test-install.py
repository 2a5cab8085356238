# SPDX-License-Identifier: LGPL-2.1-or-later
"""The library as a distribution installs it: what programs, plugins and bindings get, and what is left when a
plugin's module is taken away."""
import glob
import os
import re
import shutil
import subprocess
import sys
import tempfile
import unittest

HERE = os.path.dirname(os.path.abspath(__file__))
TOP = os.path.dirname(os.path.dirname(HERE))
sys.path.insert(0, os.path.join(TOP, "tests", "support"))

import tap  # noqa: E402
from private_samba import Samba  # noqa: E402

PYTHON = """
import gi, os
gi.require_version("Smb", "1.0")
from gi.repository import Smb
factory = Smb.ProtocolFactory.new(os.environ["SMB_TEST_USER"], os.environ["SMB_TEST_PASSWORD"], None, None)
factory.open_connection(os.environ["SMB_TEST_HOST"], int(os.environ["SMB_TEST_PORT"]), -1, None)
print("\\n".join(share.get_name() for share in factory.list_shares(-1, None)))
"""

JAVASCRIPT = """
imports.gi.versions.Smb = '1.0';
const {GLib, Smb} = imports.gi;
const get = name => GLib.getenv('SMB_TEST_' + name);
const factory = Smb.ProtocolFactory.new(get('USER'), get('PASSWORD'), null, null);
factory.open_connection(get('HOST'), parseInt(get('PORT')), -1, null);
print(factory.list_shares(-1, null).map(share => share.get_name()).join('\\n'));
"""


def run(*argv, check=True, **options):
    done = subprocess.run(argv, stdin=subprocess.DEVNULL, capture_output=True, text=True, **options)
    if check and done.returncode != 0:
        raise AssertionError("%s ended with %d:\n%s%s" % (argv, done.returncode, done.stdout, done.stderr))
    return done


class Installed:
    """The library built and installed into a folder of its own, and a server."""

    def __init__(self):
        self.folder = tempfile.mkdtemp(prefix="smb-install.")
        os.chmod(self.folder, 0o755)
        self.prefix = os.path.join(self.folder, "prefix")
        self.environment = {k: v for k, v in os.environ.items()
                            if not k.startswith("SMB_") and k not in ("LD_PRELOAD", "LD_LIBRARY_PATH", "GI_TYPELIB_PATH")}
        build = os.path.join(self.folder, "build")
        run("meson", "setup", build, TOP, "--prefix", self.prefix, "--libdir", "lib", "-Dtests=false",
            "-Dintrospection=enabled", env=self.environment)
        run("meson", "install", "-C", build, env=self.environment)
        self.lib = os.path.join(self.prefix, "lib")
        self.plugins = os.path.join(self.lib, "smb-glib-1.0", "plugins")
        self.environment.update(PKG_CONFIG_PATH=os.path.join(self.lib, "pkgconfig"), LD_LIBRARY_PATH=self.lib,
                                GI_TYPELIB_PATH=os.path.join(self.lib, "girepository-1.0"))
        self.server = Samba()
        for name in ("HOST", "PORT", "USER", "PASSWORD"):
            self.environment["SMB_TEST_" + name] = str(getattr(self.server, name.lower()))

    def remove(self):
        self.server.stop()
        shutil.rmtree(self.folder)

    def compile(self, package, source, output, *flags):
        words = run("pkg-config", "--cflags", "--libs", package, env=self.environment).stdout.split()
        path = os.path.join(self.folder, output)
        run("cc", "-Wall", "-Werror", *flags, os.path.join(HERE, source), "-o", path, *words, env=self.environment)
        return path

    def client(self, *properties, **environment):
        server = self.server
        return run(os.path.join(self.folder, "client"), server.host, str(server.port), server.user, server.password,
                   *properties, env=dict(self.environment, **environment), check=False)


installed = None


def setUpModule():
    global installed
    installed = Installed()
    installed.compile("smb-glib-1.0", "client.c", "client")


def tearDownModule():
    installed.remove()


class Programs(unittest.TestCase):
    def test_c(self):
        done = installed.client()
        self.assertEqual(done.returncode, 0, done.stderr)
        lines = done.stdout.split()
        self.assertEqual(lines[0], "SMB_DIALECT_VERSION_SMB_3_11")
        self.assertIn("data", lines)

    def test_python(self):
        done = run("/usr/bin/python3", "-c", PYTHON, env=installed.environment)
        self.assertIn("data", done.stdout.split())

    def test_javascript(self):
        done = run("gjs", "-c", JAVASCRIPT, env=installed.environment)
        self.assertIn("data", done.stdout.split())

    def test_headers_compile_alone(self):
        """Each of them, in C with all warnings and in C++."""
        words = run("pkg-config", "--cflags", "smb-glib-plugin-1.0", env=installed.environment).stdout.split()
        folder = os.path.join(installed.prefix, "include", "smb-glib-1.0")
        for header in glob.glob(os.path.join(folder, "smb-glib", "*.h")):
            name = os.path.relpath(header, folder)
            with self.subTest(header=name):
                subprocess.run(["cc", "-Wall", "-Wextra", "-Wno-unused-parameter", "-Werror", "-fsyntax-only", "-xc", "-",
                                *words], input="#include <%s>\n" % name, text=True, check=True, env=installed.environment)


class Plugins(unittest.TestCase):
    """Each module is one capability: without it that is missing, by name, and nothing else is."""

    def without(self, module, *properties):
        kept = module + ".away"
        os.rename(os.path.join(installed.plugins, module), os.path.join(installed.plugins, kept))
        try:
            return installed.client(*properties)
        finally:
            os.rename(os.path.join(installed.plugins, kept), os.path.join(installed.plugins, module))

    def assert_missing(self, done, name):
        self.assertEqual(done.returncode, 1, done.stdout)
        self.assertIn("SMB_ERROR_PLUGIN_MISSING", done.stderr)
        self.assertIn(name, done.stderr)
        self.assertEqual(len(done.stderr.splitlines()), 1)

    def assert_works(self, done):
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn("data", done.stdout.split())

    def test_modules(self):
        """What must be there for the tests below to mean something."""
        modules = sorted(os.listdir(installed.plugins))
        for name in ("auth-ntlm", "dialect-smb2", "transport-tcp"):
            self.assertIn("libsmb-%s.so" % name, modules)

    def test_without_tcp(self):
        self.assert_missing(self.without("libsmb-transport-tcp.so"), "libsmb-transport-tcp.so")

    def test_without_smb2(self):
        self.assert_missing(self.without("libsmb-dialect-smb2.so"), "libsmb-dialect-smb2.so")

    def test_without_ntlm(self):
        self.assert_missing(self.without("libsmb-auth-ntlm.so"), "authentication")

    def test_without_any_other(self):
        needed = ("libsmb-auth-ntlm.so", "libsmb-dialect-smb2.so", "libsmb-transport-tcp.so")
        for module in os.listdir(installed.plugins):
            if module not in needed:
                with self.subTest(module=module):
                    self.assert_works(self.without(module))

    def test_unknown_transport(self):
        self.assert_missing(installed.client("transport", "carrier-pigeon"), "carrier-pigeon")

    def test_out_of_tree(self):
        folder = os.path.join(installed.folder, "plugins-of-mine")
        os.makedirs(folder, exist_ok=True)
        installed.compile("smb-glib-plugin-1.0", "out-of-tree/transport-again.c",
                          "plugins-of-mine/libsmb-transport-again.so", "-shared", "-fPIC")
        self.assert_missing(installed.client("transport", "again"), "again")
        self.assert_works(installed.client("transport", "again", SMB_PLUGIN_PATH=folder))

    def test_broken_module(self):
        folder = os.path.join(installed.folder, "plugins-broken")
        os.makedirs(folder, exist_ok=True)
        with open(os.path.join(folder, "libsmb-transport-broken.so"), "w") as f:
            f.write("not a module")
        self.assert_works(installed.client(SMB_PLUGIN_PATH=folder))
        done = installed.client("transport", "broken", SMB_PLUGIN_PATH=folder)
        self.assertIn("libsmb-transport-broken.so", done.stderr.splitlines()[-1])


def exports(path):
    """The functions and data that a library defines for others: name → version ("" = none)."""
    out = {}
    for line in run("nm", "-D", "--defined-only", path).stdout.splitlines():
        name = line.split()[-1]
        symbol, _, version = name.partition("@")
        if line.split()[-2] in "TDBRVW":
            out[symbol] = version.lstrip("@")
    return out


class Exports(unittest.TestCase):
    def setUp(self):
        self.library = os.path.join(installed.lib, "libsmb-glib-1.0.so")

    def test_versioned(self):
        ours = exports(self.library)
        self.assertIn("smb_protocol_factory_new", ours)
        for name, version in ours.items():
            if name != "SMB_GLIB_1_0":
                self.assertRegex(name, "^smb_")
                self.assertEqual(version, "SMB_GLIB_1_0", name)

    def test_beside_samba(self):
        """Samba's libraries share the prefix: names of theirs that are ours too must bind to a version, on both sides."""
        theirs = glob.glob("/usr/lib/*/samba/*.so*") + glob.glob("/usr/lib/*/libsmb*.so*")
        self.assertGreater(len(theirs), 20)
        ours = exports(self.library)
        for path in theirs:
            for name, version in exports(path).items():
                if name in ours and "smb-glib" not in path:
                    self.assertNotEqual(version, "", "%s defines %s" % (path, name))

    def test_in_one_process_with_samba(self):
        code = """
import ctypes
ours = ctypes.CDLL("libsmb-glib-1.0.so.0", ctypes.RTLD_GLOBAL)
theirs = ctypes.CDLL("libsmbclient.so.0", ctypes.RTLD_GLOBAL)
theirs.smbc_new_context.restype = ctypes.c_void_p
theirs.smbc_init_context.restype = ctypes.c_void_p
theirs.smbc_init_context.argtypes = [ctypes.c_void_p]
context = theirs.smbc_new_context()
print("context" if context else "none")
""" + PYTHON
        done = run("/usr/bin/python3", "-c", code, env=installed.environment)
        self.assertIn("context", done.stdout.split())
        self.assertIn("data", done.stdout.split())


class PackageFiles(unittest.TestCase):
    def test_what_is_there(self):
        for name in ("lib/pkgconfig/smb-glib-1.0.pc", "lib/pkgconfig/smb-glib-plugin-1.0.pc",
                     "lib/girepository-1.0/Smb-1.0.typelib", "share/gir-1.0/Smb-1.0.gir",
                     "include/smb-glib-1.0/smb-glib/smb-glib.h", "include/smb-glib-1.0/smb-glib/plugin.h"):
            self.assertTrue(os.path.exists(os.path.join(installed.prefix, name)), name)

    def test_nothing_private(self):
        names = [os.path.basename(p) for p in glob.glob(installed.prefix + "/include/**/*.h", recursive=True)]
        for name in names:
            self.assertIsNone(re.search("-private|connection.h|smb-call|smb-plan|smb-flow", name), name)


if __name__ == "__main__":
    tap.main()
