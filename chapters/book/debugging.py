"""learn debug: gdb, with the commands for coroutines, on a chapter's walk or in the first test that fails."""
import os
import shlex
import sys

import building
import holes
import learner
import testing
from learner import Sorry, shown
from places import ROOT

GDB = os.path.join(ROOT, "chapters", "debugger", "cotorra_gdb.py")


def walk(chapter, mine):
    """gdb on the chapter's walk, with the reference's rooms or the learner's."""
    if not os.path.exists(chapter.path("walk.cpp")):
        raise Sorry(f"chapter {chapter.number} has no walk")
    if mine:
        learner.need_started(chapter)
    building.set_up(["packages_debugger"])
    target = f"{'mine_' if mine else ''}walk_{chapter.name}"
    building.build([target])
    session = chapter.path("walk.gdb")
    if os.path.exists(session):
        with open(session, encoding="utf-8") as f:
            lines = [line.strip() for line in f if line.strip() and not line.startswith("#")]
        print(f"The walk of the text types, one after the other ({shown(session)}):")
        print("  " + "   ".join(lines[:12]) + ("   ..." if len(lines) > 12 else ""))
    command = ["gdb", "-nx", "-q", "-x", GDB,
               os.path.join(ROOT, "build", "debug", "chapters", target)]
    print(" ".join(shlex.quote(shown(w) if w.startswith("/") else w) for w in command), flush=True)
    os.chdir(ROOT)
    os.execvp("gdb", command)


def first_failing_test(chapter):
    """gdb in the first test that fails, at the first line of each hole that the learner has filled."""
    learner.need_started(chapter)
    building.set_up(["packages_debugger"])
    exe = testing.build(chapter)
    failure = testing.first_failure(chapter, exe)
    if failure and not failure.test:
        raise Sorry(f"{failure.text}\nThe program ended outside of a test: there is none to look into.", 1)
    if not failure:
        print(f"All tests of chapter {chapter.number} pass: there is nothing to look into. The walk of the text: "
              f"chapters/learn debug {chapter.number}")
        return 0
    places = [f"{os.path.join(ROOT, h.path)}:{h.first + 2}" for h in holes.of_chapter(chapter, learner.folder(chapter))]
    print(f"The test is \"{failure.test}\". It stops at the first line of each hole that it comes to, and where it fails.\n"
          "  next   continue   co locals (in a coroutine)   info locals   co bt (what waits for this coroutine)   finish   quit")
    command = ["gdb", "-nx", "-q", "-x", GDB, "-ex", "set breakpoint pending on"]
    for place in places:
        command += ["-ex", f"break {os.path.realpath(place)}"]
    command += ["-ex", "run", "--args", exe, testing.variants.spec(failure.test), "--break"]
    sys.stdout.flush()
    os.chdir(ROOT)
    os.execvp("gdb", command)
