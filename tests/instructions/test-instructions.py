#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""What operations of the library cost, in instructions that callgrind counts, against what counts.json says.

Builds the library once more, with options of its own. A count that is too high by more than its margin fails; one
that is as much too low is told. Counts hold for one compiler and one GLib; with others there is nothing to compare.

    meson test -C build --verbose instructions           checks
    tests/instructions/test-instructions.py --update      writes counts.json anew
"""
import collections
import functools
import json
import os
import platform
import re
import subprocess
import sys
import tempfile
import unittest

HERE = os.path.dirname(os.path.abspath(__file__))
TOP = os.path.dirname(os.path.dirname(HERE))
COUNTS = os.path.join(HERE, "counts.json")
UPDATE = "tests/instructions/test-instructions.py --update"
sys.path.insert(0, os.path.join(TOP, "tests", "support"))

import tap  # noqa: E402

# GLib's depend most on how often the threads find work, and so on what else the machine does.
MARGINS = {"smb-glib": 0.05, "allocations": 0.05, "GLib": 0.15}
TRIES = 15      # of what seems too much: waiting can only add to it
SAMPLES = 5     # of which the least is written
PATIENCE = 120  # s

MESON_OPTIONS = ("--buildtype=debugoptimized", "-Dplugins=builtin", "-Dintrospection=disabled", "-Dvapi=disabled",
                 "-Ddocs=disabled", "-Dtests=true", "-Dwerror=false", "-Db_lto=false", "-Db_sanitize=none")
CALLGRIND = ("valgrind", "--tool=callgrind", "--instr-atstart=no", "--fair-sched=try", "--compress-strings=no",
             "--compress-pos=no")
GLIB = re.compile(r"lib(glib|gobject|gio|gmodule)-2\.0\.so")
ALLOCATIONS = ("malloc", "calloc", "realloc", "posix_memalign", "memalign", "aligned_alloc")

# Neither what the compiler is told nor what the library is told may come from who runs this.
ENVIRONMENT = {"PATH": os.environ["PATH"], "HOME": os.environ.get("HOME", "/"), "LANG": "C.UTF-8", "CC": "gcc",
               "LD_BIND_NOW": "1"}


def run(*argv):
    done = subprocess.run(argv, stdin=subprocess.DEVNULL, capture_output=True, text=True, env=ENVIRONMENT,
                          timeout=600)
    if done.returncode != 0:
        raise AssertionError("%s ended with %d:\n%s%s" % (" ".join(argv), done.returncode, done.stdout, done.stderr))
    return done.stdout


def surroundings():
    """What counts depend on."""
    try:
        compiler = "gcc " + run("gcc", "-dumpfullversion").strip()
    except FileNotFoundError:
        compiler = "no gcc"
    glib = run("pkg-config", "--modversion", "glib-2.0").strip()
    return "%s, GLib %s, %s" % (".".join(compiler.split(".")[:2]), ".".join(glib.split(".")[:2]), platform.machine())


def read_counts():
    with open(COUNTS, encoding="utf-8") as f:
        return json.load(f)


def build(folder):
    """The program that performs the operations."""
    again = ("--reconfigure",) if os.path.exists(os.path.join(folder, "build.ninja")) else ()
    run("meson", "setup", *again, folder, TOP, *MESON_OPTIONS)
    run("ninja", "-C", folder, "tests/instructions/operations")
    return os.path.join(folder, "tests", "instructions", "operations")


def classify(binary, source):
    """Whose an instruction is, or None. Those of ciphers and of copying differ from processor to processor."""
    name = os.path.basename(binary)
    if name == "operations":
        return None if os.path.dirname(source).endswith(os.path.join("tests", "instructions")) else "smb-glib"
    return "GLib" if GLIB.match(name) else None


def add_up(path):
    """A file of callgrind's: instructions by whose they are, and calls of the allocator."""
    sums = collections.Counter()
    binary = source = called = ""
    with open(path, encoding="utf-8") as f:
        for line in f:
            if line.startswith("ob="):
                binary = line[3:].strip()
            elif line.startswith(("fl=", "fi=", "fe=")):
                source = line[3:].strip()
            elif line.startswith("cfn="):
                called = line[4:].strip()
            elif line.startswith("calls="):
                next(f)  # what the callee took
                sums["allocations"] += int(line[6:].split()[0]) if called in ALLOCATIONS else 0
            elif line[0].isdigit():
                sums[classify(binary, source)] += int(line.split()[1])
    del sums[None]
    return sums


