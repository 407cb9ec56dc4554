"""Each diagram is what its trace says, is in a text, and each trace is what the program says today."""
import filecmp
import glob
import os
import shutil
import subprocess
import tempfile

import diagram
import regions
import terminal
from places import ROOT

TRACES = sorted({trace for _, trace, _ in diagram.PICTURES})


def recorder():
    """tests/story/record.cpp, built: COTORRA_RECORD or the release build's."""
    return os.environ.get("COTORRA_RECORD") or os.path.join(ROOT, "build/release/tests/record_conversations")


def traces(refill):
    if not os.access(recorder(), os.X_OK):
        yield "the traces cannot be recorded again: ninja -C build/release record_conversations"
        return
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run([recorder(), folder], check=True)
        for trace in TRACES:
            old, new = os.path.join(ROOT, trace), os.path.join(folder, os.path.basename(trace))
            if os.path.exists(old) and filecmp.cmp(old, new, shallow=False):
                continue
            if refill:
                shutil.copyfile(new, old)
            else:
                yield f"{trace}: not what a fresh run says"


def strays(pictures, lines, texts):
    """Pictures that nobody draws or shows, and traces of which there is no picture."""
    drawn = {path for path, _, _ in diagram.PICTURES}
    for path in pictures:
        if path not in drawn and not terminal.is_terminal(os.path.join(ROOT, path)):
            yield f"{path}: nobody draws it: chapters/book/diagram.py has no trace for it"
        if not any(os.path.basename(path) in text for text in texts):
            yield f"{path}: no text shows it"
    for path in lines:
        if path not in TRACES:
            yield f"{path}: there is no picture of it in chapters/book/diagram.py"


def beside_chapters(end):
    found = glob.glob(os.path.join(ROOT, "chapters", "[0-9][0-9]-*", "*." + end))
    return sorted(os.path.relpath(path, ROOT) for path in found)


def check(refill):
    yield from traces(refill)
    texts = []
    for path in regions.texts():
        with open(path, encoding="utf-8") as f:
            texts.append(f.read())
    yield from strays(beside_chapters("svg"), beside_chapters("jsonl"), texts)
    for path, now in diagram.drawn():
        where = os.path.join(ROOT, path)
        old = ""
        if os.path.exists(where):
            with open(where, encoding="utf-8") as f:
                old = f.read()
        if old != now and refill:
            with open(where, "w", encoding="utf-8") as f:
                f.write(now)
        elif old != now:
            yield f"{path}: not what its trace says; chapters/check --refill diagrams"
