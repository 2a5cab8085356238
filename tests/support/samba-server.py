#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""A private Samba server for tests, on loopback, in a folder of its own.

Runs in the foreground, as root or as anyone else, with the same result.
Prints one line of JSON when it is ready to accept connections, an object of
strings: host, port, user, password, pid, conf, logs, "share:NAME" (the folder
of each share) and "user:NAME" (the password of each user).

Then it reads commands from stdin, a line each, and answers each with a line
of JSON, {"status": "ok", ...} or {"status": "error", "message": ...}:

  close-share NAME   end all tree connects of a share, and wait for that
  clients            "count": how many connections are being served
  wait-clients N     wait until that many are (30 s at most)
  wait-closed        wait until no file and no folder is open (30 s at most)
  kill               kill -9 the processes that serve clients
  stop, cont         stop and continue them
  restart            kill everything and start again on the same port
  acl SHARE PATH DACL
                     give a file access rights, in SDDL, in which {NAME} stands for
                     the SID of a user: D:P(A;;0x1f01ff;;;{alice})
  run PROGRAM ARG... run one of Samba's programs with this server's smb.conf
                     (smbstatus -L, smbcontrol smbd reload-config, ...): "output"
  log                "log": the end of the logs
  quit               end

The server ends, with everything it started and its folder, when stdin closes
or the process that started it ends; unless told to `quit` it then prints its
log to stderr, as TAP comments.

Its folder is in TMPDIR if that is set, else in /dev/shm if there is room.
SMB_TEST_LOG_LEVEL is Samba's `log level` unless an option says otherwise.

  samba-server.py [OPTION...] --exec PROGRAM [ARG...]

