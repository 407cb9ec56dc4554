"""What the program says to bad input: bad_input_test.py words | trackers | peers | waiting.
Each case is a command, its exit status, and one sentence on standard error."""
import hashlib
import os
import random
import re
import signal
import socket
import subprocess
import sys
import threading
import time

import fakes
import metainfo
from clients import COTORRA
from desk import PATIENCE, Desk, TestFailed, free_port, run_test

PIECE_LENGTH = 16 << 10
STATUS_LINE = re.compile(r"(checking files|downloading|finished|seeding)  ")


def fill(desk):
    """Files for the commands, in the desk's folder."""
    made = desk.folder("in")
    put = lambda name, data: open(os.path.join(made, name), "wb").write(data)
    put("data.bin", random.Random(1).randbytes(300_000))
    data, torrent = os.path.join(made, "data.bin"), os.path.join(made, "t.torrent")
    metainfo.write_torrent(torrent, data, "http://127.0.0.1:1/announce", PIECE_LENGTH)
    with open(torrent, "rb") as file:
        good = file.read()
    put("cut.torrent", good[:200])
    put("noise.torrent", random.Random(2).randbytes(5000))
    put("empty.torrent", b"")
    put("page.torrent", b"<!DOCTYPE html><html>please log in</html>")
    put("huge.torrent", b"d" + b"0" * (11 << 20))
    put("up.torrent", good.replace(b"8:data.bin", b"8:../../.."))
    put("deep.torrent", b"l" * 1_000_000)
    return made


def snapshot(folder):
    return {os.path.join(where, name): hashlib.sha1(open(os.path.join(where, name), "rb").read()).digest()
            for where, _, names in os.walk(folder) for name in names}


class Case:
    """A command that should end by itself."""

    def __init__(self, name, command, sentence, status=1):
        self.name, self.command, self.sentence, self.status = name, command, sentence, status
        self.trouble = "it did not run"

    def run(self, cwd):
        try:
            done = subprocess.run([COTORRA, *map(str, self.command)], stdin=subprocess.DEVNULL, cwd=cwd,
                                  capture_output=True, timeout=PATIENCE)
            self.trouble = self.judge(done.returncode, done.stderr.decode(errors="replace"))
        except subprocess.TimeoutExpired:
            self.trouble = f"it did not end within {PATIENCE} s"

    def judge(self, status, said):
        if status != self.status:
            return f"status {status}, not {self.status}; it said: {said[:300]!r}"
        lines = [line for line in said.splitlines() if not STATUS_LINE.match(line)]
        if len(lines) == 2 and self.status == 2 and lines[1].startswith("Try: "):
            lines.pop()
        if len(lines) != 1 or len(lines[0]) > 500 or not lines[0].isprintable():
            return f"not one sentence: {said[:600]!r}"
        if not re.search(self.sentence, lines[0]):
            return f"it said {lines[0]!r}, not {self.sentence!r}"
        return None


def run_all(desk, cases):
    """Runs all at the same time, since most only wait; then prints each one that failed."""
    before, cwd = snapshot(os.path.join(desk.path, "in")), desk.folder("here")
    threads = [threading.Thread(target=case.run, args=(cwd,)) for case in cases]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    failed = [f"{case.name}: {case.trouble}" for case in cases if case.trouble]
    assert not failed, "\n  " + "\n  ".join(failed)
    assert snapshot(os.path.join(desk.path, "in")) == before, "a command changed its input"
    print(f"{len(cases)} cases, each with one sentence")


# ---- words, files and places

