"""Every capture beside a chapter is what its recipe makes, and every byte of it has an owner."""
import glob
import json
import os
import subprocess

import captures
import recorded
from places import ROOT

CHAPTERS = os.path.join(ROOT, "chapters")


def committed():
    """The captures that lie beside the chapters, by their names below chapters/."""
    found = [path for end in ("torrent", "bin")
             for path in glob.glob(os.path.join(glob.escape(CHAPTERS), "[0-9][0-9]-*", "*." + end))]
    return sorted(os.path.relpath(path, CHAPTERS) for path in found)


def unexplained(name):
    """One sentence for each thing that `cotorra show --bytes` does not say about the file."""
    path = os.path.join(CHAPTERS, name)
    shown = subprocess.run([captures.program(), "show", "--bytes", "--json", path], capture_output=True, text=True)
    if shown.returncode != 0:
        yield f"{name}: cotorra show said: {shown.stderr.strip()}"
        return
    end = 0
    for row in json.loads(shown.stdout)["bytes"]:
        if row["offset"] != end:
            yield f"{name}: byte {min(row['offset'], end)} has no owner, or two"
        if "left over" in row["name"]:
            yield f"{name}: {row['length']} bytes from byte {row['offset']} are left over"
        end = row["offset"] + row["length"]
    if end != os.path.getsize(path):
        yield f"{name}: the fields end at byte {end} of {os.path.getsize(path)}"


def check(refill=False):
    if not recorded.program():
        yield "there is no cotorra to run: build it with chapters/start, or name one with COTORRA=..."
        return
    if refill:
        captures.write_all(CHAPTERS)
    there = committed()
    for name, fresh in captures.make_all().items():
        if name not in there:
            yield f"{name}: there is a recipe, but no such file"
        elif captures.read(os.path.join(CHAPTERS, name)) != fresh:
            yield f"{name}: not what its recipe in chapters/book/captures.py makes"
    for name in there:
        if name not in captures.RECIPES:
            yield f"{name}: there is no recipe for it in chapters/book/captures.py"
        yield from unexplained(name)
