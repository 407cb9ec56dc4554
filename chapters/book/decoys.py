"""Decoys: changes of a chapter's rooms that alter nothing. A bug that is drawn from a seed has one beside it, so that a
diff with the reference shows two changes, and which of them is the bug is for the student to say.

They are the lines that a chapter knows to be as good as the reference ("passes:" in chapters/NN-name/wrong), and
comparisons written the other way round. chapters/check bugs proves that a chapter's tests pass with all of its decoys."""
import hashlib
import os
import re
from dataclasses import dataclass

import holes
import wrong
from places import ROOT

MOST = 16 # of a chapter
FAR = 8   # lines between a decoy and the bug in the same file
NAME = r"[A-Za-z_]\w*(?:(?:\.|->|::)\w+)*"
VALUE = rf"(?:{NAME}(?:\(\))?|\d+)"
# (what is written, how else it can be written): at the place of the first `if (` or `return`.
TURNED = (
    (rf"\bif \(({VALUE}) != ({VALUE})\)", r"if (!(\1 == \2))"),
    (rf"\bif \(({VALUE}) == ({VALUE})\)", r"if (\2 == \1)"),
    (rf"\bif \(({VALUE}) < ({VALUE})\)", r"if (\2 > \1)"),
    (rf"\bif \(({VALUE}) >= ({VALUE})\)", r"if (!(\1 < \2))"),
    (rf"\breturn ({VALUE}) == ({VALUE});", r"return !(\1 != \2);"),
    (rf"\bwhile \(({VALUE}) < ({VALUE})\)", r"while (!(\1 >= \2))"),
)


@dataclass(frozen=True)
class Decoy:
    file: str    # "src/handshake/peer_id.cpp"
    first: int   # the index of its first line in the reference
    last: int    # of the first line behind it
    lines: tuple # what stands there instead

    def overlaps(self, other, distance=0):
        return self.file == other.file and self.first < other.last + distance and other.first < self.last + distance

    def fits(self, bug, text):
        """Is it in another place than the bug?"""
        at = text.count("\n", 0, max(0, text.find(bug.before)))
        there = Decoy(bug.file, at, at + bug.before.count("\n"), ())
        return not self.overlaps(there, FAR)


def turned(path, text):
    for i, line in enumerate(text.split("\n")):
        code = re.sub(r'//.*|"([^"\\]|\\.)*"', "", line)
        for pattern, other in TURNED:
            if re.search(pattern, code) and re.search(pattern, line):
                yield Decoy(path, i, i + 1, (re.sub(pattern, other, line, count=1),))
                break


def key(decoy):
    """An order that has nothing to do with that of the files."""
    return hashlib.sha256("\n".join([decoy.file, *decoy.lines]).encode()).hexdigest()


def of_chapter(chapter):
    """The decoys of a chapter, none of which is in the place of another; the same on each machine."""
    marks = {h.number: h for h in holes.of_chapter(chapter)}
    known = [Decoy(marks[v.hole].path, marks[v.hole].first + 1, marks[v.hole].last, v.body)
             for v in wrong.of_chapter(chapter) if v.passes and not v.asan and v.hole in marks]
    made = [d for room in chapter.rooms for source in holes.sources(os.path.join(ROOT, "src", room))
            if source.endswith(".cpp") for d in turned(os.path.relpath(source, ROOT), holes.read(source))]
    found = []
    for decoy in [*sorted(known, key=key), *sorted(made, key=key)]:
        if len(found) < MOST and not any(decoy.overlaps(other) for other in found):
            found.append(decoy)
    return found


def applied(decoys, path, text):
    """The text of src/room/file with those of the decoys that are in it."""
    lines = text.split("\n")
    for decoy in sorted((d for d in decoys if d.file == path), key=lambda d: -d.first):
        lines[decoy.first:decoy.last] = decoy.lines
    return "\n".join(lines)


def drawn(chapter, bugs, seed):
    """(a bug, its decoy) that a word draws from a chapter: the same ones on each machine."""
    digest = hashlib.sha256(f"{chapter.name} {seed}".encode()).digest()
    bug = bugs[int.from_bytes(digest[:8], "big") % len(bugs)]
    text = holes.read(os.path.join(ROOT, bug.file))
    fitting = [d for d in of_chapter(chapter) if d.fits(bug, text)]
    return bug, fitting[int.from_bytes(digest[8:16], "big") % len(fitting)]
