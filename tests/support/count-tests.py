#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Adds up what tests did: count-tests.py TITLE=TESTLOG.json...

Each file is meson's, a line of JSON a test. Tests that speak TAP count by their
points. A skipped test is a failed one: all of them can run. Shows the output of
what failed; the last line is `N passed, N failed`.
"""
import json
import re
import sys

POINT = re.compile(r"^(not )?ok\b[ \d]*-? ?(.*?)(?: # (SKIP|TODO)\b.*)?$", re.IGNORECASE)
CHATTER = re.compile(r"# \S+-DEBUG: |# (Start|End) of ")
REASON = re.compile(r"not ok|Bail out!|.*ERROR[:*]")
SHOWN = 80
GOOD = ("OK", "EXPECTEDFAIL")


def points(output):
    """(name, passed) of each point of a TAP stream."""
    for line in output.splitlines():
        match = POINT.match(line)
        if match:
            missing, name, directive = match.groups()
            yield name, not missing and directive is None


def results(test):
    """The same of a whole test, which may have no points, or end before its last."""
    output = test.get("stdout") or ""
    found = list(points(output)) if re.search(r"^1\.\.\d+|^ok |^not ok ", output, re.MULTILINE) else []
    passed = test["result"] in GOOD
    if not found or (not passed and all(ok for _, ok in found)):
        found.append((test["result"].lower(), passed))
    return found


def report(title, test, failed):
    """Names what failed, then the end of the output, without GLib's chatter but with the line that tells why."""
    print("\nFailed (%s): %s: %s" % (title, test["name"], ", ".join(failed)))
    for stream in ("stdout", "stderr"):
        lines = [line for line in (test.get(stream) or "").splitlines() if not CHATTER.match(line)]
        for line in filter(REASON.match, lines[:-SHOWN]):
            print("    %s\n    ..." % line)
        for line in lines[-SHOWN:]:
            print("    " + line)


def main(arguments):
    passed = failed = 0
    for argument in arguments:
        title, _, path = argument.partition("=")
        with open(path, encoding="utf-8", errors="replace") as f:
            for test in map(json.loads, f):
                found = results(test)
                bad = [name for name, ok in found if not ok]
                passed += len(found) - len(bad)
                failed += len(bad)
                if bad:
                    report(title, test, bad)
    print("%d passed, %d failed" % (passed, failed))
    return 0 if failed == 0 and passed > 0 else 1


if __name__ == "__main__":
    sys.stdout.reconfigure(encoding="utf-8", errors="backslashreplace")
    sys.exit(main(sys.argv[1:]))
