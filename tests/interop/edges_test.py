"""Where the program meets the shell: edges_test.py output | leaving | terminal.
What it prints may find no room and no reader, it may be told to leave while it waits, and the terminal may
be narrow."""
import json
import os
import pty
import re
import select
import signal
import subprocess
import sys
import time

import fakes
import metainfo
from clients import COTORRA
from desk import PATIENCE, Desk, is_waiting, run_test

PIECE_LENGTH = 16 << 10


def fill(desk):
    """A file, its .torrent, and another with so many pieces that showing them fills any pipe."""
    data, torrent = os.path.join(desk.path, "data.bin"), os.path.join(desk.path, "t.torrent")
    with open(data, "wb") as out:
        out.write(bytes(range(250)) * 1200)
    with open(os.path.join(desk.path, "long.bin"), "wb") as out:
        out.truncate(100 << 20)
    metainfo.write_torrent(torrent, data, "", PIECE_LENGTH)
    run(desk, ["create", "long.bin", "--piece-length", "16K", "-o", "long.torrent"], stdout=subprocess.PIPE)


def run(desk, words, **how):
    return subprocess.run([COTORRA, *words], cwd=desk.path, stdin=subprocess.DEVNULL, stderr=subprocess.PIPE,
                          text=True, timeout=PATIENCE, **how)


def start(desk, words, **how):
    return subprocess.Popen([COTORRA, *words], cwd=desk.path, stderr=subprocess.PIPE, text=True, **how)


def expect(name, done, status, said):
    assert done.returncode == status, f"{name}: status {done.returncode}; it said {done.stderr!r}"
    assert re.fullmatch(said, done.stderr), f"{name}: it said {done.stderr!r}, not {said!r}"


# ---- output

COMMANDS = [["--help"], ["--version"], ["create", "--help"], ["show", "t.torrent"],
            ["show", "--bytes", "long.torrent"], ["show", "--html", "t.torrent"], ["magnet", "t.torrent"],
            ["verify", "--map", "t.torrent", "."], ["create", "data.bin", "--force", "-o", "again.torrent"],
            ["download", "t.torrent", "-o", ".", "--listen", "127.0.0.1:0"]]
NO_READER = 141
GONE = "cotorra: the reader of the standard output has gone: leaving\n"
NOT_WRITTEN = "cotorra: the output could not be written: is the disk full\\?\n"


def output():
    with Desk() as desk:
        fill(desk)
        for words in COMMANDS:
            name = " ".join(words)
            with open("/dev/full", "w") as full:
                expect(name + " > /dev/full", run(desk, words, stdout=full), 1, NOT_WRITTEN)
            expect(name + " >&-", run(desk, words, preexec_fn=lambda: os.close(1)), 1, NOT_WRITTEN)
            shut = run(desk, words, preexec_fn=lambda: (os.close(0), os.close(1), os.close(2)))
            expect(name + " <&- >&- 2>&-", shut, 1, "")
            reader, writer = os.pipe()
            os.close(reader)
            left = run(desk, words, stdout=writer)
            os.close(writer)
            expect(name + " | true", left, NO_READER, f"({GONE}(.|\\n)*)?" if words[0] == "download" else "")
        reader_leaves(desk)
        status_is_told_once(desk)


def reader_leaves(desk):
    """... | head -1, with programs that go on running and print nothing until their end."""
    for words in (["tracker"], ["serve", "."]):
        ours = start(desk, words + ["--listen", "127.0.0.1:0"], stdout=subprocess.PIPE)
        assert ours.stdout.readline().strip()
        ours.stdout.close()
        ours.send_signal(signal.SIGINT)
        said = ours.stderr.read()
        assert ours.wait(PATIENCE) == NO_READER and said == "", f"{words}: status {ours.returncode}, and it said {said!r}"