runs a program beside a server instead, with SMB_TEST_HOST, SMB_TEST_PORT,
SMB_TEST_USER and SMB_TEST_PASSWORD in its environment, and exits with its
status.
"""
import ctypes
import glob
import json
import os
import resource
import select
import shlex
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time

sys.dont_write_bytecode = True
HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, HERE)
from samba_config import FULL_AT, Config, option_parser  # noqa: E402

PATH = "/usr/sbin:/usr/bin:/sbin:/bin"
PR_SET_PDEATHSIG, PR_CAPBSET_DROP, PR_SET_CHILD_SUBREAPER = 1, 24, 36
CAP_NET_BIND_SERVICE, LAST_CAP = 10, 63
TCP_ESTABLISHED, TCP_LISTEN = "01", "0A"
NAME_SERVICE_PORT = 137
START_TRIES, START_SECONDS, WAIT_SECONDS = 5, 20, 30
LOG_LINES = 150

libc = ctypes.CDLL(None, use_errno=True)


class Failure(Exception):
    """What a command or the start could not do, for the user of the server."""


def wait_for(condition, what, seconds=WAIT_SECONDS):
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            raise Failure("no " + what + " within %d seconds" % seconds)
        time.sleep(0.005)


def connections(port):
    """(state, inode) of each TCP socket of this port on this machine; inode 0 is not accepted yet."""
    for table in ("/proc/net/tcp", "/proc/net/tcp6"):
        try:
            with open(table, encoding="ascii") as f:
                rows = [line.split() for line in f][1:]
        except OSError:  # no IPv6 here
            continue
        for row in rows:
            if int(row[1].rpartition(":")[2], 16) == port:
                yield row[3], int(row[9])


def udp_ports():
    with open("/proc/net/udp", encoding="ascii") as f:
        return [int(line.split()[1].rpartition(":")[2], 16) for line in list(f)[1:]]


def children(pid):
    for path in glob.glob("/proc/%d/task/*/children" % pid):
        try:
            with open(path, encoding="ascii") as f:
                yield from map(int, f.read().split())
        except OSError:
            pass


def descendants(pid):
    for child in list(children(pid)):
        yield child
        yield from descendants(child)


def sockets(pid):
    """The inodes of the sockets that a process has open."""
    for fd in glob.glob("/proc/%d/fd/*" % pid):
        try:
            target = os.readlink(fd)
        except OSError:
            continue
        if target.startswith("socket:["):
            yield int(target[len("socket:["):-1])


def is_stopped(pid):
    """Or has ended: that does nothing any more either."""
    try:
        with open("/proc/%d/stat" % pid, encoding="utf-8", errors="replace") as f:
            return f.read().rpartition(")")[2].split()[0] == "T"
    except (FileNotFoundError, ProcessLookupError):
        return True


def kill(pid, number):
    try:
        os.kill(pid, number)
    except ProcessLookupError:
        pass


def kill_descendants():
    """We are their subreaper: whatever smbd left alone, samba-dcerpcd for one, has become our child."""
    while True:
        for pid in descendants(os.getpid()):
            kill(pid, signal.SIGKILL)
        try:
            os.waitpid(-1, 0)
        except ChildProcessError:
            return


def base_folder():
    """Memory where there is enough of it: Samba syncs its databases."""
    if "TMPDIR" in os.environ or not os.access("/dev/shm", os.W_OK):
        return None
    space = os.statvfs("/dev/shm")
    return "/dev/shm" if space.f_bavail * space.f_frsize >= 1 << 30 else None


class Server:
    def __init__(self, options):
        self.options = options
        self.smbd = None
        self.reserved = None
        self.folder = tempfile.mkdtemp(prefix="smb-test.", dir=base_folder())
        self.config = Config(options, self.folder)

    # Starting and ending

    def start(self):
        self.config.write()
        self.reserve_port()
        for name, password in self.config.users.items():
            self.run(["smbpasswd", "-a", "-s", name], "%s\n%s\n" % (password, password))
        for left in reversed(range(START_TRIES)):
            try:
                self.start_smbd()
                return
            except Failure:
                kill_descendants()
                if left == 0 or self.options.port:
                    raise
                self.reserve_port()

    def reserve_port(self):
        """Keeps the port ours: nobody else is given a bound port, but smbd, which reuses addresses, may listen."""
        family = socket.AF_INET6 if ":" in self.options.address else socket.AF_INET
        self.reserved = socket.socket(family)
        self.reserved.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self.reserved.bind((self.options.address, self.options.port))
        self.port = self.reserved.getsockname()[1]
        self.config.write_conf(self.port)

    def start_smbd(self):
        with open(self.config.logs + "/output", "ab") as output:
            self.smbd = self.spawn(["smbd", "-F", "--no-process-group", "-l", self.config.logs],
                                   stdin=subprocess.DEVNULL, stdout=output, stderr=output)
        wait_for(self.ready, "smbd that is ready", START_SECONDS)
        if self.options.name_service:
            self.start_nmbd()

    def ready(self):
        """It listens before its notify daemon has registered, without which a tree connect fails."""
        if self.smbd.poll() is not None:
            raise Failure("smbd ended with %d" % self.smbd.returncode)
        return any(state == TCP_LISTEN for state, _ in connections(self.port)) and self.has_notify_daemon()

    def has_notify_daemon(self):
        try:
            with open(self.folder + "/lock/names.tdb", "rb") as f:
                return b"notify-daemon" in f.read()
        except FileNotFoundError:
            return False

    def start_nmbd(self):
        with open(self.config.logs + "/output", "ab") as output:
            nmbd = self.spawn(["nmbd", "-F", "--no-process-group", "-l", self.config.logs],
                              stdin=subprocess.DEVNULL, stdout=output, stderr=output)
        wait_for(lambda: nmbd.poll() is not None or NAME_SERVICE_PORT in udp_ports(), "nmbd that listens",
                 START_SECONDS)
        if nmbd.poll() is not None:
            raise Failure("nmbd ended with %d" % nmbd.returncode)

    def end(self):
        kill_descendants()
        shutil.rmtree(self.folder, ignore_errors=True)

    # Samba's programs

    def spawn(self, argv, **streams):
        """With a clean environment, the machine's files out of reach, and death at ours."""
        program = shutil.which(argv[0], path=PATH)
        if program is None:
            raise Failure("%s is not installed" % argv[0])
        with_conf = {"smbpasswd": ["-c", self.config.conf], "python3": []}
        argv = [program] + with_conf.get(argv[0], ["-s", self.config.conf]) + argv[1:]
        environment = dict(self.config.preload(), PATH=PATH, LC_ALL="C.UTF-8", TMPDIR=self.folder, HOME=self.folder)
        return subprocess.Popen(argv, env=environment, start_new_session=True, restore_signals=False, cwd="/",
                                preexec_fn=self.confine, **streams)

    def confine(self):
        """In the child, before it becomes Samba.

        Root without capabilities meets the permissions of files like anyone else, so that tests see
        the same whoever runs them.
        """
        os.umask(0o022)
        if os.geteuid() == 0:
            for capability in range(LAST_CAP + 1):
                if capability != CAP_NET_BIND_SERVICE:
                    libc.prctl(PR_CAPBSET_DROP, capability, 0, 0, 0)
        if self.options.full:
            # A write beyond the limit fails like one to a full disk; Python has left SIGXFSZ ignored.
            resource.setrlimit(resource.RLIMIT_FSIZE, (FULL_AT, FULL_AT))
        libc.prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)

    def run(self, argv, text=""):
        child = self.spawn(argv, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                           encoding="utf-8", errors="replace")
        output = child.communicate(text)[0]
        if child.returncode != 0:
            raise Failure("%s: %s" % (" ".join(argv), output.strip()))
        return output

    # What it tells

    def description(self):
        user, password = next(iter(self.config.users.items()))
        table = {"host": self.options.address, "port": str(self.port), "user": user, "password": password,
                 "pid": str(os.getpid()), "conf": self.config.conf, "logs": self.config.logs}
        table.update(("user:" + name, secret) for name, secret in self.config.users.items())
        table.update(("share:" + name, self.config.share_dir(name)) for name in self.config.shares)
        return table

    def log(self):
        text = ""
        for path in sorted(glob.glob(self.config.logs + "/*")):
            if os.path.isfile(path) and os.path.getsize(path) > 0:
                with open(path, encoding="utf-8", errors="replace") as f:
                    lines = f.readlines()[-LOG_LINES:]
                text += "--- %s\n%s" % (os.path.basename(path), "".join(lines))
        return text

    # Clients

    def client_sockets(self):
        return [inode for state, inode in connections(self.port) if state == TCP_ESTABLISHED]

    def serving(self):
        """The processes that serve the connections there are; waits for those not accepted yet."""
        wait_for(lambda: 0 not in self.client_sockets(), "accepted connection")
        wanted = set(self.client_sockets())
        return [pid for pid in descendants(self.smbd.pid) if wanted.intersection(sockets(pid))]

    def signal_clients(self, number):
        pids = self.serving()
        for pid in pids:
            kill(pid, number)
        if number == signal.SIGKILL:
            wait_for(lambda: not set(pids).intersection(descendants(self.smbd.pid)), "end of the killed processes")
        if number == signal.SIGSTOP:
            wait_for(lambda: all(map(is_stopped, pids)), "stop of the processes")
        return {"count": str(len(pids))}

    def is_connected(self, share):
        return any(line.startswith(share + " ") for line in self.run(["smbstatus", "-S"]).splitlines())

    def open_files(self):
        return self.run(["smbstatus", "-L"]).strip()

    # Commands: each returns what its answer has besides the status, or None

    def do_close_share(self, name):
        if not self.is_connected(name):
            raise Failure("nobody is connected to the share " + name)
        self.run(["smbcontrol", "smbd", "close-share", name])  # which the processes tell each other in their own time
        wait_for(lambda: not self.is_connected(name), "end of the share's connections")

    def do_clients(self):
        return {"count": str(len(self.client_sockets()))}

    def do_wait_clients(self, count):
        wait_for(lambda: len(self.client_sockets()) == int(count), "%s clients" % count)

    def do_wait_closed(self):
        try:
            wait_for(lambda: self.open_files() == "No locked files", "end of all that is open")
        except Failure as failure:
            raise Failure("%s: %s" % (failure, self.open_files())) from failure

    def do_kill(self):
        return self.signal_clients(signal.SIGKILL)

    def do_stop(self):
        return self.signal_clients(signal.SIGSTOP)

    def do_cont(self):
        return self.signal_clients(signal.SIGCONT)

    def do_restart(self):
        kill_descendants()
        os.remove(self.folder + "/lock/names.tdb")  # names the processes that were
        self.start_smbd()

    def do_acl(self, share, path, rights):
        sids = {name: self.sid(name) for name in self.config.users if "{%s}" % name in rights}
        self.run(["python3", os.path.join(HERE, "samba_set_acl.py"), self.config.conf, share,
                  "%s/%s" % (self.config.share_dir(share), path), rights.format_map(sids)])

    def sid(self, user):
        for line in self.run(["pdbedit", "-v", user]).splitlines():
            if line.startswith("User SID:"):
                return line.split()[-1]
        raise Failure("no SID of " + user)

    def do_run(self, *argv):
        return {"output": self.run(list(argv))}

    def do_log(self):
        return {"log": self.log()}

    def answer(self, line):
        try:
            words = shlex.split(line)
            command = getattr(self, "do_" + words[0].replace("-", "_"), None) if words else None
            if command is None:
                raise Failure("unknown command: " + line)
            return dict(command(*words[1:]) or {}, status="ok")
        except (Failure, OSError, KeyError, TypeError, ValueError) as error:
            return {"status": "error", "message": str(error)}


