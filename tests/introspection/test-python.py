# SPDX-License-Identifier: LGPL-2.1-or-later
"""The library from Python, without a server: properties, defaults, errors, signals, awaiting, forking."""
import asyncio
import os
import socket
import threading
import unittest

from bindings import Gio, GLib, Smb, tap


def refused_port():
    """A port on which nobody listens while the socket is there."""
    s = socket.socket()
    s.bind(("127.0.0.1", 0))
    return s, s.getsockname()[1]


async def with_glib(awaitable):
    """Awaits, while GLib's main context runs in between."""
    context = GLib.MainContext.default()
    task = asyncio.ensure_future(awaitable)
    while not task.done():
        while context.iteration(False):
            pass
        await asyncio.sleep(0.001)
    return await task


class Properties(unittest.TestCase):
    def test_constructor(self):
        factory = Smb.ProtocolFactory.new("alice", "secret", "CLIENT", "SERVER")
        self.assertEqual(factory.props.username, "alice")
        self.assertEqual(factory.props.client_name, "CLIENT")
        self.assertEqual(factory.props.server_name, "SERVER")

    def test_keywords(self):
        factory = Smb.ProtocolFactory(username="bob", sign_options=Smb.SignOptions.REQUIRE, default_timeout=5)
        self.assertEqual(factory.props.username, "bob")
        self.assertEqual(factory.props.sign_options, Smb.SignOptions.REQUIRE)
        self.assertEqual(factory.props.default_timeout, 5)

    def test_defaults(self):
        factory = Smb.ProtocolFactory()
        self.assertIsNone(factory.props.username)
        self.assertTrue(factory.props.use_ntlm_v2)
        self.assertEqual(factory.props.transport, "auto")
        self.assertEqual(factory.props.encryption, Smb.Encryption.IF_REQUIRED)
        self.assertEqual(factory.props.state, Smb.ConnectionState.DISCONNECTED)
        self.assertEqual(factory.props.dialect, Smb.DialectVersion.NONE)
        self.assertFalse(factory.props.ready)

    def test_password_cannot_be_read(self):
        factory = Smb.ProtocolFactory(password="secret")
        with self.assertRaises(TypeError):
            factory.get_property("password")

    def test_lists_and_objects(self):
        resolver = Gio.SimpleProxyResolver.new(None, None)
        factory = Smb.ProtocolFactory(auth_mechanisms=["ntlm"], proxy_resolver=resolver)
        self.assertEqual(factory.props.auth_mechanisms, ["ntlm"])
        self.assertIs(factory.props.proxy_resolver, resolver)
        factory.props.auth_mechanisms = None
        self.assertIn(factory.props.auth_mechanisms, (None, []))


class Calls(unittest.TestCase):
    def setUp(self):
        self.factory = Smb.ProtocolFactory()

    def assert_not_ready(self, call, *args, **kwargs):
        with self.assertRaises(GLib.Error) as caught:
            call(*args, **kwargs)
        self.assertTrue(caught.exception.matches(Smb.Error.quark(), Smb.Error.NOT_READY), caught.exception)

    def test_defaults(self):
        self.assert_not_ready(self.factory.list_shares)
        self.assert_not_ready(self.factory.connect_share, "share")
        self.assert_not_ready(self.factory.list_path, "share", "path")
        self.assert_not_ready(self.factory.list_path, "share", "path", pattern="*", timeout_msec=10)
        self.assert_not_ready(self.factory.list_path, "share", "path", Smb.FileAttributeMask.DEFAULT, None, 10,
                              None)
        self.assert_not_ready(self.factory.delete_files, "share", "*")
        self.assert_not_ready(self.factory.retrieve_file, "share", "path",
                              Gio.MemoryOutputStream.new_resizable())

    def test_wrong_arguments(self):
        for args, kwargs in (((), {}), (("share",), {}), (("share", "path"), {"share": "again"}),
                             (("share", "path"), {"nonsense": 1}), (("a", "b", 1, None, 5), {})):
            with self.assertRaises(TypeError):
                self.factory.create_directory(*args, **kwargs)
        with self.assertRaises(TypeError):
            self.factory.delete_files("share")

    def test_wrong_path(self):
        with self.assertRaises(GLib.Error) as caught:
            self.factory.create_directory("share", "a/../b")
        self.assertTrue(caught.exception.matches(Smb.Error.quark(), Smb.Error.INVALID_ARGUMENT))

    def test_status_survives_copying(self):
        error = GLib.Error.new_literal(Smb.Error.quark(), "Cannot (STATUS_ACCESS_DENIED 0xC0000022)", 6)
        self.assertEqual(Smb.Error.get_nt_status(error), 0xC0000022)


