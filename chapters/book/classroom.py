"""learn grade --class: the work of many students, tested in one go.

The tests and the reference are built once. Of each student only the files that differ from the reference are
compiled, and linked without the reference's library of the student's rooms: what is not written is missing."""
import concurrent.futures
import contextlib
import os
import re
import shlex
import shutil
import sys
import tempfile
import time
import xml.etree.ElementTree as xml

import building
import class_report
import grading
import holes
import intake
import learner
import sandbox
import testing
import variants
from places import CHAPTERS, ROOT

COMPILING = 180 # seconds, of the clock
SECONDS = 60    # for a chapter's tests, of the clock, if the teacher does not say otherwise
LATE = "out of time: this test was not run, or did not end"


class Desk:
    """One student's chapter: what is built there, and where."""

    def __init__(self, build, chapter, one, folder, trusted):
        self.build, self.chapter, self.one, self.folder, self.trusted = build, chapter, one, folder, trusted
        self.work = os.path.join(folder, "work", chapter.name)
        self.out = os.path.join(folder, "out")
        for path in (self.work, self.out):
            os.makedirs(path)
        self.found = intake.take(one, chapter, self.work)
        self.rooms = {path.split("/")[1] for path in self.found}
        self.hidden = [os.path.join(ROOT, "src", room) for room in sorted(self.rooms)]
        for path, _, _ in os.walk(folder):
            os.chmod(path, 0o755)
        sandbox.give(self.out, one.number)

    def scratch(self):
        """Are there files that the student does not have?"""
        return any(path not in self.found for room in self.rooms for source in holes.sources(os.path.join(ROOT, "src", room))
                   if (path := os.path.relpath(source, ROOT)).endswith(".cpp"))

    def changed(self):
        """The objects of the build that see a header that is not as in the reference."""
        headers = {f"src/{room}/{os.path.basename(h)}" for room in self.rooms
                   for h in holes.sources(os.path.join(ROOT, "src", room)) if h.endswith(".hpp")}
        return {o for path in headers if self.found.get(path) != holes.read(os.path.join(ROOT, path))
                for o in self.build.dependents.get(path, [])}

    def lines(self):
        """The shell's lines that build the student's programs."""
        out, changed, libraries = [], self.changed(), {}
        for path, text in self.found.items():
            room, name = path.split("/")[1:]
            if name.endswith(".cpp"):
                old = f"CMakeFiles/cotorra_{room}.dir/{path}.o"
                libraries.setdefault(room, []).append(old)
                if old not in self.build.commands or old in changed or text != holes.read(os.path.join(ROOT, path)):
                    libraries[room][-1] = self.compile(out, old, os.path.join(self.work, room, name))
        for room in sorted(self.rooms):
            out.append(shlex.join(["ar", "qc", self.library(room), *libraries.get(room, [])]))
        again = {}
        for program in variants.test_programs(self.chapter):
            words = self.build.link_command(program).split()
            for old in sorted(changed - set(again)):
                room = old.split("cotorra_")[1].split(".dir")[0] if "/cotorra_" in old else ""
                if old in words or (room and room not in self.rooms and any(w.endswith(f"libcotorra_{room}.a") for w in words)):
                    again[old] = self.compile(out, old, None)
            line = self.build.link_line(program, self.program(program), {o: n for o, n in again.items()
                                        if o in words or "/cotorra_" in o}, [self.build.todo_object()])
            if self.scratch(): # so the first tests run before the last function is written
                line = line.replace(" -o ", " -Wl,--warn-unresolved-symbols,--export-dynamic,-z,lazy -o ", 1)
            mine = {f"libcotorra_{room}.a": self.library(room) for room in self.rooms}
            out.append(" ".join(shlex.quote(mine.get(os.path.basename(w), "")) if os.path.basename(w) in mine else w
                                for w in line.split(" ")))
        return out

    def compile(self, out, old, source):
        """Adds the line that compiles an object anew, from the student's source if there is one."""
        commands, new = self.build.commands, os.path.join(self.out, old.replace("/", "-"))
        room = source.split("/")[-2] if source else ""
        like = old if old in commands else next(o for o in commands if o.startswith(f"CMakeFiles/cotorra_{room}.dir/"))
        command, was = commands[like]
        views = dict.fromkeys(self.rooms, self.work)
        words = self.build.compile_words(command, was, source or was, new, views, ["-fmax-errors=3"])
        out.append(shlex.join(w for w in words if not w.endswith("ccache")))
        return new

    def library(self, room):
        return os.path.join(self.out, f"libmine_{room}.a")

    def program(self, program):
        return os.path.join(self.out, program)

    def compiled(self):
        """Why there are no programs, or ""."""
        script = os.path.join(self.folder, "build.sh")
        learner.write(script, "set -e\n" + "\n".join(self.lines()) + "\n")
        os.chmod(script, 0o644)
        words = ["bash", script]
        if self.trusted:
            words = ["bash", "-c", f"cd {shlex.quote(self.build.folder)} && . {shlex.quote(script)}"]
        else:
            words = sandbox.command(words, self.one.number, [self.folder], [self.out], self.hidden, self.build.folder)
        status, said = sandbox.compiled(words, COMPILING)
        if status is None:
            return f"out of time: it has not compiled after {COMPILING} seconds"
        said = said.replace(self.folder + "/", "").replace(ROOT + "/", "")
        return "" if status == 0 else building.unwritten(said.split("\n")) or variants.first_error(said) or "it does not compile"

    def results(self, seconds):
        """{test: None or what its failure said}, of as many as the seconds allow."""
        end, found, all_names = time.monotonic() + seconds, {}, {}
        runner = None if self.trusted else sandbox.runner(self.one.number, self.folder, self.hidden, end)
        for folder, program in zip(variants.test_folders(self.chapter), variants.test_programs(self.chapter)):
            exe = self.program(program)
            all_names |= dict.fromkeys(testing.names(self.chapter, [folder]), exe)
            with contextlib.suppress(xml.ParseError): # what is no report is none
                found |= dict(variants.results(exe, runner)) if time.monotonic() < end else {}
        for name, exe in all_names.items():
            if name not in found and time.monotonic() < end:
                failure = variants.first_failure([exe], [variants.spec(name)], runner)
                found[name] = failure.text if failure else None
        return {name: found.get(name, LATE) for name in all_names}


