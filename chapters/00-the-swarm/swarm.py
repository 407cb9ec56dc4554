#!/usr/bin/env python3
"""swarm.py PROGRAM [-o DIR] [--without N] [--pcap FILE]: a tracker, a web server, three seeders and you, on one desk.

chapters/start runs this, after building PROGRAM (the path of cotorra)."""
import argparse
import ctypes
import fcntl
import hashlib
import json
import os
import signal
import shutil
import socket
import subprocess
import sys
import time
import urllib.parse
import urllib.request

import make_sample

START = os.path.join(os.path.dirname(os.path.dirname(make_sample.HERE)), "work", "start")
PIECE_LENGTH, SEEDERS = 256 << 10, 3
UP_LIMIT = "4M"  # bytes per second of each seeder, so that there is something to watch
PATIENCE = 5     # seconds without a byte, after which a download that has all it can get is stopped
TOO_LONG = 120   # seconds without a byte, after which any other is; and without a step of another party
PAGE = """<!doctype html>
<html lang="en"><meta charset="utf-8"><title>cotorra sample</title>
<h1>cotorra sample</h1>
<p><a href="sample.torrent" type="application/x-bittorrent">sample.torrent</a></p>
</html>
"""


class Party:
    """One program that we started, and what it said."""

    def __init__(self, name, log, command):
        self.name, self.log = name, log
        with open(log, "wb") as out:
            # a session of its own: Ctrl-C is for us, and we stop the others in order
            self.popen = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=out,
                                          stderr=subprocess.STDOUT, start_new_session=True,
                                          preexec_fn=lambda: ctypes.CDLL(None).prctl(1, signal.SIGKILL))

    def lines(self):
        with open(self.log, encoding="utf-8", errors="replace") as said:
            return [line.rstrip() for line in said if line.strip()]

    def wait_for(self, what, ready):
        end = time.monotonic() + TOO_LONG
        while not ready():
            if self.popen.poll() is not None or time.monotonic() > end:
                raise SystemExit(f"{self.name} did not get to: {what}. It said:\n  " + "\n  ".join(self.lines()[-8:]))
            time.sleep(0.05)

    def address(self):
        """The URL in its first line; port 0 has let the system choose a free port."""
        self.wait_for("its address", self.lines)
        return self.lines()[0].split()[-1]

    def last_words(self):
        """Its last line; for a seeder, also how much it gave to each peer."""
        said = self.lines() or ["(nothing)"]
        begins = [at for at, line in enumerate(said) if line.startswith("shared:")]
        return said[begins[-1] if begins else -1:]

    def stop(self):
        if self.popen.poll() is None:
            self.popen.terminate()
            try:
                self.popen.wait(10)
            except subprocess.TimeoutExpired:
                self.popen.kill()
                self.popen.wait()


class Desk:
    def __init__(self, program, path):
        self.program, self.path, self.parties = program, path, []

    def start(self, name, *words):
        party = Party(name, os.path.join(self.path, "log", name.replace(" ", "-")), [self.program, *words])
        self.parties.append(party)
        return party

    def do(self, *words):
        """Runs one verb to its end."""
        done = subprocess.run([self.program, *words], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT, text=True)
        if done.returncode != 0:
            raise SystemExit(f"cotorra {words[0]} ended with status {done.returncode}. It said:\n{done.stdout}")

    def stop(self):
        """The seeders first: they take leave of the tracker."""
        for party in reversed(self.parties):
            party.stop()


def free_ports(count):
    """As many different ones."""
    probes = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    ports = [probe.getsockname()[1] for probe in probes]
    for probe in probes:
        probe.close()
    return ports


