"""learn break: a chapter's room with a planted bug in it, in work/broken/, to be found. With a seed, which a teacher
gives out, the bug is the same on each machine, and beside it stands a change that alters nothing."""
import difflib
import os
import random
import re
import shutil

import bugs
import building
import decoys
import holes
import learner
import testing
import variants
from learner import Sorry, shown
from places import ROOT


def place(chapter):
    return os.path.join(learner.WORK, "broken", chapter.name)


def choose(chapter, word, last):
    there = bugs.of_chapter(chapter)
    if not there:
        raise Sorry(f"chapter {chapter.number} has no planted bugs")
    if word is None:
        return random.choice([b for b in there if b.number != last] or there)
    for bug in there:
        name = os.path.basename(bug.path)[:-3]
        if word in (bug.number, bug.number.lstrip("0"), bug.number.split("-")[1], name):
            return bug
    raise Sorry(f"chapter {chapter.number} has no bug \"{word}\"; there are {', '.join(b.number for b in there)}")


def rooms(chapter, bug):
    """The chapter's rooms, and that of the bug if it is another chapter's."""
    return list(dict.fromkeys([*chapter.rooms, bug.file.split("/")[1]]))


def broken(chapter, bug, decoy):
    """{path in work/broken: text}: the chapter's rooms with the bug, and its decoy if it has one."""
    found = {}
    for room in rooms(chapter, bug):
        for source in holes.sources(os.path.join(ROOT, "src", room)):
            path, text = f"src/{room}/{os.path.basename(source)}", holes.read(source)
            try:
                text = decoys.applied([decoy] if decoy else [], path, text)
                found[os.path.join(place(chapter), *path.split("/")[1:])] = \
                    bug.planted(text) if path == bug.file else text
            except ValueError as e:
                raise holes.Wrong(f"{path} is not as it was, so bug {bug.number} cannot be planted: {e}") from None
    return found


def remembered(chapter, state):
    """(the bug that was planted, its decoy or None), or (None, None)."""
    number, seed = state["planted"].get(chapter.name), state["seeds"].get(chapter.name)
    there = bugs.of_chapter(chapter)
    bug, decoy = decoys.drawn(chapter, there, seed) if seed and there else (None, None)
    if not bug or bug.number != number: # no seed, or a seed of other days
        bug, decoy = next((b for b in there if b.number == number), None), None
    return bug, decoy


def name_of(bug, state, chapter):
    """As it is noted: "04-3", or with the seed that drew it."""
    seed = state["seeds"].get(chapter.name)
    return f"{bug.number} (seed {seed})" if seed else bug.number


def untouched(chapter, state):
    """True if work/broken has what was planted and nothing else."""
    bug, decoy = remembered(chapter, state)
    there = [os.path.join(folder, f) for folder, _, files in os.walk(place(chapter)) for f in files]
    try:
        wanted = broken(chapter, bug, decoy) if bug else {}
        return sorted(there) == sorted(wanted) and all(holes.read(f) == text for f, text in wanted.items())
    except holes.Wrong:
        return False


def plant(chapter, word, seed, state):
    at, decoy = place(chapter), None
    bug = choose(chapter, word, state["planted"].get(chapter.name))
    if seed:
        bug, decoy = decoys.drawn(chapter, bugs.of_chapter(chapter), seed)
    files = broken(chapter, bug, decoy)
    if os.path.lexists(at):
        if untouched(chapter, state):
            shutil.rmtree(at)
        else:
            learner.put_aside(at, f"broken-{chapter.name}")
    for path, text in files.items():
        os.makedirs(os.path.dirname(path), exist_ok=True)
        learner.write(path, text)
    state["planted"][chapter.name] = bug.number
    state["seeds"].pop(chapter.name, None)
    if seed:
        state["seeds"][chapter.name] = seed
    print(f"A bug is planted in {shown(at)}: {', '.join(rooms(chapter, bug))}. Your own work is not touched."
          + " Another change beside it alters nothing: which of them is the bug, and why?" * bool(decoy))
    print(f"See it fail:  chapters/learn break {chapter.number} --test")
    print("Find it, mend it there, and run that again. "
          f"To be told:  chapters/learn break {chapter.number} --tell")


