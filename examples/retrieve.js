#!/usr/bin/gjs -m
// SPDX-License-Identifier: LGPL-2.1-or-later
// Retrieves a file to standard output, asynchronously: a subclass of Smb.ProtocolFactory that
// overrides what is called once the server has let us in, or has not.
import Gio from 'gi://Gio';
import GLib from 'gi://GLib';
import GObject from 'gi://GObject';
import Smb from 'gi://Smb?version=1.0';
import System from 'system';

const usage = 'usage: retrieve.js [--password-file FILE] smb://[domain;][user@]host[:port]/share/path';
const loop = new GLib.MainLoop(null, false);

// What only Unix has is in namespaces of its own since GLib 2.80.
async function findUnix() {
  try {
    const [{default: GLibUnix}, {default: GioUnix}] =
      await Promise.all([import('gi://GLibUnix'), import('gi://GioUnix')]);
    return {
      signalAdd: GLibUnix.signal_add ?? GLibUnix.signal_add_full,
      OutputStream: GioUnix.OutputStream,
    };
  } catch {
    return {signalAdd: GLib.unix_signal_add, OutputStream: Gio.UnixOutputStream};
  }
}

const unix = await findUnix();

const RetrieveFactory = GObject.registerClass(
class RetrieveFactory extends Smb.ProtocolFactory {
  vfunc_auth_ok() {
    const stream = unix.OutputStream.new(1, false);
    const {share, path} = this;

    this.retrieve_file_async(share, path, stream, null, -1, null, this._retrieved.bind(this));
  }

  vfunc_auth_failed(error) {
    this.error = error;
    loop.quit();
  }

  _retrieved(_self, result) {
    try {
      const [file, size] = this.retrieve_file_finish(result);
      printerr(`${file.get_filename()}: ${size} bytes`);
    } catch (error) {
      this.error = error;
    }
    this.close_connection_async(-1, null, () => loop.quit());
  }
});

function fail(message, status) {
  printerr(`retrieve.js: ${message}`);
  System.exit(status);
}

function firstLine(file) {
  const stream = new Gio.DataInputStream({base_stream: file.read(null)});
  const [line] = stream.read_line_utf8(null);

  return line ?? '';
}

// The shell can stop the echo of a terminal, for which GLib has no function. Ctrl-C is left to it, so that
// it can let the terminal show again what is typed.
function ask(question) {
  const script = 'exec </dev/tty 2>/dev/tty || exit; ' +
    'trap "stty echo; echo >&2" EXIT; trap "exit 130" INT TERM; ' +
    'stty -echo; printf %s "$1" >&2; IFS= read -r line; printf %s "$line"';
  const interrupt = unix.signalAdd(GLib.PRIORITY_DEFAULT, 2, () => GLib.SOURCE_CONTINUE);
  const shell = Gio.Subprocess.new(['sh', '-c', script, 'sh', question],
    Gio.SubprocessFlags.STDOUT_PIPE | Gio.SubprocessFlags.STDERR_SILENCE);
  const [, password] = shell.communicate_utf8(null, null);

  GLib.source_remove(interrupt);
  if (shell.get_exit_status() === 130)
    System.exit(130);
  if (!shell.get_successful())
    throw new Error('There is no terminal to ask for the password on: use --password-file');
  return password;
}

function readPassword(uri, passwordFile) {
  if (passwordFile !== null)
    return firstLine(Gio.File.new_for_path(passwordFile === '-' ? '/dev/stdin' : passwordFile));
  return uri.get_user() === null ? null : ask(`Password of ${uri.get_user()} on ${uri.get_host()}: `);
}

const passwordFile = ARGV[0] === '--password-file' ? ARGV.splice(0, 2)[1] ?? null : null;
if (ARGV.length !== 1 || ARGV[0].startsWith('-'))
  fail(usage, 2);

try {
  const uri = Smb.Uri.parse(ARGV[0]);
  const factory = new RetrieveFactory({
    username: uri.get_user(),
    domain: uri.get_domain(),
    password: readPassword(uri, passwordFile),
  });

  [factory.share, factory.path] = [uri.get_share(), uri.get_path()];
  factory.open_connection_async(uri.get_host(), uri.get_port(), -1, null, null);
  loop.run();
  if (factory.error)
    fail(factory.error.message, 1);
} catch (error) {
  fail(error.message, 2);
}