def words():
    with Desk() as desk:
        made = fill(desk)
        here = lambda name: os.path.join(made, name)
        bad = lambda name, sentence: Case(name, ["show", here(name)], re.escape(name) + ".*" + sentence)
        get = lambda name, words, sentence, status=1: Case(name, ["download", *words], sentence, status)
        good, data, busy = here("t.torrent"), here("data.bin"), socket.create_server(("127.0.0.1", 0))
        taken = busy.getsockname()[1]
        cases = [get(f"download {name}", [here(name)], re.escape(name) + ": .")
                 for name in ("cut.torrent", "noise.torrent", "empty.torrent", "page.torrent",
                              "huge.torrent", "deep.torrent")]
        cases += [
            Case("verify of a cut .torrent", ["verify", here("cut.torrent"), data], r"cut\.torrent: ."),
            Case("seed of noise", ["seed", here("noise.torrent"), data], r"noise\.torrent: ."),
            get("no such .torrent", [here("none.torrent")], "there is no such file"),
            get("a folder as .torrent", [made], "is a folder"),
            get("magnet link", ["magnet:?xt=urn:btih:" + "0" * 40], "."),
            Case("unknown verb", ["dowload", good], "download", 2),
            Case("no verb", [], "say what to do", 2),
            get("unknown option", [good, "--frobnicate"], "--frobnicate", 2),
            get("no .torrent named", [], ".", 2),
            get("a second torrent that is not there", [good, here("more")], "more"),
            get("a peer that is none", [good, "--peer", "here"], "here", 2),
            get("a limit that is none", [good, "--down-limit", "fast"], "fast", 2),
            get("a file that is not in it", [good, "--select", "99"], "99", 2),
            get("a port that is taken", [good, "--listen", f"127.0.0.1:{taken}"], f"127.0.0.1:{taken}"),
            get("a port out of range", [good, "--listen", "70000"], "70000", 2),
            get("a file as the target", [good, "-o", data, "--listen", f"127.0.0.1:{free_port()}"], "data.bin"),
            get("a target below a file", [good, "-o", data + "/x", "--listen", f"127.0.0.1:{free_port()}"], "data.bin"),
            get("a target that cannot be written", [good, "-o", "/proc/self/here", "--listen",
                                                    f"127.0.0.1:{free_port()}"], "/proc/self/here"),
            Case("seed of nothing", ["seed", good, here("none")], "no such file"),
            Case("verify of nothing", ["verify", good, here("none")], "no such file"),
            Case("create of nothing", ["create", here("none"), "-o", here("x.torrent")], "no such file"),
            Case("create over a file", ["create", data, "-o", good], "exists already"),
            Case("create over what it reads", ["create", data, "-o", data, "--force"], "is the file to read"),
            Case("create in what it reads", ["create", made, "-o", here("x"), "--force"], "is inside the folder"),
            Case("create in a year to come", ["create", data, "--creation-date", "9" * 20], "9" * 20, 2),
            Case("a name with nothing in it", ["create", data, "--name", ""], "--name", 2),
            Case("create with odd pieces", ["create", data, "-o", here("x.torrent"), "--piece-length", "17K"],
                 "17K", 2),
            Case("create into no folder", ["create", data, "-o", here("no/x.torrent")], "no such folder"),
            Case("create for no tracker", ["create", data, "-o", here("x.torrent"), "-a", "tracker"], "tracker", 2),
            Case("a hash that is none", ["handshake", "127.0.0.1:1", "xyz"], "xyz", 2),
        ]
        run_all(desk, cases)


# ---- trackers

def trackers():
    with Desk() as desk:
        good, site, gone = os.path.join(fill(desk), "t.torrent"), fakes.web(), fakes.refused_port()
        ask = lambda name, url, sentence: Case(name, ["announce", good, "--tracker", url],
                                               re.escape(url) + ".*" + sentence)
        page = lambda name, sentence: ask(name, f"{site}/{name}", sentence)
        cases = [
            page("html", "."), page("404", "404"), page("500", "500"), page("empty", "."), page("cut", "."),
            page("failure", "unregistered torrent"), page("loop", "redirected us more than"),
            page("nowhere", "nowhere"), page("other-scheme", "127.0.0.1:443"), page("huge", "."), page("not-http", "."),
            page("closes", "ended before an answer"), page("drip", "."), page("hang", "."),
            ask("refused", f"http://127.0.0.1:{gone}/announce", "refused"),
            ask("no such name", "http://tracker.invalid/announce", "tracker.invalid leads to no address"),
            ask("udp", "udp://127.0.0.1:1/announce", "no answer over UDP from 127.0.0.1:1 to 2 packets"),
            Case("no URL", ["announce", good, "--tracker", "tracker"], "tracker", 2),
            Case("another scheme", ["announce", good, "--tracker", "wss://127.0.0.1:1/announce"], "neither with http://", 2),
            Case("a .torrent at 404", ["download", f"{site}/404"], "404"),
            Case("a page for a .torrent", ["download", f"{site}/html"], re.escape(f"{site}/html") + ": ."),
            Case("a .torrent too large", ["download", f"{site}/huge"], re.escape(f"{site}/huge") + ": ."),
            Case("a .torrent nowhere", ["download", f"http://127.0.0.1:{gone}/x.torrent"], "refused"),
        ]
        run_all(desk, cases)


# ---- peers

