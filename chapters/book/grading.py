"""learn grade: what a learner has done, for people and, as JUnit and JSON, for machines.

Each hole is worth four points: it is filled and the test that its hints name passes. Each hint costs
one, a solution that was shown all of them. That test alone does not prove a hole, so a chapter gets only
the share of its points that is the share of its tests that pass. Who grades may count otherwise: the JSON
has what is needed."""
import json
import os
import re
import time
import xml.etree.ElementTree as xml

import hints
import holes
import learner
import testing
from places import CHAPTERS

WORTH = 4
RULE = f"""Points: {WORTH} for each hole that is filled and whose first test passes, 1 less for each hint (1 is left),
0 if it was shown. A chapter gets the share of them that its tests have: with 9 of 10 tests, nine tenths."""


def points(hole):
    if not hole["passed"] or hole["shown"]:
        return 0
    return max(1, WORTH - hole["hints"])


def graded(chapter, state):
    """One chapter as the JSON has it."""
    began = time.monotonic()
    out = {"chapter": chapter.name, "started": learner.started(chapter), "compiles": False,
           "tests": [], "holes": []}
    results, filled = {}, []
    if out["started"]:
        print(f"{chapter.name}: building and testing", flush=True)
        try:
            learner.need_started(chapter)
            filled = [h.number for h in holes.of_chapter(chapter) if learner.is_filled(chapter, h)]
            results = testing.every_result(chapter, testing.build(chapter))
            out["compiles"] = True
        except (learner.Sorry, holes.Wrong) as e:
            out["said"] = str(e)
    out["tests"] = [{"name": n, "passed": said is None, "said": said or ""} for n, said in results.items()]
    has = hints.of_chapter(chapter)
    for hole in holes.of_chapter(chapter):
        test = has[hole.number].fails_first if hole.number in has else ""
        is_filled = hole.number in filled
        one = {"hole": hole.number, "title": hole.title, "filled": is_filled,
               "passed": is_filled and test in results and results[test] is None,
               "hints": state["hints"].get(hole.number, 0), "shown": hole.number in state["shown"]}
        out["holes"].append(one | {"points": points(one), "of": WORTH})
    passed = sum(t["passed"] for t in out["tests"])
    # Rounded down: a test that fails costs a point at least.
    out["points"] = sum(h["points"] for h in out["holes"]) * passed // max(1, len(out["tests"]))
    out["of"] = sum(h["of"] for h in out["holes"])
    out["seconds"] = round(time.monotonic() - began, 1)
    return out


def junit(report):
    root = xml.Element("testsuites", name="cotorra")
    for one in report["chapters"]:
        failed = [t for t in one["tests"] if not t["passed"]]
        broken = one["started"] and not one["compiles"]
        cases = one["tests"] or [{"name": "it compiles" if broken else "started", "passed": False}]
        suite = xml.SubElement(root, "testsuite", name=one["chapter"], tests=str(len(cases)),
                               failures=str(len(failed)), errors=str(int(broken)),
                               skipped=str(int(not one["started"])), time=str(one["seconds"]))
        properties = xml.SubElement(suite, "properties")
        for hole in one["holes"]:
            for key in ("filled", "passed", "hints", "shown", "points"):
                xml.SubElement(properties, "property", name=f"hole {hole['hole']} {key}", value=str(hole[key]))
        for case in cases:
            node = xml.SubElement(suite, "testcase", classname=one["chapter"], name=case["name"])
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
    report = {"made": learner.now(), "chapters": [graded(c, state) for c in wanted]}
    report["points"] = sum(c["points"] for c in report["chapters"])
    report["of"] = sum(c["of"] for c in report["chapters"])
    at = os.path.join(learner.WORK, "grade")
    os.makedirs(at, exist_ok=True)
    for name, text in (("junit.xml", junit(report)), ("grade.json", json.dumps(report, indent=1) + "\n")):
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
