# SPDX-License-Identifier: LGPL-2.1-or-later
"""Runs unittest's tests and tells meson about them in TAP: `tap.main()` as the last line of a test."""
import sys
import unittest


class Result(unittest.TestResult):
    def __init__(self):
        super().__init__()
        self.count = 0

    def tell(self, ok, test, remark=""):
        self.count += 1
        print("%s %d %s%s" % ("ok" if ok else "not ok", self.count, test.id().replace("__main__.", ""), remark),
              flush=True)

    def diagnose(self, test, error):
        text = self._exc_info_to_string(error, test)
        print("".join("# %s\n" % line for line in text.splitlines()), end="")

    def addSuccess(self, test):
        super().addSuccess(test)
        self.tell(True, test)

    def addSkip(self, test, reason):
        super().addSkip(test, reason)
        self.tell(True, test, " # SKIP " + reason)

    def addFailure(self, test, error):
        super().addFailure(test, error)
        self.diagnose(test, error)
        self.tell(False, test)

    def addError(self, test, error):
        super().addError(test, error)
        self.diagnose(test, error)
        self.tell(False, test)

    def addSubTest(self, test, subtest, error):
        super().addSubTest(test, subtest, error)
        if error is not None:
            self.diagnose(subtest, error)
            self.tell(False, subtest)


def main(module="__main__"):
    sys.stdout.reconfigure(encoding="utf-8", errors="backslashreplace")
    loader = unittest.defaultTestLoader
    names = sys.argv[1:]
    suite = loader.loadTestsFromNames(names, sys.modules[module]) if names else \
        loader.loadTestsFromModule(sys.modules[module])
    result = Result()
    suite.run(result)
    print("1..%d" % result.count, flush=True)
    sys.exit(0 if result.wasSuccessful() and result.count > 0 else 1)
