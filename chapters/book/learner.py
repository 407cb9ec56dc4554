"""What a learner has in work/, and what learn remembers about it."""
import hashlib
import json
import os
import shutil
import time

import holes
from places import CHAPTERS, ROOT, find_chapter

WORK = os.path.abspath(os.environ.get("COTORRA_WORK") or os.path.join(ROOT, "work"))
STATE = os.path.join(WORK, ".learn.json")


class Sorry(Exception):
    """What cannot be done, in one sentence, and the exit status."""

    def __init__(self, sentence, status=2):
        super().__init__(sentence)
        self.status = status


def shown(path):
    """A path as the reader would type it."""
    near = os.path.relpath(path, ROOT)
    return path if near.startswith("..") else near


class State:
    """work/.learn.json: hints taken, solutions shown, chapters passed, the bug that is planted, warnings."""

    def __init__(self):
        self.words = {"hints": {}, "shown": {}, "passed": {}, "planted": {}, "warnings": {}}
        if os.path.exists(STATE):
            try:
                with open(STATE, encoding="utf-8") as f:
                    self.words |= json.load(f)
            except (ValueError, TypeError):
                raise Sorry(f"{shown(STATE)} cannot be read: mend it or delete it (it only counts hints)") from None

    def __getitem__(self, key):
        return self.words[key]

    def keep(self):
        os.makedirs(WORK, exist_ok=True)
        with open(STATE + ".new", "w", encoding="utf-8") as f:
            json.dump(self.words, f, indent=1, sort_keys=True)
            f.write("\n")
        os.replace(STATE + ".new", STATE)


def now():
    return time.strftime("%Y-%m-%d %H:%M:%S")


def chapter_of(word):
    chapter = find_chapter(word)
    if not chapter:
        raise Sorry(f"there is no chapter \"{word}\"; there are {', '.join(str(c.number) for c in CHAPTERS)}")
    return chapter


def hole_of(word):
    """(chapter, hole) that "4.2" means."""
    parts = word.split(".")
    if len(parts) != 2 or not all(p.isdigit() for p in parts):
        raise Sorry(f"\"{word}\" is no hole: a hole is a chapter and a number, as in 4.2")
    chapter = chapter_of(parts[0])
    found = holes.of_chapter(chapter)
    number = f"{int(parts[0])}.{int(parts[1])}"
    for hole in found:
        if hole.number == number:
            return chapter, hole
    there = ", ".join(h.number for h in found) or "none"
    raise Sorry(f"there is no hole {word}; the holes of chapter {chapter.number}: {there}")


def folder(chapter):
    return os.path.join(WORK, chapter.name)


def started(chapter):
    return any(os.path.isdir(os.path.join(folder(chapter), room)) for room in chapter.rooms)


def need_started(chapter):
    if not started(chapter):
        raise Sorry(f"chapter {chapter.number} is not in {shown(WORK)} yet: chapters/learn start {chapter.number}")


def files(chapter):
    """The learner's files of a chapter."""
    return [f for room in chapter.rooms for f in holes.sources(os.path.join(folder(chapter), room))]


def is_filled(chapter, hole):
    stub = f'todo("{hole.number}")'
    return not any(line.strip().startswith(stub) for f in files(chapter) for line in holes.read(f).split("\n"))


def fingerprint(chapter):
    h = hashlib.sha256()
    for f in files(chapter):
        h.update(holes.read(f).encode())
    return h.hexdigest()[:16]


def start(chapter):
    """Copies the chapter's rooms into work/, with their holes emptied."""
    for room in chapter.rooms:
        to = os.path.join(folder(chapter), room)
        os.makedirs(to, exist_ok=True)
        for source in holes.sources(os.path.join(ROOT, "src", room)):
            with open(os.path.join(to, os.path.basename(source)), "w", encoding="utf-8", newline="") as f:
                f.write(holes.empty(holes.read(source)))


def put_aside(chapter):
    """Moves what is there to work/old/, and says where it is now."""
    to = os.path.join(WORK, "old", f"{chapter.name}-{time.strftime('%Y%m%d-%H%M%S')}")
    while os.path.exists(to):
        to += "x"
    os.makedirs(os.path.dirname(to), exist_ok=True)
    shutil.move(folder(chapter), to)
    return to
