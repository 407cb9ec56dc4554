"""The program at the end of chapter 7, against real peers:

  first_download_test.py CLIENT tracker|given

It gets a folder from CLIENT (ours, libtorrent ...), found through our tracker, or given by its address."""
import os
import sys
import time

import metainfo
from clients import SEEDERS, TRACKERS, announced, want
from desk import Desk, free_port, listening, note, run_test, same
from transfer_test import PIECE_LENGTH, payload


def first_download(client, way):
    want(client)
    with Desk() as desk:
        data, got, port = payload(desk, "folder", 0), desk.folder("got"), free_port()
        torrent = os.path.join(desk.path, "t.torrent")
        info_hash = metainfo.info_hash(data, PIECE_LENGTH)
        _, url = TRACKERS["ours"](desk, info_hash)
        metainfo.write_torrent(torrent, data, url, PIECE_LENGTH)
        seeder = SEEDERS[client](desk, torrent, os.path.dirname(data), port)
        desk.wait(f"{client} to announce itself", lambda: announced(url, info_hash, port), [seeder], step=0.2)
        desk.wait(f"{client} to listen", lambda: listening(port), [seeder], step=0.1)
        began = time.monotonic()
        address = [f"127.0.0.1:{port}"] if way == "given" else []
        download = desk.start("the first download", [os.environ["FIRST_DOWNLOAD"], torrent, got, *address])
        desk.finish(download)
        seconds = time.monotonic() - began
        same(data, os.path.join(got, os.path.basename(data)))
        said = download.text().splitlines()
        pieces = -(-sum(os.path.getsize(file) for _, file in metainfo.files_below(data)) // PIECE_LENGTH)
        assert said[-1] == f"piece {pieces} of {pieces} is right", said[-1]
        assert said[0].startswith(f"127.0.0.1:{port} is "), said[0]
        note(f"interop: first download of {pieces} pieces, {said[0].split(' is ')[1]}, {way}: {seconds:.2f} s")


if __name__ == "__main__":
    sys.exit(run_test(first_download, *sys.argv[1:]))
