"""Which hole is it? A test that fails may go through several holes, so nothing is guessed: the reference's lines are
put into one hole after the other, in a copy, until the test passes. That hole is the wrong one."""
import os
import re
import shutil

import hints
import holes
import learner
import variants
from places import ROOT


class Wrongs:
    """The learner's program and its holes, in the folder where it was built."""

    def __init__(self, chapters, program, failure):
        self.build = variants.Build([], os.path.dirname(os.path.dirname(program)))
        self.program, self.test = os.path.basename(program), failure.test
        self.place = os.path.join(self.build.folder, "variants", "culprit")
        self.holes, self.empty, self.bodies, first = [], [], {}, {}
        for chapter in chapters:
            reference = {h.number: h.body for h in holes.of_chapter(chapter)}
            first |= {n: h.fails_first for n, h in hints.of_chapter(chapter).items()}
            for hole in holes.of_chapter(chapter, learner.folder(chapter)):
                if hole.number in reference and code(hole.body) != code(reference[hole.number]):
                    (self.empty if hole.is_empty else self.holes).append(hole)
                    self.bodies[hole.number] = reference[hole.number]
        # The test may be the first that misses a hole: a good place to begin, and no more than that.
        self.holes.sort(key=lambda h: first.get(h.number) != self.test)

    def passes_with(self, some):
        """Does the test pass with the reference's lines in some of the holes, and in the empty ones?"""
        filled = [*some, *self.empty]
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
    try:
        wrongs = Wrongs(chapters, program, failure)
        shutil.rmtree(wrongs.place, ignore_errors=True)
        os.makedirs(wrongs.place)
        try:
            return wrongs.found()
        finally:
            shutil.rmtree(wrongs.place, ignore_errors=True)
    except (holes.Wrong, variants.Broken): # marks that are gone, or code beside the holes that has changed
        return None
