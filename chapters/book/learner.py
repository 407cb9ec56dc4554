"""What a learner has in work/, and what learn remembers about it."""
import contextlib
import fcntl
import hashlib
import json
import os
import re
import shutil
import sys
import time

import holes
import sizes
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
    """work/.learn.json: hints taken, solutions shown, holes that were empty when compared, bugs told and found,
    chapters passed, bugs planted and by which seed, warnings, sizes.
    One that is not as learn writes it is told, and as good as none; keep() then puts it aside."""
    KINDS = {"hints": int, "shown": str, "compared": str, "told": str, "found": str, "passed": str, "planted": str,
             "seeds": str, "warnings": list}
    told = False

    def __init__(self):
        self.words, there = {key: {} for key in self.KINDS}, {}
        try:
            with open(STATE, encoding="utf-8") as f:
                there = json.load(f)
        except (FileNotFoundError, NotADirectoryError):
            pass
        except (ValueError, RecursionError, IsADirectoryError):
            there = None
        self.odd = not self.fits(there)
        if not self.odd:
            self.words |= there
        elif not State.told:
            State.told = True
            print(f"{shown(STATE)} is not as learn wrote it, so the hints that you took are forgotten; "
                  "your code is as it was", file=sys.stderr)

    @classmethod
    def words_of(cls, data):
        """The words of another's .learn.json. Raises ValueError if it is none."""
        there = json.loads(data)
        if not cls.fits(there):
            raise ValueError
        return {key: there.get(key, {}) for key in cls.KINDS}

    @classmethod
    def fits(cls, there):
        return isinstance(there, dict) and all(
            isinstance(there.get(key, {}), dict) and all(isinstance(v, kind) for v in there.get(key, {}).values())
            for key, kind in cls.KINDS.items())

    def __getitem__(self, key):
        return self.words[key]

    def keep(self):
        os.makedirs(WORK, exist_ok=True)
        if self.odd:
            put_aside(STATE, "learn.json")
            self.odd = False
        write(STATE, json.dumps(self.words, indent=1, sort_keys=True) + "\n")


@contextlib.contextmanager
def alone():
    """Nobody else changes work/ meanwhile: there may be a learn in another terminal."""
    os.makedirs(WORK, exist_ok=True)
    at = os.open(WORK, os.O_RDONLY)
    try:
        fcntl.flock(at, fcntl.LOCK_EX)
        yield
    finally:
        os.close(at)


@contextlib.contextmanager
def remembering():
    """The state, to be changed."""
    with alone():
        state = State()
        yield state
        state.keep()


def write(path, text):
    """The whole file or nothing of it, whenever we are stopped."""
    new = os.path.join(os.path.dirname(path), f".{os.path.basename(path)}.{os.getpid()}.new")
    try:
        with open(new, "w", encoding="utf-8", newline="") as f:
            f.write(text)
        os.replace(new, path)
    except BaseException as e:
        with contextlib.suppress(OSError):
            os.remove(new)
        if isinstance(e, OSError):
            e.filename = path # the name that the reader knows
        raise


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
    if len(parts) != 2 or not all(p.isascii() and p.isdigit() for p in parts):
        raise Sorry(f"\"{word}\" is no hole: a hole is a chapter and a number, as in 4.2")
    chapter = chapter_of(parts[0])
    found = holes.of_chapter(chapter)
    number = f"{chapter.number}.{parts[1].lstrip('0') or '0'}"
    for hole in found:
        if hole.number == number:
            return chapter, hole
    there = ", ".join(h.number for h in found) or "none"
    raise Sorry(f"there is no hole {word}; the holes of chapter {chapter.number}: {there}")


def titled(chapter, label):
    """"hole 4.2: compare the answered info_hash", or "the function next_frame"."""
    for hole in holes.of_chapter(chapter):
        if hole.number == label:
            return f"hole {label}: {hole.title}"
    return f"the function {label}"


def folder(chapter):
    return os.path.join(WORK, chapter.name)


def started(chapter):
    return any(os.path.isdir(os.path.join(folder(chapter), room)) for room in chapter.rooms)