def peers():
    with Desk() as desk:
        made = fill(desk)
        good, data = os.path.join(made, "t.torrent"), os.path.join(made, "data.bin")
        ask = lambda name, talk, sentence: Case(
            name, ["handshake", f"127.0.0.1:{fakes.serve(talk)}", good], r"127\.0\.0\.1:\d+: .*" + sentence)
        run_all(desk, [
            ask("another torrent", fakes.wrong_hash, "."), ask("a web server", fakes.web_server, "BitTorrent"),
            ask("our own peer id", fakes.echo, "ourselves|own peer|peer_id|peer id"),
            ask("closes", fakes.closes, "."), ask("silent", fakes.hang, "10 seconds"),
            Case("nobody", ["handshake", f"127.0.0.1:{fakes.refused_port()}", good], "no program listens"),
            Case("no such host", ["handshake", "peer.invalid:6881", good], "no host of that name"),
        ])
        strange = [fakes.wrong_hash, fakes.web_server, fakes.echo, fakes.closes, fakes.hang, fakes.long_message,
                   fakes.far_index, fakes.long_bitfield, fakes.liar(19), fakes.liar(19)]
        share_among(desk, good, data, strange)


def share_among(desk, torrent, data, strange):
    """One honest seeder among all of these: the download completes, and leaves no garbage."""
    port = free_port()
    seeder = desk.start("our seed", [COTORRA, "seed", torrent, data, "--listen", f"127.0.0.1:{port}",
                                     "--up-limit", "100K"])
    desk.wait("the seeder", seeder.text, [seeder])
    command = [COTORRA, "download", torrent, "-o", desk.folder("got"), "--listen", f"127.0.0.1:{free_port()}"]
    for one in [f"127.0.0.1:{fakes.serve(talk)}" for talk in strange] + [f"127.0.0.1:{port}"]:
        command += ["--peer", one]
    ours = desk.start("our download", command)
    desk.finish(ours)
    with open(data, "rb") as one, open(os.path.join(desk.path, "got", "data.bin"), "rb") as other:
        assert one.read() == other.read(), "the bytes differ"


# ---- waiting

def waiting():
    """Only dead trackers and no peers: it waits, says why once for each, and leaves at once when told."""
    with Desk() as desk:
        asked = []
        data, site = os.path.join(fill(desk), "data.bin"), fakes.web(asked)
        dead = [f"http://127.0.0.1:{fakes.refused_port()}/announce", f"{site}/404", f"{site}/html",
                "http://tracker.invalid/announce", "https://127.0.0.1:1/announce"]
        torrent = os.path.join(desk.path, "dead.torrent")
        with open(torrent, "wb") as out:
            out.write(metainfo.bencode({"announce-list": [[url] for url in dead + [f"{site}/hang"]],
                                        "info": metainfo.info(data, PIECE_LENGTH)}))
        ours = desk.start("our download", [COTORRA, "download", torrent, "-o", desk.folder("got"),
                                           "--listen", f"127.0.0.1:{free_port()}", "--local-trackers"])
        desk.wait("each tracker's trouble", lambda: all(url in ours.text() for url in dead), [ours])
        time.sleep(4)                                       # time to tell it again
        assert not ours.ended(), "it gave up by itself"
        for url in dead:
            told = [line for line in ours.text().splitlines() if url in line]
            assert len(told) == 1, f"told {len(told)} times: {told}"
            assert told[0].count(url) == 1, f"the URL stands more than once in {told[0]!r}"
        leave(ours)
        metainfo.write_torrent(torrent, data, f"{site}/no-goodbye", PIECE_LENGTH)
        ours = desk.start("our download", [COTORRA, "download", torrent, "-o", desk.folder("got"),
                                           "--listen", f"127.0.0.1:{free_port()}", "--json", "--local-trackers"])
        desk.wait("the tracker to be asked", lambda: any("/no-goodbye?" in one for one in asked), [ours])
        time.sleep(1)                                       # time to hear the answer
        leave(ours)


def leave(process):
    """Ctrl-C: it leaves, whatever a tracker does. (That this takes 2 s at most is tested where time is virtual.)"""
    began = time.monotonic()
    os.killpg(process.popen.pid, signal.SIGINT)
    try:
        status = process.popen.wait(PATIENCE)
    except subprocess.TimeoutExpired:
        raise TestFailed("after SIGINT it still ran") from None
    assert status == 130, f"status {status}, not 130"
    print(f"left in {time.monotonic() - began:.2f} s")


if __name__ == "__main__":
    sys.exit(run_test({"words": words, "trackers": trackers, "peers": peers, "waiting": waiting}[sys.argv[1]]))
