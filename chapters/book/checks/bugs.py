"""Each planted bug fits the source, compiles, and is caught by its own chapter's tests, where it says; and what may be
planted beside it alters nothing."""
import os
import re

import anchors
import bugs
import decoys
import holes
import places
import variants
from places import ROOT


def said(text, key):
    """What stands behind `key` in a story's text."""
    return [m[1].strip() for m in re.finditer(rf"^[ *]*{key}\s+(.+)$", text, re.M)]


def pointers(chapter, bug, name):
    if bug.number[:2] != chapter.name[:2]:
        yield f"{name}: it is numbered {bug.number} in chapter {chapter.number}"
    if bug.hole and bug.hole not in [h.number for h in holes.of_chapter(chapter)]:
        yield f"{name}: there is no hole {bug.hole}"
    if bug.read:
        readme = chapter.path("README.md")
        if not bug.read.startswith("#") or bug.read[1:] not in anchors.in_file(readme):
            yield f"{name}: chapters/{chapter.name}/README.md has no {bug.read}"
    if len(bug.why) < 100:
        yield f"{name}: it does not say why people write this and how it shows"


def caught(bug, failure):
    if not failure:
        yield "no test of its chapter fails"
    elif failure.test != bug.caught_by:
        yield f"\"{failure.test}\" fails first, not \"{bug.caught_by}\""
    else:
        if bug.step and not re.search(rf"\bstep {bug.step}\b[^\n]*failed", failure.text):
            steps = re.search(r"\bstep \d+[^\n]*failed", failure.text)
            yield f"the story does not fail at step {bug.step}: {steps[0] if steps else 'no story failed'}"
        if bug.found and bug.found not in said(failure.text, "found"):
            yield f"the story does not say \"found {bug.found}\" but {said(failure.text, 'found')}"
        came = said(failure.text, "came")
        if came and bug.came not in [re.split(" {2,}", row)[0] for row in came]:
            yield f"it needs the line \"came: {re.split(' {2,}', came[0])[0]}\": the bytes that the story shows"
        same = f"the same place as planted bug {bug.number}: {bug.title}"
        if bug.step and bug.found and same not in " ".join(failure.text.split()):
            yield f"the failure does not say that it fails at {same}"


def tried(build, chapter, path):
    name = os.path.relpath(path, ROOT)
    try:
        bug = bugs.read(path)
        text = bug.planted(holes.read(os.path.join(ROOT, bug.file)))
    except ValueError as e:
        yield f"{name}: {e}"
        return
    yield from pointers(chapter, bug, name)
    variant = f"bug-{bug.number}"
    try:
        failure = variants.first_failure(build.variant(variant, chapter, {bug.file: text}))
        yield from (f"{name}: {sentence}" for sentence in caught(bug, failure))
    except variants.Broken as e:
        yield f"{name}: it does not compile: {e}"
    finally:
        build.drop(variant)


def altered(build, chapter):
    """All decoys of a chapter at once: its tests pass. And each bug has a decoy in another place than its own."""
    there, name = decoys.of_chapter(chapter), f"decoys-{chapter.name}"
    for bug in bugs.of_chapter(chapter):
        text = holes.read(os.path.join(ROOT, bug.file))
        if not any(d.fits(bug, text) for d in there):
            yield f"bug {bug.number} has no decoy for learn break --seed (chapters/book/decoys.py)"
    try:
        texts = {path: decoys.applied(there, path, holes.read(os.path.join(ROOT, path))) for path in {d.file for d in there}}
        if failure := variants.first_failure(build.variant(name, chapter, texts)):
            yield f"the decoys of chapter {chapter.number} alter something: \"{failure.test}\" fails: {failure.text}"
    except variants.Broken as e:
        yield f"the decoys of chapter {chapter.number} do not compile: {e}"
    finally:
        build.drop(name)


def check(refill):
    todo = [(chapter, path) for chapter, path in bugs.everywhere() if chapter in places.wanted()]
    numbers = [os.path.basename(p).split("-")[0] + " of " + c.name for c, p in todo]
    for number in sorted({n for n in numbers if numbers.count(n) > 1}):
        yield f"two bugs have the number {number}"
    chapters = sorted({c for c, _ in todo}, key=lambda c: c.number)
    jobs = [(altered, c) for c in chapters] + [(tried, *t) for t in todo]
    yield from variants.tried_in_build(chapters, lambda build, look, *at: look(build, *at), jobs)
