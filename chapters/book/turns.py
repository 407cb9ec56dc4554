"""Coroutines that take turns in one thread, drawn from what a small program of a chapter prints: a lane for each
of them, a bar while it runs, a dashed line while it is suspended, and an arrow where the thread goes next."""
import os
import re
from itertools import groupby

from places import ROOT
from svg import Picture

LINE = re.compile(r"(?:(?P<time>\d+ s): )?(?P<who>\w+):? (?P<what>.+)$")
ROW, TOP = 26, 48


def read(path):
    """(time or None, who, what) for each line that a coroutine prints."""
    with open(os.path.join(ROOT, path), encoding="utf-8") as f:
        return [LINE.match(line).group("time", "who", "what") for line in f.read().splitlines()[1:]]


def turns(lines):
    """(who, index of the first line, index behind the last line) for each stay of the thread."""
    found, at = [], 0
    for who, group in groupby(lines, key=lambda line: line[1]):
        size = len(list(group))
        found.append((who, at, at + size))
        at += size
    return found


def height(index, turn):
    """Where the line with this index begins: turns stand apart."""
    return TOP + index * ROW + turn * 14


def draw(lines, title, lane, steps=None):
    """The whole, or the beginning as far as the line `steps`; of the same size, so that slides can build it up."""
    told, all_turns = lines[:steps], turns(lines)
    names = sorted({who for _, who, _ in lines})
    first = 60 if lines[0][0] else 20
    x = {who: first + i * lane for i, who in enumerate(sorted(names, key=[line[1] for line in lines].index))}
    words = " ".join(f"{time + ', ' if time else ''}{who}: {what}." for time, who, what in told)
    p = Picture(title, words, first + lane * len(names))
    last = {}
    for who in names:
        p.text(x[who], 26, who, "head")
    for turn, (who, begin, end) in enumerate(all_turns):
        if begin >= len(told):
            break
        y, bottom = height(begin, turn), height(end, turn)
        if who in last:
            p.line(x[who] + 5, last[who], x[who] + 5, y, "gap")
            suspended(p, x[who], last[who], y)
        if turn > 0:
            thread(p, x[all_turns[turn - 1][0]] + 5, height(begin, turn - 1), x[who] + 5, y)
        p.rect(x[who], y, 10, bottom - y, "ab"[list(x).index(who) % 2])
        for i in range(begin, end):
            if lines[i][0]:
                p.text(8, height(i, turn) + 18, lines[i][0], "soft")
            p.text(x[who] + 20, height(i, turn) + 18, lines[i][2])
        last[who] = bottom
    bottom = height(len(lines), len(all_turns))
    if len(told) < len(lines):
        for who in names:
            if who in last and who != told[-1][1]:
                p.line(x[who] + 5, last[who], x[who] + 5, bottom, "gap")
                suspended(p, x[who], last[who], bottom)
    return p.whole(bottom)


def suspended(p, x, above, below):
    if below - above > 20:
        p.text(x + 20, (above + below) / 2 + 4, "suspended", "soft")


def thread(p, x1, y1, x2, y2):
    """The way of the thread from the end of a turn to the beginning of the next."""
    p.line(x1, y1, x2, y2 - 1, "c arrow")
    back = 1 if x2 > x1 else -1
    slope = (y2 - y1) / (x2 - x1)
    points = ((0, 0), (-10 * back, -4), (-10 * back, 4))
    p.add("polygon", points=" ".join(f"{x2 + dx:.1f},{y2 - 1 + dx * slope + dy:.1f}" for dx, dy in points), class_="c")


DOORBELL, SLEEPERS = ("chapters/00-the-swarm/doorbell.transcript", "chapters/00-the-swarm/sleepers.transcript")
PICTURES = (
    ("slides/doorbell-1.svg", DOORBELL, lambda t: draw(t, "The host waits for the bell", 320, 1)),
    ("slides/doorbell-2.svg", DOORBELL, lambda t: draw(t, "The guest has rung, and keeps the thread", 320, 3)),
    ("slides/doorbell-3.svg", DOORBELL, lambda t: draw(t, "The host is resumed", 320)),
    ("slides/sleepers.svg", SLEEPERS, lambda t: draw(t, "Two coroutines that sleep take turns", 220)),
)


def drawn():
    """The path of each picture, and what it should be."""
    for path, transcript, picture in PICTURES:
        yield path, picture(read(transcript))
