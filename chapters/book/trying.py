"""learn test: the tests of a chapter with the learner's rooms, or all tests with all of them, and what to do next."""
import os
import re
import sys

import building
import culprit
import holes
import learner
import sizes
import testing
from learner import Sorry, shown, titled
from places import CHAPTERS, ROOT


def one(chapter, asan):
    """The tests of one chapter, with the learner's rooms."""
    learner.need_started(chapter)
    tested = learner.fingerprint(chapter)
    for path in learner.added(chapter):
        print(f"{shown(path)} is built, too: the reference has no such file")
    exe = testing.build(chapter, asan)
    if warned := building.warnings(chapter):
        print("\n".join(warned) + "\n")
    failure, n = testing.first_failure(chapter, exe, asan), chapter.number
    if failure:
        told = failure.text if failure.test in failure.text else f"{failure.test}\n{failure.text}"
        print(re.sub(r"(chapters/learn debug \d+)$", r"\1 --test", told, flags=re.M))
        return after_failure(chapter, exe, failure)
    with learner.remembering() as state:
        state["passed"][chapter.name] = tested
    print(f"All {len(testing.names(chapter))} tests of chapter {n} pass with your {' and '.join(chapter.rooms)}"
          f"{', and the sanitizers saw nothing' * asan}.")
    left = next((c for c in CHAPTERS if c.number > n and holes.of_chapter(c)), None)
    print(f"next: chapters/learn compare {n}, chapters/learn break {n}, or "
          + (f"chapters/learn start {left.number}" if left else "chapters/learn test --all-mine"))
    return 0


def after_failure(chapter, exe, failure):
    """Says which hole it is and how the others stand."""
    n, states = chapter.number, testing.states(chapter, exe)
    empty = [label for label in learner.empty(chapter) if f"hole {label} is empty" in failure.text]
    if not empty:
        if found := culprit.find([chapter], exe, failure):
            states |= {hole.number: "wrong" for hole in found}
            print(culprit.named(found))
    print("\n" + "   ".join(f"{number} {states[number]}" for number in testing.in_order(states))
          + ("      (not yet: a test that needs it fails)" if "not yet" in states.values() else ""))
    for sentence in marks_gone(chapter):
        print(sentence)
    wrong = [number for number, state in states.items() if state == "wrong"]
    first = f"fill {titled(chapter, empty[0])}" if empty else \
        f"mend {'hole' if len(wrong) == 1 else 'holes'} {' and '.join(wrong)}" if wrong else \
        "write it" if "not written yet" in failure.text else find_out(chapter)
    print(f"next: {first}, then chapters/learn test {n}")
    return 1


def marks_gone(chapter):
    """A sentence if the marks of the holes are not as they were: then no hole can be tried."""
    try:
        there = {h.number for h in holes.of_chapter(chapter, learner.folder(chapter))}
    except holes.Wrong as e:
        yield f"{e}. Put the mark back, as it is in src/: without it learn cannot try the holes."
        return
    gone = [h.number for h in holes.of_chapter(chapter) if h.number not in there]
    if gone and learner.size(chapter) == sizes.HOLES:
        yield f"The marks of hole {' and '.join(gone)} are gone. Put them back, as they are in src/: without them learn cannot try the holes."


def find_out(chapter):
    n, beside = chapter.number, ""
    if learner.size(chapter) == sizes.HOLES:
        beside = f", or at what has changed beside the holes, with chapters/learn compare {n}"
    return f"look inside, with chapters/learn debug {n} --test{beside}"


def all_mine():
    mine = [c for c in CHAPTERS if learner.started(c)]
    if not mine:
        raise Sorry("nothing is in work yet: chapters/learn start 1")
    for chapter in mine:
        learner.need_started(chapter)
        empty = learner.empty(chapter)
        if empty:
            raise Sorry(f"{titled(chapter, empty[0])} is still empty: chapters/learn test {chapter.number}", 1)
    testing.be_patient()
    programs = [p for c in CHAPTERS for p in testing.variants.test_programs(c)] + ["test_12-downloader"]
    print(f"building everything, with your {', '.join(r for c in mine for r in c.rooms)}, in build/all-mine")
    building.build([*programs, "cotorra"], "all-mine", {"COTORRA_ALL_MINE": "ON"})
    at = os.path.join(ROOT, "build", "all-mine")
    for program in programs:
        failure = testing.variants.first_failure([os.path.join(at, "tests", program)])
        print(f"  {program:<20} {'fails' if failure else 'passes'}", flush=True)
        if failure:
            print(f"\n{failure.text if failure.test in failure.text else failure.test + chr(10) + failure.text}")
            found = culprit.find(mine, os.path.join(at, "tests", program), failure) or []
            if found:
                print(culprit.named(found))
            print(f"\nnext: {'mend it' if found else 'find out why'}, then chapters/learn test --all-mine")
            return 1
    print("\nNow a real swarm, with your program:", flush=True)
    swarm = os.path.join(ROOT, "chapters", "00-the-swarm", "swarm.py")
    python = "/usr/bin/python3" if os.path.exists("/usr/bin/python3") else sys.executable
    to = os.path.join(learner.WORK, "start")
    os.execv(python, [python, "-B", swarm, os.path.join(at, "cotorra"), "-o", to])
