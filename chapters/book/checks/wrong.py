"""Wrong code is red: each file of chapters/NN-name/wrong has wrong lines for a hole, and the chapter's tests refuse
all of them, in the order of chapters/learn test: first the test that is named, and the failure names no other hole.
(That learn finds the wrong hole by trying is tested in tests/course.)"""
import os
import re

import holes
import places
import testing
import variants
import wrong
from places import ROOT

LEAST = 6 # wrong variants of each hole
PATIENCE = 4 # seconds of work for a test: an endless loop costs all of them


def written(chapter, found, known):
    """What can be seen without building anything."""
    seen = set()
    for v in known:
        if v.hole not in found:
            yield f"{v.place}: no room of chapter {chapter.number} has a hole {v.hole}"
        if bool(v.fails) == bool(v.passes):
            yield f"{v.place}: \"{v.title}\" needs one line, \"fails: name of a test\" or \"passes: why\""
        if len(v.thought) < 40:
            yield f"{v.place}: \"{v.title}\" does not say what a student thinks"
        if v.hole in found and v.body == found[v.hole].body:
            yield f"{v.place}: \"{v.title}\" is the reference"
        if v.name in seen:
            yield f"{v.place}: two variants are called \"{v.title}\""
        seen.add(v.name)
    for number in found:
        count = sum(v.hole == number and not v.passes for v in known)
        if count < LEAST:
            yield f"hole {number} has {count} wrong variants in chapters/{chapter.name}/wrong, and needs {LEAST}"


def accused(text):
    """The holes that a failure names."""
    return set(re.findall(r"(?:learn hint|hole|reference's lines in) (\d+\.\d+)", text))


def judged(v, failure):
    if v.passes:
        if failure:
            yield f"{v.place}: \"{v.title}\" is said to be right, and \"{failure.test}\" fails"
        return
    if not failure:
        yield f"{v.place}: \"{v.title}\" is green: a test is missing"
        return
    if failure.test != v.fails:
        yield f"{v.place}: \"{v.title}\": \"{failure.test}\" fails first, not \"{v.fails}\""
    for other in sorted(accused(failure.text) - {v.hole}):
        yield f"{v.place}: \"{v.title}\": the failure accuses hole {other}"


def tried(build, chapter, hole, v):
    text = holes.refill(holes.read(os.path.join(ROOT, hole.path)), {v.hole: v.body})
    try:
        programs = build.variant(v.name, chapter, {hole.path: text}, asan=v.asan)
        yield from judged(v, testing.first_of_reference(chapter, programs))
    except variants.Broken as e:
        yield f"{v.place}: \"{v.title}\" does not compile: {e}"
    finally:
        build.drop(v.name)


def check(refill):
    todo = []
    only = os.environ.get("COTORRA_HOLE")
    for chapter in places.wanted():
        try:
            found = {h.number: h for h in holes.of_chapter(chapter) if only in (None, h.number)}
            known = [v for v in wrong.of_chapter(chapter) if only in (None, v.hole)]
        except holes.Wrong as e:
            yield str(e)
            continue
        yield from written(chapter, found, known)
        todo += [(chapter, found[v.hole], v) for v in known if v.hole in found]
    variants.PATIENCE = PATIENCE
    yield from variants.tried_in_build([c for c, _, _ in todo], tried, todo)