class Input:
    """Lines of stdin, until it closes, our parent ends, or a signal comes."""

    def __init__(self):
        self.buffer = b""
        self.poll = select.poll()
        self.poll.register(0, select.POLLIN)
        try:
            self.poll.register(os.pidfd_open(os.getppid()), select.POLLIN)
        except OSError:  # it has ended already, or cannot be seen: stdin tells
            pass
        wake, signalled = os.pipe2(os.O_NONBLOCK | os.O_CLOEXEC)
        self.poll.register(wake, select.POLLIN)
        signal.set_wakeup_fd(signalled)
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            signal.signal(number, lambda *_: None)

    def lines(self):
        while True:
            while b"\n" in self.buffer:
                line, _, self.buffer = self.buffer.partition(b"\n")
                yield line.decode("utf-8")
            if [fd for fd, _ in self.poll.poll()] != [0]:
                return
            data = os.read(0, 65536)
            if not data:
                return
            self.buffer += data


def tell(table):
    print(json.dumps(table, ensure_ascii=False), flush=True)


def print_log(server, why):
    text = "private Samba: %s\n%s" % (why, server.log())
    sys.stderr.write("".join("# %s\n" % line for line in text.splitlines()))
    sys.stderr.flush()


def serve(server, lines):
    server.start()
    tell(server.description())
    for line in lines:
        if line.strip() == "quit":
            return
        tell(server.answer(line))
    print_log(server, "its user has gone")


def run_server(options):
    libc.prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
    if os.getpgrp() != os.getpid():
        os.setsid()  # what kills the tests' process group must not kill us before we have cleaned up
    lines = Input().lines()
    server = Server(options)
    try:
        serve(server, lines)
        return 0
    except BrokenPipeError:
        print_log(server, "its user has gone")
        return 1
    except (Failure, OSError) as error:
        print_log(server, str(error))
        return 1
    finally:
        server.end()


def run_program(options, program):
    from private_samba import Samba
    if not program or shutil.which(program[0]) is None:
        sys.exit("samba-server.py: cannot run %s" % " ".join(program or ["nothing"]))
    with Samba(*options) as server:
        status = subprocess.call(program, env=server.environment())
        if status != 0:
            server.print_log()
    return status if status >= 0 else 128 - status


def main(arguments):
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(encoding="utf-8", errors="backslashreplace")
    arguments = [os.fsencode(a).decode("utf-8") for a in arguments]
    parser = option_parser(__doc__)
    if "--exec" in arguments:
        at = arguments.index("--exec")
        parser.parse_args(arguments[:at])
        return run_program(arguments[:at], arguments[at + 1:])
    return run_server(parser.parse_args(arguments))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
