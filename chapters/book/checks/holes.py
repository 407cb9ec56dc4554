"""Each hole can be emptied, is missed by the test that its hints name, and says so; hints give nothing away."""
import os
import re

import hints
import holes
import places
import variants
from places import ROOT


def squeezed(text):
    return re.sub(r"\s+", "", text)


def giveaways(hole, text):
    """Lines of the solution that stand in a hint."""
    for line in hole.body:
        code = squeezed(re.sub(r"//.*", "", line))
        if len(code) > 14 and code in squeezed(text):
            yield line.strip()


def written(chapter, found):
    """What is wrong in the texts, without building anything."""
    has = hints.of_chapter(chapter)
    name = f"chapters/{chapter.name}/hints.md"
    numbers = [h.number for h in found]
    for number in sorted(set(numbers)):
        if numbers.count(number) > 1:
            yield f"hole {number} is marked {numbers.count(number)} times"
    for hole in found:
        if int(hole.number.split(".")[0]) != chapter.number:
            yield f"{hole.path}: hole {hole.number} is in a room of chapter {chapter.number}"
        if hole.is_empty or not any(line.strip() for line in hole.body):
            yield f"{hole.path}: hole {hole.number} is empty in the reference"
        if hole.number not in has:
            yield f"{name} has no \"## {hole.number} {hole.title}\""
            continue
        one = has[hole.number]
        if one.title != hole.title:
            yield f"{name}: {hole.number} is called \"{one.title}\", and \"{hole.title}\" in {hole.path}"
        if len(one.hints) != 3 or not all(one.hints):
            yield f"{name}: {hole.number} has {len(one.hints)} hints, and should have three"
        if not one.fails_first:
            yield f"{name}: {hole.number} has no line \"Fails first: name of a test\""
        if not one.contract:
            yield f"{name}: {hole.number} has no paragraph \"Contract: what comes in, what must hold afterwards\""
        for text in [one.contract, *one.hints]:
            for line in giveaways(hole, text):
                yield f"{name}: a hint or the contract of {hole.number} has a line of the solution: {line}"
    for number in sorted(set(has) - set(numbers)):
        yield f"{name} has hints for {number}, and no room has such a hole"
    for path in sorted({h.path for h in found}):
        text = holes.read(os.path.join(ROOT, path))
        bodies = {h.number: h.body for h in holes.in_text(text)}
        if holes.refill(holes.empty(text), bodies) != text:
            yield f"{path}: emptied and filled again it is not what it was"


def emptied(found, only):
    paths = sorted({h.path for h in found if h.number in only})
    return {p: holes.empty(holes.read(os.path.join(ROOT, p)), only) for p in paths}


def tried(build, chapter, found, number):
    """One hole emptied, or with number None all of them."""
    only = [number] if number else [h.number for h in found]
    name = f"hole-{number or chapter.name}"
    try:
        programs = build.variant(name, chapter, emptied(found, only))
        failure = variants.first_failure(programs)
    except variants.Broken as e:
        yield f"hole {number}, emptied, does not compile: {e}" if number else \
            f"chapter {chapter.number} with all its holes emptied does not compile: {e}"
        return
    finally:
        build.drop(name)
    wanted = hints.of_chapter(chapter).get(number) if number else None
    if not failure:
        yield f"hole {number or 'after hole'} of chapter {chapter.number} is empty and all its tests pass"
    elif number and f"hole {number} is empty" not in failure.text:
        yield f"hole {number} is empty and the first failure, in \"{failure.test}\", does not name it: " \
              + " / ".join(failure.text.split("\n")[:3])
    elif wanted and wanted.fails_first and failure.test != wanted.fails_first:
        yield f"hole {number} is empty and \"{failure.test}\" fails first; the hints say \"{wanted.fails_first}\""


def check(refill):
    todo = []
    for chapter in places.wanted():
        try:
            found = holes.of_chapter(chapter)
        except ValueError as e:
            yield str(e)
            continue
        yield from written(chapter, found)
        if found:
            todo += [(chapter, found, h.number) for h in found] + [(chapter, found, None)]
    yield from variants.tried_in_build([c for c, _, _ in todo], tried, todo)
