"""The reports of a class: a table for people, CSV for a spreadsheet, JUnit and JSON for machines."""
import csv
import json
import os

import grading
import learner


def plain(name):
    """A name as a terminal and a spreadsheet can have it: no control characters, and no formula."""
    name = "".join(c if c.isprintable() else "?" for c in grading.printable(os.fsencode(name).decode(errors="replace")))
    return "'" + name if name[:1] in tuple("=+-@") else name


def cell(chapter, student):
    if not chapter["started"]:
        return "-"
    if chapter["chapter"] in student["out_of_time"] and not chapter["compiles"]:
        return "time"
    return str(chapter["points"]) if chapter["compiles"] else "no build"


def remarks(student):
    """What a teacher should know, in a line."""
    broken = [c["chapter"] for c in student["chapters"] if c["started"] and not c["compiles"] and c["chapter"] not in student["out_of_time"]]
    seen = [h["hole"] for c in student["chapters"] for h in c["holes"] if h["shown"]]
    found = [bug for c in student["chapters"] for bug in c["bugs"]["found"]]
    told = [bug for c in student["chapters"] for bug in c["bugs"]["told"]]
    parts = [(broken, "does not compile"), (student["out_of_time"], "out of time"), (seen, "seen before it was written"),
             (found, "bugs found"), (told, "bugs told")]
    return "; ".join([f"{words}: {', '.join(what)}" for what, words in parts if what] + student["remarks"])


def row(student):
    return [plain(student["student"]), *(cell(c, student) for c in student["chapters"]), str(student["points"]),
            str(student["of"]), plain(remarks(student))]


def tell(students, chapters, to):
    """Writes class.csv, junit.xml and class.json, and prints the table."""
    head = ["student", *(c.name for c in chapters), "points", "of", "remarks"]
    rows = [row(s) for s in students]
    with open(os.path.join(to, "class.csv"), "w", encoding="utf-8", newline="") as f:
        csv.writer(f).writerows([head, *rows])
    suites = {f"{plain(s['student'])}/{c['chapter']}": c for s in students for c in s["chapters"]}
    report = {"made": learner.now(), "students": [s | {"student": plain(s["student"])} for s in students]}
    for name, text in (("junit.xml", grading.junit(suites)), ("class.json", json.dumps(report, indent=1) + "\n")):
        learner.write(os.path.join(to, name), text)
    short = [["student", *(c.name[:2] for c in chapters), *head[-3:]], *rows]
    widths = [max(len(r[i]) for r in short) for i in range(len(head) - 1)]
    print()
    for r in short:
        print("  ".join([r[0].ljust(widths[0]), *(word.rjust(w) for word, w in zip(r[1:-1], widths[1:])), r[-1]]).rstrip())
    print(f"\n{grading.RULE}\n{learner.shown(to)} has class.csv, junit.xml and class.json.")
    return 0
