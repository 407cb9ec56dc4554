"""learn compare: the learner's rooms beside the reference. What is still empty then counts as shown."""
import difflib
import os

import holes
import learner
from learner import shown
from places import ROOT


def compare(chapter):
    learner.need_started(chapter)
    uncovered = learner.uncovered(chapter)
    with learner.remembering() as state:
        for number in uncovered:
            state["compared"].setdefault(number, learner.now())
    different = False
    for room in chapter.rooms:
        mine = {os.path.basename(f): f for f in holes.sources(os.path.join(learner.folder(chapter), room))}
        theirs = {os.path.basename(f): f for f in holes.sources(os.path.join(ROOT, "src", room))}
        for name in sorted(mine | theirs):
            sides = [holes.read(x[name]).splitlines() if name in x else [] for x in (mine, theirs)]
            diff = list(difflib.unified_diff(*sides, f"{shown(learner.folder(chapter))}/{room}/{name}",
                                             f"src/{room}/{name}", lineterm="", n=2))
            different = different or bool(diff)
            if diff:
                print("\n".join(diff) + "\n")
    print(f"- is yours, + is the reference. next: chapters/learn break {chapter.number}" if different else
          "Yours is the reference, letter by letter.")
    if uncovered:
        print(f"It is noted that you have seen what is still empty: {', '.join(uncovered)} "
              f"{'is' if len(uncovered) == 1 else 'are'} worth no points in chapters/learn grade.")
    return 0
