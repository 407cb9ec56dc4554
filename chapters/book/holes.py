"""Holes: exercise and solution are one text.

    // hole 4.2: compare the answered info_hash
    ...
    // end hole 4.2

in src/ mark what a student is to write. empty() puts one line, todo("4.2"), in the place of the
lines between the marks; refill() puts the lines back."""
import glob
import os
import re
from dataclasses import dataclass

from places import CHAPTERS, ROOT

BEGIN = re.compile(r"^(?P<indent>\s*)// hole (?P<number>\d+\.\d+): (?P<title>.+?)\s*$")
END = re.compile(r"^\s*// end hole (?P<number>\d+\.\d+)\s*$")
MARK = re.compile(r"^\s*//\s*(end\s+)?hole\b")


class Wrong(ValueError):
    """What is wrong with a file, and where, in one sentence."""


@dataclass(frozen=True)
class Hole:
    number: str     # "4.2"
    title: str      # "compare the answered info_hash"
    path: str       # "src/handshake/handshake_talk.cpp"
    first: int      # the index of the mark's line
    last: int       # the index of the end mark's line
    indent: str
    body: tuple     # the lines between the marks

    @property
    def order(self):
        return by_number(self.number)

    @property
    def stub(self):
        return f'{self.indent}todo("{self.number}");'

    @property
    def is_empty(self):
        return any(line.strip() == self.stub.strip() for line in self.body)


def by_number(number):
    """The key that sorts "4.10" behind "4.9"."""
    return tuple(int(n) for n in number.split("."))


def in_text(text, path=""):
    """The holes of one file. Raises Wrong, one sentence, for marks that do not fit together."""
    found, begun = [], None
    lines = text.split("\n")
    for i, line in enumerate(lines):
        begin, end = BEGIN.match(line), END.match(line)
        if begin and begun:
            raise Wrong(f"{path}:{i + 1}: hole {begin['number']} begins inside hole {begun[1]['number']}")
        if end and (not begun or begun[1]["number"] != end["number"]):
            raise Wrong(f"{path}:{i + 1}: hole {end['number']} ends and has not begun")
        if MARK.match(line) and not begin and not end:
            raise Wrong(f"{path}:{i + 1}: a mark is \"// hole 4.2: what to do\" or \"// end hole 4.2\"")
        if begin:
            begun = (i, begin)
        if end:
            first, mark = begun
            body = tuple(lines[first + 1:i])
            found.append(Hole(mark["number"], mark["title"], path, first, i, mark["indent"], body))
            begun = None
    if begun:
        raise Wrong(f"{path}:{begun[0] + 1}: hole {begun[1]['number']} never ends")
    return found


def read(path):
    """The text of a file. Raises Wrong if it is none."""
    with open(path, "rb") as f:
        data = f.read()
    at = data.find(b"\0")
    try:
        text = data.decode()
    except UnicodeDecodeError as e:
        at = e.start
    if at < 0:
        return text
    near = os.path.relpath(path, ROOT)
    line = data.count(b"\n", 0, at) + 1
    raise Wrong(f"{path if near.startswith('..') else near}:{line} is not UTF-8: let your editor save the file as UTF-8")


def sources(folder):
    """The files of a room, in order."""
    return sorted(glob.glob(os.path.join(glob.escape(folder), "*.[ch]pp")))


def in_folder(folder):
    """The holes of a room's files, in the order of their numbers."""
    found = [h for path in sources(folder) for h in in_text(read(path), os.path.relpath(path, ROOT))]
    return sorted(found, key=lambda h: h.order)


def of_chapter(chapter, base=None):
    """The holes of a chapter: of the reference, or of the copies of its rooms in `base`."""
    found = [h for room in chapter.rooms for h in in_folder(os.path.join(base or os.path.join(ROOT, "src"), room))]
    return sorted(found, key=lambda h: h.order)


def everywhere():
    """(chapter, hole) for each hole of the course."""
    return [(chapter, hole) for chapter in CHAPTERS for hole in of_chapter(chapter)]


def empty(text, only=None):
    """The text with its holes emptied; only those whose number is in `only`, if given."""
    lines = text.split("\n")
    for hole in reversed(in_text(text)):
        if only is None or hole.number in only:
            lines[hole.first + 1:hole.last] = [hole.stub]
    return "\n".join(lines)


def refill(text, bodies):
    """The text with the lines of `bodies`, {number: lines}, in its holes."""
    lines = text.split("\n")
    for hole in reversed(in_text(text)):
        if hole.number in bodies:
            lines[hole.first + 1:hole.last] = bodies[hole.number]
    return "\n".join(lines)
