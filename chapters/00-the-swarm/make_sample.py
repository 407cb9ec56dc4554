#!/usr/bin/env python3
"""make_sample.py DIR: makes DIR/cotorra-sample, the folder that the sample torrent shares.

The small files are kept beside this script, in sample/; the long one is made by arithmetic. So
every machine makes the same bytes, and the sample's info_hash is the same everywhere."""
import hashlib
import os
import shutil
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
NAME = "cotorra-sample"


def make(parent):
    folder = os.path.join(parent, NAME)
    parrots = os.path.join(folder, "parrots.bin")
    shutil.copytree(os.path.join(HERE, "sample"), folder, dirs_exist_ok=True)
    noise = hashlib.shake_256(b"cotorra sample 1").digest(32 << 20)
    with open(parrots, "wb") as out:
        out.write(noise)
    return folder


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    print(make(sys.argv[1]))
