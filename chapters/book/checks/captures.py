"""Each capture beside a chapter is what its recipe makes, is in a text, and each byte of it has an owner."""
import json
import os
import subprocess

import captures
import recorded
import regions
from places import ROOT

CHAPTERS = os.path.join(ROOT, "chapters")
KINDS = (".md", ".cpp", ".hpp", ".py", ".gdb", ".transcript", ".svg", ".json", ".jsonl", ".txt")  # all of it text
SAMPLE = "00-the-swarm/sample"  # what is downloaded: make_sample.py makes it


def is_capture(path):
    """Bytes: a file of another kind than the texts, and one that is no text whatever its name."""
    with open(path, "rb") as f:
        content = f.read()
    try:
        return not path.endswith(KINDS) or any(ord(c) < 32 and c not in "\t\n" for c in content.decode())
    except UnicodeDecodeError:
        return True


def committed(chapters):
    """(captures, folders) that lie beside the chapters, by their names below `chapters`."""
    found, folders = [], []
    for chapter in sorted(d for d in os.listdir(chapters) if d[:2].isdigit()):
        for at, inner, files in os.walk(os.path.join(chapters, chapter)):
            inner[:] = [d for d in inner if d != "__pycache__" and not d.startswith(".")]
            name = os.path.relpath(at, chapters)
            inner[:] = [d for d in inner if f"{name}/{d}" != SAMPLE]
            folders += [f"{name}/{d}" for d in inner]
            files = [f for f in files if not f.startswith(".")]
            found += [f"{name}/{f}" for f in files if is_capture(os.path.join(at, f))]
    return sorted(found), sorted(folders)


def strays(chapters, texts):
    """What lies beside the chapters and is explained nowhere: texts are what explains."""
    found, folders = committed(chapters)
    for name in found:
        if name not in captures.RECIPES:
            yield f"{name}: there is no recipe for it in chapters/book/captures.py"
        if not any(os.path.basename(name) in text for text in texts):
            yield f"{name}: no text shows it"
    for name in folders:
        if os.path.basename(name) not in ("bugs", "wrong"):
            yield f"{name}: a chapter has no folder but bugs and wrong: nobody explains what is in it"


def unexplained(name):
    """One sentence for each thing that `cotorra show --bytes` does not say about the file."""
    path = os.path.join(CHAPTERS, name)
    command = [captures.program(), "show", "--bytes", "--json", path]
    shown = subprocess.run(command, capture_output=True, text=True)
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
    there, _ = committed(CHAPTERS)
    for name, fresh in captures.make_all().items():
        if name not in there:
            yield f"{name}: there is a recipe, but no such file"
        elif captures.read(os.path.join(CHAPTERS, name)) != fresh:
            yield f"{name}: not what its recipe in chapters/book/captures.py makes"
    yield from strays(CHAPTERS, [captures.read(path).decode() for path in regions.texts()])
    for name in there:
        yield from unexplained(name)
