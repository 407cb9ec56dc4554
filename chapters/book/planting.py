"""learn break: a chapter's room with a planted bug in it, in work/broken/, to be found."""
import difflib
import os
import random
import re
import shutil

import bugs
import building
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


def broken(chapter, bug):
    """{path in work/broken: text}: the chapter's rooms with the bug."""
    found = {}
    for room in rooms(chapter, bug):
        for source in holes.sources(os.path.join(ROOT, "src", room)):
            path, text = f"src/{room}/{os.path.basename(source)}", holes.read(source)
            try:
                found[os.path.join(place(chapter), *path.split("/")[1:])] = \
                    bug.planted(text) if path == bug.file else text
            except ValueError as e:
                raise holes.Wrong(f"{path} is not as it was, so bug {bug.number} cannot be planted: {e}") from None
    return found


def untouched(chapter, number):
    """True if work/broken has what was planted and nothing else."""
    bug = next((b for b in bugs.of_chapter(chapter) if b.number == number), None)
    there = [os.path.join(folder, f) for folder, _, files in os.walk(place(chapter)) for f in files]
    try:
        wanted = broken(chapter, bug) if bug else {}
        return sorted(there) == sorted(wanted) and all(holes.read(f) == text for f, text in wanted.items())
    except holes.Wrong:
        return False


def plant(chapter, word, state):
    last = state["planted"].get(chapter.name)
    bug, at = choose(chapter, word, last), place(chapter)
    files = broken(chapter, bug)
    if os.path.lexists(at):
        if untouched(chapter, last):
            shutil.rmtree(at)
        else:
            learner.put_aside(at, f"broken-{chapter.name}")
    for path, text in files.items():
        os.makedirs(os.path.dirname(path), exist_ok=True)
        learner.write(path, text)
    state["planted"][chapter.name] = bug.number
    print(f"A bug is planted in {shown(at)}: {', '.join(rooms(chapter, bug))}. Your own work is not touched.")
    print(f"See it fail:  chapters/learn break {chapter.number} --test")
    print("Find it, mend it there, and run that again. "
          f"To be told:  chapters/learn break {chapter.number} --tell")


def planted(chapter, state):
    number = state["planted"].get(chapter.name)
    found = next((b for b in bugs.of_chapter(chapter) if b.number == number), None)
    if not found or not os.path.isdir(place(chapter)):
        raise Sorry(f"no bug is planted in chapter {chapter.number}: chapters/learn break {chapter.number}")
    return found


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
    lost = [f for f in broken(chapter, planted(chapter, state)) if not os.path.exists(f)]
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
    if not failure:
        print(f"All tests of chapter {chapter.number} pass: the bug is gone. "
              f"What it was:  chapters/learn break {chapter.number} --tell")
        return 0
    print(without_diagnosis(failure.text))
    print(f"\nnext: find the bug in {shown(place(chapter))}, mend it, "
          f"and chapters/learn break {chapter.number} --test")
    return 1


def tell(chapter, state):
    bug = planted(chapter, state)
    room, file = bug.file.split("/")[1:]
    print(f"Bug {bug.number}: {bug.title}\n")
    diff = difflib.unified_diff(bug.before.splitlines(), bug.after.splitlines(), bug.file,
                                shown(os.path.join(place(chapter), room, file)), lineterm="", n=9)
    print("\n".join(line for line in diff if not line.startswith("@@")) + "\n")
    print(bug.why)
    print(f"\nnext: another one, with chapters/learn break {chapter.number}")
    return 0