def status_is_told_once(desk):
    """Nothing happens to a seeder without peers: its log must not grow."""
    words = ["seed", "t.torrent", ".", "--json", "--listen", "127.0.0.1:0"]
    ours = start(desk, words, stdout=subprocess.PIPE)
    seeds = lambda fact: fact["event"] == "status" and fact["state"] == "seeding"
    while not seeds(json.loads(ours.stdout.readline())):
        pass
    time.sleep(3)                                           # three looks at what has not changed
    ours.send_signal(signal.SIGINT)
    told = [json.loads(line) for line in ours.communicate(timeout=PATIENCE)[0].splitlines()]
    again = [fact for fact in told if seeds(fact)]
    assert not again, f"told again: {again}"


# ---- leaving

def leaving():
    """Ctrl-C while it waits for a silent party: status 130, and no message."""
    with Desk() as desk:
        fill(desk)
        os.mkfifo(os.path.join(desk.path, "pipe"))
        silent = f"127.0.0.1:{fakes.serve(fakes.hang)}"
        waits = [["download", f"http://{silent}/x.torrent"], ["announce", "t.torrent", "--tracker",
                 f"http://{silent}/announce"], ["handshake", silent, "t.torrent"]]
        for source in ("pipe", "-"):
            waits += [["download", source], ["announce", source], ["show", source], ["magnet", source],
                      ["verify", source, "."], ["seed", source, "."]]
        for words in waits:
            ours = start(desk, words, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
            time.sleep(0.5)
            desk.wait(f"{words} to wait", lambda: is_waiting(ours.pid))
            ours.send_signal(signal.SIGINT)
            try:
                status = ours.wait(PATIENCE)                # what does not heed it never ends, or says something
            except subprocess.TimeoutExpired:
                ours.kill()
                raise AssertionError(f"{words}: it did not heed SIGINT") from None
            said = ours.stderr.read()
            assert status in (130, -signal.SIGINT) and said == "", f"{words}: {status}, it said {said!r}"


# ---- terminal

def on_terminal(desk, words, columns, enough):
    """Runs it on a terminal, presses Ctrl-C when it has shown enough; its status and all that it wrote. A terminal
    shows the key itself, and throws away what it has not yet shown, be it half a line: this one does neither."""
    pid, screen = pty.fork()
    if pid == 0:
        os.chdir(desk.path)
        narrow = f'stty cols {columns} rows 24 -echo noflsh; exec "$0" "$@"'
        os.execvp("env", ["env", "LC_ALL=C", "sh", "-c", narrow, COTORRA, *words])
    text, began, pressed = "", time.monotonic(), False
    while time.monotonic() < began + PATIENCE:
        if not select.select([screen], [], [], 1)[0]:
            continue
        try:
            got = os.read(screen, 65536)
        except OSError:                                     # it has left
            break
        text += got.decode()
        if not pressed and enough(text):
            os.write(screen, b"\x03")
            pressed = True
    os.close(screen)
    assert pressed, f"{words} never showed it: {text!r}"
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]), text


def terminal():
    """20 columns: the status line never wraps."""
    with Desk() as desk:
        fill(desk)
        with open(os.path.join(desk.path, "large.bin"), "wb") as out:
            out.truncate(1 << 40)                           # sparse; no machine hashes it to the end
        for words, line in ((["create", "large.bin", "-o", "large.torrent"], "\rhashing: "),
                            (["download", "long.torrent", "-o", "got", "--listen", "127.0.0.1:0"],
                             "\rdownloading ")):
            status, text = on_terminal(desk, words, 20, lambda text: text.count(line) > 1)
            shown = re.findall(r"\r([^\r\n\x1b]*)\x1b\[K", text)
            assert status == 130, f"{words}: status {status}; it wrote {text!r}"
            assert shown and all(len(one) < 20 for one in shown), f"{words} wrote {shown}"
            assert not os.path.exists(os.path.join(desk.path, "large.torrent"))
            left = [name for name in os.listdir(desk.path) if name.endswith(".part")]
            assert not left, f"it left {left}"


if __name__ == "__main__":
    sys.exit(run_test({"output": output, "leaving": leaving, "terminal": terminal}[sys.argv[1]]))
