"""Announce and scrape over UDP: our verbs and opentracker."""
import json
import os
import subprocess
import sys

import metainfo
from clients import COTORRA, opentracker_over_udp, want
from desk import Desk, PATIENCE, note, run_test

PIECE_LENGTH = 16 << 10


def run(*words, status=0):
    done = subprocess.run([COTORRA, *words], capture_output=True, text=True, timeout=PATIENCE)
    assert done.returncode == status, (words, done)
    return done.stdout if status == 0 else done.stderr


def udp_tracker():
    want("opentracker")
    with Desk() as desk:
        data = os.path.join(desk.folder("made"), "data.bin")
        with open(data, "wb") as out:
            out.write(b"x" * 50000)
        torrent, info_hash = os.path.join(desk.path, "t.torrent"), metainfo.info_hash(data, PIECE_LENGTH)
        _, url = opentracker_over_udp(desk, info_hash)
        metainfo.write_torrent(torrent, data, url, PIECE_LENGTH)
        announce = lambda *words: json.loads(run("announce", torrent, "--json", *words))
        scrape = lambda *words: json.loads(run("scrape", *words, "--json"))["files"]
        counts = lambda of: (of["complete"], of["incomplete"], of["downloaded"])

        said = announce("--event", "started", "--port", "7001", "--left", "0")
        assert said["complete"] == 1 and said["url"] == url, said
        said = announce("--event", "started", "--port", "7002", "--left", "9")
        assert {peer["address"] for peer in said["peers"]} >= {"127.0.0.1:7001"}, said
        assert said["interval"] >= 60, said

        # over UDP and over HTTP, by info_hash and by .torrent: the tracker counts the same
        one, = scrape(torrent)
        assert counts(one) == (1, 1, 0) and one["name"] == "data.bin", one
        other = "ab" * 20
        first, second = scrape(url, other, info_hash)
        assert counts(first) == (0, 0, 0) and counts(second) == (1, 1, 0), (first, second)
        unknown, same = scrape(url.replace("udp://", "http://"), other, torrent)
        assert "complete" not in unknown and counts(same) == (1, 1, 0), (unknown, same)
        many = scrape(url, *[f"{n:040x}" for n in range(100)], info_hash)
        assert len(many) == 101 and counts(many[-1]) == (1, 1, 0), many[-1]

        # the second one has it all now, and both leave
        announce("--event", "completed", "--port", "7002", "--left", "0")
        one, = scrape(torrent)
        assert counts(one) == (2, 0, 1), one
        for port in "7001", "7002":
            announce("--event", "stopped", "--port", port)
        one, = scrape(torrent)
        assert counts(one)[:2] == (0, 0), one

        # a torrent that is not on its list: opentracker refuses over UDP as over HTTP, or stays silent
        stranger = os.path.join(desk.folder("other"), "data.bin")
        with open(stranger, "wb") as out:
            out.write(b"y" * 50000)
        strange = os.path.join(desk.path, "s.torrent")
        metainfo.write_torrent(strange, stranger, url, PIECE_LENGTH)
        told = run("announce", strange, status=1)
        assert told.startswith("cotorra: " + url) and told.count("\n") == 1, told
        note("interop: announce and scrape over UDP, opentracker: " + told.strip())


if __name__ == "__main__":
    sys.exit(run_test(udp_tracker))
