"""learn grade: what a learner has done, for people and, as JUnit and JSON, for machines.

Each hole is worth four points if it is filled and all the tests that belong to it pass: the one that its hints
name, and each that the known wrong lines for it fail first (chapters/NN-name/wrong). Each hint costs one point,
a solution that was shown all of them; "learn compare" shows what is empty at that moment. The tests of a hole
do not prove all of it, so a chapter gets only the share of its points that is the share of its tests that pass.
A teacher may count differently: the JSON has what is needed."""
import json
import os
import re
import time
import xml.etree.ElementTree as xml
from dataclasses import dataclass, field

import holes
import learner
import testing
from places import CHAPTERS

WORTH = 4
RULE = f"""Points: {WORTH} for each hole that is filled and whose own tests all pass, 1 less for each hint (1 is left), 0 if it
was shown. A chapter gets the share of them that its tests have: with 9 of 10 tests, nine tenths."""


@dataclass
class Evidence:
    """What is known of a learner's chapter."""
    started: bool = False
    compiles: bool = False
    said: str = ""      # why it does not compile
    filled: tuple = ()  # numbers of holes
    results: dict = field(default_factory=dict) # {name of a test: None, or what its failure said}
    seconds: float = 0


def points(hole):
    if not hole["passed"] or hole["shown"]:
        return 0
    return max(1, WORTH - hole["hints"])


def gathered(chapter):
    """The evidence of the chapter in work/, which is built and tested."""
    began, seen = time.monotonic(), Evidence(learner.started(chapter))
    if seen.started:
        print(f"{chapter.name}: building and testing", flush=True)
        try:
            learner.need_started(chapter)
            seen.filled = tuple(h.number for h in holes.of_chapter(chapter) if learner.is_filled(chapter, h))
            seen.results = testing.every_result(chapter, testing.build(chapter))
            seen.compiles = True
        except (learner.Sorry, holes.Wrong) as e:
            seen.said = str(e)
    seen.seconds = time.monotonic() - began
    return seen


def graded(chapter, state, seen):
    """One chapter as the JSON has it."""
    out = {"chapter": chapter.name, "started": seen.started, "compiles": seen.compiles,
           "tests": [{"name": n, "passed": said is None, "said": said or ""} for n, said in seen.results.items()],
           "holes": []}
    if seen.said:
        out["said"] = seen.said
    belonging = testing.belonging(chapter)
    for hole in holes.of_chapter(chapter):
        tests = sorted(belonging.get(hole.number, ()))
        failed = [t for t in tests if seen.results.get(t, "not run") is not None]
        is_filled = hole.number in seen.filled
        one = {"hole": hole.number, "title": hole.title, "filled": is_filled, "tests": tests, "failed": failed,
               "passed": is_filled and bool(tests) and not failed,
               "hints": state["hints"].get(hole.number, 0), "shown_at": state["shown"].get(hole.number),
               "compared_at": state["compared"].get(hole.number)}
        one["shown"] = bool(one["shown_at"] or one["compared_at"])
        out["holes"].append(one | {"points": points(one), "of": WORTH})
    passed = sum(t["passed"] for t in out["tests"])
    # Rounded down: a test that fails costs a point at least.
    out["points"] = sum(h["points"] for h in out["holes"]) * passed // max(1, len(out["tests"]))
    out["of"] = sum(h["of"] for h in out["holes"])
    out["bugs"] = {key: {bug: at for bug, at in state[key].items() if bug.startswith(chapter.name[:3])}
                   for key in ("found", "told")}
    out["seconds"] = round(seen.seconds, 1)
    return out


def junit(suites):
    """The XML of {name of a suite: a graded chapter}."""
    root = xml.Element("testsuites", name="cotorra")
    for name, one in suites.items():
        failed = [t for t in one["tests"] if not t["passed"]]
        broken = one["started"] and not one["compiles"]
        cases = one["tests"] or [{"name": "it compiles" if broken else "started", "passed": False}]
        suite = xml.SubElement(root, "testsuite", name=printable(name), tests=str(len(cases)),
                               failures=str(len(failed)), errors=str(int(broken)),
                               skipped=str(int(not one["started"])), time=str(one["seconds"]))
        properties = xml.SubElement(suite, "properties")
        for hole in one["holes"]:
            for key in ("filled", "passed", "hints", "shown", "points"):
                xml.SubElement(properties, "property", name=f"hole {hole['hole']} {key}", value=str(hole[key]))
            xml.SubElement(properties, "property", name=f"hole {hole['hole']} tests that fail", value="; ".join(hole["failed"]))
        for key, bugs in one["bugs"].items():
            xml.SubElement(properties, "property", name=f"planted bugs {key}", value=", ".join(bugs))
        for case in cases:
            node = xml.SubElement(suite, "testcase", classname=printable(name), name=case["name"])
            if not one["started"]:
                xml.SubElement(node, "skipped", message="the chapter is not started")
            elif broken:
                xml.SubElement(node, "error", message="it does not compile").text = printable(one.get("said", ""))
            elif not case["passed"]:
                message = printable(case["said"].split("\n")[0])
                xml.SubElement(node, "failure", message=message).text = printable(case["said"])
    xml.indent(root)
    return xml.tostring(root, encoding="unicode", xml_declaration=True) + "\n"


def printable(text):
    """Without the characters that XML cannot hold."""
    return re.sub("[^\t\n -\ud7ff\ue000-\ufffd]", "?", text)


def grade(only, state):
    """Grades one chapter, or all; writes work/grade/ and prints a table."""
    wanted = [only] if only else [c for c in CHAPTERS if holes.of_chapter(c)]
    report = {"made": learner.now(), "chapters": [graded(c, state, gathered(c)) for c in wanted]}
    report["points"] = sum(c["points"] for c in report["chapters"])
    report["of"] = sum(c["of"] for c in report["chapters"])
    at = os.path.join(learner.WORK, "grade")
    os.makedirs(at, exist_ok=True)
    for name, text in (("junit.xml", junit({c["chapter"]: c for c in report["chapters"]})), ("grade.json", json.dumps(report, indent=1) + "\n")):
        with open(os.path.join(at, name), "w", encoding="utf-8") as f:
            f.write(text)
    table(report)
    print(f"\n{learner.shown(at)}/junit.xml and {learner.shown(at)}/grade.json have all of it.")
    return 0


def table(report):
    print(f"\n{'chapter':<16} {'tests':>9}  {'holes':>7}  {'hints':>5}  {'shown':>5}  {'points':>8}")
    for one in report["chapters"]:
        passed = sum(t["passed"] for t in one["tests"])
        tests = f"{passed} of {len(one['tests'])}" if one["compiles"] else \
            "no build" if one["started"] else "-"
        done = sum(h["passed"] for h in one["holes"])
        print(f"{one['chapter']:<16} {tests:>9}  {done:>2} of {len(one['holes'])}  "
              f"{sum(h['hints'] for h in one['holes']):>5}  {sum(h['shown'] for h in one['holes']):>5}  "
              f"{one['points']:>2} of {one['of']:>2}")
    print(f"{'all':<16} {'':>9}  {'':>7}  {'':>5}  {'':>5}  {report['points']:>2} of {report['of']:>2}")
    print(f"\n{RULE}")
