/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Lists the shares of a server, or a folder of one, with Vala's async methods. */

string? password_file = null;

const OptionEntry[] OPTIONS = {
  { "password-file", 0, 0, OptionArg.FILENAME, ref password_file,
    "Read the password from the first line of FILE (- for standard input)", "FILE" },
  { null }
};

/* Asks without showing what is typed. */
string? ask (string user, string host) throws Error {
  var terminal = FileStream.open ("/dev/tty", "r+");
  Posix.termios settings;

  if (terminal == null || Posix.tcgetattr (terminal.fileno (), out settings) != 0)
    throw new IOError.FAILED ("There is no terminal to ask for the password of %s on: use --password-file", user);

  var silent = settings;
  silent.c_lflag &= ~(Posix.ECHO | Posix.ISIG);
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
  foreach (unowned var share in (yield factory.list_shares_async (-1)).data)
    print ("%-24s %s\n", share.name, share.comments);
}

async void list_folder (Smb.ProtocolFactory factory, Smb.Uri uri) throws Error {
  var mask = Smb.FileAttributeMask.DEFAULT;

  foreach (unowned var file in (yield factory.list_path_async (uri.share, uri.path, mask, null, -1)).data)
    print ("%15" + uint64.FORMAT + "  %s%s\n", file.file_size, file.filename, file.is_directory ? "/" : "");
}

async void list (Smb.Uri uri, string? password) throws Error {
  var factory = new Smb.ProtocolFactory (uri.user, password, null, null);

  factory.domain = uri.domain;
  yield factory.open_connection_async (uri.host, uri.port, -1);
  if (uri.share == "")
    yield list_shares (factory);
  else
    yield list_folder (factory, uri);
  yield factory.close_connection_async (-1);
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
