/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The library from JavaScript: promises, signals, subclasses, arrays, streams. */
import GLib from 'gi://GLib';
import Gio from 'gi://Gio';
import GObject from 'gi://GObject';
import Smb from 'gi://Smb?version=1.0';
import {exit} from 'system';
import {Samba} from '../support/privateSamba.js';

for (const name of ['open_connection', 'close_connection', 'list_shares', 'connect_share', 'list_path',
  'get_attributes', 'store_file', 'retrieve_file'])
  Gio._promisify(Smb.ProtocolFactory.prototype, `${name}_async`, `${name}_finish`);

let count = 0, failed = 0;

function check(name, ok) {
  count++;
  failed += ok ? 0 : 1;
  print(`${ok ? 'ok' : 'not ok'} ${count} ${name}`);
}

async function refuses(promise, domain, code) {
  try {
    await promise;
  } catch (error) {
    return error.matches(domain, code);
  }
  return false;
}

const Factory = GObject.registerClass(class Factory extends Smb.ProtocolFactory {
  vfunc_auth_ok() {
    this.heard = 'ok';
  }

  vfunc_auth_failed(error) {
    this.heard = error.code;
  }
});

/* Nobody listens on it while the socket is there. */
function refusedPort(socket) {
  socket.bind(Gio.InetSocketAddress.new_from_string('127.0.0.1', 0), false);
  return socket.local_address.port;
}

async function withoutServer() {
  const socket = Gio.Socket.new(Gio.SocketFamily.IPV4, Gio.SocketType.STREAM, Gio.SocketProtocol.TCP);
  const port = refusedPort(socket);
  const factory = new Factory({username: 'alice', default_timeout: 5000});

  check('properties', factory.username === 'alice' && factory.transport === 'auto' && !factory.ready);
  check('port that refuses', await refuses(factory.open_connection_async('127.0.0.1', port, -1, null),
    Gio.IOErrorEnum, Gio.IOErrorEnum.CONNECTION_REFUSED));
  check('virtual function of a failure', factory.heard === Gio.IOErrorEnum.CONNECTION_REFUSED);
  check('not open', await refuses(new Factory().list_shares_async(-1, null), Smb.Error, Smb.Error.NOT_READY));
  socket.close();
}

async function withServer(server) {
  const factory = new Factory({username: server.user, password: server.password});
  const notified = [];
  let signals = 0;

  factory.connect('auth-ok', () => signals++);
  factory.connect('notify::ready', () => notified.push(factory.ready));
  await factory.open_connection_async(server.host, server.port, -1, null);
  check('opens', factory.ready && factory.dialect === Smb.DialectVersion.SMB_3_11);
  check('tells before the promise', factory.heard === 'ok' && signals === 1 && notified.join() === 'true');

  const shares = await factory.list_shares_async(-1, null);
  check('arrays', shares.some(share => share.name === 'data'));
  check('connects to a share', await factory.connect_share_async('ro', -1, null));
  check('no such share', await refuses(factory.connect_share_async('none', -1, null),
    Smb.Error, Smb.Error.NOT_FOUND));
  const files = await factory.list_path_async('ro', '', Smb.FileAttributeMask.DEFAULT, '*.txt', -1, null);
  check('files', files.some(file => file.filename === 'readme.txt'));

  const data = new Uint8Array(150000).fill(7);
  const progress = [];
  const source = Gio.MemoryInputStream.new_from_bytes(new GLib.Bytes(data));
  await factory.store_file_async('data', 'gjs.bin', source, now => progress.push(Number(now)), -1, null);
  check('progress by closure', progress[progress.length - 1] === data.length);
  const info = await factory.get_attributes_async('data', 'gjs.bin', -1, null);
  check('size', info.file_size === data.length);

  const target = Gio.MemoryOutputStream.new_resizable();
  await factory.retrieve_file_async('data', 'gjs.bin', target, null, -1, null);
  target.close(null);
  check('bytes', target.steal_as_bytes().get_size() === data.length);

  check('errors', await refuses(factory.get_attributes_async('data', 'no such file', -1, null),
    Smb.Error, Smb.Error.NOT_FOUND));
  await factory.close_connection_async(-1, null);
  check('closes', !factory.ready && notified.join() === 'true,false');
}

async function main() {
  await withoutServer();
  const server = new Samba();
  try {
    await withServer(server);
  } finally {
    server.stop();
  }
}

const loop = GLib.MainLoop.new(null, false);
main().catch(error => {
  printerr(`# ${error}\n# ${error.stack}`);
  failed++;
}).finally(() => loop.quit());
loop.run();

print(`1..${count}`);
exit(failed > 0 ? 1 : 0);
