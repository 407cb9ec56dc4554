"""A chapter's tests against the learner's rooms."""
import os
import re

import building
import hints
import holes
import learner
import variants
import wrong
from places import ROOT

PATIENCE = 10    # seconds of work; the tests of a chapter take one
MEMORY = 2 << 30 # bytes; they need a tenth of that


SANITIZED = {"CMAKE_CXX_FLAGS_DEBUG": "-O0 -g -fno-omit-frame-pointer -D_GLIBCXX_ASSERTIONS " + " ".join(variants.SANITIZERS)}


def program(chapter, folder="debug"):
    return os.path.join(ROOT, "build", folder, "tests", f"mine_test_{chapter.name}")


def build(chapter, asan=False):
    if not variants.test_folders(chapter):
        raise learner.Sorry(f"chapter {chapter.number} has no tests")
    folder = "debug-asan" if asan else "debug"
    building.build([f"mine_test_{chapter.name}"], folder, SANITIZED if asan else None)
    return program(chapter, folder)


def names(chapter, folders=None):
    """The names of a chapter's tests, in the order in which they run; of some of its folders, if given."""
    found = []
    for folder in folders or variants.test_folders(chapter):
        at = os.path.join(ROOT, "tests", folder)
        for file in sorted(f for f in os.listdir(at) if f.endswith(".cpp")):
            with open(os.path.join(at, file), encoding="utf-8") as f:
                for m in re.finditer(r"\b(?:TEST_CASE|TEMPLATE_TEST_CASE)\(((?:\s*\"(?:[^\"\\]|\\.)*\")+)", f.read()):
                    found.append("".join(re.findall(r"\"((?:[^\"\\]|\\.)*)\"", m[1])).replace('\\"', '"'))
    return found


def be_patient(asan=False):
    """What a learner's tests may take of the machine, which is the learner's own. (The sanitizers need addresses
    for all memory that there could be.)"""
    variants.PATIENCE, variants.SPREAD, variants.MEMORY = PATIENCE * (4 if asan else 1), 12, None if asan else MEMORY
    if asan:
        os.environ["ASAN_OPTIONS"] = f"hard_rss_limit_mb={MEMORY >> 20}:max_allocation_size_mb={MEMORY >> 21}"


def in_order(numbers):
    return sorted(numbers, key=holes.by_number)


def first_failure(chapter, exe, asan=False):
    """What to show first: the tests of the holes, in the order of the text, then all the others."""
    be_patient(asan)
    known = names(chapter)
    return first_of(chapter, {test: exe for test in known}, [exe])


def first_of(chapter, programs_of, programs):
    """The same for tests that are in several programs: {test: program}."""
    has = hints.of_chapter(chapter)
    for number in in_order(has):
        test = has[number].fails_first
        failure = variants.first_failure([programs_of[test]], [variants.spec(test)]) if test in programs_of else None
        if failure:
            return failure
    return variants.first_failure(programs)


def first_of_reference(chapter, programs):
    """first_of for the programs of variants.Build, which has one for each folder of tests."""
    folders = variants.test_folders(chapter)
    return first_of(chapter, {t: exe for f, exe in zip(folders, programs) for t in names(chapter, [f])}, programs)


def belonging(chapter):
    """{"4.2": the names of the tests that belong to the hole}: its first one, and each that is the first to fail
    with wrong lines that the course knows (chapters/NN-name/wrong)."""
    found = {number: {h.fails_first} - {""} for number, h in hints.of_chapter(chapter).items()}
    for v in wrong.of_chapter(chapter):
        if v.fails:
            found.setdefault(v.hole, set()).add(v.fails)
    return found


def states(chapter, exe):
    """{"4.2": "ok", "empty" or "not yet"}: how far each hole is, by the tests that belong to it."""
    empty, results, belong = learner.empty(chapter), dict(variants.results(exe)), belonging(chapter)
    left = sorted(set().union(*belong.values()) & set(names(chapter)) - set(results)) # behind one that crashes
    patience, variants.PATIENCE = variants.PATIENCE, 2 # each of them is one of many
    for name in left:
        results[name] = variants.first_failure([exe], [variants.spec(name)])
    variants.PATIENCE = patience
    passed = {name for name, said in results.items() if said is None}
    return {number: "empty" if number in empty else "ok" if tests <= passed else "not yet"
            for number, tests in belong.items()}


def every_result(chapter, exe):
    """{name: None or what the failure said} of each test; those behind a crash are run alone."""
    be_patient()
    results = dict(variants.results(exe))
    left = [name for name in names(chapter) if name not in results]
    if len(left) > 1:
        print(f"  a test does not end, or crashes: it and the {len(left) - 1} behind it run alone", flush=True)
    variants.PATIENCE = PATIENCE // 2 # each of them is one of many
    for name in left:
        failure = variants.first_failure([exe], [variants.spec(name)])
        results[name] = failure.text if failure else None
    return results
