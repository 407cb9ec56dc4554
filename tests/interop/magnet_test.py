"""The same torrent without a .torrent: a magnet link, between our program and another client.

  magnet_test.py from|to CLIENT

"from": cotorra metadata, then cotorra download, from a seeder of that kind. "to": that client has the link,
and we seed. The info dictionary has several pieces of metadata."""
import json
import os
import random
import subprocess
import sys

import metainfo
from clients import COTORRA, LEECHERS, NEVER_DIALS_LOOPBACK, SEEDERS, announced, at, json_lines, our_tracker, want
from desk import PATIENCE, Desk, free_port, note, run_test, same

PIECE_LENGTH = 16 << 10


def magnet(way, client):
    want(client)
    with Desk() as desk:
        made, got = desk.folder("made"), desk.folder("got")
        data, torrent = os.path.join(made, "one.bin"), os.path.join(desk.path, "t.torrent")
        with open(data, "wb") as out:
            out.write(random.Random(client).randbytes((30 << 20) + 12345 if way == "from" and client != "transmission"
                                                      else 16 << 20))  # 38 or 20 KB of metadata
        info_hash = metainfo.info_hash(data, PIECE_LENGTH)
        _, url = our_tracker(desk, info_hash)
        metainfo.write_torrent(torrent, data, url, PIECE_LENGTH)
        {"from": from_them, "to": to_them}[way](desk, client, torrent, info_hash, url, data, got)
        same(data, os.path.join(got, "one.bin"))
        note(f"interop: a magnet link, {way} {client}")


def from_them(desk, client, torrent, info_hash, url, data, got):
    port = free_port()
    seeder = SEEDERS[client](desk, torrent, os.path.dirname(data), port)
    desk.wait(f"{client} to announce itself", lambda: announced(url, info_hash, port), [seeder], step=0.2)
    link = f"magnet:?xt=urn:btih:{info_hash}&tr={url}"
    learned = os.path.join(desk.path, "learned.torrent")
    said = subprocess.run([COTORRA, "metadata", link, "-o", learned, "--json", "--listen", at("127.0.0.1", free_port())],
                          capture_output=True, timeout=PATIENCE, check=True)
    assert json.loads(said.stdout)["info_hash"] == info_hash, said
    shown = subprocess.run([COTORRA, "show", learned, "--json"], capture_output=True, timeout=PATIENCE, check=True)
    assert info_hash in shown.stdout.decode(), shown
    ours = desk.start("our download", [COTORRA, "download", f"magnet:?xt=urn:btih:{info_hash}&x.pe=127.0.0.1:{port}",
                                       "-o", got, "--json", "--listen", at("127.0.0.1", free_port())])
    desk.finish(ours)
    assert json_lines(ours.text())[-1]["failed_bytes"] == 0


def to_them(desk, client, torrent, info_hash, url, data, got):
    ours, theirs = free_port(), free_port()
    link = f"magnet:?xt=urn:btih:{info_hash}&tr={url}"
    command = [COTORRA, "seed", torrent, data, "--listen", at("127.0.0.1", ours)]
    if client in NEVER_DIALS_LOOPBACK or client == "aria2":  # which calls itself a seed
        leecher, complete = LEECHERS[client](desk, link, got, theirs)
        seeder = desk.start("our seed", command + ["--peer", f"127.0.0.1:{theirs}"])
    else:
        seeder = desk.start("our seed", command)
        desk.wait("our seeder to announce itself", lambda: announced(url, info_hash, ours), [seeder], step=0.1)
        leecher, complete = LEECHERS[client](desk, link, got, theirs)
    desk.wait(f"{client} to have all", complete, [leecher, seeder])
    leecher.stop()
    assert seeder.stop() == 0


if __name__ == "__main__":
    sys.exit(run_test(magnet, *sys.argv[1:]))
