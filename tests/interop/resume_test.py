"""Kills our program with SIGKILL at random moments and starts it again, 50 times; a download that completes
earlier is followed by a fresh one. The seeder is libtorrent, and counts what it sends.

After each kill the test hashes what is on the disk. The seeder must never send a block again of a piece that is
right there. Other blocks may be sent twice if they were on their way when the kill came: at most those that our
side requests at a time, QUEUE blocks, with the pieces that they are part of."""
import hashlib
import os
import random
import signal
import subprocess
import sys
import time

import metainfo
from clients import COTORRA, want
from desk import PATIENCE, Desk, free_port, note, run_test, same

KILLS, SEED = 50, 7
SIZE, PIECE_LENGTH = (16 << 20) + 4321, 64 << 10
RATE = 12 << 20                                 # bytes per second, by our own --down-limit
BLOCK, QUEUE = 16 << 10, 250                    # the most requests that we have under way with one peer
MOST_TWICE = QUEUE * BLOCK + 4 * PIECE_LENGTH   # in one kill: pieces are begun one by one


class Seeder:
    """libtorrent in this process, so that its counters can be read at any time."""

    def __init__(self, torrent, folder, port):
        import libtorrent as lt
        self.lt = lt
        self.session = lt.session({
            "listen_interfaces": f"127.0.0.1:{port}", "enable_dht": False, "enable_lsd": False,
            "enable_upnp": False, "enable_natpmp": False, "enable_outgoing_utp": False,
            "enable_incoming_utp": False, "allow_multiple_connections_per_ip": True,
            "out_enc_policy": 2, "in_enc_policy": 2, "alert_queue_size": 1000000,
            "alert_mask": lt.alert.category_t.upload_notification})
        params = lt.add_torrent_params()
        params.ti, params.save_path = lt.torrent_info(torrent), folder
        params.flags &= ~lt.torrent_flags.auto_managed & ~lt.torrent_flags.paused
        self.handle = self.session.add_torrent(params)

    def ready(self):
        return self.handle.status().is_seeding

    def sent(self, desk):
        """The blocks that were sent since the last call, once no peer is connected: their piece indices."""
        desk.wait("libtorrent to see that we are gone", lambda: self.handle.status().num_peers == 0, step=0.005)
        return [alert.piece_index for alert in self.session.pop_alerts()
                if isinstance(alert, self.lt.block_uploaded_alert)]


class Content:
    """The torrent's files, to be looked at in another folder: which pieces are right there?"""

    def __init__(self, data):
        self.name = os.path.basename(data)
        self.files = [(parts, os.path.getsize(file)) for parts, file in metainfo.files_below(data)]
        self.hashes = self.hashes_of(os.path.dirname(data))
        self.size = sum(size for _, size in self.files)

    def hashes_of(self, folder):
        whole = b""
        for parts, size in self.files:
            path = os.path.join(folder, self.name, *parts)
            if not os.path.exists(path):
                path += ".part"                     # not complete yet
            content = b""
            if os.path.exists(path):
                with open(path, "rb") as file:
                    content = file.read()
            whole += content.ljust(size, b"\0")
        return [hashlib.sha1(whole[at:at + PIECE_LENGTH]).digest() for at in range(0, len(whole), PIECE_LENGTH)]

    def right(self, folder):
        return {i for i, digest in enumerate(self.hashes_of(folder)) if digest == self.hashes[i]}

    def bytes_of(self, pieces):
        return sum(min(PIECE_LENGTH, self.size - i * PIECE_LENGTH) for i in pieces)

    def bytes_of_blocks(self, pieces):
        """Bytes in one block of each of these pieces; only the very last block is shorter."""
        last, rest = len(self.hashes) - 1, self.size % PIECE_LENGTH
        assert rest <= BLOCK, "the last piece is to be one block"
        return sum(rest if i == last else BLOCK for i in pieces)


def killed():
    want("libtorrent")
    chance = random.Random(SEED)
    with Desk(5 * PATIENCE) as desk:
        made, port = desk.folder("made"), free_port()
        data, torrent = os.path.join(made, "many"), os.path.join(desk.path, "t.torrent")
        os.makedirs(data)
        for name, size in {"a.bin": SIZE // 2, "b.bin": SIZE - SIZE // 2 - 5, "c.txt": 5}.items():
            with open(os.path.join(data, name), "wb") as out:
                out.write(chance.randbytes(size))
        metainfo.write_torrent(torrent, data, "", PIECE_LENGTH)
        seeder = Seeder(torrent, made, port)
        desk.wait("libtorrent to check its files", seeder.ready)
        content, began = Content(data), time.monotonic()
        twice, downloads = [], 0
        while len(twice) < KILLS:
            downloads += 1
            twice += one_download(desk, torrent, port, seeder, content, chance, KILLS - len(twice), downloads)
        note(f"fetched twice: {sum(twice)} bytes in {len(twice)} kills, at most {max(twice)} in one and no verified "
             f"piece, in {downloads} downloads of {content.size} bytes; {time.monotonic() - began:.0f} s")


def one_download(desk, torrent, port, seeder, content, chance, most_kills, number):
    """Until it is complete: for each kill, how many bytes were fetched and lost."""
    got, here, twice = desk.folder(f"got-{number}"), set(), []
    while True:
        ours = desk.start("our download", [COTORRA, "download", torrent, "-o", got, "--down-limit", RATE,
                                           "--listen", f"127.0.0.1:{free_port()}", "--peer", f"127.0.0.1:{port}"])
        if len(twice) == most_kills:
            desk.finish(ours)
        try:
            ours.popen.wait(chance.uniform(0.02, 0.7))
        except subprocess.TimeoutExpired:
            os.killpg(ours.popen.pid, signal.SIGKILL)
            ours.popen.wait()
        sent, before, here = seeder.sent(desk), here, content.right(got)
        assert before <= here, f"pieces {sorted(before - here)} were right, and are no more"
        again = before.intersection(sent)
        assert not again, f"pieces {sorted(again)} were verified on the disk, and were fetched again"
        if ours.popen.returncode != -signal.SIGKILL:
            break
        lost = content.bytes_of_blocks(sent) - content.bytes_of(here - before)
        assert lost <= MOST_TWICE, f"{lost} bytes were fetched and lost by one kill"
        twice.append(max(lost, 0))
    assert ours.popen.returncode == 0, f"our download ended with status {ours.popen.returncode}"
    same(os.path.join(desk.path, "made", content.name), os.path.join(got, content.name))
    assert os.listdir(got) == [content.name], f"left in the folder: {sorted(os.listdir(got))}"
    return twice


if __name__ == "__main__":
    sys.exit(run_test(killed))
