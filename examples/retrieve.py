#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Retrieves a file to standard output, asynchronously: a subclass of Smb.ProtocolFactory that
overrides what is called once the server has let us in, or has not."""
import argparse
import getpass
import sys

import gi

gi.require_version("Smb", "1.0")
from gi.repository import Gio, GLib, Smb


class RetrieveFactory(Smb.ProtocolFactory):
    def __init__(self, share, path, loop, **properties):
        super().__init__(**properties)
        self.share = share
        self.path = path
        self.loop = loop
        self.error = None

    def do_auth_ok(self):
        stream = Gio.UnixOutputStream.new(sys.stdout.fileno(), False)
        self.retrieve_file_async(self.share, self.path, stream, ready=self.file_retrieved)

    def do_auth_failed(self, error):
        self.error = error
        self.loop.quit()

    def file_retrieved(self, _self, result):
        try:
            file, size = self.retrieve_file_finish(result)
            print("%s: %d bytes" % (file.get_filename(), size), file=sys.stderr)
        except GLib.Error as error:
            self.error = error
        self.close_connection_async(callback=self.connection_closed)

    def connection_closed(self, _self, _result):
        self.loop.quit()


def fail(message, status):
    print("retrieve.py: " + message, file=sys.stderr)
    sys.exit(status)


def ask(question):
    try:
        open("/dev/tty").close()
    except OSError:
        fail("There is no terminal to ask for the password on: use --password-file", 2)
    try:
        return getpass.getpass(question)
    except KeyboardInterrupt:
        sys.exit(130)


def read_password(options, uri):
    if options.password_file == "-":
        return sys.stdin.readline().rstrip("\n")
    if options.password_file is not None:
        with open(options.password_file, encoding="utf-8") as file:
            return file.readline().rstrip("\n")
    user = uri.get_user()
    return None if user is None else ask("Password of %s on %s: " % (user, uri.get_host()))


def main():
    parser = argparse.ArgumentParser(description="Retrieves a file to standard output")
    parser.add_argument("--password-file", metavar="FILE",
                        help="read the password from the first line of FILE (- for standard input)")
    parser.add_argument("address", metavar="smb://[domain;][user@]host[:port]/share/path")
    options = parser.parse_args()
    try:
        uri = Smb.Uri.parse(options.address)
        password = read_password(options, uri)
    except GLib.Error as error:
        fail(error.message, 2)
    except (OSError, UnicodeError) as error:
        fail("%s: %s" % (options.password_file, error), 2)

    loop = GLib.MainLoop()
    factory = RetrieveFactory(uri.get_share(), uri.get_path(), loop, username=uri.get_user(),
                              domain=uri.get_domain(), password=password)
    factory.open_connection_async(uri.get_host(), uri.get_port())
    loop.run()
    if factory.error is not None:
        fail(factory.error.message, 1)


if __name__ == "__main__":
    main()
