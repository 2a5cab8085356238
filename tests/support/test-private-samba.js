/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The private Samba, started from JavaScript. */
import GLib from 'gi://GLib';
import {exit} from 'system';
import {Samba} from './privateSamba.js';

let count = 0, failed = 0;

function check(name, ok) {
  count++;
  failed += ok ? 0 : 1;
  print(`${ok ? 'ok' : 'not ok'} ${count} ${name}`);
}

const server = new Samba('--shares', '2');
try {
  check('describes itself', server.host === '127.0.0.1' && server.port > 0 && server.user === 'alice');
  check('has users', server.password === 'Passw0rd' && server.users['jürgen'] === 'Grüße€');
  check('has folders', GLib.file_test(server.path('ro', 'readme.txt'), GLib.FileTest.EXISTS));
  check('takes options', 'share002' in server.shares);
  check('takes commands', server.command('clients').count === '0');

  let message = '';
  try {
    server.command('nonsense');
  } catch (error) {
    message = error.message;
  }
  check('reports errors', message.includes('nonsense'));
} finally {
  server.stop();
}
check('cleans up', !GLib.file_test(server.path('ro'), GLib.FileTest.EXISTS));

print(`1..${count}`);
exit(failed > 0 ? 1 : 0);
