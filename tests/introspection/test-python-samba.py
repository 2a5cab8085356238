# SPDX-License-Identifier: LGPL-2.1-or-later
"""The library from Python, with a server: what comes back, and how."""
import asyncio
import os
import unittest

from bindings import Gio, GLib, Samba, Smb, tap


def run(main):
    """asyncio, with GLib's main context running in between."""
    async def with_glib():
        task = asyncio.ensure_future(main())
        while not task.done():
            while GLib.MainContext.default().iteration(False):
                pass
            await asyncio.sleep(0.0005)
        return await task

    return asyncio.run(with_glib())


class Session(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.server = Samba()

    @classmethod
    def tearDownClass(cls):
        cls.server.stop()

    def setUp(self):
        self.factory = Smb.ProtocolFactory(username=self.server.user, password=self.server.password)
        self.factory.open_connection(self.server.host, self.server.port)
        self.addCleanup(self.factory.close_connection)

    def write(self, name, data):
        path = self.server.path("data", name)
        with open(path, "wb") as f:
            f.write(data)
        os.chmod(path, 0o666)

    def test_state(self):
        props = self.factory.props
        self.assertTrue(props.ready)
        self.assertEqual(props.dialect, Smb.DialectVersion.SMB_3_11)
        self.assertGreater(props.dialect, Smb.DialectVersion.SMB_2_02)
        self.assertIsNotNone(props.signing_algorithm)
        self.assertGreaterEqual(props.max_read_size, 65536)

    def test_shares(self):
        self.assertTrue(self.factory.connect_share("data"))
        with self.assertRaises(GLib.Error) as caught:
            self.factory.connect_share("none")
        self.assertTrue(caught.exception.matches(Smb.Error.quark(), Smb.Error.NOT_FOUND))
        self.assertEqual(Smb.Error.get_nt_status(caught.exception), 0xC00000CC)

        async def main():
            return await asyncio.gather(*(self.factory.connect_share_async(name) for name in ("data", "ro")))

        self.assertEqual(run(main), [True, True])

    def test_lists(self):
        """The array is freed here, its elements live on."""
        shares = self.factory.list_shares()
        names = {s.props.name: s.props.device_type for s in shares}
        self.assertEqual(names["data"], Smb.DeviceType.DISK)
        self.assertEqual(names["IPC$"], Smb.DeviceType.IPC)
        times = self.factory.list_snapshots("snap", "")
        self.assertEqual([t.format("%Y-%m") for t in times], ["2024-03", "2024-02", "2024-01"])
        self.write("listed.txt", b"12345")
        files = {f.props.filename: f for f in self.factory.list_path("data", "", pattern="*.txt")}
        self.assertEqual(files["listed.txt"].props.file_size, 5)

    def test_values(self):
        self.write("values.txt", b"x" * 100)
        info = self.factory.get_attributes("data", "values.txt")
        self.assertEqual((info.props.filename, info.props.file_size), ("values.txt", 100))
        self.assertFalse(info.props.is_directory)
        self.assertIsInstance(info.props.last_write_time, GLib.DateTime)
        security = self.factory.get_security("data", "values.txt")
        self.assertTrue(str(security.props.owner.to_string()).startswith("S-1-"))
        self.assertGreater(len(security.props.dacl.get_aces()), 0)

    def test_status(self):
        with self.assertRaises(GLib.Error) as caught:
            self.factory.get_attributes("data", "no such file")
        self.assertTrue(caught.exception.matches(Smb.Error.quark(), Smb.Error.NOT_FOUND))
        self.assertEqual(Smb.Error.get_nt_status(caught.exception), 0xC0000034)

    def test_transfers(self):
        data = os.urandom(300000)
        progress = []
        source = Gio.MemoryInputStream.new_from_bytes(GLib.Bytes.new(data))
        stored = self.factory.store_file("data", "sync.bin", source,
                                         lambda now, total: progress.append((now, total)))
        self.assertEqual(stored[-1], len(data))
        self.assertEqual(progress[-1][0], len(data))
        target = Gio.MemoryOutputStream.new_resizable()
        info, count = self.factory.retrieve_file("data", "sync.bin", target,
                                                 lambda *a: progress.append(a), "user data")
        self.assertEqual(progress[-1], (len(data), len(data), "user data"))
        target.close()
        self.assertEqual(count, len(data))
        self.assertEqual(info.props.file_size, len(data))
        self.assertEqual(target.steal_as_bytes().get_data(), data)

    def test_await(self):
        data = os.urandom(200000)
        progress = []

        async def main():
            source = Gio.MemoryInputStream.new_from_bytes(GLib.Bytes.new(data))
            stored = await self.factory.store_file_async("data", "async.bin", source,
                                                         lambda now, total: progress.append(now))
            target = Gio.MemoryOutputStream.new_resizable()
            info, count = await self.factory.retrieve_file_async("data", "async.bin", target)
            target.close()
            names = [s.props.name for s in await self.factory.list_shares_async()]
            many = await asyncio.gather(*(self.factory.get_attributes_async("data", "async.bin")
                                          for _ in range(50)))
            return stored, info, count, target.steal_as_bytes().get_data(), names, many

        stored, info, count, bytes, names, many = run(main)
        self.assertEqual((stored[-1], count, bytes), (len(data), len(data), data))
        self.assertEqual(progress[-1], len(data))
        self.assertEqual(info.props.file_size, len(data))
        self.assertIn("data", names)
        self.assertEqual({m.props.file_size for m in many}, {len(data)})

    def test_await_error(self):
        async def main():
            with self.assertRaises(GLib.Error) as caught:
                await self.factory.create_directory_async("data", "no/such/parent")
            return Smb.Error.get_nt_status(caught.exception)

        self.assertEqual(run(main), 0xC000003A)

    def test_open_file(self):
        opened = self.factory.open_file("data", "open.bin", Smb.FileAccess.READ_WRITE,
                                        Smb.FileDisposition.OPEN_OR_CREATE)
        opened.write(3, GLib.Bytes.new(b"abc"))
        self.assertEqual(opened.read(0, 10).get_data(), b"\0\0\0abc")
        self.assertEqual(opened.get_info().props.file_size, 6)
        opened.close()

    def test_enumerator(self):
        os.mkdir(self.server.path("data", "many"))
        os.chmod(self.server.path("data", "many"), 0o777)
        for i in range(600):
            self.write("many/%d" % i, b"")

        async def main():
            enumerator = await self.factory.enumerate_async("data", "many")
            return [file.props.filename async for file in enumerator]

        names = sorted(file.props.filename for file in self.factory.enumerate("data", "many"))
        self.assertEqual(names, sorted([str(i) for i in range(600)] + [".", ".."]))
        self.assertEqual(sorted(run(main)), names)

    def test_override(self):
        heard = []

        class Factory(Smb.ProtocolFactory):
            def do_auth_ok(self):
                heard.append("ok")

            def do_closed(self, error):
                heard.append(error)

        factory = Factory(username=self.server.user, password=self.server.password)
        factory.connect("notify::ready", lambda f, _: heard.append(f.props.ready))
        factory.open_connection(self.server.host, self.server.port)
        self.assertEqual(heard, [True, "ok"])
        factory.close_connection()
        self.assertEqual(heard, [True, "ok", False, None])


if __name__ == "__main__":
    tap.main()
