"""The program and its terminal, its readers and its signals:
terminal_test.py keys | background | hangup | stalled | reader | closed | memory.
All wait for words or states, with a limit that no machine reaches."""
import fcntl
import json
import os
import pty
import re
import resource
import select
import shutil
import signal
import socket
import subprocess
import sys
import termios
import time

import fakes
import metainfo
from clients import COTORRA
from desk import Desk, TestFailed, free_port, run_test

PATIENCE = 90                                               # seconds
HERE = ["--listen", "127.0.0.1:0"]
INTERRUPTED, NO_READER = 130, 141


def fill(desk, announce="", size=300_000):
    """data.bin and t.torrent, and an empty folder to download into."""
    with open(os.path.join(desk.path, "data.bin"), "wb") as out:
        out.write(bytes(range(250)) * (size // 250))
    metainfo.write_torrent(os.path.join(desk.path, "t.torrent"), os.path.join(desk.path, "data.bin"), announce, 16 << 10)
    desk.folder("got")


DOWNLOAD = ["download", "t.torrent", "-o", "got", *HERE]
SEED = ["seed", "t.torrent", ".", *HERE]


class Screen:
    """A program on a terminal of its own, with a shell before it or not."""

    def __init__(self, desk, words):
        self.text, self.seen = "", 0
        self.pid, self.screen = pty.fork()
        if self.pid == 0:
            os.chdir(desk.path)
            os.execvpe(words[0], words, dict(os.environ, PS1="READY> ", LC_ALL="C", COTORRA=COTORRA))
        self.status = None

    def read(self, seconds):
        """What comes in this time; False when the terminal has been left by all."""
        if select.select([self.screen], [], [], seconds)[0]:
            try:
                self.text += os.read(self.screen, 65536).decode(errors="replace")
            except OSError:
                return False
        return True

    def wait(self, words):
        """Until the words come, behind those that were waited for before."""
        end = time.monotonic() + PATIENCE
        while not (found := re.compile(words).search(self.text, self.seen)):
            if not self.read(0.2) and not re.compile(words).search(self.text, self.seen):
                raise TestFailed(f"it ended without {words!r}: {self.text!r}")
            if time.monotonic() > end:
                raise TestFailed(f"waited for {words!r} behind {self.text[self.seen:]!r} of {self.text!r}")
        self.seen = found.end()
        return found

    def press(self, keys):
        os.write(self.screen, keys.encode())

    def mode(self, flag):
        return bool(termios.tcgetattr(self.screen)[3] & flag)

    def end(self):
        while self.read(PATIENCE):
            pass
        self.status = os.waitstatus_to_exitcode(os.waitpid(self.pid, 0)[1])
        os.close(self.screen)
        return self.status


def wait_for(what, condition):
    end = time.monotonic() + PATIENCE
    while not condition():
        if time.monotonic() > end:
            raise TestFailed(f"waited for: {what}")
        time.sleep(0.05)


def started(desk, words, **how):
    return subprocess.Popen([COTORRA, *words], cwd=desk.path, **{"stdin": subprocess.DEVNULL, **how})


def end_of(process):
    try:
        return process.wait(PATIENCE)
    except subprocess.TimeoutExpired:
        process.kill()
        raise TestFailed(f"{process.args}: it did not end") from None


def state_of(pid):
    with open(f"/proc/{pid}/stat") as stat:
        return stat.read().rpartition(")")[2].split()[0]


def child_of(pid):
    """The pid of the program that this shell has started."""
    for task in os.listdir("/proc"):
        if not task.isdigit():
            continue
        try:
            with open(f"/proc/{task}/stat") as stat:
                parent = int(stat.read().rpartition(")")[2].split()[1])
            if parent == pid and os.path.basename(os.readlink(f"/proc/{task}/exe")) == os.path.basename(COTORRA):
                return int(task)
        except OSError:
            pass
    raise TestFailed("the shell has not started it")


# ---- keys

def keys():
    with Desk() as desk:
        fill(desk)
        of_download(desk)
        of_cancel(desk)
        of_seed(desk)
        of_servers(desk)
        flags_stay(desk)


def of_download(desk):
    ours = Screen(desk, [COTORRA, *DOWNLOAD])
    ours.wait("\rdownloading ")
    ours.press("s")
    ours.wait("state +downloading\r\n")
    ours.press("p")
    paused = ours.wait("\rpaused[^\r]*").group()
    assert "ETA" not in paused, f"paused, and it tells when it will be done: {paused!r}"
    ours.press("r")
    ours.wait("\rdownloading ")
    ours.press("?")
    ours.wait("keys: p pause")
    ours.press("Q")
    ours.wait("stopped at 0.0 %")
    assert ours.end() == INTERRUPTED, ours.status


def of_cancel(desk):
    """c removes the torrents that are not complete, and the run goes on with what there is."""
    inbox = desk.folder("inbox")
    shutil.copy(os.path.join(desk.path, "t.torrent"), inbox)
    ours = Screen(desk, [COTORRA, "download", "--watch", "inbox", "-o", "got", *HERE])
    ours.wait("\rdownloading ")
    ours.press("c")
    ours.wait("data.bin: cancelled at 0.0 %; the pieces that are here stay on the disk")
    with open(os.path.join(desk.path, "later.bin"), "wb") as out:
        out.write(b"later")
    metainfo.write_torrent(os.path.join(inbox, "later.torrent"), os.path.join(desk.path, "later.bin"), "", 16 << 10)
    ours.wait("later.bin: 5 bytes in 1 file")
    ours.press("c")
    ours.wait("later.bin: cancelled")
    ours.press("pr")  # nothing is left to pause
    os.utime(os.path.join(inbox, "t.torrent"), (1, 1))
    ours.wait("data.bin: [^\r]* in 1 file")
    ours.wait("\rdownloading ")
    ours.press("p")
    ours.wait("\rpaused")
    ours.press("q")
    assert ours.end() == INTERRUPTED, ours.status
    ours = Screen(desk, [COTORRA, *DOWNLOAD])
    ours.wait("\rdownloading ")
    ours.press("c")
    ours.wait("data.bin: cancelled at 0.0 %")
    assert ours.end() == INTERRUPTED, ours.status


def of_seed(desk):
    ours = Screen(desk, [COTORRA, *SEED])
    before = ours.wait(r"(?s).*?seeding: data.bin").group()
    ours.wait("\rseeding ")
    last_line = before.rpartition("\n")[2]
    assert "checking" not in last_line.rpartition("\x1b[K")[2], f"over its own status line: {last_line!r}"
    ours.press("s")
    before = ours.wait(r"(?s).*?state ").group()
    assert not before.rpartition("\x1b[K")[2].strip(" state\r\n"), f"over its own status line: {before!r}"
    ours.press("q")
    ours.wait("shared: 0 bytes")
    assert ours.end() == 0, ours.status


def of_servers(desk):
    for words, first in ((["tracker"], "tracker: http://"), (["serve", "."], "web: http://")):
        ours = Screen(desk, [COTORRA, *words, *HERE])
        ours.wait(first)
        ours.press("x")
        ours.wait("keys: q quit")
        ours.press("q")
        assert ours.end() == 0, f"{words}: {ours.text!r}"


def flags_stay(desk):
    """The program does not make descriptors non-blocking that it shares with its shell."""
    screen, inside = pty.openpty()
    ours = subprocess.Popen([COTORRA, *DOWNLOAD], cwd=desk.path, stdin=inside, stdout=inside, stderr=inside,
                            start_new_session=True, preexec_fn=lambda: fcntl.ioctl(0, termios.TIOCSCTTY, 0))
    blocks = lambda: not fcntl.fcntl(inside, fcntl.F_GETFL) & os.O_NONBLOCK
    text = b""
    while b"\rdownloading " not in text:
        text += os.read(screen, 65536)
    assert blocks(), "while it runs, the terminal does not block"
    os.write(screen, b"q")
    while b"stopped" not in text:
        text += os.read(screen, 65536)
    assert end_of(ours) == INTERRUPTED
    assert blocks(), "it left a terminal that does not block"
    mode = termios.tcgetattr(inside)[3]
    assert mode & termios.ICANON and mode & termios.ECHO, "it left the terminal without its line editing"


# ---- background

def background():
    shells = [shell for shell in (["bash", "--norc", "--noprofile", "-i"], ["dash", "-i"]) if shutil.which(shell[0])]
    for shell in shells:
        with Desk() as desk:
            fill(desk)
            to_and_fro(desk, shell)


def to_and_fro(desk, shell):
    ours = Screen(desk, shell)
    ours.wait("READY> ")
    ours.press(f'"$COTORRA" {" ".join(DOWNLOAD)} 2>said\n')
    ours.wait("info_hash [0-9a-f]{40}")
    wait_for("its keys", lambda: not ours.mode(termios.ICANON))
    pid = child_of(ours.pid)
    ours.press("\x1a")
    wait_for("it to stop", lambda: state_of(pid) == "T")
    ours.wait("READY> ")
    ours.press("stty -a | tr ' ' '\\n' | grep -E '^-?(icanon|echo);?$' | tr '\\n' ,; echo mo''des\n")
    modes = ours.wait(r"(?s)([a-z-]+,[a-z-]+,)modes").group(1)
    assert "-" not in modes or shell[0] == "bash", f"the shell has a terminal with {modes}"
    ours.wait("READY> ")
    ours.press("bg\n")
    ours.wait("READY> ")
    for n in range(3):                                      # keys of the shell, all of them
        ours.press(f"echo one''{n} sp''q\n")
        ours.wait(f"one{n} spq")
    assert state_of(pid) != "T", "in the background, keys for the shell stopped it"
    ours.wait("READY> ")
    ours.press("fg\n")
    wait_for("its keys again", lambda: not ours.mode(termios.ICANON))
    ours.press("s")
    ours.wait("state +downloading")
    ours.press("q")
    ours.wait("READY> ")
    ours.press("exit\n")
    ours.end()
    with open(os.path.join(desk.path, "said")) as said:
        assert "stopped at 0.0 %" in said.read()


# ---- hangup

def hangup():
    with Desk() as desk:
        asked = []
        fill(desk, f"http://127.0.0.1:{fakes.serve(noting_tracker(asked))}/announce")
        told = [goodbye(desk, asked, ask) for ask in (signal.SIGTERM, signal.SIGHUP)]
        assert told[0] == told[1], f"SIGTERM: {told[0]}, SIGHUP: {told[1]}"
        terminal_goes(desk, asked)
        terminal_goes_unheeded(desk)


def noting_tracker(asked):
    def talk(connection):
        request = b""
        while b"\r\n\r\n" not in request:
            part = connection.recv(65536)
            if not part:
                return
            request += part
        found = re.search(rb"event=([a-z]+)", request)
        asked.append(found.group(1).decode() if found else "none")
        connection.sendall(fakes.answer(200, b"d8:intervali1800e5:peers0:e"))
    return talk


def goodbye(desk, asked, ask):
    asked.clear()
    ours = started(desk, DOWNLOAD, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    wait_for("the first announce", lambda: "started" in asked)
    ours.send_signal(ask)
    status, said = end_of(ours), ours.stderr.read()
    assert status == INTERRUPTED, f"{ask.name}: status {status}, it said {said!r}"
    return asked[-1], said.splitlines()[-1]


def terminal_goes(desk, asked):
    """The window is closed: the same as SIGTERM, but no reader gets the last words."""
    asked.clear()
    ours = Screen(desk, [COTORRA, *DOWNLOAD])
    ours.wait("\rdownloading ")
    wait_for("the first announce", lambda: "started" in asked)
    os.close(ours.screen)
    wait_for("the goodbye", lambda: "stopped" in asked)
    assert os.waitstatus_to_exitcode(os.waitpid(ours.pid, 0)[1]) in (INTERRUPTED, 1)


def terminal_goes_unheeded(desk):
    """With nohup, it goes on without a terminal, and ends in order when it is told to."""
    ours = Screen(desk, ["sh", "-c", f'trap "" HUP; exec "$COTORRA" {" ".join(SEED)} >said 2>&1'])
    said = os.path.join(desk.path, "said")
    wait_for("it to share", lambda: os.path.exists(said) and "seeding: " in open(said).read())
    os.close(ours.screen)
    time.sleep(1)                                           # time to fail; it needs none to be right
    assert os.waitpid(ours.pid, os.WNOHANG)[0] == 0, f"it ended: {open(said).read()}"
    os.kill(ours.pid, signal.SIGTERM)
    status = os.waitstatus_to_exitcode(os.waitpid(ours.pid, 0)[1])
    assert status == 0 and "shared: 0 bytes" in open(said).read(), f"{status}: {open(said).read()}"


# ---- stalled

def full_pipe():
    """Its writer end takes nothing until the test reads."""
    reader, writer = os.pipe()
    os.set_blocking(writer, False)
    for part in (65536, 1):
        try:
            while True:
                os.write(writer, b"\n" * part)
        except BlockingIOError:
            pass
    os.set_blocking(writer, True)
    return reader, writer


def stalled():
    with Desk() as desk:
        fill(desk, size=3_000_000)
        shares_and_is_told_to_end(desk, twice=False)
        shares_and_is_told_to_end(desk, twice=True)
        says_all_in_the_end(desk)
        terminal_stands_still(desk)


def seed_into(desk, output, **how):
    port = free_port()
    words = ["seed", "t.torrent", ".", "--json", "--listen", f"127.0.0.1:{port}"]
    return port, started(desk, words, stdout=output, **how)


def fetch_from(desk, port, folder):
    """A whole download from there, which says that its engine does not stand still."""
    ours = started(desk, ["download", "t.torrent", "-o", folder, *HERE, "--peer", f"127.0.0.1:{port}"],
                   stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    assert end_of(ours) == 0, ours.stdout.read()


def shares_and_is_told_to_end(desk, twice):
    reader, writer = full_pipe()
    port, ours = seed_into(desk, writer, stderr=subprocess.DEVNULL)
    os.close(writer)
    fetch_from(desk, port, f"got-{twice}")
    ours.send_signal(signal.SIGINT)
    if twice:
        time.sleep(0.3)
        ours.send_signal(signal.SIGINT)
    assert end_of(ours) == INTERRUPTED, ours.returncode      # what it had to say has no place
    os.close(reader)


def says_all_in_the_end(desk):
    """Status lines may be left out, facts not: each comes, once the reader reads."""
    reader, writer = full_pipe()
    port, ours = seed_into(desk, writer, stderr=subprocess.DEVNULL)
    os.close(writer)
    fetch_from(desk, port, "got-late")
    said = b""
    while b"seeding" not in said:
        said += os.read(reader, 65536)
    ours.send_signal(signal.SIGTERM)
    while part := os.read(reader, 65536):
        said += part
    os.close(reader)
    assert end_of(ours) == 0, ours.returncode
    facts = [json.loads(line) for line in said.split(b"\n") if line]
    told = [fact["event"] for fact in facts if fact["event"] in ("seeding", "stopped")]
    assert told == ["seeding", "stopped"], facts


def terminal_stands_still(desk):
    """Ctrl-S, or a suspended ssh: the engine goes on, and so do its words afterwards."""
    screen, inside = pty.openpty()
    port = free_port()
    words = ["seed", "t.torrent", ".", "--listen", f"127.0.0.1:{port}"]
    ours = started(desk, words, stdout=inside, stderr=inside)
    fetch_from(desk, port, "got-before")
    os.close(inside)                                        # not read from now on, until it is full
    fetch_from(desk, port, "got-meanwhile")
    text = b""
    while text.count(b"\rseeding ") < 2:
        text += os.read(screen, 65536)
    ours.send_signal(signal.SIGINT)
    while b"shared: " not in text:
        text += os.read(screen, 65536)
    assert end_of(ours) == 0
    os.close(screen)


# ---- reader

def reader():
    """... --json | head -1: it ends, and says why."""
    with Desk() as desk:
        fill(desk)
        for words in (DOWNLOAD, SEED):
            ours = started(desk, [*words, "--json"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
            assert json.loads(ours.stdout.readline())
            ours.stdout.close()
            status, said = end_of(ours), ours.stderr.read()
            assert status == NO_READER, f"{words}: status {status}, it said {said!r}"
            assert said.startswith("cotorra: the reader of the standard output has gone: leaving\n"), said


# ---- closed

def closed():
    """No file of the program gets the numbers 0 to 2."""
    with Desk() as desk:
        fill(desk)
        for shut in ((1,), (0, 1), (0, 1, 2), (2,)):
            trace = os.path.join(desk.path, "trace-" + "".join(map(str, shut)))
            close = lambda: [os.close(fd) for fd in shut]
            port = free_port()
            seed = started(desk, ["seed", "t.torrent", ".", "--listen", f"127.0.0.1:{port}", "--trace", trace],
                           stdin=None, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, preexec_fn=close)
            fetch_from(desk, port, trace + "-got")
            seed.send_signal(signal.SIGINT)
            end_of(seed)
            with open(trace) as lines:
                events = [json.loads(line)["event"] for line in lines]
            assert "opened" in events, events


# ---- memory

def memory():
    """Under any limit it is done, or says in a sentence why not, and ends."""
    with Desk() as desk:
        fill(desk, size=3_000_000)
        if limited(desk, ["--version"], 1 << 10).returncode != 0:
            sys.exit(77)                                    # a sanitizer needs more
        port = free_port()
        seed = desk.start("seed", [COTORRA, "seed", os.path.join(desk.path, "t.torrent"), desk.path, "--listen",
                                   f"127.0.0.1:{port}"])
        fetch_from(desk, port, "got-all")
        ends = {}
        for mebibytes in (20, 24, 28, 32, 36, 40, 48, 64, 96, 256):
            ours = limited(desk, ["download", "t.torrent", "-o", f"got-{mebibytes}", *HERE, "--peer",
                                  f"127.0.0.1:{port}"], mebibytes)
            ends[mebibytes] = ours.returncode
            assert ours.returncode in (0, 1, 127), f"{mebibytes} MiB: {ours.returncode}, {ours.stderr!r}"
            if ours.returncode == 1:
                assert re.search("memory|resource", ours.stderr.lower()), f"{mebibytes} MiB: {ours.stderr!r}"
        assert ends[256] == 0, ends
        assert not seed.ended()


def limited(desk, words, mebibytes):
    limit = mebibytes << 20
    try:
        return subprocess.run([COTORRA, *words], cwd=desk.path, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                              stderr=subprocess.PIPE, text=True, timeout=PATIENCE,
                              preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_AS, (limit, limit)))
    except subprocess.TimeoutExpired as late:
        raise TestFailed(f"{mebibytes} MiB: it hangs: {late.stderr!r}") from None


if __name__ == "__main__":
    sys.exit(run_test({"keys": keys, "background": background, "hangup": hangup, "stalled": stalled, "reader": reader,
                       "closed": closed, "memory": memory}[sys.argv[1]]))
