"""Where things are: the chapters, their rooms in src/, and the folders that belong to them."""
import os
from dataclasses import dataclass

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))

os.environ.setdefault("COTORRA_LOCAL_ONLY", "1")  # what the course starts speaks to this machine only


@dataclass(frozen=True)
class Chapter:
    name: str            # "04-handshake": the folder in chapters/, tests/ and work/
    rooms: tuple         # the folders in src/ that it teaches, in the order in which they are linked

    @property
    def number(self):
        return int(self.name[:2])

    def path(self, *parts):
        return os.path.join(ROOT, "chapters", self.name, *parts)


# The chapters that have a text. Chapter 0 teaches the ground: who suspends, who resumes.
CHAPTERS = (
    Chapter("00-the-swarm", ("base", "io")),
    Chapter("01-bencode", ("bencode",)),
    Chapter("02-metainfo", ("metainfo",)),
    Chapter("03-tracker", ("http", "tracker")),
    Chapter("04-handshake", ("handshake",)),
    Chapter("05-choke", ("choke",)),
    Chapter("06-messages", ("message",)),
    Chapter("07-pieces", ("piece",)),
    Chapter("08-extensions", ("extension",)),
)


def find_chapter(word):
    """The chapter that "4", "04" or the beginning of its name means; None if there is none."""
    if word.isascii() and word.isdigit():
        return next((c for c in CHAPTERS if str(c.number) == (word.lstrip("0") or "0")), None)
    found = [c for c in CHAPTERS if c.name.startswith(word) or c.name[3:].startswith(word)]
    return found[0] if len(found) == 1 else None


def wanted():
    """The chapters that a check is to look at: all, or the one of chapters/check --chapter."""
    only = os.environ.get("COTORRA_CHAPTER")
    return [c for c in CHAPTERS if not only or c.name == only]
