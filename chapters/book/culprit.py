"""Which hole is it? A test that fails may go through several holes, so nothing is guessed: the reference's lines are
put into one hole after the other, in a copy, until the test passes. That hole is the wrong one."""
import os
import re
import sys
import tempfile
import time

import hints
import holes
import learner
import variants
from places import ROOT


BUDGET = 90 # seconds of the clock for the whole search: a student waits for it


class Wrongs:
    """The learner's program and its holes, in the folder where it was built."""

    def __init__(self, chapters, program, failure, place):
        self.build = variants.Build([], os.path.dirname(os.path.dirname(program)))
        self.program, self.test, self.place = os.path.basename(program), failure.test, place
        self.end, self.tried = time.monotonic() + BUDGET, 0
        linked = self.build.link_command(self.program)
        self.holes, self.empty, self.bodies, first = [], [], {}, {}
        for chapter in chapters:
            if not any(f"_{room}.a" in linked for room in chapter.rooms): # the test knows nothing of that chapter
                continue
            reference = {h.number: h.body for h in holes.of_chapter(chapter)}
            first |= {n: h.fails_first for n, h in hints.of_chapter(chapter).items()}
            for hole in holes.of_chapter(chapter, learner.folder(chapter)):
                if hole.number in reference and code(hole.body) != code(reference[hole.number]):
                    (self.empty if hole.is_empty else self.holes).append(hole)
                    self.bodies[hole.number] = reference[hole.number]
        # The test may be the first that misses a hole: a good place to begin, and no more than that.
        self.holes.sort(key=lambda h: first.get(h.number) != self.test)

    def passes_with(self, some):
        """Does the test pass with the reference's lines in some of the holes, and in the empty ones? Those that do
        not fit what stands around the hole are no answer."""
        if time.monotonic() > self.end:
            return False
        self.tried += 1
        if self.tried > 1:
            print(f"  which hole is it? {self.tried} tries", end="\r" if sys.stdout.isatty() else "\n", flush=True)
        try:
            return self.passes([*some, *self.empty])
        except variants.Broken:
            return False

    def passes(self, filled):
        numbers = {h.number for h in filled}
        again = {}
        for path in {h.path for h in filled}:
            at = os.path.join(ROOT, path)
            text = holes.refill(holes.read(at), {n: list(self.bodies[n]) for n in numbers})
            again |= self.compiled(os.path.realpath(at), text)
        if not again:
            return False
        exe = os.path.join(self.place, self.program)
        self.build.link(self.program, exe, again)
        return variants.first_failure([exe], [variants.spec(self.test)]) is None

    def compiled(self, path, text):
        """{object of the build: object of the text}; empty if the program does not have the file."""
        for output, (command, source) in self.build.commands.items():
            if output.endswith(".cpp.o") and os.path.realpath(os.path.join(self.build.folder, source)) == path:
                copy = os.path.join(self.place, os.path.basename(path))
                learner.write(copy, text)
                self.build.compile(command, source, copy, copy + ".o", {}, ["-iquote", os.path.dirname(path)],
                                   asan="-fsanitize=address" in command)
                return {output: copy + ".o"}
        return {}

    def found(self):
        """The holes that are wrong: one, or as few as there must be. None if it is not in the holes."""
        if self.empty and self.passes_with([]): # only what is empty is missing
            return None
        for hole in self.holes:
            if self.passes_with([hole]):
                return [hole]
        if len(self.holes) < 2 or not self.passes_with(self.holes):
            return None
        needed = list(self.holes)
        for hole in self.holes:
            fewer = [h for h in needed if h is not hole]
            if fewer and self.passes_with(fewer):
                needed = fewer
        return needed


def code(lines):
    """Without what makes no difference."""
    return "".join(re.sub(r"//.*|\s+", "", line) for line in lines)


def find(chapters, program, failure):
    """The holes whose lines make a test fail; None if that cannot be told."""
    if not failure.test: # it ended outside of a test
        return None
    try:
        with tempfile.TemporaryDirectory(prefix="culprit-", dir=os.path.dirname(program)) as place:
            return Wrongs(chapters, program, failure, place).found()
    except holes.Wrong: # marks that are gone
        return None


def named(found):
    """The lines that name them. Of several, none is to blame alone: the test passes when all of them are mended."""
    alone = len(found) == 1
    lines = [f"  wrong     hole {hole.number}, {hole.title}" + (": with the reference's lines in it this test passes" if alone
                                                               else "") for hole in found]
    if not alone:
        lines.append("  together  this test passes with the reference's lines in all of them, and not with fewer")
    return "\n".join(lines + [f"  hint      chapters/learn hint {hole.number}" for hole in found])
