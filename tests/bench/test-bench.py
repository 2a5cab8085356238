#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""The benchmark runs, writes what it promises, and notices clients that fail; test-bench.py BUILD [TEST...]"""
import json
import os
import subprocess
import sys
import tempfile
import unittest
import xml.etree.ElementTree

sys.dont_write_bytecode = True
HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [HERE, os.path.join(os.path.dirname(HERE), "support")]

import tap  # noqa: E402
from private_samba import Samba  # noqa: E402
from workloads import WORKLOADS  # noqa: E402

BUILD = sys.argv.pop(1)
SMALL = ["--size", "1", "--files", "3", "--entries", "5", "--calls", "4", "--connects", "2", "--runs", "1"]
HAVE_LIBRARY = os.path.exists(os.path.join(BUILD, "tests", "bench", "libsmbclient-bench"))
CLIENTS = ["smb-glib", "smbclient"] + ["libsmbclient"] * HAVE_LIBRARY
SVG = "{http://www.w3.org/2000/svg}"


class Bench(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="smb-bench-test.")
        self.addCleanup(folder.cleanup)
        self.folder = folder.name
        self.out = os.path.join(self.folder, "new", "out")

    def run_bench(self, *options, **environment):
        done = subprocess.run([os.path.join(HERE, "run"), "--build", BUILD, "--out", self.out] + SMALL + list(options),
                              env=dict(os.environ, **environment), capture_output=True, encoding="utf-8", check=False)
        self.assertIn(done.returncode, (0, 1), done.stderr)
        return done

    def read(self, name):
        with open(os.path.join(self.out, name), encoding="utf-8") as f:
            return f.read()

    def rows(self):
        """Cells of each line of the tables, headings left out."""
        lines = [[cell.strip(" *") for cell in line.strip("|\n").split("|")]
                 for line in self.read("results.md").splitlines() if line.startswith("|")]
        return [cells for cells in lines if cells[0] not in ("workload", "---")]

    def texts(self, name):
        root = xml.etree.ElementTree.fromstring(self.read(name))
        self.assertEqual(root.tag, SVG + "svg")
        return [element.text for element in root.iter(SVG + "text")]

    def fake_smbclient(self, script):
        """The environment in which it is this shell script."""
        path = os.path.join(self.folder, "smbclient")
        with open(path, "w", encoding="utf-8") as f:
            f.write("#!/bin/sh\n" + script)
        os.chmod(path, 0o755)
        return {"PATH": self.folder + ":" + os.environ["PATH"]}

    def test_all_workloads(self):
        done = self.run_bench("--dialects", "3.1.1")
        self.assertEqual((done.returncode, self.read("results.md")), (0, done.stdout), done.stderr)
        rows = self.rows()
        self.assertEqual(len(rows), sum(len(w.modes()) for w in WORKLOADS.values()) * len(CLIENTS))
        self.assertEqual([row[1] for row in rows[:len(CLIENTS)]], CLIENTS)
        self.assertTrue(all(row[6] == "1.00" for row in rows if row[1] == "smb-glib"), rows)
        texts = self.texts("smb-3-11.svg")
        for title in [row[0] for row in rows if row[0]] + CLIENTS[1:]:
            self.assertIn(title, texts)

    def test_every_run_is_kept(self):
        self.run_bench("--dialects", "3.1.1", "--modes", "sealed", "--workloads", "read", "--runs", "2")
        results = json.loads(self.read("results.json"))
        self.assertEqual({(r["mode"], r["client"], r["run"]) for r in results["runs"]},
                         {("sealed", client, n) for client in CLIENTS for n in (1, 2)})
        self.assertTrue(all(r["wall"] > 0 and r["cpu"] > 0 and r["rss_mib"] > 1 for r in results["runs"]), results)

    def test_old_dialects(self):
        done = self.run_bench("--dialects", "1,2.1", "--workloads", "read,write,list", "--modes", "signed")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual(len(self.rows()), 2 * 2 * len(CLIENTS))  # listing is not measured signed
        self.assertIn("read a file of 1 MiB, signed", self.texts("smb-1.svg"))

    def test_delay(self):
        self.run_bench("--delay", "50", "--dialects", "3.1.1", "--workloads", "connect", "--clients", "smb-glib")
        # Two connections, each of which takes several round trips.
        self.assertGreater(json.loads(self.read("results.json"))["runs"][0]["wall"], 0.2)

    def test_failing_client(self):
        done = self.run_bench("--dialects", "3.1.1", "--workloads", "connect,list", "--clients", "smbclient,smb-glib",
                              **self.fake_smbclient("echo something; echo no luck today >&2; exit 3\n"))
        self.assertEqual(done.returncode, 1)
        self.assertEqual(done.stderr.count("smbclient: failed: status 3: no luck today\n"), 2)
        rows = self.rows()
        self.assertEqual([row[2] for row in rows if row[1] == "smbclient"], ["failed: status 3: no luck today"] * 2)
        self.assertEqual([row[6] for row in rows if row[1] == "smb-glib"], ["1.00"] * 2)
        self.assertIn("smbclient: failed", self.texts("smb-3-11.svg"))

    def test_client_that_does_nothing(self):
        names = "read,write,smallread,smallwrite,list,delete"
        done = self.run_bench("--dialects", "3.1.1", "--modes", "plain", "--workloads", names, "--clients", "smbclient",
                              **self.fake_smbclient("cat >/dev/null\n"))
        self.assertEqual(done.returncode, 1)
        failed = {f["workload"]: f["reason"] for f in json.loads(self.read("results.json"))["failures"]}
        self.assertEqual(sorted(failed), sorted(names.split(",")))
        self.assertIn("0 of 3 files", failed["smallwrite"])

    def test_client_that_hangs(self):
        done = self.run_bench("--dialects", "3.1.1", "--workloads", "connect", "--timeout", "1",
                              "--clients", "smbclient,smb-glib", **self.fake_smbclient("sleep 1000 & wait\n"))
        self.assertIn("smbclient: failed: not done within 1 s\n", done.stderr)
        self.assertEqual([row[6] for row in self.rows() if row[1] == "smb-glib"], ["1.00"])

    def test_missing_clients(self):
        done = subprocess.run([os.path.join(HERE, "run"), "--build", self.folder, "--clients", "libsmbclient,smbclient"],
                              env={"PATH": "/nowhere"}, capture_output=True, encoding="utf-8", check=False)
        self.assertEqual(done.returncode, 1)
        self.assertEqual(done.stderr.splitlines(), [
            "Without libsmbclient: not built; it needs the package libsmbclient-dev, and then meson setup "
            "--reconfigure " + self.folder,
            "Without smbclient: the package smbclient is missing",
            "tests/bench/run: no clients"])

    def test_short_file(self):
        with Samba() as server:
            with open(server.path("data", "short"), "wb") as f:
                f.write(b"x" * 1000)
            done = subprocess.run([os.path.join(BUILD, "tests", "bench", "smb-bench"), "--workload", "read", "--host",
                                   server.host, "--port", str(server.port), "--user", server.user, "--password",
                                   server.password, "--share", "data", "--path", "short", "--size", "2000000"],
                                  capture_output=True, encoding="utf-8", check=False, timeout=60)
        self.assertEqual((done.returncode, done.stderr),
                         (1, "smb-bench: 'short' has less than 2000000 bytes\n"))

    def test_bad_options(self):
        for options in (["--dialects", "4"], ["--runs", "0"], ["--workloads", "read,nap"]):
            done = subprocess.run([os.path.join(HERE, "run")] + options, capture_output=True, check=False)
            self.assertEqual(done.returncode, 2, options)


if __name__ == "__main__":
    tap.main()
