"""The exercises of all sizes: --blank compiles, with all its functions empty, and the first test that fails says so;
the headers of --from-scratch need no other file of their room."""
import os
import re

import holes
import places
import sizes
import testing
import variants
from places import ROOT


def scratch(chapter):
    """The headers that something needs, and that are not there."""
    there = sizes.files(chapter, sizes.SCRATCH)
    for path, text in there.items():
        if not path.endswith(".hpp"):
            yield f"learn start {chapter.number} --from-scratch gives away {path}"
        for room in chapter.rooms:
            for wanted in sorted(sizes.includes(os.path.join(ROOT, path), room) - set(there)):
                yield f"learn start {chapter.number} --from-scratch: {path} includes {wanted}, which is not given"


def blank(build, chapter):
    files = sizes.files(chapter, sizes.BLANK)
    changed = {p: t for p, t in files.items() if t != holes.read(os.path.join(ROOT, p))}
    designed = [p for p in changed if p in sizes.DESIGN and sizes.todos(changed[p])]
    if not designed:
        yield f"chapter {chapter.number} has nothing to design: learn start {chapter.number} --blank empties no whole file"
    missing = {h.number for h in holes.of_chapter(chapter)} - \
        {n for t in changed.values() for n in re.findall(r"// (\d+\.\d+) ", t)}
    if missing:
        yield f"learn start {chapter.number} --blank does not tell the contract of {', '.join(sorted(missing))}"
    name = f"blank-{chapter.name}"
    try:
        failure = testing.first_of_reference(chapter, build.variant(name, chapter, changed))
    except variants.Broken as e:
        yield f"chapter {chapter.number}, begun --blank, does not compile: {e}"
        return
    finally:
        build.drop(name)
    if not failure:
        yield f"all tests of chapter {chapter.number} pass when it is begun --blank"
    elif not re.search(r"hole \S+ is empty", failure.text):
        yield f"chapter {chapter.number}, begun --blank: the first failure does not say what is empty: {failure.text[:200]}"


def check(refill):
    chapters = [c for c in places.wanted() if holes.of_chapter(c)]
    for chapter in chapters:
        yield from scratch(chapter)
    yield from variants.tried_in_build(chapters, blank, [(c,) for c in chapters])
