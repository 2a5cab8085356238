/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Lists the shares of a server, or a folder of one, with Vala's async methods. */

string? password_file = null;

const OptionEntry[] OPTIONS = {
  { "password-file", 0, 0, OptionArg.FILENAME, ref password_file,
    "Read the password from the first line of FILE (- for standard input)", "FILE" },
  { null }
};

FileStream? terminal;
Posix.termios settings;

/* Ctrl-C at the question must not leave a terminal behind that shows nothing any more. */
void restore (int number) {
  Posix.tcsetattr (terminal.fileno (), Posix.TCSANOW, settings);
  Posix._exit (128 + number);
}

/* Asks without showing what is typed. */
string? ask (string user, string host) throws Error {
  terminal = FileStream.open ("/dev/tty", "r+");
  if (terminal == null || Posix.tcgetattr (terminal.fileno (), out settings) != 0)
    throw new IOError.FAILED ("There is no terminal to ask for the password on: use --password-file");

  var silent = settings;
  silent.c_lflag &= ~Posix.ECHO;
  Process.@signal (ProcessSignal.INT, restore);
  Posix.tcsetattr (terminal.fileno (), Posix.TCSAFLUSH, silent);
  terminal.printf ("Password of %s on %s: ", user, host);
  terminal.flush ();
  var password = terminal.read_line ();
  terminal.printf ("\n");
  Posix.tcsetattr (terminal.fileno (), Posix.TCSAFLUSH, settings);
  return password;
}

string? read_password (Smb.Uri uri) throws Error {
  if (password_file == null)
    return uri.user == null ? null : ask (uri.user, uri.host);

  var path = password_file == "-" ? "/dev/stdin" : password_file;
  return new DataInputStream (File.new_for_path (path).read ()).read_line ();
}

async void list_shares (Smb.ProtocolFactory factory) throws Error {
  var shares = yield factory.list_shares_async (-1, null);

  foreach (var share in shares)
    print ("%-24s %s\n", share.name, share.comments);
}

async void list_folder (Smb.ProtocolFactory factory, Smb.Uri uri) throws Error {
  var all = Smb.FileAttributeMask.DEFAULT;
  var files = yield factory.list_path_async (uri.share, uri.path, all, null, -1, null);

  foreach (var file in files)
    print ("%15" + uint64.FORMAT + "  %s%s\n", file.file_size, file.filename, file.is_directory ? "/" : "");
}

async void list (Smb.Uri uri, string? password) throws Error {
  var factory = new Smb.ProtocolFactory (uri.user, password, null, null);

  factory.domain = uri.domain;
  yield factory.open_connection_async (uri.host, uri.get_port (), -1, null);
  if (uri.share == "")
    yield list_shares (factory);
  else
    yield list_folder (factory, uri);
  yield factory.close_connection_async (-1, null);
}

int main (string[] args) {
  Intl.setlocale ();
  try {
    var context = new OptionContext ("smb://[domain;][user@]host[:port][/share[/path]]");
    context.add_main_entries (OPTIONS, null);
    context.parse (ref args);
    if (args.length != 2)
      throw new OptionError.BAD_VALUE ("one address is needed, see --help");

    var uri = Smb.Uri.parse (args[1]);
    var password = read_password (uri);
    var loop = new MainLoop ();
    var status = 0;
    list.begin (uri, password, (source, result) => {
      try {
        list.end (result);
      } catch (Error error) {
        printerr ("%s: %s\n", Environment.get_prgname (), error.message);
        status = 1;
      }
      loop.quit ();
    });
    loop.run ();
    return status;
  } catch (Error error) {
    printerr ("%s: %s\n", Environment.get_prgname (), error.message);
    return 2;
  }
}
