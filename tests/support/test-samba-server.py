#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""The private Samba itself: what it offers, and that nothing of it stays behind."""
import glob
import importlib.util
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import unittest

import tap
from private_samba import SCRIPT, Samba, SambaError

# Some user who owns nothing, for the tests of a server that root does not run.
NOBODY = 54321


def smbclient(server, share, command, user="alice", password=None, *options):
    """What smbclient prints; it gets a configuration and caches of its own."""
    with tempfile.TemporaryDirectory() as folder:
        with open(folder + "/smb.conf", "w", encoding="utf-8") as f:
            f.write("[global]\nclient min protocol = NT1\n")
            for key in ("lock", "state", "cache"):
                f.write("%s directory = %s\n" % (key, folder))
            f.write("private dir = %s\n" % folder)
        if password is None:
            password = server.users[user]
        where = ["-L", server.host] if share is None else ["//%s/%s" % (server.host, share), "-c", command]
        argv = ["smbclient", "-s", folder + "/smb.conf", "-p", str(server.port), "-U", user + "%" + password]
        done = subprocess.run(argv + where + list(options), env=dict(os.environ, LC_ALL="C.UTF-8"), timeout=60,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, encoding="utf-8", errors="replace")
        return done.stdout


def write(path, text):
    with open(path, "w", encoding="utf-8") as f:
        f.write(text)


def read(path):
    with open(path, encoding="utf-8", errors="replace") as f:
        return f.read()


def processes_of(folder):
    """Processes with a file of this server's folder open, or its name in their command line. Zombies have neither."""
    found = []
    for process in glob.glob("/proc/[0-9]*"):
        try:
            traces = [os.readlink(fd) for fd in glob.glob(process + "/fd/*")] + [read(process + "/cmdline")]
        except OSError:  # ended meanwhile, or someone else's
            continue
        if any(folder in trace for trace in traces):
            found.append(int(process[len("/proc/"):]))
    return found


def folder_of(server):
    return os.path.dirname(server.description["conf"])


def ended(folder, seconds=10):
    deadline = time.monotonic() + seconds
    while processes_of(folder) or os.path.exists(folder):
        if time.monotonic() > deadline:
            return False
        time.sleep(0.01)
    return True


