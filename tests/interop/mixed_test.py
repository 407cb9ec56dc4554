"""A swarm of many programs without a seeder: each of seven peers starts with every seventh piece, of
which it has the only copy, so each must give to the others and take from them. All must complete.
The time is Transmission's 10 s clock and sometimes rtorrent's 30 s one; between ours it takes a second.

  mixed_test.py"""
import os
import random
import signal
import sys
import time

import metainfo
from clients import MAKES_NO_EMPTY_FILES, SHARERS, at, json_lines, our_tracker, want
from desk import PATIENCE, Desk, free_port, listening, note, run_test, same

PIECE_LENGTH = 32 << 10
# Where each has its address: rtorrent and Transmission keep one peer of an address. libtorrent, which dials
# from 127.0.0.1 whatever its address, comes after ours: else Transmission would know none of us.
PEERS = [("transmission", "127.0.0.2"), ("rtorrent", "127.0.0.3"), ("aria2", "127.0.0.4"), ("ours", "127.0.0.1"),
         ("ours", "127.0.0.1"), ("ours", "127.0.0.1"), ("libtorrent", "127.0.0.5")]
# What their handshakes and peer_ids make of them, in our program's words.
NAMES = {"Transmission": "transmission", "libTorrent": "rtorrent", "libtorrent": "libtorrent", "aria2": "aria2"}

# Not Transmission and rtorrent: they keep one peer for each address, and ours share theirs with libtorrent's dials.
MEETS_US = {"aria2", "libtorrent"}


def payload(folder):
    noise = random.Random("mixed")
    path = os.path.join(folder, "mixed")
    for name, size in {"big.bin": (1 << 20) + 7, "deep/er/middle.bin": (700 << 10) - 1, "deep/small.txt": 11,
                       "last.bin": 300 << 10}.items():
        os.makedirs(os.path.dirname(os.path.join(path, name)), exist_ok=True)
        with open(os.path.join(path, name), "wb") as out:
            out.write(noise.randbytes(size))
    return path


def write_part(data, folder, share, shares):
    """The files of `data` below `folder` at their full length, with nothing but each `shares`-th piece."""
    start = 0
    for parts, source in metainfo.files_below(data):
        target = os.path.join(folder, os.path.basename(data), *parts)
        os.makedirs(os.path.dirname(target), exist_ok=True)
        with open(source, "rb") as whole, open(target, "wb") as part:
            held = whole.read()
            part.truncate(len(held))
            for at in range(len(held)):
                if at and (start + at) % PIECE_LENGTH:
                    continue                            # only where a piece, or this file, begins
                piece = (start + at) // PIECE_LENGTH
                if piece % shares == share:
                    part.seek(at)
                    part.write(held[at:(piece + 1) * PIECE_LENGTH - start])
        start += len(held)


def mixed():
    want(*(client for client, _ in PEERS))
    with Desk() as desk:
        data, torrent = payload(desk.folder("made")), os.path.join(desk.path, "t.torrent")
        _, url = our_tracker(desk, None)
        info_hash = metainfo.write_torrent(torrent, data, url, PIECE_LENGTH)
        began, peers = time.monotonic(), []
        ports = [free_port() for _ in PEERS]
        # Which peers meet through a tracker is chance: ours are told of each kind that can be sure to be met.
        told = [at(host, port) for (client, host), port in zip(PEERS, ports) if client in MEETS_US]
        for number, ((client, host), port) in enumerate(zip(PEERS, ports)):
            folder, more = desk.folder(f"peer-{number}"), {"peers": told} if client == "ours" else {}
            write_part(data, folder, number, len(PEERS))
            process, complete = SHARERS[client](desk, torrent, folder, port, host, **more)
            peers.append((client, folder, process, complete))
            if client in MEETS_US:                          # ours dial it at once, and again only after a while
                desk.wait(f"{client} to listen", lambda at=port: listening(at), [process])
        ends = wait_for_all(desk, peers, began)
        for client, folder, _, _ in peers:
            same(data, os.path.join(folder, "mixed"), empty_files=client not in MAKES_NO_EMPTY_FILES)
        size = sum(os.path.getsize(file) for _, file in metainfo.files_below(data))
        slowest = max(ends.values())
        note(f"interop: a mixed swarm without a seeder: {len(peers)} peers, {size / 1e6:.1f} MB each in "
             f"{slowest:.1f} s, {(len(peers) - 1) * size / 1e6 / slowest:.1f} MB/s together; complete after "
             + ", ".join(f"{peers[i][0]} {ends[i]:.1f} s" for i in sorted(ends, key=ends.get)))
        tell_ours([process for client, _, process, _ in peers if client == "ours"])


def wait_for_all(desk, peers, began):
    """Seconds until each was complete, by its place in `peers`."""
    ends = {}

    def all_complete():
        for i, (_, _, _, complete) in enumerate(peers):
            if i not in ends and complete():
                ends[i] = time.monotonic() - began
        return len(ends) == len(peers)
    processes = [process for _, _, process, _ in peers]
    try:
        desk.wait("all to be complete", all_complete, processes, step=0.1)
    except BaseException:
        print("not complete:", [peers[i][0] for i in range(len(peers)) if i not in ends])
        raise
    return ends


def tell_ours(processes):
    """What our own peers saw: each kind of client met one of us, and no peer sent a wrong piece."""
    for process in processes:
        process.popen.send_signal(signal.SIGINT)
    gave, took, met, ends, redundant = {}, {}, set(), set(), 0
    for process in processes:
        process.popen.wait(PATIENCE)
        last = json_lines(process.text())[-1]
        assert last["event"] == "stopped" and last["progress"] == 1 and process.popen.returncode == 0, last
        assert last["failed_bytes"] == 0, f"{last['failed_bytes']} bytes failed their hash"
        redundant += last["redundant_bytes"]
        for peer in last["peers"]:
            client = NAMES.get(peer["client"].split(" ")[0], "one of us")
            met.add(client)
            ends.add((client, peer["left_because"]))
            gave[client] = gave.get(client, 0) + peer["downloaded"]
            took[client] = took.get(client, 0) + peer["uploaded"]
    print("connections ended:", *sorted(f"{client}: {why}" for client, why in ends), sep="\n  ")
    unmet = MEETS_US - met
    assert not unmet, f"none of ours was ever connected with {sorted(unmet)}"
    note("  of our three: " + ", ".join(f"{client} gave {gave[client] / 1e6:.1f} MB, took {took[client] / 1e6:.1f} MB"
                                        for client in sorted(met)) + f"; twice or in vain {redundant / 1e6:.2f} MB")


if __name__ == "__main__":
    sys.exit(run_test(mixed))
