"""The bytes that the texts show: small files beside each chapter, and how each of them is made.

    chapters/book/captures.py [DIR]     makes them all, in chapters/ or below DIR

What the program itself writes or sends is taken from it; what it draws at random (peer_id, key, a free
port) is replaced by the values below, so that every run makes the same bytes. The conversation and the
resume file are put together here. The check "captures" makes them again and compares."""
import hashlib
import os
import re
import shutil
import signal
import socket
import struct
import subprocess
import sys
import tempfile
import urllib.parse

import recorded
from places import ROOT

TRACKER = "http://tracker.example.com/announce"
DATE = 1748799493
SAMPLE = os.path.join(ROOT, "chapters", "00-the-swarm", "sample")
# The parties in the captures: our own client, a leecher and a seeder.
US = b"-CO0100-" + hashlib.sha1(b"cotorra capture").digest()[:12]
LEECHER = (b"-CO0100-enzo.enzo.en", "127.0.0.1", 6881)
SEEDER = (b"-TR4060-matraca.matr", "192.0.2.7", 51413)
KEY = "C070224A"
PATIENCE = 300 # seconds; none takes one


def program():
    return recorded.program() or sys.exit("there is no cotorra to run: build it with chapters/start, "
                                          "or name one with COTORRA=...")


def read(path):
    with open(path, "rb") as f:
        return f.read()


class Desk:
    """A temporary folder for one round of recipes; what several of them need is made once."""

    def __init__(self, path):
        self.path, self.made = path, {}

    def __getitem__(self, name):
        """The bytes of a capture."""
        if name not in self.made:
            self.made[name] = RECIPES[name](self)
        return self.made[name]

    def file(self, name):
        """The path of a copy of a capture."""
        path = os.path.join(self.path, os.path.basename(name))
        with open(path, "wb") as f:
            f.write(self[name])
        return path

    def create(self, *words):
        path = os.path.join(self.path, "new.torrent")
        run("create", *words, "--force", "-o", path, "-a", TRACKER, "--creation-date", str(DATE))
        return read(path)


def run(*words):
    done = subprocess.run([program(), *words], capture_output=True, text=True, timeout=PATIENCE)
    if done.returncode != 0:
        raise RuntimeError(f"cotorra {words[0]} said: {done.stderr.strip()}")


def info(torrent):
    """The bytes of the info value: in our files the last key, up to the closing e of the file."""
    return torrent[torrent.index(b"4:info") + 6:-1]


def info_hash(torrent):
    return hashlib.sha1(info(torrent)).digest()


