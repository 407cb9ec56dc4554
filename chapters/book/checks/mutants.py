"""Mutants: a machine's small mistakes in the rooms, of which a chapter's own tests must kill at least 95 of 100, those
that a person has judged to be equivalent left out (chapters/NN-name/mutants.md).

A sample of each chapter, by a seed that changes each day and is printed; COTORRA_MUTANTS=all tries all of them, which
takes an hour or two, =50 that many a chapter, =50:SEED those of another seed. Survivors are told either way. A small sample
says little about 95 of 100, so it fails only when it is far below: it is there to see that the tests do not fall behind the code."""
import os
import random
import time

import mutants
import places
import variants

SAMPLE = 6      # of each chapter, when nothing else is said
KILLED = 0.95   # of those that are not equivalent
FAR_BELOW = 0.7 # what a sample must reach: luck alone hardly ever takes it there
PATIENCE = 4    # seconds of work for a test


def asked():
    """(how many of a chapter or None for all, the seed)."""
    word, _, seed = os.environ.get("COTORRA_MUTANTS", str(SAMPLE)).partition(":")
    return (None if word == "all" else int(word)), seed or time.strftime("%Y-%m-%d")


def fate(build, chapter, i, mutant):
    """"killed", "survived", or "no build"."""
    name = f"mutant-{chapter.number}-{i}"
    try:
        programs = build.variant(name, chapter, {mutant.path: mutant.text})
        return "killed" if variants.first_failure(programs) else "survived"
    except variants.Broken:
        return "no build"
    finally:
        build.drop(name)


def check(refill):
    many, seed = asked()
    todo = []
    for chapter in places.wanted():
        if chapter.number == 0: # the ground is tested by all that stands on it
            continue
        known = mutants.judged(chapter)
        found = mutants.of_chapter(chapter)
        left = {m.key for m in found}
        yield from (f"chapters/{chapter.name}/mutants.md judges what is no longer there: {key}" for key in known if key not in left)
        found = [m for m in found if known.get(m.key) != "equivalent"]
        if many is not None:
            found = random.Random(f"{seed} {chapter.number}").sample(found, min(many, len(found)))
        todo += [(chapter, i, m) for i, m in enumerate(found)]
    try:
        build = variants.Build(sorted({c for c, _, _ in todo}, key=lambda c: c.number))
    except variants.Broken as e:
        yield str(e)
        return
    variants.PATIENCE = PATIENCE
    fates = []
    for found in variants.in_parallel(lambda t: [fate(build, *t)], todo):
        fates.append(found)
        if len(fates) % 50 == 0:
            print(f"  mutants: {len(fates)} of {len(todo)} tried, {fates.count('survived')} survive", flush=True)
    survivors = [(c, m) for (c, _, m), f in zip(todo, fates) if f == "survived"]
    tried = len(fates) - fates.count("no build")
    print(f"  mutants: {fates.count('killed')} of {tried} killed (seed {seed}; {fates.count('no build')} did not compile)")
    for chapter, m in survivors:
        judgement = mutants.judged(chapter).get(m.key, "not judged yet")
        print(f"  survived: {m.place}: {m.key.split(': ', 1)[1]}  ({judgement})")
    if len(fates) - tried > 0.2 * len(fates):
        yield f"{len(fates) - tried} of {len(fates)} mutants do not compile: the build is broken, or mutants.py makes nonsense"
    wanted = KILLED if many is None else FAR_BELOW
    if tried - len(survivors) < wanted * tried:
        yield f"{len(survivors)} of {tried} mutants survive, and at most {1 - wanted:.0%} may"
