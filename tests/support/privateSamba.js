/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The private Samba server for tests in JavaScript (gjs -m):
 *
 *   import {Samba} from '../support/privateSamba.js';
 *   const server = new Samba('--signing', 'mandatory');
 *   try { … server.host, server.port, server.user, server.password … } finally { server.stop(); }
 *
 * The options are those of samba-server.py. */
import Gio from 'gi://Gio';

const script = Gio.File.new_for_uri(import.meta.url).get_parent().get_child('samba-server.py').get_path();
const decoder = new TextDecoder();

export class Samba {
  constructor(...options) {
    const flags = Gio.SubprocessFlags.STDIN_PIPE | Gio.SubprocessFlags.STDOUT_PIPE;
    const launcher = new Gio.SubprocessLauncher({flags});

    launcher.unsetenv('LD_PRELOAD');
    this._process = launcher.spawnv(['/usr/bin/python3', script, ...options]);
    this._input = this._process.get_stdin_pipe();
    this._output = new Gio.DataInputStream({base_stream: this._process.get_stdout_pipe()});

    this.description = this._read();
    this.host = this.description.host;
    this.port = Number(this.description.port);
    this.user = this.description.user;
    this.password = this.description.password;
    this.users = this._named('user:');
    this.shares = this._named('share:');
  }

  _named(prefix) {
    return Object.fromEntries(Object.entries(this.description)
      .filter(([key]) => key.startsWith(prefix))
      .map(([key, value]) => [key.slice(prefix.length), value]));
  }

  _read() {
    const [line] = this._output.read_line(null);

    if (line === null)
      throw new Error('the private Samba has ended');
    return JSON.parse(decoder.decode(line));
  }

  /* Sends one command of samba-server.py, and returns its answer. */
  command(line) {
    this._input.write_all(`${line}\n`, null);

    const answer = this._read();
    if (answer.status !== 'ok')
      throw new Error(answer.message);
    return answer;
  }

  /* A file of a share, on the server's disk. */
  path(share, ...names) {
    return [this.shares[share], ...names].join('/');
  }

  stop() {
    this._input.write_all('quit\n', null);
    this._input.close(null);
    this._process.wait(null);
  }
}