def planted(chapter, state):
    bug, decoy = remembered(chapter, state)
    if not bug or not os.path.isdir(place(chapter)):
        raise Sorry(f"no bug is planted in chapter {chapter.number}: chapters/learn break {chapter.number}")
    return bug, decoy


def changes(chapter):
    """{"src/room/file": text} of what in the broken rooms is not as in the reference."""
    found, at = {}, place(chapter)
    for room in sorted(os.listdir(at)):
        for file in holes.sources(os.path.join(at, room)):
            path, text = f"src/{room}/{os.path.basename(file)}", holes.read(file)
            if not os.path.exists(os.path.join(ROOT, path)):
                raise Sorry(f"{shown(file)} is a new file: mend the bug in the files that are there")
            if text != holes.read(os.path.join(ROOT, path)):
                found[path] = text
    return found


def without_diagnosis(text):
    """A failure's text without the line that names the bug."""
    return re.sub(r"^ +like +fails at .*\n(?: {12,}\S.*\n)*", "", text + "\n", flags=re.M).rstrip("\n")


def test(chapter, state):
    bug, decoy = planted(chapter, state)
    lost = [f for f in broken(chapter, bug, decoy) if not os.path.exists(f)]
    if lost:
        raise Sorry(f"{shown(lost[0])} is gone: chapters/learn break {chapter.number} plants a bug anew", 1)
    changed = changes(chapter)
    building.build(variants.test_programs(chapter))
    testing.be_patient()
    build = variants.Build([chapter], os.path.join(ROOT, "build", "debug"))
    try:
        failure = variants.first_failure(build.variant("broken", chapter, changed))
    except variants.Broken as e:
        raise Sorry(f"{e}\nIt does not compile: the line above says where.", 1) from None
    finally:
        build.drop("broken")
    if failure:
        print(without_diagnosis(failure.text))
        print(f"\nnext: find the bug in {shown(place(chapter))}, mend it, "
              f"and chapters/learn break {chapter.number} --test")
        return 1
    name = name_of(bug, state, chapter)
    print(f"All tests of chapter {chapter.number} pass: the bug is gone. "
          f"What it was:  chapters/learn break {chapter.number} --tell")
    if name in state["told"]:
        print("It is not noted as found: you were told what it was.")
        return 0
    with learner.remembering() as now:
        now["found"].setdefault(name, learner.now())
    print(f"It is noted that you have found bug {name}.")
    return 0


def tell(chapter, state):
    bug, decoy = planted(chapter, state)
    name = name_of(bug, state, chapter)
    print(f"Bug {bug.number}: {bug.title}\n")
    tell_change(chapter, bug.file, bug.before, bug.after)
    print(bug.why)
    if decoy:
        before = holes.read(os.path.join(ROOT, decoy.file)).split("\n")[decoy.first:decoy.last]
        print("\nThe other change alters nothing:\n")
        tell_change(chapter, decoy.file, "\n".join(before), "\n".join(decoy.lines))
    if name not in state["found"]:
        with learner.remembering() as now:
            now["told"].setdefault(name, learner.now())
        print(f"{chr(10) * (not decoy)}It is noted that you were told what bug {name} is.")
    print(f"\nnext: another one, with chapters/learn break {chapter.number}")
    return 0


def tell_change(chapter, path, before, after):
    there = os.path.join(place(chapter), *path.split("/")[1:])
    diff = difflib.unified_diff(before.splitlines(), after.splitlines(), path, shown(there), lineterm="", n=9)
    print("\n".join(line for line in diff if not line.startswith("@@")) + "\n")