def looked_at(build, chapter, one, folder, trusted, seconds):
    """The evidence of a student's chapter."""
    began, seen = time.monotonic(), grading.Evidence(True)
    desk = Desk(build, chapter, one, folder, trusted)
    seen.filled = intake.filled(desk.found, [h.number for h in holes.of_chapter(chapter)])
    seen.said = desk.compiled() if desk.found else "there is no source in it"
    if not seen.said:
        seen.compiles, seen.results = True, desk.results(seconds)
    seen.seconds = time.monotonic() - began
    return seen


def graded(one, builds, at, trusted, seconds):
    """One student as the JSON has it."""
    chapters = []
    for chapter, build in builds.items():
        seen, folder = grading.Evidence(), os.path.join(at, str(one.number), chapter.name)
        if intake.started(one, chapter):
            try:
                seen = looked_at(build, chapter, one, folder, trusted, seconds)
            except Exception as e: # whatever a student hands in, the others are graded
                seen = grading.Evidence(True, said=f"it could not be graded: {type(e).__name__}: {e}")
            shutil.rmtree(os.path.join(at, str(one.number)), ignore_errors=True)
        chapters.append(grading.graded(chapter, one.state, seen))
    late = [c["chapter"] for c in chapters if c.get("said", "").startswith("out of time")
            or any(t["said"] == LATE or "has not ended after" in t["said"] for t in c["tests"])]
    return {"student": one.name, "remarks": one.remarks, "chapters": chapters, "out_of_time": late,
            "points": sum(c["points"] for c in chapters), "of": sum(c["of"] for c in chapters)}


def grade(folder, only, to, trusted, seconds):
    """Grades a class; writes its reports to a folder, and prints a table."""
    chapters = [only] if only else [c for c in CHAPTERS if holes.of_chapter(c)]
    there = intake.students(folder, chapters)
    wanted = [c for c in chapters if only or any(intake.started(one, c) for one in there)]
    if not wanted:
        raise learner.Sorry(f"no student in {folder} has begun a chapter")
    if not trusted:
        sandbox.need()
    building.build([p for c in wanted for p in variants.test_programs(c)])
    builds = dict.fromkeys(wanted, variants.Build(wanted, os.path.join(ROOT, "build", "debug")))
    for build in builds.values(): # what all of them need, before anyone's code is here
        build.todo_object()
        build.ground(False)
    variants.PATIENCE, variants.SPREAD, variants.MEMORY = max(1, min(5, seconds // 2)), 8, sandbox.MEMORY
    os.makedirs(to, exist_ok=True)
    at = place()
    try:
        return class_report.tell(each(there, builds, at, trusted, seconds), wanted, to)
    finally:
        shutil.rmtree(at, ignore_errors=True)


def place():
    """A folder for the desks. What a run left that was stopped goes."""
    build = os.path.join(ROOT, "build")
    for name in os.listdir(build):
        if (old := re.match(r"class-(\d+)-", name)) and not os.path.exists(f"/proc/{old[1]}"):
            shutil.rmtree(os.path.join(build, name), ignore_errors=True)
    return tempfile.mkdtemp(prefix=f"class-{os.getpid()}-", dir=build)


def each(there, builds, at, trusted, seconds):
    """Grades the students, a few at a time, and says how far it is; in the order of their names."""
    with concurrent.futures.ThreadPoolExecutor(variants.JOBS) as pool:
        jobs = {pool.submit(graded, one, builds, at, trusted, seconds): one for one in there}
        try:
            for count, job in enumerate(concurrent.futures.as_completed(jobs), 1):
                report = job.result()
                print(f"  {count} of {len(jobs)}: {class_report.plain(report['student'])}, "
                      f"{report['points']} of {report['of']} points", flush=True)
        except (KeyboardInterrupt, SystemExit) as e: # the pool would wait; what it runs ends with us, at once
            shutil.rmtree(at, ignore_errors=True)
            print("\nstopped", file=sys.stderr, flush=True)
            os._exit(e.code if isinstance(e, SystemExit) else 130)
    return [job.result() for job in jobs]
