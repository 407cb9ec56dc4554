"""What a slide may hold, as far as a machine can see it.

- At most 50 words. Students read about 200 a minute, and do not listen while they read: 50 words take a quarter
  of a minute. More belongs into the note or into the chapter's text. Code and outputs do not count here:
- at most 12 lines of code or output. More cannot be read from the last row, nor explained in one go.
- A slide that asks for a hole has the class "ask" and the heading "Your turn: hole 4.2", gives the contract, and
  shows no line of the hole. The next slide shows all of them. Before that, no slide of the deck shows one."""
import collections
import functools
import glob
import os
import re

import holes
from places import ROOT

MOST_WORDS, MOST_LINES = 50, 12
FENCE = re.compile(r"^(?P<tick>`{3,})[^\n]*\n(?P<body>.*?)^(?P=tick)[ \t]*$", re.M | re.S)
INDENTED = re.compile(r"^(?: {4}.*(?:\n|\Z))+", re.M)
NOT_SHOWN = re.compile(r"<!--.*?-->|!\[[^\]]*\]\([^)]*\)|(?<=\])\([^)\s]*\)", re.S)
ASKS = re.compile(r"^## Your turn: hole (\d+\.\d+)$", re.M)


def split(body):
    """The slides of a deck: a line --- inside of a fence is none of its borders."""
    inside = [m.span() for m in FENCE.finditer(body)]
    borders = [m for m in re.finditer(r"^---[ \t]*$\n?", body, re.M)
               if not any(a <= m.start() < b for a, b in inside)]
    ends = [m.start() for m in borders] + [len(body)]
    return [body[a:b] for a, b in zip([0] + [m.end() for m in borders], ends)]


def code(slide):
    """The blocks of code and output of a slide."""
    fences = [m["body"] for m in FENCE.finditer(slide)]
    return fences + [m[0] for m in INDENTED.finditer(FENCE.sub("", slide))]


def words(slide):
    """What students read on it."""
    text = NOT_SHOWN.sub("", INDENTED.sub("", FENCE.sub("", slide)))
    return [w for w in re.split(r"[\s|]+", text) if re.search(r"\w", w)]


@functools.cache
def lines_of_holes():
    """{number: (all lines of the hole, those that stand nowhere else in src)}."""
    often = collections.Counter()
    for path in glob.glob(os.path.join(ROOT, "src", "*", "*.[ch]pp")):
        often.update(bare(line) for line in holes.read(path).split("\n"))
    found = {}
    for _, hole in holes.everywhere():
        body = [bare(line) for line in hole.body if bare(line)]
        found[hole.number] = body, {line for line in body if len(line) > 12 and often[line] == 1}
    return found


def bare(line):
    """A line as it is compared: a hint in a sentence has no semicolon."""
    return line.strip().rstrip(";{ ")


def wrong(slides):
    """One sentence for each rule that a deck breaks."""
    asked = None
    told = set()
    for n, slide in enumerate(slides, 1):
        yield from too_much(n, slide)
        asks = ASKS.search(slide)
        if bool(asks) != ("<!-- _class: ask -->" in slide):
            yield f"slide {n}: a slide that asks has both, the class ask and the heading \"Your turn: hole 4.2\""
        shown = {bare(line) for line in re.split(r"[\n`]", NOT_SHOWN.sub("", slide))}
        if asked:
            yield from missing(n, shown, asked)
            told.add(asked)
        for number, (_, own) in lines_of_holes().items():
            if number not in told and own & shown:
                yield f"slide {n} shows a line of hole {number}, and no slide has asked for it: {min(own & shown)}"
        asked = asks[1] if asks else None
    if asked:
        yield f"the last slide asks for hole {asked}, and nothing follows"


def missing(n, shown, number):
    if number not in lines_of_holes():
        yield f"slide {n - 1} asks for hole {number}, and there is none"
        return
    absent = [line for line in lines_of_holes()[number][0] if line not in shown]
    if absent:
        yield f"slide {n} follows the one that asks for hole {number}, and does not show its line: {absent[0]}"


def too_much(n, slide):
    for block in code(slide):
        if block.count("\n") > MOST_LINES:
            yield f"slide {n} has {block.count(chr(10))} lines of code, more than {MOST_LINES}: {block.split(chr(10))[0]}"
    if len(words(slide)) > MOST_WORDS:
        yield f"slide {n} has {len(words(slide))} words, more than {MOST_WORDS}"
