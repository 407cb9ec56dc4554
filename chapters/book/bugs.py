"""Planted bugs: chapters/NN-name/bugs/M-short-name.md, each a small exact edit of a room and why."""
import glob
import os
import re
from dataclasses import dataclass, field

from places import CHAPTERS, ROOT

FENCE = re.compile(r"^```(before|after)[ \t]*\n(.*?)^```[ \t]*$", re.M | re.S)


@dataclass
class Bug:
    path: str
    number: str = ""      # "04-3"
    title: str = ""
    fields: dict = field(default_factory=dict)
    before: str = ""
    after: str = ""
    why: str = ""

    def __getattr__(self, name):
        """The lines of the head: file, caught_by, step, found, hole, read; "" when absent or none."""
        if name.startswith("_"):
            raise AttributeError(name)
        value = self.fields.get(name.replace("_", " "), "")
        return "" if value == "none" else value

    def planted(self, text):
        """The text with the bug. Raises ValueError when it does not fit exactly once."""
        if text.count(self.before) != 1:
            raise ValueError(f"its old lines are {text.count(self.before)} times in {self.file}, "
                             "and should be there once")
        return text.replace(self.before, self.after)


def read(path):
    """Raises ValueError for a file that does not have the form."""
    with open(path, encoding="utf-8") as f:
        text = f.read()
    head = re.match(r"# Bug (\d\d-\d+): (.+)\n", text)
    if not head:
        raise ValueError("the first line is \"# Bug 04-3: what is wrong\"")
    fences = dict(FENCE.findall(text))
    if set(fences) != {"before", "after"}:
        raise ValueError("it needs a fence ```before and a fence ```after")
    fields = dict(re.findall(r"^([a-z ]+): (.+)$", text[head.end():FENCE.search(text).start()], re.M))
    why = text[list(FENCE.finditer(text))[-1].end():].strip()
    bug = Bug(path, head[1], head[2].strip(), {k: v.strip() for k, v in fields.items()},
              fences["before"], fences["after"], why)
    for key in ("file", "caught by"):
        if key not in fields:
            raise ValueError(f"it has no line \"{key}: ...\"")
    if not os.path.exists(os.path.join(ROOT, bug.file)):
        raise ValueError(f"there is no {bug.file}")
    return bug


def files(chapter):
    return sorted(glob.glob(os.path.join(glob.escape(chapter.path("bugs")), "*.md")))


def of_chapter(chapter):
    """The bugs of a chapter that have the form."""
    found = []
    for path in files(chapter):
        try:
            found.append(read(path))
        except ValueError:
            pass # the check "bugs" says so
    return found


def everywhere():
    return [(chapter, path) for chapter in CHAPTERS for path in files(chapter)]