class Shares(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.server = Samba("--shares", "300", "--user", "юра:пароль:1")

    @classmethod
    def tearDownClass(cls):
        cls.server.stop()

    def client(self, *arguments):
        return smbclient(self.server, *arguments)

    def test_list(self):
        text = self.client(None, None)
        self.assertIn("Files of everyone", text)
        self.assertIn("Grüße € 😀", text)
        self.assertEqual(text.count("Number "), 300)
        self.assertNotIn("hidden$", text)

    def test_users(self):
        for user in ("alice", "bob", "jürgen", "юра"):
            self.assertIn("blocks of size", self.client("data", "ls", user))
        self.assertIn("NT_STATUS_LOGON_FAILURE", self.client("data", "ls", "bob", "wrong"))

    def test_guest(self):
        self.assertIn("hello.txt", self.client("guest", "ls", "stranger", "x"))
        self.assertIn("NT_STATUS_ACCESS_DENIED", self.client("private", "ls", "stranger", "x"))

    def test_rights(self):
        self.assertIn("NT_STATUS_ACCESS_DENIED", self.client("ro", "mkdir new"))
        self.assertIn("NT_STATUS_ACCESS_DENIED", self.client("private", "ls", "bob"))
        self.assertIn("blocks of size", self.client("private", "ls"))
        self.assertIn("blocks of size", self.client("hidden$", "ls"))
        self.assertIn("NT_STATUS_BAD_NETWORK_NAME", self.client("no-such-share", "ls"))

    def test_files_of_the_test(self):
        """What a test puts into the folder, any user may change and delete."""
        os.mkdir(self.server.path("data", "folder"))
        write(self.server.path("data", "folder", "file"), "old")
        write(self.server.path("data", "new"), "new")
        self.client("data", "lcd %s; cd folder; put new file" % self.server.shares["data"], "bob")
        self.assertEqual(read(self.server.path("data", "folder", "file")), "new")
        self.client("data", "deltree folder", "bob")
        self.assertEqual(os.listdir(self.server.shares["data"]), ["new"])

    def test_file_permissions(self):
        """They hold for the server whoever runs it, root too."""
        path = self.server.path("data", "locked")
        write(path, "x")
        os.chmod(path, 0)
        self.assertIn("NT_STATUS_ACCESS_DENIED", self.client("data", "get locked -"))
        os.remove(path)

    def test_dos_attributes(self):
        write(self.server.path("guest", "attributes"), "x")
        self.client("guest", "setmode attributes +rsh")
        self.assertRegex(self.client("guest", "ls attributes"), r"attributes +AHSR|attributes +HSR")

    def test_acl(self):
        write(self.server.path("acl", "mine"), "x")
        self.server.command("acl acl mine 'D:P(A;;0x1f01ff;;;{alice})'")
        self.assertIn("getting file", self.client("acl", "get mine -"))
        self.assertIn("NT_STATUS_ACCESS_DENIED", self.client("acl", "get mine -", "bob"))

    def test_snapshots(self):
        text = self.client("snap", "allinfo file.txt")
        for name in ("@GMT-2024.01.02-03.04.05", "@GMT-2024.02.03-04.05.06", "@GMT-2024.03.04-05.06.07"):
            self.assertIn(name, text)
        for i, name in enumerate(("@GMT-2024.01.02-03.04.05", "@GMT-2024.03.04-05.06.07")):
            self.assertIn("version %d" % (1 + 2 * i), self.client("snap", "get %s\\file.txt -" % name))

    def test_streams(self):
        write(self.server.path("data", "content"), "in a stream")
        self.client("streams", "lcd %s; put content f; put content f:extra" % self.server.shares["data"])
        self.assertIn("[:extra:$DATA], 11 bytes", self.client("streams", "allinfo f"))
        self.assertIn("in a stream", self.client("streams", "get f:extra -"))
        os.remove(self.server.path("data", "content"))

    def test_links(self):
        self.assertIn("target", self.client("links", "get to-file -"))
        self.assertIn("inside", self.client("links", "get to-folder\\inside.txt -"))
        self.assertIn("NT_STATUS", self.client("links", "get to-outside\\secret.txt -"))
        self.assertIn("NT_STATUS_OBJECT_NAME_NOT_FOUND", self.client("links", "get dangling -"))

    def test_dfs(self):
        self.assertIn("to-data", self.client("dfs", "ls"))
        self.assertIn("cd \\to-nowhere\\: NT_STATUS_CONNECTION_REFUSED", self.client("dfs", "cd to-nowhere"))

    def test_encrypted_share(self):
        self.assertIn("NT_STATUS_ACCESS_DENIED", self.client("crypt", "ls", "alice", None, "-m", "SMB2_10"))
        self.assertIn("blocks of size", self.client("crypt", "ls"))


class Options(unittest.TestCase):
    def status(self, options, *client_options, share="data"):
        """What smbstatus tells about a session, or what smbclient says if there is none."""
        with Samba(*options) as server:
            argv = ["smbclient", "-E", "-s", "/dev/null", "-p", str(server.port), "//127.0.0.1/" + share,
                    "-U", "alice%Passw0rd", "--option=client min protocol=NT1", *client_options]
            with subprocess.Popen(argv, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                                  encoding="utf-8") as client:
                client.stdin.write("ls\n")
                client.stdin.flush()
                for line in client.stdout:
                    if "blocks of size" in line:
                        return server.command("run smbstatus -b")["output"]
                    if "NT_STATUS" in line:
                        return line
            return ""

    def test_dialects(self):
        for dialect in ("NT1", "SMB2_02", "SMB2_10", "SMB3_00", "SMB3_02", "SMB3_11"):
            with self.subTest(dialect):
                self.assertRegex(self.status(["--min", dialect, "--max", dialect], "-m", "SMB3_11"), " %s " % dialect)

    def test_signing(self):
        self.assertRegex(self.status(["--signing", "mandatory"]), r"- +AES-128-GMAC")
        self.assertRegex(self.status(["--signing", "mandatory", "--signing-algorithms", "HMAC-SHA256, AES-128-CMAC"],
                                     "--option=client smb3 signing algorithms=AES-128-CMAC"), r"- +AES-128-CMAC")
        self.assertRegex(self.status(["--signing", "off"]), r"partial\(AES-128-GMAC\)")

    def test_encryption(self):
        for cipher in ("AES-128-CCM", "AES-128-GCM", "AES-256-CCM", "AES-256-GCM"):
            with self.subTest(cipher):
                self.assertIn(" %s " % cipher, self.status(["--encryption", "required", "--ciphers", cipher]))
        self.assertIn("NT_STATUS_ACCESS_DENIED", self.status(["--encryption", "required"], "-m", "SMB2_10"))

    def test_no_guest(self):
        with Samba("--no-guest") as server:
            self.assertIn("NT_STATUS_LOGON_FAILURE", smbclient(server, "guest", "ls", "stranger", "x"))

    def test_ntlm(self):
        options = ("alice", None, "--option=client ntlmv2 auth=no", "-m", "NT1", "--option=client use spnego=no")
        with Samba("--min", "NT1", "--max", "NT1") as server:
            self.assertNotIn("blocks of size", smbclient(server, "data", "ls", *options))
        with Samba("--min", "NT1", "--max", "NT1", "--ntlm-auth", "ntlmv1-permitted") as server:
            self.assertIn("blocks of size", smbclient(server, "data", "ls", *options))

    def test_full_disk(self):
        with Samba("--full") as server:
            with open(folder_of(server) + "/big", "wb") as f:
                f.truncate(8 << 20)
            text = smbclient(server, "data", "lcd %s; put big" % folder_of(server))
            self.assertIn("NT_STATUS_DISK_FULL", text)

    def test_own_lines(self):
        with Samba("--set", "server string=own line", "--share-set", "data:available=no",
                   "--share-set", "more:comment=one more") as server:
            text = smbclient(server, None, None)
            self.assertIn("own line", text)
            self.assertRegex(text, "more +Disk +one more")
            self.assertIn("NT_STATUS_BAD_NETWORK_NAME", smbclient(server, "data", "ls"))

    def test_bad_options(self):
        for options in (["--no-such-option"], ["--set", "passdb backend=nonsense:"]):
            done = subprocess.run([SCRIPT, *options], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                                  stderr=subprocess.PIPE, encoding="utf-8")
            self.assertNotEqual(done.returncode, 0)
            self.assertEqual(done.stdout, "")
            self.assertNotEqual(done.stderr, "")


class Commands(unittest.TestCase):
    def setUp(self):
        self.server = Samba()
        self.addCleanup(self.server.stop)

    def connect(self):
        client = subprocess.Popen(["smbclient", "-E", "-s", "/dev/null", "-p", str(self.server.port), "//127.0.0.1/data",
                                   "-U", "alice%Passw0rd"], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                  stderr=subprocess.STDOUT, encoding="utf-8")
        self.addCleanup(client.communicate)
        self.ask(client)
        return client

    def ask(self, client):
        """One listing: True when it worked."""
        client.stdin.write("ls\n")
        client.stdin.flush()
        for line in client.stdout:
            if "blocks of size" in line or "NT_STATUS" in line:
                return "NT_STATUS" not in line
        return False

    def test_clients(self):
        self.assertEqual(self.server.command("clients")["count"], "0")
        client = self.connect()
        self.assertEqual(self.server.command("clients")["count"], "1")
        client.stdin.write("quit\n")
        client.stdin.flush()
        self.server.command("wait-clients 0")

    def test_close_share(self):
        client = self.connect()
        self.server.command("close-share data")
        self.assertFalse(self.ask(client))

    def test_kill(self):
        client = self.connect()
        self.assertEqual(self.server.command("kill")["count"], "1")
        self.assertFalse(self.ask(client))
        self.assertIn("blocks of size", smbclient(self.server, "data", "ls"))

    def test_stop_and_continue(self):
        client = self.connect()
        self.assertEqual(self.server.command("stop")["count"], "1")
        states = [line for line in self.states() if line == "T"]
        self.assertEqual(len(states), 1)
        self.server.command("cont")
        self.assertTrue(self.ask(client))

    def states(self):
        for pid in processes_of(folder_of(self.server)):
            yield read("/proc/%d/stat" % pid).rpartition(")")[2].split()[0]

    def test_restart(self):
        port = self.server.port
        client = self.connect()
        self.server.command("restart")
        self.assertFalse(self.ask(client))
        self.assertIn("blocks of size", smbclient(self.server, "data", "ls"))
        self.assertEqual(port, self.server.port)

    def test_log(self):
        smbclient(self.server, "data", "ls", "alice", "wrong")
        self.assertIn("NT_STATUS_WRONG_PASSWORD", self.server.command("log")["log"])

    def test_errors(self):
        for line in ("nonsense", "close-share", "close-share data", "kill 1", "run no-such-program", "'", "",
                     "wait-clients x", "wait-closed x", "acl nowhere x x", "run smbcontrol nonsense ping"):
            with self.subTest(line):
                self.assertRaises(SambaError, self.server.command, line)


class Processes(unittest.TestCase):
    def setUp(self):
        spec = importlib.util.spec_from_file_location("samba_server", SCRIPT)
        self.script = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(self.script)

    def test_is_stopped(self):
        with subprocess.Popen(["cat"], stdin=subprocess.PIPE) as process:
            self.assertFalse(self.script.is_stopped(process.pid))
            process.send_signal(signal.SIGSTOP)
            self.script.wait_for(lambda: self.script.is_stopped(process.pid), "stop")
            process.kill()
        self.assertTrue(self.script.is_stopped(process.pid))  # one that has ended while it was looked for


class Lifetime(unittest.TestCase):
    CRASHING = """
import os, signal, sys
sys.path.insert(0, %r)
from private_samba import Samba
server = Samba()
server.command("run smbstatus -b")
print(os.path.dirname(server.description["conf"]), flush=True)
sys.stdin.readline()
%s
"""

    def crash(self, how, **options):
        """A test process that starts a server and ends in a bad way. Returns what was on stderr."""
        program = self.CRASHING % (os.path.dirname(SCRIPT), how)
        with subprocess.Popen(["/usr/bin/python3", "-c", program], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                              stderr=subprocess.PIPE, encoding="utf-8", **options) as process:
            folder = process.stdout.readline().strip()
            self.assertTrue(processes_of(folder))
            if how == "wait":
                os.killpg(process.pid, signal.SIGKILL)
            process.stdin.write("\n")
            text = process.communicate()[1]
        self.assertTrue(ended(folder), processes_of(folder))
        return text

    def test_quit(self):
        server = Samba()
        smbclient(server, None, None)  # has samba-dcerpcd and its workers started
        folder = folder_of(server)
        self.assertGreater(len(processes_of(folder)), 4)
        server.stop()
        self.assertEqual(processes_of(folder), [])
        self.assertFalse(os.path.exists(folder))

    def test_abort(self):
        text = self.crash("os.abort()")
        self.assertIn("# private Samba: its user has gone", text)
        self.assertIn("smbd version", text)

    def test_child_that_lives_on(self):
        """A forked child holds the pipe to the server, but was not the one to start it."""
        self.crash("os.fork() or (os.close(1), os.close(2), signal.sigtimedwait([], 8), os._exit(0)); os.abort()")

    def test_kill_of_the_process_group(self):
        self.crash("wait", start_new_session=True)

    def test_signal(self):
        server = Samba()
        server.process.terminate()
        server.process.wait()
        self.assertTrue(ended(folder_of(server)))

    def test_stopped_worker(self):
        server = Samba()
        with subprocess.Popen(["smbclient", "-s", "/dev/null", "-p", str(server.port), "//127.0.0.1/data",
                               "-U", "alice%Passw0rd"], stdin=subprocess.PIPE, stdout=subprocess.DEVNULL,
                              stderr=subprocess.DEVNULL) as client:
            server.command("wait-clients 1")
            server.command("stop")
            server.stop()
            self.assertTrue(ended(folder_of(server)))
            client.communicate()

    def test_two_at_once(self):
        with Samba() as one, Samba() as other:
            self.assertNotEqual(one.port, other.port)
            write(one.path("data", "one"), "1")
            write(other.path("data", "other"), "2")
            self.assertIn(" one ", smbclient(one, "data", "ls"))
            self.assertIn(" other ", smbclient(other, "data", "ls"))
            folder = folder_of(one)
            one.stop()
            self.assertTrue(ended(folder))
            self.assertIn(" other ", smbclient(other, "data", "ls"))

    def test_port_is_taken(self):
        with Samba() as server:
            done = subprocess.run([SCRIPT, "--port", str(server.port)], stdin=subprocess.DEVNULL,
                                  stdout=subprocess.PIPE, stderr=subprocess.PIPE)
            self.assertNotEqual(done.returncode, 0)
            self.assertEqual(done.stdout, b"")

    def test_not_root(self):
        """The same, run by someone who has no account even. Who is not root already tests that all along."""
        if os.geteuid() != 0:
            return
        with tempfile.TemporaryDirectory() as folder:
            os.chmod(folder, 0o755)
            for path in glob.glob(os.path.dirname(SCRIPT) + "/*.py"):
                shutil.copy(path, folder)
            program = "import sys; sys.dont_write_bytecode = True\n" \
                      "exec(compile(open(%r).read(), 'test', 'exec'))" % (folder + "/test-samba-server.py")
            done = subprocess.run(["/usr/bin/python3", "-c", program, "Shares", "Commands"], cwd=folder,
                                  user=NOBODY, group=NOBODY, extra_groups=[], env={"PATH": os.environ["PATH"]},
                                  stdout=subprocess.PIPE, stderr=subprocess.STDOUT, encoding="utf-8")
        self.assertEqual(done.returncode, 0, done.stdout)
        self.assertRegex(done.stdout, "1..[1-9][0-9]")


class Exec(unittest.TestCase):
    def run_beside(self, command):
        return subprocess.run([SCRIPT, "--exec", "sh", "-c", command], stdout=subprocess.PIPE,
                              stderr=subprocess.PIPE, encoding="utf-8")

    def test_status_and_environment(self):
        done = self.run_beside('smbclient -s /dev/null -p $SMB_TEST_PORT //$SMB_TEST_HOST/data '
                               '-U $SMB_TEST_USER%$SMB_TEST_PASSWORD -c ls && exit 7')
        self.assertIn("blocks of size", done.stdout)
        self.assertEqual(done.returncode, 7)
        self.assertIn("smbd version", done.stderr)

    def test_success_is_silent(self):
        done = self.run_beside("echo hello")
        self.assertEqual((done.returncode, done.stdout, done.stderr), (0, "hello\n", ""))

    def test_killed_program(self):
        self.assertEqual(self.run_beside("kill -9 $$").returncode, 128 + 9)


if __name__ == "__main__":
    sys.dont_write_bytecode = True
    tap.main()