def need_started(chapter):
    if not started(chapter):
        raise Sorry(f"chapter {chapter.number} is not in {shown(WORK)} yet: chapters/learn start {chapter.number}")
    lost = missing(chapter)
    if lost:
        raise Sorry(f"{shown(lost[0])} is gone: chapters/learn start {chapter.number} puts it back as it was then", 1)


def missing(chapter):
    """The files of a chapter that are no longer there. (A whole room may be left to the reference.)"""
    there = [room for room in chapter.rooms if os.path.isdir(os.path.join(folder(chapter), room))]
    return [path for path in begun(chapter) if not os.path.isfile(path) and path.split(os.sep)[-2] in there]


def size(chapter):
    """The size of the exercise that was started: a word of sizes.py."""
    try:
        found = holes.read(size_file(chapter)).strip()
    except (FileNotFoundError, NotADirectoryError, holes.Wrong):
        return sizes.HOLES
    return found if found in (sizes.BLANK, sizes.SCRATCH) else sizes.HOLES


def size_file(chapter):
    """It is in the chapter's folder, so it goes where a learner carries that folder."""
    return os.path.join(folder(chapter), ".size")


def begun(chapter):
    """{path in work: text} of what learn start writes."""
    return {os.path.join(folder(chapter), *path.split("/")[1:]): text
            for path, text in sizes.files(chapter, size(chapter)).items()}


def added(chapter):
    """The learner's sources that the reference does not have: the build takes them, too."""
    return [f for f in files(chapter) if f.endswith(".cpp") and not os.path.exists(reference(f))]


def reference(path):
    """The file in src/ that one of the learner's is to become."""
    return os.path.join(ROOT, "src", *path.split(os.sep)[-2:])


def files(chapter):
    """The learner's files of a chapter."""
    return [f for room in chapter.rooms for f in holes.sources(os.path.join(folder(chapter), room))]


def empty(chapter):
    """The labels of what is still to be written: numbers of holes, or names of functions."""
    return [label for f in files(chapter) for label in sizes.todos(holes.read(f))]


def uncovered(chapter):
    """The numbers of the holes that a look at the reference gives away: what is empty, has no statement, or (where there
    are no holes any more) is not yet written or not yet tested."""
    begun_as, done = size(chapter), State()["passed"].get(chapter.name) == fingerprint(chapter)
    labels, bodies, found = empty(chapter), {}, []
    with contextlib.suppress(holes.Wrong): # marks that the learner has changed
        bodies = {h.number: h.body for h in holes.of_chapter(chapter, folder(chapter))}
    for hole in holes.of_chapter(chapter):
        left = hole.number in labels or (hole.number in bodies and not re.search(r"\w", without_comments(bodies[hole.number])))
        designed = begun_as == sizes.BLANK and hole.path in sizes.DESIGN and any(not label[0].isdigit() for label in labels)
        if not done and (left or designed or begun_as == sizes.SCRATCH):
            found.append(hole.number)
    return found


def without_comments(lines):
    return "\n".join(re.sub(r"//.*", "", line) for line in lines)


def is_filled(chapter, hole):
    return hole.number not in empty(chapter)


def fingerprint(chapter):
    h = hashlib.sha256()
    for f in files(chapter):
        h.update(holes.read(f).encode())
    return h.hexdigest()[:16]


def start(chapter, wanted):
    """Copies the chapter's rooms into work/, in the size that is wanted. The caller is alone()."""
    for room in chapter.rooms:
        os.makedirs(os.path.join(folder(chapter), room), exist_ok=True)
    write(size_file(chapter), wanted + "\n")
    put_back(chapter, missing(chapter))


def put_back(chapter, paths):
    texts = begun(chapter) if paths else {}
    for path in paths:
        write(path, texts[path])


def put_aside(path, name):
    """Moves what is there to work/old/, and says where it is now."""
    to = os.path.join(WORK, "old", f"{name}-{time.strftime('%Y%m%d-%H%M%S')}")
    while os.path.lexists(to):
        to += "x"
    os.makedirs(os.path.dirname(to), exist_ok=True)
    shutil.move(path, to)
    print(f"What was in {shown(path)} is now in {shown(to)}")
