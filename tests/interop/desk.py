"""A desk for a test with several programs: a network of its own, a folder, and the processes that it
starts and ends. Python 3 standard library, Linux."""
import ctypes
import fcntl
import os
import random
import shutil
import signal
import socket
import struct
import subprocess
import sys
import tempfile
import time

SKIPPED = 77                                    # what CTest takes for "did not run"
PATIENCE = 300                                  # seconds for what takes a few, where everything else runs as well


def own_network():
    """Starts this script again in a private network namespace with only loopback, if we may.
    Otherwise it stays on the machine's loopback, with free ports."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    os.environ.setdefault("COTORRA_LOCAL_ONLY", "1")  # also where no namespace can be had
    if os.environ.get("COTORRA_DESK"):
        bring_up_loopback()
        return
    for unshare in (["unshare", "-n"], ["unshare", "-n", "-r"]):
        if subprocess.run(unshare + ["true"], capture_output=True).returncode == 0:
            os.environ["COTORRA_DESK"] = "1"
            os.execvp("unshare", unshare + [sys.executable, "-B"] + sys.argv)


def bring_up_loopback():
    get_flags, set_flags, up = 0x8913, 0x8914, 1
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as any_socket:
        request = struct.pack("16sh14x", b"lo", 0)
        flags, = struct.unpack("16xh14x", fcntl.ioctl(any_socket, get_flags, request))
        fcntl.ioctl(any_socket, set_flags, struct.pack("16sh14x", b"lo", flags | up))


def free_port():
    """A port that is free now, and that neither the system, for an outgoing connection, nor another test on
    this network takes before our program does: it lies below the system's own range, and is ours until we end."""
    while True:
        port = random.randrange(10000, first_port_of_the_system())
        mark = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        try:
            mark.bind(f"\0cotorra-port-{port}")             # a name that the network has once
            for kind in (socket.SOCK_STREAM, socket.SOCK_DGRAM):
                with socket.socket(socket.AF_INET, kind) as probe:
                    probe.bind(("", port))
        except OSError:
            mark.close()
            continue
        free_port.ours.append(mark)
        return port


free_port.ours = []


def first_port_of_the_system():
    """The first of the ports from which the system chooses one for a program that names none."""
    try:
        with open("/proc/sys/net/ipv4/ip_local_port_range", encoding="ascii") as text:
            first = int(text.read().split()[0])
    except OSError:
        first = 32768
    return first if first > 12000 else 65536                # no room below: above there is chance


def has_address(host):
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        try:
            probe.bind((host, 0))
            return True
        except OSError:
            return False


def listening(port):
    """Read from /proc, so that the listener sees no connection."""
    for table in ("/proc/net/tcp", "/proc/net/tcp6"):
        try:
            with open(table) as lines:
                if any(line.split()[3] == "0A" and line.split()[1].endswith(f":{port:04X}") for line in lines):
                    return True
        except OSError:
            pass
    return False


def is_waiting(pid):
    """Is the process, after it has begun, in the middle of a wait? Only what it has to do can make it run again."""
    try:
        with open(f"/proc/{pid}/stat", encoding="utf-8", errors="replace") as text:
            return text.read().rpartition(")")[2].split()[0] == "S"
    except OSError:
        return False


def note(text):
    """Printed for the user who runs the tests, even if all of them pass."""
    print(text, flush=True)
    if os.environ.get("COTORRA_NOTES"):
        with open(os.environ["COTORRA_NOTES"], "a") as notes:
            notes.write(text + "\n")


class TestFailed(Exception):
    pass


class Process:
    def __init__(self, name, command, log, env=None):
        self.name, self.log = name, log
        with open(log, "wb") as out:
            self.popen = subprocess.Popen(
                [str(word) for word in command], stdin=subprocess.DEVNULL, stdout=out,
                stderr=subprocess.STDOUT, start_new_session=True, preexec_fn=self._die_with_parent,
                env=dict(os.environ, **(env or {})))

    @staticmethod
    def _die_with_parent():
        ctypes.CDLL(None).prctl(1, signal.SIGKILL)          # PR_SET_PDEATHSIG

    def ended(self):
        return self.popen.poll() is not None

    def stop(self, grace=10):
        """SIGTERM, later SIGKILL, to the group that we started; its exit status."""
        for order, patience in ((signal.SIGTERM, grace), (signal.SIGKILL, 5)):
            if self.ended():
                break
            try:
                os.killpg(self.popen.pid, order)
                self.popen.wait(patience)
            except (ProcessLookupError, subprocess.TimeoutExpired):
                pass
        return self.popen.poll()

    def text(self):
        with open(self.log, errors="replace") as lines:
            return lines.read()


class Desk:
    """with Desk() as desk: ... the folder desk.path, and desk.start(name, command)."""

    def __init__(self, seconds=PATIENCE):
        self.deadline = time.monotonic() + seconds
        self.processes = []

    def __enter__(self):
        self.path = tempfile.mkdtemp(prefix="cotorra-")
        os.chmod(self.path, 0o755)                          # opentracker becomes `nobody`
        return self

    def __exit__(self, kind, error, _):
        for process in reversed(self.processes):
            process.stop()
        if kind:
            for process in self.processes:
                print(f"--- the end of what {process.name} said (exit status {process.popen.poll()}):")
                print("\n".join(process.text().splitlines()[-25:]), flush=True)
        shutil.rmtree(self.path, ignore_errors=True)

    def folder(self, name):
        path = os.path.join(self.path, name)
        os.makedirs(path, exist_ok=True)
        return path

    def start(self, name, command, env=None):
        process = Process(name, command, os.path.join(self.path, f"log-{len(self.processes)}"), env)
        self.processes.append(process)
        return process

    def wait(self, what, condition, needs=(), step=0.05):
        """Until `condition` holds. Fails at the desk's deadline, or when a process in `needs` ends."""
        while not condition():
            for process in needs:
                if process.ended() and not condition():
                    raise TestFailed(f"{process.name} ended while the test waited for: {what}")
            if time.monotonic() > self.deadline:
                raise TestFailed(f"too slow: waited for: {what}")
            time.sleep(step)

    def finish(self, process, expected=0):
        """Waits for its own end, and for this exit status."""
        self.wait(f"the end of {process.name}", process.ended)
        if process.popen.returncode != expected:
            raise TestFailed(f"{process.name} ended with status {process.popen.returncode}, not {expected}")


def same(one, other, empty_files=True):
    """Fails unless both hold the same names and bytes, save empty files if these do not count."""
    def contents(path):
        if os.path.isfile(path):
            return {"": path}
        return {os.path.relpath(os.path.join(folder, name), path): os.path.join(folder, name)
                for folder, _, names in os.walk(path) for name in names
                if empty_files or os.path.getsize(os.path.join(folder, name))}
    a, b = contents(one), contents(other)
    if sorted(a) != sorted(b):
        raise TestFailed(f"only on one side: {sorted(set(a) ^ set(b))}")
    for name in a:
        with open(a[name], "rb") as x, open(b[name], "rb") as y:
            if x.read() != y.read():
                raise TestFailed(f"the bytes of {name or one} differ")


def run_test(test, *words):
    """The exit status that CTest understands."""
    own_network()
    try:
        test(*words)
    except (TestFailed, AssertionError) as failure:
        print("FAILED:", failure, flush=True)
        return 1
    return 0
