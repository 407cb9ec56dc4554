"""The sample torrent is the same on every machine: its picture, its bytes, its info-hash."""
import os
import re
import subprocess
import sys
import tempfile

import metainfo
from desk import PATIENCE

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
CHAPTER = os.path.join(ROOT, "chapters", "00-the-swarm")
PIECE_LENGTH = 256 << 10


def picture(work):
    drawn = os.path.join(work, "perro.jpg")
    subprocess.run([sys.executable, "-B", os.path.join(CHAPTER, "draw_perro.py"), drawn], check=True)
    with open(drawn, "rb") as one, open(os.path.join(CHAPTER, "sample", "perro.jpg"), "rb") as other:
        new, kept = one.read(), other.read()
    assert len(kept) == 65703, f"the kept picture has {len(kept)} bytes; the lecture's has 65,703"
    assert new == kept, "draw_perro.py does not draw the kept perro.jpg, byte for byte"


def info_hash(work):
    subprocess.run([sys.executable, "-B", os.path.join(CHAPTER, "make_sample.py"), work], check=True)
    sample, torrent = os.path.join(work, "cotorra-sample"), os.path.join(work, "sample.torrent")
    second_opinion = metainfo.info_hash(sample, PIECE_LENGTH)
    with open(os.path.join(ROOT, "README.md"), encoding="utf-8") as readme:
        told = re.findall(r"\b[0-9a-f]{40}\b", readme.read())
    assert set(told) == {second_opinion}, f"README.md tells {told}, the sample has {second_opinion}"
    announce = "http://127.0.0.1:6969/announce"
    subprocess.run([os.environ["COTORRA"], "create", sample, "-o", torrent, "-a", announce,
                    "--piece-length", str(PIECE_LENGTH), "--created-by", "cotorra",
                    "--creation-date", "1136239445"], check=True, stdin=subprocess.DEVNULL, timeout=PATIENCE)
    with open(torrent, "rb") as file:
        ours = file.read()
    expected = metainfo.bencode({"announce": announce, "created by": "cotorra",
                                 "creation date": 1136239445, "info": metainfo.info(sample, PIECE_LENGTH)})
    at = next((i for i, (a, b) in enumerate(zip(ours, expected)) if a != b), min(len(ours), len(expected)))
    assert ours == expected, (f"byte {at} of the .torrent differs:\n  ours     ... {ours[max(0, at - 30):at + 50]}"
                              f"\n  expected ... {expected[max(0, at - 30):at + 50]}")
    print("info-hash", second_opinion)


if __name__ == "__main__":
    with tempfile.TemporaryDirectory(prefix="cotorra-") as folder:
        {"picture": picture, "info-hash": info_hash}[sys.argv[1]](folder)
