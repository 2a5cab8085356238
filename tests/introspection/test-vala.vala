/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The library from Vala, without a server: a subclass, defaults, async methods, errors. */

class RefusedFactory : Smb.ProtocolFactory {
	public int failures = 0;

	public RefusedFactory () {
		Object (username: "alice", sign_options: Smb.SignOptions.REQUIRE);
	}

	public override void auth_failed (GLib.Error error) {
		failures++;
	}
}

/* Nobody listens on it while the socket is there. */
Socket bind_refused () throws GLib.Error {
	var socket = new Socket (SocketFamily.IPV4, SocketType.STREAM, SocketProtocol.TCP);
	socket.bind (new InetSocketAddress.from_string ("127.0.0.1", 0), false);
	return socket;
}

async void open_refused (RefusedFactory factory, MainLoop loop) {
	try {
		var socket = bind_refused ();
		var port = ((InetSocketAddress) socket.get_local_address ()).port;
		yield factory.open_connection_async ("127.0.0.1", (uint16) port);
		assert_not_reached ();
	} catch (IOError.CONNECTION_REFUSED e) {
		assert (factory.failures == 1);
	} catch (GLib.Error e) {
		assert_no_error (e);
	}
	loop.quit ();
}

void test_async () {
	var loop = new MainLoop ();
	open_refused.begin (new RefusedFactory (), loop);
	loop.run ();
}

void test_properties () {
	var factory = new RefusedFactory ();
	assert (factory.username == "alice");
	assert (factory.sign_options == Smb.SignOptions.REQUIRE);
	assert (!factory.ready);
	assert (factory.dialect == Smb.DialectVersion.NONE);
}

void test_errors () {
	try {
		new Smb.ProtocolFactory (null, null, null, null).list_shares ();
		assert_not_reached ();
	} catch (Smb.Error.NOT_READY e) {
	} catch (GLib.Error e) {
		assert_no_error (e);
	}
}

int main (string[] args) {
	Test.init (ref args);
	Test.add_func ("/vala/async", test_async);
	Test.add_func ("/vala/properties", test_properties);
	Test.add_func ("/vala/errors", test_errors);
	return Test.run ();
}
