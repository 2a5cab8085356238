#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""A password is asked for on the terminal, and does not show."""
import os
import pty
import select
import sys
import termios

from example import SECONDS, ExampleCase, command

import tap

# Each way of asking once.
PROGRAMS = set(sys.argv.pop(1).split(",")) & {"list", "list-directory", "retrieve.py", "retrieve.js"}


class Terminal:
    """An example on a terminal of its own."""

    def __init__(self, name, *arguments):
        argv = command(name) + list(arguments)
        self.pid, self.fd = pty.fork()
        if self.pid == 0:
            os.execvp(argv[0], argv)
        self.text = ""

    def read(self):
        """What there is, or None at the end."""
        if not select.select([self.fd], [], [], SECONDS)[0]:
            raise TimeoutError(self.text)
        try:
            data = os.read(self.fd, 65536).decode(errors="replace")
        except OSError:  # how Linux tells that nobody has the other end open
            return None
        self.text += data
        return data or None

    def wait_for(self, text):
        while text not in self.text:
            if self.read() is None:
                raise EOFError(self.text)

    def type(self, text):
        os.write(self.fd, text.encode())

    def echoes(self):
        return bool(termios.tcgetattr(self.fd)[3] & termios.ECHO)

    def end(self):
        """The exit status, or the negative number of the signal that ended it."""
        while self.read() is not None:
            pass
        status = os.waitpid(self.pid, 0)[1]
        self.echoes_at_end = self.echoes()
        os.close(self.fd)
        return os.waitstatus_to_exitcode(status)


class Password(ExampleCase):
    def start(self, name):
        return Terminal(name, self.url("ro", "readme.txt" if name.startswith("retrieve") else ""))

    def test_prompt(self):
        for name in sorted(PROGRAMS):
            with self.subTest(name):
                terminal = self.start(name)
                terminal.wait_for("Password of alice on 127.0.0.1: ")
                self.assertFalse(terminal.echoes())
                terminal.type(self.password + "\n")
                terminal.wait_for("read")
                self.assertTrue(terminal.echoes())
                self.assertEqual(terminal.end(), 0, terminal.text)
                self.assertNotIn(self.password, terminal.text)

    def test_wrong_password(self):
        for name in sorted(PROGRAMS):
            with self.subTest(name):
                terminal = self.start(name)
                terminal.wait_for(": ")
                terminal.type("s3cret\n")
                self.assertEqual(terminal.end(), 1)
                self.assertIn("password is wrong", terminal.text)
                self.assertNotIn("s3cret", terminal.text)

    def test_interrupt(self):
        """Ctrl-C at the question: the terminal shows again what is typed."""
        for name in sorted(PROGRAMS):
            with self.subTest(name):
                terminal = self.start(name)
                terminal.wait_for(": ")
                terminal.type("s3c\x03")
                self.assertNotEqual(terminal.end(), 0)
                self.assertTrue(terminal.echoes_at_end)
                self.assertNotIn("s3c", terminal.text)

    def test_progress_bar(self):
        """On a terminal a bar shows how far it is."""
        local = os.path.join(self.folder, "local")
        with open(local, "wb") as f:
            f.truncate(50000000)
        terminal = Terminal("store", self.url("data", "stored"), local)
        terminal.wait_for(": ")
        terminal.type(self.password + "\n")
        self.assertEqual(terminal.end(), 0)
        self.assertIn("[########################################] 100 %", terminal.text)
        self.assertRegex(terminal.text, r"\[#+\.+\]")
        self.assertRegex(terminal.text, r"50000000 bytes stored\r\n\Z")


if __name__ == "__main__":
    tap.main()