class Names(unittest.TestCase):
    def setUp(self):
        self.service = Smb.NameService(broadcast=False)

    def test_defaults(self):
        with self.assertRaises(GLib.Error) as caught:
            self.service.query_name("NAS")
        self.assertTrue(caught.exception.matches(Smb.Error.quark(), Smb.Error.INVALID_ARGUMENT))
        with self.assertRaises(TypeError):
            self.service.query_ip_for_name()

    def test_await(self):
        async def main():
            await self.service.query_ip_for_name_async("no address")

        with self.assertRaises(GLib.Error) as caught:
            asyncio.run(with_glib(main()))
        self.assertTrue(caught.exception.matches(Smb.Error.quark(), Smb.Error.INVALID_ARGUMENT))


class Opening(unittest.TestCase):
    def setUp(self):
        self.socket, self.port = refused_port()
        self.addCleanup(self.socket.close)

    def test_signals_before_return(self):
        heard = []

        class Factory(Smb.ProtocolFactory):
            def do_auth_failed(self, error):
                heard.append(("override", error.domain, error.code))

        factory = Factory()
        factory.connect("notify::state", lambda f, _: heard.append("notify"))
        factory.connect("auth-failed", lambda f, error: heard.append(("signal", error.domain, error.code)))
        with self.assertRaises(GLib.Error) as caught:
            factory.open_connection("127.0.0.1", self.port)
        refused = ("g-io-error-quark", Gio.IOErrorEnum.CONNECTION_REFUSED)
        self.assertEqual((caught.exception.domain, caught.exception.code), refused)
        self.assertEqual(heard[-2:], [("signal",) + refused, ("override",) + refused])
        self.assertIn("notify", heard)

    def test_callback(self):
        loop = GLib.MainLoop()
        results = []

        def done(factory, result, word):
            results.append(word)
            try:
                factory.open_connection_finish(result)
            except GLib.Error as e:
                results.append(e.code)
            loop.quit()

        Smb.ProtocolFactory().open_connection_async("127.0.0.1", self.port, -1, None, done, "data")
        loop.run()
        self.assertEqual(results, ["data", Gio.IOErrorEnum.CONNECTION_REFUSED])

    def test_thread(self):
        """A call in another thread leaves the signals to the main context."""
        factory = Smb.ProtocolFactory()
        heard = []
        factory.connect("auth-failed", lambda f, error: heard.append(threading.current_thread()))
        loop = GLib.MainLoop()

        def work():
            try:
                factory.open_connection("127.0.0.1", self.port)
            except GLib.Error:
                pass
            GLib.idle_add(loop.quit, priority=GLib.PRIORITY_LOW)

        GLib.idle_add(lambda: thread.start())
        thread = threading.Thread(target=work)
        loop.run()
        thread.join()
        self.assertEqual(heard, [threading.main_thread()])

    def test_await(self):
        factory = Smb.ProtocolFactory()

        async def main():
            with self.assertRaises(GLib.Error) as caught:
                await with_glib(factory.open_connection_async("127.0.0.1", self.port))
            return caught.exception.code

        self.assertEqual(asyncio.run(main()), Gio.IOErrorEnum.CONNECTION_REFUSED)

    def test_await_cancelled(self):
        server = socket.socket()
        self.addCleanup(server.close)
        server.bind(("127.0.0.1", 0))
        server.listen()  # and never answers
        factory = Smb.ProtocolFactory()
        ended = []
        factory.connect("auth-failed", lambda f, error: ended.append(error.code))

        async def main():
            future = factory.open_connection_async("127.0.0.1", server.getsockname()[1])
            future.cancel()
            with self.assertRaises(asyncio.CancelledError):
                await future
            while not ended:
                GLib.MainContext.default().iteration(False)
                await asyncio.sleep(0.001)

        asyncio.run(main())
        self.assertEqual(ended, [Gio.IOErrorEnum.CANCELLED])

    def test_fork(self):
        """In a child the parent's factories are dead, and new ones work."""
        factory = Smb.ProtocolFactory()
        with self.assertRaises(GLib.Error):
            factory.open_connection("127.0.0.1", self.port)
        pid = os.fork()
        if pid == 0:
            os._exit(self.in_child(factory))
        self.assertEqual(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]), 0)

    def in_child(self, factory):
        try:
            factory.list_shares()
            return 1
        except GLib.Error as e:
            if not e.matches(Smb.Error.quark(), Smb.Error.NOT_CONNECTED):
                return 2
        if factory.props.ready or factory.props.state != Smb.ConnectionState.DISCONNECTED:
            return 3
        del factory
        try:
            Smb.ProtocolFactory().open_connection("127.0.0.1", self.port)
            return 4
        except GLib.Error as e:
            return 0 if e.code == Gio.IOErrorEnum.CONNECTION_REFUSED else 5


if __name__ == "__main__":
    tap.main()