def shares(pieces):
    """What each seeder offers: a third of the pieces, and the first one of the next third."""
    edges = [i * pieces // SEEDERS for i in range(SEEDERS + 1)]
    return [f"{first}-{min(last, pieces - 1)}" for first, last in zip(edges, edges[1:])]


def offered(share):
    first, last = share.split("-")
    return set(range(int(first), int(last) + 1))


def known_peers(url, info_hash):
    """The ports that the tracker tells a newcomer (who leaves at once)."""
    ask = (f"{url}?info_hash={urllib.parse.quote(info_hash)}&peer_id=-CT0000-looks-around&port=9"
           "&uploaded=0&downloaded=0&left=1&compact=1&event=")
    with urllib.request.urlopen(ask + "started", timeout=TOO_LONG) as answer:
        peers = answer.read().split(b"5:peers", 1)[-1].split(b":", 1)[-1]
    urllib.request.urlopen(ask + "stopped", timeout=TOO_LONG).close()
    return {int.from_bytes(peers[at + 4:at + 6], "big") for at in range(0, len(peers) - 5, 6)}


def info_hash_of(torrent):
    """The SHA-1 of the info value: the last key of this .torrent, up to the closing e."""
    with open(torrent, "rb") as file:
        whole = file.read()
    return hashlib.sha1(whole[whole.index(b"4:info") + 6:-1]).digest()


def digests(folder):
    out = {}
    for below, _, names in os.walk(folder):
        for name in names:
            with open(os.path.join(below, name), "rb") as file:
                out[os.path.relpath(file.name, folder)] = hashlib.sha256(file.read()).hexdigest()
    return out


def size_of(folder):
    return sum(os.path.getsize(os.path.join(below, name)) for below, _, names in os.walk(folder) for name in names)


def run_in_front(command):
    """On this terminal, with its keys; its exit status. However we end, it has ended before."""
    child = subprocess.Popen(command)
    try:
        return child.wait()
    except BaseException as cause:
        if not isinstance(cause, KeyboardInterrupt):        # Ctrl-C has reached it, too
            child.terminate()
        try:
            child.wait(10)
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()
        raise


def run_until_nothing_comes(command, most):
    """A download that cannot end, as no more than `most` of it (1 is all) is offered: how far it came, after
    it was stopped."""
    child = subprocess.Popen([*command, "--json"], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                             text=True)
    progress, still = 0, 0
    try:
        for line in child.stdout:
            event = json.loads(line)
            if event["event"] == "complete":
                progress = 1
            if event["event"] != "status":
                continue
            still = still + 1 if event["progress"] == progress else 0  # one such line comes every second
            progress = event["progress"]
            if sys.stdout.isatty():
                print(f"\r   {progress:.1%} from {event['num_peers']} peers  ", end="", flush=True)
            if still == (PATIENCE if progress > most - 0.001 else TOO_LONG):
                child.send_signal(signal.SIGINT)
        print("\r" if sys.stdout.isatty() else "", end="")
        if child.wait() not in (0, 130):
            raise SystemExit(f"the download ended with status {child.returncode}")
        return progress
    finally:
        child.kill()
        child.wait()


def run_without(download, goal, size, absent, missing):
    """Break it: one seeder is not there, so some pieces are nowhere."""
    nowhere = sum(min(PIECE_LENGTH, size - piece * PIECE_LENGTH) for piece in missing)
    progress = run_until_nothing_comes(download, 1 - nowhere / size)
    if progress == 1:
        raise SystemExit(f"the download is complete, which it should not be: was {goal} empty before?")
    print(f"6. you have {progress:.1%}, and for {PATIENCE} seconds nothing has come: the {len(missing)} pieces "
          f"{min(missing)} to {max(missing)} are offered by seeder {absent} only.")
    print("   No peer in this swarm has them, and waiting does not help. With all three seeders it ends: chapters/start",
          flush=True)


def run(desk, goal, absent, up_limit, more):
    lab, said = desk.path, lambda text: print(text, flush=True)
    sample = make_sample.make(os.path.join(lab, "made"))
    size, pieces = size_of(sample), -(-size_of(sample) // PIECE_LENGTH)
    said(f"1. the sample: {len(digests(sample))} files, {size:,} bytes, {pieces} pieces of {PIECE_LENGTH >> 10} KiB")

    announce = desk.start("tracker", "tracker", "--listen", "127.0.0.1:0").address()
    said(f"2. a tracker, which tells peers of each other:   {announce}")

    torrent = os.path.join(lab, "web", "sample.torrent")
    desk.do("create", sample, "-o", torrent, "-a", announce, "--piece-length", str(PIECE_LENGTH),
            "--created-by", "cotorra", "--creation-date", "1136239445")
    info_hash = info_hash_of(torrent)
    with open(os.path.join(lab, "web", "index.html"), "w") as page:
        page.write(PAGE)
    site = desk.start("web", "serve", os.path.join(lab, "web"), "--listen", "127.0.0.1:0").address()
    link = site + "sample.torrent"
    said(f"3. a web server, where the .torrent is found:    {site}")

    *free, yours = free_ports(SEEDERS + 1)
    ports, missing = [], set()
    for number, (share, port) in enumerate(zip(shares(pieces), free), 1):
        if number == absent:
            missing = offered(share)
            said(f"4. seeder {number}, which would offer {share:>12}, is not there")
            continue
        ports.append(port)
        seeder = desk.start(f"seeder {number}", "seed", torrent, sample, "--listen", f"127.0.0.1:{port}", "--share", share,
                            "--up-limit", up_limit)
        said(f"4. seeder {number} offers only the pieces {share:>7}:       127.0.0.1:{port}")
    seeder.wait_for("being known to the tracker", lambda: set(ports) <= known_peers(announce, info_hash))
    download = [desk.program, "download", link, "-o", goal, "--listen", f"127.0.0.1:{yours}", *more]
    if absent:
        for other in (share for number, share in enumerate(shares(pieces), 1) if number != absent):
            missing -= offered(other)
        said(f"5. you, from nothing:   cotorra download {link}")
        run_without(download, goal, size, absent, missing)
        return None
    said(f"5. none of the three has the whole, and each gives {up_limit[:-1]} {up_limit[-1]}iB/s. You, from nothing:   cotorra download {link}")

    end = run_in_front(download)
    if end != 0:
        raise SystemExit(f"the download ended with status {end}; what the others said is in {lab}/log")

    got = os.path.join(goal, make_sample.NAME)
    desk.do("verify", torrent, got)
    made, came = digests(sample), digests(got)
    if made != came:
        differing = sorted(name for name in made.keys() | came.keys() if made.get(name) != came.get(name))
        raise SystemExit(f"not the same bytes: {', '.join(differing)}")
    said(f"6. verified: every piece by its SHA-1, and all {len(came)} files by SHA-256 against the originals")
    return f"The sample is in {os.path.relpath(got)} (look at perro.jpg); its info_hash is {info_hash.hex()}"


def main():
    words = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    words.add_argument("program")
    words.add_argument("-o", dest="goal", default=START)
    words.add_argument("--without", type=int, choices=range(1, SEEDERS + 1), help="leave this seeder out")
    words.add_argument("--up-limit", default=UP_LIMIT, metavar="RATE", help="what each seeder gives in a second")
    words.add_argument("--pcap", metavar="FILE", help="where your download writes its capture, for Wireshark")
    words.add_argument("--lab", default=os.path.join(START, "lab"), help="where the others keep their files")
    asked = words.parse_args()
    os.makedirs(asked.lab, exist_ok=True)
    lock = open(os.path.join(asked.lab, "lock"), "w")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        raise SystemExit("another chapters/start is at work here; wait for its end") from None
    for name in ("made", "web", "log"):
        shutil.rmtree(os.path.join(asked.lab, name), ignore_errors=True)
        os.makedirs(os.path.join(asked.lab, name))
    if asked.goal == START:                             # what the last run left, so that this one downloads
        shutil.rmtree(os.path.join(START, make_sample.NAME), ignore_errors=True)
    more = ["--pcap", asked.pcap] if asked.pcap else []
    desk = Desk(os.path.abspath(asked.program), os.path.abspath(asked.lab))
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    try:
        result = run(desk, asked.goal, asked.without, asked.up_limit, more)
    finally:
        desk.stop()
    print("7. all stopped. What each did, in its own last words:")
    for party in desk.parties:
        first, *rest = party.last_words()
        print(f"   {party.name:9} {first}")
        for line in rest:
            print(f"   {'':9} {line}")
    if result:
        print(result)


if __name__ == "__main__":
    try:
        main()
    except KeyboardInterrupt:
        print("\ninterrupted: all stopped", file=sys.stderr)
        sys.exit(130)
