"""A small program prints what the file beside it says: chapters/NN-name/hello.cpp and hello.transcript.

The text quotes both. check() builds the programs with -O0 -g, as they are stepped through, and runs them;
it can write the outputs again."""
import glob
import os

import places
import walks
from places import ROOT

LONGEST = 40  # lines
BIG = ("walk.cpp", "first_download.cpp", "hot_or_cold.cpp")  # these have checks of their own


def sources():
    """The small programs of the chapters that are looked at."""
    found = [p for c in places.wanted() for p in glob.glob(c.path("*.cpp"))]
    return sorted(p for p in found if os.path.basename(p) not in BIG)


def said(source):
    """What it prints, after the command that runs it. Raises LookupError if it fails."""
    name = os.path.basename(source)[:-len(".cpp")]
    done = walks.run([os.path.join(walks.BUILD, "chapters", name)], walks.PATIENCE)
    if done.returncode != 0:
        raise LookupError(f"{name} ends with status {done.returncode}: {done.stdout.strip()[-200:]}")
    return f"$ build/debug/chapters/{name}\n" + done.stdout


def look_at(source, refill):
    """The sentence of what is wrong with this program, or None."""
    shown = os.path.relpath(source, ROOT)
    with open(source, encoding="utf-8") as f:
        lines = len(f.read().splitlines())
    if lines > LONGEST:
        return f"{shown} has {lines} lines; a small program has at most {LONGEST}"
    try:
        now = said(source)
    except (LookupError, OSError) as e:
        return f"{shown}: {e}"
    return walks.kept(source[:-len(".cpp")] + ".transcript", now, refill)


def check(refill):
    programs = sources()
    broken = walks.build_targets([os.path.basename(p)[:-len(".cpp")] for p in programs]) if programs else None
    yield from [broken] if broken else filter(None, [look_at(p, refill) for p in programs])
