"""One transfer between our program and another client, through a tracker:

  transfer_test.py download|seed CLIENT file|folder [TRACKER [ADDRESS]]

CLIENT may be ours as well."""
import os
import random
import sys
import time

import metainfo
from clients import COTORRA, LEECHERS, MAKES_NO_EMPTY_FILES, NEVER_DIALS_LOOPBACK, PACES_ITSELF, SEEDERS, \
    TRACKERS, announced, at, json_lines, want
from desk import SKIPPED, Desk, free_port, has_address, note, run_test, same

PIECE_LENGTH = 128 << 10


def payload(desk, kind, size):
    """A file of that size, or a folder whose files lie across pieces; one of them is empty."""
    made, noise = desk.folder("made"), random.Random(kind)
    if kind == "file":
        path = os.path.join(made, "one.bin")
        with open(path, "wb") as out:
            out.write(noise.randbytes(size))
        return path
    path = os.path.join(made, "many")
    sizes = {"a/first.bin": (3 << 20) + 17, "a/empty.txt": 0, "b/c/deep.bin": (8 << 20) + 1,
             "b/tiny.txt": 5, "last.bin": (2 << 20) - 3}
    sizes.update({f"small/{i:02}.dat": 1000 + 997 * i for i in range(40)})
    for name, size in sizes.items():
        os.makedirs(os.path.dirname(os.path.join(path, name)), exist_ok=True)
        with open(os.path.join(path, name), "wb") as out:
            out.write(noise.randbytes(size))
    return path


def transfer(direction, client, kind, tracker="ours", host="127.0.0.1"):
    want(client, tracker)
    if not has_address(host):
        note(f"skipped: this machine has no address {host}")
        sys.exit(SKIPPED)
    where = [] if host == "127.0.0.1" else [host]
    with Desk() as desk:
        size = (4 << 20) + 12345 if client in PACES_ITSELF else (24 << 20) + 12345
        data, got = payload(desk, kind, size), desk.folder("got")
        torrent = os.path.join(desk.path, "t.torrent")
        info_hash = metainfo.info_hash(data, PIECE_LENGTH)
        _, url = TRACKERS[tracker](desk, info_hash, *where)
        metainfo.write_torrent(torrent, data, url, PIECE_LENGTH)
        seconds = {"download": download, "seed": seed}[direction](desk, client, torrent, info_hash, url, data, got,
                                                                  where)
        same(data, os.path.join(got, os.path.basename(data)),
             empty_files=direction == "download" or client not in MAKES_NO_EMPTY_FILES)
        size = sum(os.path.getsize(file) for _, file in metainfo.files_below(data))
        client = "another of us" if client == "ours" else client
        way = f"from {client} to us" if direction == "download" else f"from us to {client}"
        through = ("our tracker" if tracker == "ours" else tracker) + (f", on {host}" if where else "")
        note(f"interop: {kind}, {way}, {through}: "
             f"{size / 1e6:.1f} MB in {seconds:.2f} s, {size / 1e6 / seconds:.1f} MB/s, start and check included")


def download(desk, client, torrent, info_hash, url, data, got, where):
    port = free_port()
    seeder = SEEDERS[client](desk, torrent, os.path.dirname(data), port, *where)
    desk.wait(f"{client} to announce itself", lambda: announced(url, info_hash, port), [seeder], step=0.2)
    began = time.monotonic()
    ours = desk.start("our download", [COTORRA, "download", torrent, "-o", got, "--json",
                                       "--listen", at(*where or ["127.0.0.1"], free_port())])
    desk.finish(ours)
    seconds = time.monotonic() - began
    last = json_lines(ours.text())[-1]
    print(*last["peers"], sep="\n")
    assert last["failed_bytes"] == 0, f"{last['failed_bytes']} bytes failed their hash"
    return seconds


def seed(desk, client, torrent, info_hash, url, data, got, where):
    ours, theirs = free_port(), free_port()
    command = [COTORRA, "seed", torrent, data, "--listen", at(*where or ["127.0.0.1"], ours)]
    if client in NEVER_DIALS_LOOPBACK:
        began = time.monotonic()
        leecher, complete = LEECHERS[client](desk, torrent, got, theirs, *where)
        seeder = desk.start("our seed", command + ["--peer", f"127.0.0.1:{theirs}"])
    else:
        seeder = desk.start("our seed", command)
        desk.wait("our seeder to announce itself", lambda: announced(url, info_hash, ours), [seeder], step=0.1)
        began = time.monotonic()
        leecher, complete = LEECHERS[client](desk, torrent, got, theirs, *where)
    desk.wait(f"{client} to have all", complete, [leecher, seeder])
    seconds = time.monotonic() - began
    leecher.stop()
    status = seeder.stop()
    assert status == 0, f"our seed ended with status {status} on SIGTERM, not 0"
    return seconds


if __name__ == "__main__":
    sys.exit(run_test(transfer, *sys.argv[1:]))