class Operations:
    def __init__(self, folder):
        self.program = build(folder)
        self.sets = {name: int(n) for name, n in map(str.split, run(self.program).splitlines())}

    def perform(self, name, output):
        server = subprocess.Popen((self.program, name), stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
                                  env=ENVIRONMENT)
        try:
            port = server.stdout.readline().strip()
            subprocess.run((*CALLGRIND, "--callgrind-out-file=" + output, self.program, name, port), check=True,
                           stdin=subprocess.DEVNULL, stdout=sys.stderr, timeout=PATIENCE,
                           env=ENVIRONMENT, stderr=subprocess.PIPE)
        except subprocess.CalledProcessError as error:
            raise AssertionError(error.stderr.decode()) from error
        finally:
            server.communicate()

    def count(self, name):
        """What one of the operations takes."""
        with tempfile.TemporaryDirectory(prefix="smb-instructions.") as folder:
            output = os.path.join(folder, "out")
            self.perform(name, output)
            sums = add_up(output + ".1")
        return {kind: round(sums[kind] / self.sets[name], 1) for kind in MARGINS}

    def count_least(self, name, tries, good_enough=lambda counts: False):
        least = self.count(name)
        while tries > 1 and not good_enough(least):
            again = self.count(name)
            least = {kind: min(least[kind], again[kind]) for kind in least}
            tries -= 1
        return least


def changes(counts, expected):
    """By how much each count differs, as a part of what it was; a tenth more or less is none."""
    return {kind: 0 if abs(counts[kind] - was) < 0.11 else counts[kind] / max(was, 0.1) - 1
            for kind, was in expected.items()}


def describe(name, counts, expected):
    parts = ("%s %.1f, was %.1f (%+.1f %%)" % (kind, counts[kind], expected[kind], change * 100)
             for kind, change in changes(counts, expected).items())
    return "%s: %s" % (name, "; ".join(parts))


class TestInstructions(unittest.TestCase):
    """Gets a test for each set that is written down, or one that says that there are none."""

    operations = None


def check(test, name, expected):
    def is_good(counts):
        return all(change <= MARGINS[kind] for kind, change in changes(counts, expected).items())

    counts = test.operations.count_least(name, TRIES, is_good)
    text = describe(name, counts, expected)
    print("# " + text)
    if not is_good(counts):
        test.fail(text + "; if it has to be: " + UPDATE)
    if any(change < -MARGINS[kind] for kind, change in changes(counts, expected).items()):
        print("# %s takes less than before: %s" % (name, UPDATE))


def add_tests(table):
    expected = table.get(surroundings())
    if expected is None:
        print("# no counts for %s, only for: %s" % (surroundings(), "; ".join(table)))
        TestInstructions.test_nothing_to_compare = lambda test: None
        return
    TestInstructions.operations = Operations(
        os.path.join(os.environ["SMB_TEST_BUILDDIR"], "instructions", "build"))
    TestInstructions.test_sets = lambda test: test.assertEqual(sorted(expected), sorted(test.operations.sets))
    for name in expected:
        setattr(TestInstructions, "test_" + name.replace("-", "_"),
                functools.partialmethod(check, name, expected[name]))


def update(folder):
    operations = Operations(folder)
    table = read_counts() if os.path.exists(COUNTS) else {}
    before = table.get(surroundings(), {})
    counts = table[surroundings()] = {}
    for name in operations.sets:
        counts[name] = operations.count_least(name, SAMPLES)
        print(describe(name, counts[name], before.get(name, counts[name])), flush=True)
    with open(COUNTS, "w", encoding="utf-8") as f:
        json.dump(table, f, indent=2)
        f.write("\n")


if __name__ == "__main__":
    if sys.argv[1:2] == ["--update"]:
        with tempfile.TemporaryDirectory(prefix="smb-instructions.") as temporary:
            update(temporary)
    else:
        add_tests(read_counts())
        tap.main()
