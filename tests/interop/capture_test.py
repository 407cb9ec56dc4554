"""What --pcap writes, as tshark and capinfos read it: capture_test.py download | sample | full | limit."""
import os
import random
import re
import subprocess
import sys

import metainfo
from clients import COTORRA, our_tracker, want
from desk import Desk, free_port, run_test, same

SWARM = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "chapters", "00-the-swarm", "swarm.py")
PIECE_LENGTH, SIZE = 64 << 10, (1 << 20) + 12345
BAD = ("_ws.malformed || tcp.analysis.flags || _ws.expert.severity >= 6291456 || "       # a warning
       "tcp.checksum.status == 0 || ip.checksum.status == 0")


def tshark(capture, *words):
    """Its lines, with every checksum looked at."""
    said = subprocess.run(["tshark", "-n", "-r", capture, "-o", "tcp.check_checksum:TRUE",
                           "-o", "ip.check_checksum:TRUE", *words], capture_output=True, text=True, check=True)
    return said.stdout.splitlines()


def fields(capture, decode, which, name):
    return [value for line in tshark(capture, *decode, "-Y", which, "-T", "fields", "-e", name)
            for value in line.split(",")]


class Swarm:
    def __init__(self, desk, host="127.0.0.1"):
        self.desk, self.host, self.port = desk, host, free_port()
        self.data = os.path.join(desk.folder("made"), "data.bin")
        with open(self.data, "wb") as out:
            out.write(random.Random(7).randbytes(SIZE))
        _, self.url = our_tracker(desk, None, host)
        self.torrent = os.path.join(desk.path, "t.torrent")
        metainfo.write_torrent(self.torrent, self.data, self.url.replace("http://", "http://me:geheim@"), PIECE_LENGTH)
        self.seeded, self.fetched = os.path.join(desk.path, "seed.pcapng"), os.path.join(desk.path, "down.pcapng")

    def where(self, port):
        return f"[{self.host}]:{port}" if ":" in self.host else f"{self.host}:{port}"

    def run(self, got, *more, seeder=()):
        """A download from our seeder, to its good end; the seeder is stopped, too."""
        seed = self.desk.start("our seed", [COTORRA, "seed", self.torrent, self.data, "--listen",
                                            self.where(self.port), "--pcap", self.seeded, *seeder])
        self.desk.wait("the seeder", seed.text, [seed])
        ours = self.desk.start("our download", [COTORRA, "download", self.torrent, "-o", got, "--pcap", self.fetched,
                                                "--listen", self.where(free_port()), "--peer", self.where(self.port),
                                                *more])
        self.desk.finish(ours)
        same(self.data, os.path.join(got, "data.bin"))
        seed.stop()
        return seed, ours

    def decode(self):
        tracker = re.search(r":(\d+)/", self.url)[1]
        return ["-d", f"tcp.port=={self.port},bittorrent", "-d", f"tcp.port=={tracker},http"]

    def check(self, capture):
        """What must be in the capture of each side."""
        decode = self.decode()
        bad = tshark(capture, *decode, "-Y", BAD)
        assert not bad, f"tshark finds fault with {capture}:\n" + "\n".join(bad)
        unseen = tshark(capture, "-2", *decode, "-Y", "!(bittorrent || http || tcp.len == 0 || tcp.reassembled_in)")
        assert not unseen, "bytes that tshark does not understand:\n" + "\n".join(unseen)
        assert len(tshark(capture, *decode, "-Y", "bittorrent.protocol.name == \"BitTorrent protocol\"")) == 2
        told = fields(capture, decode, "bittorrent.msg.type", "bittorrent.msg.type")
        for name, number in (("unchoke", 1), ("interested", 2), ("request", 6), ("piece", 7)):
            assert str(number) in told or f"0x{number:02x}" in told, f"no {name} among the messages {set(told)}"
        blocks = -(-SIZE // (16 << 10))
        assert told.count("7") + told.count("0x07") >= blocks, f"{told} have not {blocks} pieces"
        assert set(fields(capture, decode, "http.response", "http.response.code")) == {"200"}
        asked = fields(capture, decode, "http.request", "http.request.uri")
        assert any("event=started" in one for one in asked), asked
        one, other = self.ends(capture, decode)
        assert one == other, f"{one} connections begin, and {other} end"

    @staticmethod
    def ends(capture, decode):
        begun = fields(capture, decode, "tcp.flags.syn == 1 && tcp.flags.ack == 0", "tcp.stream")
        ended = fields(capture, decode, "tcp.flags.fin == 1 || tcp.flags.reset == 1", "tcp.stream")
        return len(set(begun)), len(set(ended))


def no_secret(capture):
    with open(capture, "rb") as file:
        whole = file.read()
    assert b"bWU6Z2VoZWlt" not in whole and b"geheim" not in whole, f"the password is in {capture}"
    assert b"Authorization: Basic xxxx" in whole


def sound(capture):
    said = subprocess.run(["capinfos", "-M", capture], capture_output=True, text=True, check=True).stdout
    for fact in (r"pcapng", r"Encapsulation = Raw IP", r"Strict time order: +True", r"Capture application: +cotorra",
                 r"Capture comment: +Rebuilt", r"nanoseconds"):
        assert re.search(fact, said), f"capinfos does not say {fact!r}:\n{said}"


def download(host="127.0.0.1"):
    """Both sides of a download, and the tracker."""
    want("tshark")
    with Desk() as desk:
        swarm = Swarm(desk, host)
        swarm.run(desk.folder("got"))
        for capture in (swarm.seeded, swarm.fetched):
            sound(capture)
            swarm.check(capture)
            no_secret(capture)


def sample():
    """The course's swarm: three seeders, and 32 MiB. tshark has to find the protocols without being told the ports."""
    want("tshark")
    with Desk() as desk:
        capture = os.path.join(desk.path, "sample.pcapng")
        swarm = desk.start("the swarm", [sys.executable, "-B", SWARM, COTORRA, "-o", desk.folder("got"), "--lab",
                                         desk.folder("lab"), "--pcap", capture])
        desk.finish(swarm)
        sound(capture)
        bad = tshark(capture, "-Y", BAD)
        assert not bad, "\n".join(bad)
        handshakes = fields(capture, (), "bittorrent.info_hash", "tcp.stream")
        each = {stream: handshakes.count(stream) for stream in handshakes}  # peers that hear of us dial us, too
        assert len(each) >= 3 and set(each.values()) == {2}, f"handshakes in the streams {handshakes}"
        assert fields(capture, (), "http.response", "http.response.code")[0] == "200"
        assert all("/announce?" in uri for uri in fields(capture, (), "http.request", "http.request.uri"))
        blocks = fields(capture, (), "bittorrent.piece.data", "bittorrent.msg.type").count("7")
        assert blocks >= 2050, f"{blocks} blocks of 16 KiB in a sample of 32.1 MiB"


def full():
    """The disk of the capture is full: one sentence, the download goes on, and the capture can be read."""
    want("tshark")
    from disk_test import mount, own_mounts
    own_mounts()
    with Desk() as desk:
        swarm, small = Swarm(desk), desk.folder("small")
        mount(small, "size=256k")
        swarm.fetched = os.path.join(small, "down.pcapng")
        _, ours = swarm.run(desk.folder("got"))
        cut(swarm, ours, "No space left on device")
        subprocess.run(["umount", small], check=True)


def limit():
    """The same where --pcap-limit says so, and on the seeder's side."""
    want("tshark")
    with Desk() as desk:
        swarm = Swarm(desk)
        seed, ours = swarm.run(desk.folder("got"), "--pcap-limit", "100K", seeder=["--pcap-limit", "0"])
        cut(swarm, ours, "--pcap-limit allows more")
        assert 50 << 10 < os.path.getsize(swarm.fetched) <= 100 << 10
        assert "the capture" not in seed.text(), seed.text()
        swarm.check(swarm.seeded)


def cut(swarm, ours, why):
    lines = [line for line in ours.text().splitlines() if "the capture ends here" in line]
    assert len(lines) == 1 and why in lines[0] and swarm.fetched in lines[0], ours.text()
    print(lines[0])
    bad = tshark(swarm.fetched, *swarm.decode(), "-Y", BAD)
    assert not bad, "\n".join(bad)
    assert tshark(swarm.fetched, *swarm.decode(), "-Y", "bittorrent.msg.type == 6"), "no request is in it"


if __name__ == "__main__":
    sys.exit(run_test({"download": download, "sample": sample, "full": full, "limit": limit}[sys.argv[1]], *sys.argv[2:]))