def what_it_says_to(serve, *words):
    """Starts cotorra with HERE in its words being our address, and gives what serve(connection) returns."""
    with socket.create_server(("127.0.0.1", 0)) as door:
        door.settimeout(PATIENCE)
        here = f"127.0.0.1:{door.getsockname()[1]}"
        words = [w.replace("HERE", here) for w in words]
        client = subprocess.Popen([program(), *words], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            connection, _ = door.accept()
            with connection:
                connection.settimeout(PATIENCE)
                return serve(connection).replace(here.encode(), b"tracker.example.com")
        finally:
            client.kill()
            client.wait()


def hear_until(connection, there):
    heard = b""
    while not there(heard):
        more = connection.recv(4096)
        if not more:
            raise RuntimeError(f"cotorra hung up after {len(heard)} bytes")
        heard += more
    return heard


# ---------------------------------------------------------------- chapters 01 and 02: .torrent files

def tiny_torrent(desk):
    """The .torrent of the lecture: one file, one piece."""
    return desk.create(os.path.join(SAMPLE, "perro.jpg"), "--created-by", "mktorrent 1.1", "--piece-length", "256K")


def folder_torrent(desk):
    """Six files, one of them empty, in five pieces."""
    return desk.create(SAMPLE, "--name", "cotorra-sample", "--created-by", "cotorra 0.1", "--piece-length", "16K")


# ---------------------------------------------------------------- chapter 03: questions and answers

def request(desk):
    """What cotorra asks a tracker about tiny.torrent, with fixed peer_id and key."""
    torrent = desk.file("01-bencode/tiny.torrent")
    sent = what_it_says_to(lambda c: hear_until(c, lambda heard: heard.endswith(b"\r\n\r\n")), "announce", torrent,
                           "--tracker", "http://HERE/announce", "--port", "6882", "--event", "started")
    ours = urllib.parse.quote(US, safe="-._~").encode()
    sent, ids = re.subn(rb"(?<=&peer_id=)[^&]+", lambda _: ours, sent)
    sent, keys = re.subn(rb"(?<=&key=)[^&]+", KEY.encode(), sent)
    if (ids, keys) != (1, 1):
        raise RuntimeError("the request has not one peer_id and one key")
    return sent


class Tracker:
    """Our own tracker, which knows the leecher and the seeder of tiny.torrent."""

    def __init__(self, desk):
        self.hash = info_hash(desk["01-bencode/tiny.torrent"])

    def __enter__(self):
        self.popen = subprocess.Popen([program(), "tracker", "--listen", "127.0.0.1:0"],
                                      stdout=subprocess.PIPE, text=True)
        self.url = self.popen.stdout.readline().split()[-1]
        for (peer_id, ip, port), left in ((LEECHER, 65703), (SEEDER, 0)):
            self.ask(self.query(peer_id, port, left) + "&ip=" + ip)
        return self

    def __exit__(self, *_):
        self.popen.send_signal(signal.SIGTERM)
        self.popen.communicate(timeout=PATIENCE)

    def query(self, peer_id, port, left):
        return (f"info_hash={urllib.parse.quote(self.hash)}&peer_id={urllib.parse.quote(peer_id)}"
                f"&port={port}&uploaded=0&downloaded=0&left={left}&event=started")

    def ask(self, query):
        return self.say(f"GET /announce?{query} HTTP/1.1\r\nHost: tracker.example.com\r\n"
                        "Connection: close\r\n\r\n".encode())

    def say(self, question):
        """The whole HTTP answer to these bytes."""
        where = urllib.parse.urlsplit(self.url)
        with socket.create_connection((where.hostname, where.port), PATIENCE) as connection:
            connection.sendall(question)
            answer = b""
            while more := connection.recv(4096):
                answer += more
        return answer


def http_answer(desk):
    """What our tracker answers to request.bin, the HTTP around it included."""
    with Tracker(desk) as tracker:
        return tracker.say(desk["03-tracker/request.bin"])


def answer(desk):
    """The body of that: compact peers (BEP 23)."""
    return desk["03-tracker/http-answer.bin"].split(b"\r\n\r\n", 1)[1]


def answer_dictionary(desk):
    """The same peers for a client that asks for dictionaries: compact=0, and no no_peer_id."""
    with Tracker(desk) as tracker:
        return tracker.ask(tracker.query(US, 6882, 65703) + "&compact=0").split(b"\r\n\r\n", 1)[1]


def udp_questions(desk):
    """The connect and the announce that cotorra sends to a UDP tracker about tiny.torrent: [bytes, bytes]."""
    torrent, connection_id, packets = desk.file("01-bencode/tiny.torrent"), bytes.fromhex("9c3e61d20b7f4a55"), []
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as door:
        door.bind(("127.0.0.1", 0))
        door.settimeout(PATIENCE)
        client = subprocess.Popen(
            [program(), "announce", torrent, "--tracker", f"udp://127.0.0.1:{door.getsockname()[1]}/announce",
             "--port", "6882", "--event", "started"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            while len(packets) < 2:
                packet, here = door.recvfrom(4096)
                packets.append(packet)
                door.sendto(bytes(4) + packet[12:16] + connection_id, here)
        finally:
            client.kill()
            client.wait()
    return packets


def udp_connect(desk):
    """With a fixed transaction id."""
    return udp_questions(desk)[0][:12] + bytes.fromhex("5e1f0a77")


def udp_announce(desk):
    """With a fixed transaction id, peer_id and key."""
    sent = udp_questions(desk)[1]
    return sent[:12] + bytes.fromhex("c403b1e6") + sent[16:36] + US + sent[56:88] + bytes.fromhex(KEY) + sent[92:]


# ---------------------------------------------------------------- chapters 04 and 06: between peers

def handshake(desk):
    """The first 68 bytes that cotorra says to a peer that it dials, with a fixed peer_id."""
    hexadecimal = info_hash(desk["01-bencode/tiny.torrent"]).hex()
    sent = what_it_says_to(lambda c: hear_until(c, lambda heard: len(heard) >= 68), "handshake", "HERE", hexadecimal)
    return sent[:48] + US


def message(kind, payload=b""):
    return struct.pack(">IB", 1 + len(payload), kind) + payload


def conversation(desk):
    """One of each message of BEP 3, and BEP 5's port, about folder.torrent: five pieces, the last one short."""
    names = sorted(os.path.relpath(os.path.join(at, name), SAMPLE) for at, _, files in os.walk(SAMPLE) for name in files)
    content = b"".join(read(os.path.join(SAMPLE, name)) for name in names)
    piece, begin, length = 2, 0, 16
    at = piece * 16384 + begin
    return b"".join((
        message(5, b"\xb8"),                                                    # bitfield: 0, 2, 3 and 4
        message(2),                                                             # interested
        message(1),                                                             # unchoke
        message(6, struct.pack(">III", piece, begin, length)),                  # request
        message(7, struct.pack(">II", piece, begin) + content[at:at + length]),  # piece
        message(4, struct.pack(">I", 1)),                                       # have
        struct.pack(">I", 0),                                                   # keep-alive
        message(8, struct.pack(">III", piece, begin + length, length)),         # cancel
        message(3),                                                             # not interested
        message(0),                                                             # choke
        message(9, struct.pack(">H", 6881)),                                    # port
    ))


# ---------------------------------------------------------------- chapter 07: what a stopped download leaves

def resume(desk):
    """A download of folder.torrent that was stopped after pieces 0, 1 and 2: four files are whole, the picture
    has its first 48,896 bytes, the last file is not there yet. Each file that is there: [size, mtime, ctime, inode]."""
    mtime = DATE * 10**9
    sizes = [113, 0, 79, 64, 3 * 16384 - 256]
    return bencode({
        b"files": [[size, mtime, mtime, 131073 + i] for i, size in enumerate(sizes)] + [[]],
        b"info hash": info_hash(desk["02-metainfo/folder.torrent"]),
        b"piece count": 5,
        b"piece length": 16384,
        b"pieces": b"\xe0",
        b"settled": 1,
        b"version": 2,
    })


# ---------------------------------------------------------------- chapter 08: message 20, in both directions

def extended(extension, payload):
    return message(20, bytes([extension]) + payload)


def next_extended(connection, heard):
    """The payload of the next message 20 on a connection; `heard` keeps what has come and is not used yet."""
    while True:
        while len(heard) < 4 or len(heard) < 4 + struct.unpack(">I", heard[:4])[0]:
            heard += connection.recv(4096) or sys.exit("cotorra hung up")
        size = 4 + struct.unpack(">I", heard[:4])[0]
        frame = bytes(heard[4:size])
        del heard[:size]
        if frame[:1] == b"\x14":
            return frame[1:]


def with_port(payload, port):
    """An extended handshake that names a fixed port, not the one that was free."""
    payload, ports = re.subn(rb"1:pi[0-9]+e", b"1:pi%de" % port, payload)
    if ports != 1:
        raise RuntimeError("the extended handshake has not one port")
    return payload


def shake_hands(connection, torrent):
    """Says a handshake with the bit of BEP 10, and hears the other side's."""
    connection.sendall(b"\x13BitTorrent protocol" + bytes([0, 0, 0, 0, 0, 0x10, 0, 0]) + info_hash(torrent) + SEEDER[0])
    heard = bytearray(hear_until(connection, lambda heard: len(heard) >= 68))
    del heard[:68]
    return heard


def what_a_learner_says(desk):
    """What `cotorra metadata` says to a peer that offers the metadata: [its handshake, its request]."""
    torrent, said = desk["02-metainfo/folder.torrent"], []

    def serve(connection):
        heard = shake_hands(connection, torrent)
        connection.sendall(extended(0, b"d1:md11:ut_metadatai3ee13:metadata_sizei%dee" % len(info(torrent))))
        said.extend(next_extended(connection, heard) for _ in range(2))
        return b""

    what_it_says_to(serve, "metadata", f"magnet:?xt=urn:btih:{info_hash(torrent).hex()}", "--peer", "HERE",
                    "--listen", "127.0.0.1:0", "-o", os.path.join(desk.path, "learned.torrent"))
    return said


def what_a_seeder_says(desk):
    """What `cotorra seed` says to a peer that asks for part 0 of the metadata: [its handshake, its answer]."""
    torrent, content = desk["02-metainfo/folder.torrent"], os.path.join(desk.path, "cotorra-sample")
    shutil.copytree(SAMPLE, content)
    seeder = subprocess.Popen([program(), "seed", desk.file("02-metainfo/folder.torrent"), content, "--listen", "127.0.0.1:0"],
                              stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    try:
        port = int(re.search(r"on port (\d+)", seeder.stdout.readline())[1])
        with socket.create_connection(("127.0.0.1", port), PATIENCE) as connection:
            heard = shake_hands(connection, torrent)
            hello = next_extended(connection, heard)
            number = int(re.search(rb"11:ut_metadatai(\d+)e", hello)[1])
            connection.sendall(extended(0, b"d1:md11:ut_metadatai1eee") + extended(number, b"d8:msg_typei0e5:piecei0ee"))
            return [hello, next_extended(connection, heard)]
    finally:
        seeder.kill()
        seeder.communicate()


def metadata(desk):
    """A learner and a seeder: both extended handshakes, a request, and the part that answers it. Two cotorras would
    have the same number for ut_metadata, 1; the seeder gets 3, so that a reader sees whose number is whose."""
    learner, seeder = what_a_learner_says(desk), what_a_seeder_says(desk)
    seeder[0] = seeder[0].replace(b"11:ut_metadatai1e", b"11:ut_metadatai3e")
    said = (with_port(learner[0], 6881), with_port(seeder[0], 51413), learner[1], seeder[1])
    return b"".join(message(20, payload) for payload in said)


def bencode(value):
    if isinstance(value, int):
        return b"i%de" % value
    if isinstance(value, bytes):
        return b"%d:%s" % (len(value), value)
    if isinstance(value, list):
        return b"l" + b"".join(map(bencode, value)) + b"e"
    return b"d" + b"".join(bencode(key) + bencode(value[key]) for key in sorted(value)) + b"e"


RECIPES = {
    "01-bencode/tiny.torrent": tiny_torrent,
    "02-metainfo/folder.torrent": folder_torrent,
    "03-tracker/request.bin": request,
    "03-tracker/http-answer.bin": http_answer,
    "03-tracker/answer.bin": answer,
    "03-tracker/answer-dictionary.bin": answer_dictionary,
    "03-tracker/udp-connect.bin": udp_connect,
    "03-tracker/udp-announce.bin": udp_announce,
    "04-handshake/handshake.bin": handshake,
    "06-messages/conversation.bin": conversation,
    "07-pieces/resume.bin": resume,
    "08-extensions/metadata.bin": metadata,
}


def make_all():
    """The bytes of every capture, by its name below chapters/."""
    with tempfile.TemporaryDirectory() as path:
        desk = Desk(path)
        return {name: desk[name] for name in RECIPES}


def write_all(parent):
    for name, content in make_all().items():
        path = os.path.join(parent, name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "wb") as f:
            f.write(content)


if __name__ == "__main__":
    write_all(sys.argv[1] if len(sys.argv) > 1 else os.path.join(ROOT, "chapters"))
