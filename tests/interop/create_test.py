"""The same folder, made into a .torrent by mktorrent, Transmission, libtorrent and us, and each of these files
read by all of them:  create_test.py file|folder|ordered

The info_hash is one for all makers where the specification leaves them no choice (a private file, a private
folder). It leaves two: Transmission writes "private" also when it is 0, sorts names without regard to
case and leaves out empty files."""
import json
import os
import random
import re
import subprocess
import sys

import metainfo
from clients import COTORRA, want
from desk import PATIENCE, Desk, note, run_test

URL = "http://tracker.example/announce"
POWER = 15
PIECE_LENGTH = 1 << POWER
SIZES = {
    "file": {"": 100003},
    "folder": {"a/one.bin": 70001, "a/two.txt": 3, "b/c/deep.bin": 131072, "last.bin": 40000},
    # names that can be sorted in more than one way, and an empty file
    "ordered": {"B.bin": 50000, "a/x.bin": 40000, "a.d/y.bin": 7, "c.txt": 33, "empty": 0, "a-b": 20},
}


def run(*words):
    done = subprocess.run([str(word) for word in words], capture_output=True, text=True, timeout=PATIENCE,
                          stdin=subprocess.DEVNULL)
    assert done.returncode == 0, f"{words[0]} ended with {done.returncode}: {done.stderr or done.stdout}"
    return done.stdout


def libtorrent(*words):
    return run(sys.executable, "-B", os.path.join(os.path.dirname(os.path.abspath(__file__)), "lt_create.py"), *words)


def ours(path, out, private):
    run(COTORRA, "create", path, "-o", out, "-a", URL, "--piece-length", PIECE_LENGTH, *["--private"] * private)


def mktorrent(path, out, private):
    run("mktorrent", "-a", URL, "-l", POWER, "-o", out, *["-p"] * private, path)


def transmission_create(path, out, private):
    run("transmission-create", "-t", URL, "-s", PIECE_LENGTH >> 10, "-o", out, *["-p"] * private, path)


def libtorrent_create(path, out, private):
    libtorrent("create", path, out, URL, PIECE_LENGTH, "private" if private else "public")


MAKERS = {"ours": ours, "mktorrent": mktorrent, "transmission": transmission_create, "libtorrent": libtorrent_create}


def hash_in(pattern, text):
    found = re.search(pattern + r"\s*([0-9a-f]{40})", text, re.IGNORECASE)
    assert found, f"no info_hash in: {text}"
    return found[1].lower()


READERS = {
    "ours": lambda torrent: json.loads(run(COTORRA, "show", "--json", torrent))["info_hash"],
    "transmission": lambda torrent: hash_in(r"Hash(?: v1)?:", run("transmission-show", torrent)),
    "libtorrent": lambda torrent: hash_in("", libtorrent("hash", torrent)),
    "aria2": lambda torrent: hash_in("Info Hash:", run("aria2c", "--no-conf", "-S", torrent)),
}


def create(kind):
    want("mktorrent", "transmission-create", "libtorrent", "aria2")
    with Desk() as desk:
        path = os.path.join(desk.folder("made"), "same")
        noise = random.Random(kind)
        for name, size in SIZES[kind].items():
            file = os.path.join(path, name) if name else path
            os.makedirs(os.path.dirname(file), exist_ok=True)
            with open(file, "wb") as out:
                out.write(noise.randbytes(size))
        for private in (True, False):
            hashes = {maker: made_by(desk, maker, path, private) for maker in MAKERS}
            different = {maker for maker in hashes if hashes[maker] != hashes["ours"]}
            allowed = {"transmission"} if kind == "ordered" or not private else set()
            assert different <= allowed, f"private={private}: {hashes}; different from ours may be {allowed}"
            note(f"interop: create a {kind if kind != 'ordered' else 'folder of tricky names'}, "
                 f"{'private' if private else 'public'}: one info_hash from {len(hashes) - len(different)} "
                 f"makers, {len(READERS)} readers agree on each{'; Transmission makes another' * bool(different)}")


def made_by(desk, maker, path, private):
    """The info_hash of that maker's file, about which all readers agree."""
    torrent = os.path.join(desk.path, f"{maker}-{private}.torrent")
    MAKERS[maker](path, torrent, private)
    read = {reader: READERS[reader](torrent) for reader in READERS}
    assert len(set(read.values())) == 1, f"{maker}'s file is read differently: {read}"
    run(COTORRA, "verify", torrent, path)                # its status says that all pieces are right
    return read["ours"]


if __name__ == "__main__":
    sys.exit(run_test(create, *sys.argv[1:]))
