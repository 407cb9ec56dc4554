"""Variants: a chapter's tests, linked with one file or a few of src/ changed.

Nothing is edited in place and little is built twice: only the changed file is compiled (for a
header: what includes it), and its object is put in front of the room's library, of which the
linker then takes the rest. The commands are those of a build folder: $COTORRA_BUILD, which must be
built (ctest gives its own), or else build/book, which is made."""
import concurrent.futures
import contextlib
import ctypes
import fcntl
import json
import os
import re
import resource
import shlex
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
import xml.etree.ElementTree as xml

import translations
from places import ROOT

PATIENCE = 120  # seconds of work for a test program, which a loaded machine may spread over
SPREAD = 5      # times as many: a bug may make it work for ever, or wait
MEMORY = None   # bytes that it may ask for; None: as many as there are
KEPT = 64 << 10 # bytes of what it prints, the last ones: it may print for ever
LINES, WIDTH = 20, 200
BOOK = os.path.join(ROOT, "build", "book")
LIBC = ctypes.CDLL(None)
TODO = os.path.join(ROOT, "chapters", "book", "todo")
JOBS = os.cpu_count() or 2
SANITIZERS = ["-fsanitize=address,undefined", "-fno-sanitize-recover=all"]


def mind_ccache():
    """A ccache that cannot write its cache lets each compile fail: then we go without."""
    if shutil.which("ccache"):
        asked = run(["bash", "-c", ". tests/support/setup.sh; use_ccache; echo ${CCACHE_DISABLE:-}"], ROOT)
        if asked.stdout.strip():
            os.environ["CCACHE_DISABLE"] = "1"


class Broken(Exception):
    """A build that should have worked has not; the text is the compiler's."""


def run(command, folder, patience=3600):
    return subprocess.run(command, cwd=folder, shell=isinstance(command, str), text=True, errors="replace",
                          stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                          timeout=patience)


def first_error(output):
    lines = output.splitlines()
    at = next((i for i, line in enumerate(lines) if re.search(r"error:|undefined reference|No such file", line)),
              max(0, len(lines) - 3))
    return " / ".join(line.strip() for line in lines[at:at + 3])


class Build:
    """A build folder, and what it would do to build each file of it."""

    def __init__(self, chapters, folder=None):
        self.folder = os.path.abspath(folder or os.environ.get("COTORRA_BUILD") or BOOK)
        self.made = self.folder == BOOK
        programs = [p for c in chapters for p in test_programs(c)]
        if self.made:
            self.make(programs)
        for program in programs:
            if not os.path.exists(os.path.join(self.folder, "tests", program)):
                raise Broken(f"{program} is not built in {self.folder}: build all of it first")
        compdb = run(["ninja", "-C", self.folder, "-t", "compdb"], ROOT)
        entries = json.loads(compdb.stdout[compdb.stdout.index("["):])
        self.commands = {e["output"]: (e["command"], e["file"]) for e in entries}
        self.dependents = self.read_dependents()
        self.lock, self.held, self.once = threading.RLock(), {}, {}

    def make(self, programs):
        mind_ccache()
        ccache = ["-DCMAKE_CXX_COMPILER_LAUNCHER=ccache"] if shutil.which("ccache") else []
        made = run(["cmake", "-S", ROOT, "-G", "Ninja", "-B", BOOK, "-DCMAKE_BUILD_TYPE=None",
                    "-DCMAKE_CXX_FLAGS=-O0", "-DBUILD_TESTING=ON", *ccache], ROOT)
        if made.returncode == 0:
            print(f"  (building {' '.join(programs)} in build/book)", file=sys.stderr, flush=True)
            made = run(["flock", BOOK, "ninja", "-C", BOOK, "-j", str(JOBS), *programs], ROOT)
        if made.returncode != 0:
            raise Broken("the reference itself does not build in build/book: " + first_error(made.stdout))

    def read_dependents(self):
        """{"src/handshake/peer_id.hpp": [objects that include it]}."""
        found, current = {}, None
        for line in run(["ninja", "-C", self.folder, "-t", "deps"], ROOT).stdout.splitlines():
            if line and not line.startswith(" "):
                current = line.split(": #deps")[0]
            elif m := re.search(r"rooms/(\w+)/cotorra/\1/([\w.]+)$", line):
                found.setdefault(f"src/{m[1]}/{m[2]}", []).append(current)
        return found

    def link_command(self, program):
        command = self.commands[f"tests/{program}"][0]
        return next(part for part in command.split(" && ") if f"-o tests/{program} " in part)

    def made_once(self, name, make):
        """The path of variants/NAME, which make(path) has made: once, and all wait for it."""
        with self.lock:
            if name not in self.once:
                path = os.path.join(self.folder, "variants", name)
                os.makedirs(os.path.dirname(path), exist_ok=True)
                make(path)
                self.once[name] = path
            return self.once[name]

    @staticmethod
    @contextlib.contextmanager
    def whole(path):
        """A name to write to; then it becomes `path`, whole. Other checks read that file, or make it, at the same time."""
        new = f"{path}.{os.getpid()}"
        yield new
        os.replace(new, path)

    def todo_object(self, asan=False):
        command, source = self.compile_of("src/base/hex.cpp")
        def make(path):
            with self.whole(path) as new:
                self.compile(command, source, TODO + ".cpp", new, {}, asan=asan)
        return self.made_once(f"todo{'-asan' * asan}.o", make)

    def ground(self, asan):
        """The precompiled header of the rooms, for the options of a variant."""
        def make(path):
            command, source = self.compile_of("src/io/reader.cpp")
            header = next(w for w in shlex.split(command) if w.endswith("cmake_pch.hxx"))
            with self.whole(path) as new, open(new, "w", encoding="utf-8") as f:
                f.write(f'#include "{os.path.join(self.folder, header)}"\n#include "{TODO}.hpp"\n')
            with self.whole(path + ".gch") as new:
                self.compile(command, source, path, new, {}, ["-x", "c++-header"], asan)
        return self.made_once(f"ground{'-asan' * asan}.hpp", make)

    def compile_of(self, source):
        room, name = source.split("/")[1:]
        return self.commands[f"CMakeFiles/cotorra_{room}.dir/src/{room}/{name}.o"]

    def compile(self, command, old_source, source, output, views, more=(), asan=False):
        """Runs the command for another source and output, with other include folders for some rooms."""
        os.makedirs(os.path.dirname(output), exist_ok=True)
        done = run(self.compile_words(command, old_source, source, output, views, more, asan), self.folder)
        if done.returncode != 0:
            raise Broken(first_error(done.stdout))

    def compile_words(self, command, old_source, source, output, views, more=(), asan=False):
        words = shlex.split(command)
        if "ccache" not in words[0] and shutil.which("ccache"):
            words.insert(0, "ccache")
        out, skip, ground = [], False, []
        for i, word in enumerate(words):
            room = re.search(r"/rooms/(\w+)/cotorra$", word)
            if skip or word in ("-MD", "-Werror", "-Winvalid-pch"):
                skip = False
            elif word == "-include" and "cmake_pch" in words[i + 1]:
                skip = True # it was made with other options than ours
                ground = ["-include", self.ground(asan)] if "cotorra_io.dir" in words[i + 1] and "-x" not in more else []
            elif word in ("-MT", "-MF", "-o"):
                skip = True
            elif word == old_source:
                out += [*more, source]
            elif room and room[1] in views:
                out.append("-I" + views[room[1]])
            else:
                out.append(word)
        at = 2 if "ccache" in words[0] else 1
        out[at:at] = ground or ["-include", TODO + ".hpp"]
        return [*out, "-o", output, "-w", "-O0", "-g0", "-U_GLIBCXX_ASSERTIONS", "-D_GLIBCXX_ASSERTIONS", *asan * SANITIZERS]

    def variant(self, name, chapter, changes, asan=False):
        """The programs of the chapter's tests with `changes`, {"src/room/file": text}; their paths.
        With asan, what has changed is built with the sanitizers. Raises Broken."""
        base = os.path.join(self.folder, "variants", name)
        os.makedirs(os.path.dirname(base), exist_ok=True)
        self.held[name] = open(base + ".lock", "w") # the same check may run beside us
        fcntl.flock(self.held[name], fcntl.LOCK_EX)
        shutil.rmtree(base, ignore_errors=True)
        os.makedirs(base)
        views = {}
        for path, text in changes.items():
            room, file = path.split("/")[1:]
            view = os.path.join(base, "work", chapter.name)
            if room not in views:
                os.makedirs(os.path.join(view, room))
                for other in os.listdir(os.path.join(ROOT, "src", room)):
                    os.symlink(os.path.join(ROOT, "src", room, other), os.path.join(view, room, other))
                views[room] = view
            os.remove(os.path.join(view, room, file))
            with open(os.path.join(view, room, file), "w", encoding="utf-8", newline="") as f:
                f.write(text)
        return [self.program(base, views, program, changes, asan) for program in test_programs(chapter)]

    def program(self, base, views, program, changes, asan):
        link = self.link_command(program)
        words = link.split()
        rooms = {m[1] for w in words if (m := re.fullmatch(r"(?:\S*/)?libcotorra_(\w+)\.a", w))}
        again = {}
        for path in changes:
            room, file = path.split("/")[1:]
            touched = [f"CMakeFiles/cotorra_{room}.dir/src/{room}/{file}.o"] if file.endswith(".cpp") else \
                self.dependents.get(path, [])
            for old in touched:
                m = re.match(r"CMakeFiles/cotorra_(\w+)\.dir/src/", old)
                if (m and m[1] in rooms) or old in words:
                    again[old] = os.path.join(base, "o", old)
        for old, new in again.items():
            if not os.path.exists(new):
                command, source = self.commands[old]
                at = os.path.relpath(os.path.realpath(os.path.join(self.folder, source)), ROOT).split("/")
                changed = at[0] == "src" and at[1] in views
                self.compile(command, source, os.path.join(views[at[1]], at[1], at[2]) if changed else source,
                             new, views, asan=asan)
        exe = os.path.join(base, program)
        self.link(program, exe, again, [self.todo_object(asan)], asan)
        return exe

    def link(self, program, exe, again, more=(), asan=False):
        """Links the program as `exe`, with {object of the build: object that takes its place} and more objects."""
        done = run(self.link_line(program, exe, again, more) + " ".join(["", *asan * SANITIZERS]), self.folder)
        if done.returncode != 0:
            raise Broken(first_error(done.stdout))

    def link_line(self, program, exe, again, more=()):
        words, out, placed = self.link_command(program).split(), [], False
        for word in words:
            if word in again:
                out.append(shlex.quote(again[word]))
            elif word == f"tests/{program}":
                out.append(shlex.quote(exe))
            else:
                if word.endswith(".a") and not placed:
                    out += [shlex.quote(n) for n in [*(n for o, n in again.items() if o not in words), *more]]
                    placed = True
                out.append(word)
        return " ".join(out)

    def drop(self, name):
        shutil.rmtree(os.path.join(self.folder, "variants", name), ignore_errors=True)
        if name in self.held:
            self.held.pop(name).close()


def test_folders(chapter):
    """The folders of tests/ with this chapter's tests."""
    folders = [chapter.name] + (list(chapter.rooms) if chapter.number == 0 else [])
    return [f for f in folders if os.path.isdir(os.path.join(ROOT, "tests", f))]


def test_programs(chapter):
    return [f"test_{f}" for f in test_folders(chapter)]


def limits(patience):
    LIBC.prctl(1, signal.SIGKILL)  # it ends when we do, however that may be
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CPU, (patience, patience + 5))
    if MEMORY:
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))


def spec(test):
    """The word on Catch2's command line that means this test and no other."""
    return re.sub(r'([\\,\["~*])', r"\\\1", test)


class Failure:
    """The first test case that failed: its name, what it said, and how its program ended, if not by itself."""

    def __init__(self, test, text, ended=None):
        self.test, self.text, self.ended = test, text, ended


class Heard(threading.Thread):
    """Reads a stream to its end, and keeps the last of it."""

    def __init__(self, stream):
        super().__init__(daemon=True)
        self.stream, self.kept = stream, b""
        self.start()

    def run(self):
        while more := self.stream.read1(1 << 16):
            self.kept = (self.kept + more)[-KEPT:]
        self.stream.close()

    def of_last_test(self):
        """A form feed begins each test (tests/support/listener.cpp)."""
        return self.kept.decode(errors="replace").split("\f")[-1]


def run_tests(program, words):
    """(exit status, XML, stderr, how it ended if not by itself, stdout) of a test program; of both streams
    the end of what the last of its tests said."""
    with tempfile.TemporaryDirectory(prefix="cotorra-") as folder:
        file = os.path.join(folder, "results.xml")
        command = [program, "-r", "learn", "-o", file, "--order", "decl", *words]
        # A group of its own: what the tests have started ends with them.
        process = subprocess.Popen(command, cwd=ROOT, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                                   stderr=subprocess.PIPE, start_new_session=True,
                                   preexec_fn=lambda: limits(PATIENCE))
        heard = [Heard(process.stdout), Heard(process.stderr)]
        try:
            ended = how_it_ended(waited_for(process, heard))
        except subprocess.TimeoutExpired:
            ended = f"the test has not ended after {PATIENCE * SPREAD} seconds: " + \
                ("an endless loop?" if worked(process) > 1 else "a wait that nobody ends?")
        finally:
            end_group(process, heard)
        out, err = (h.of_last_test() for h in heard)
        return process.returncode, written(file), err, ended, out


def worked(process):
    """The seconds of work that it has done."""
    with open(f"/proc/{process.pid}/stat", encoding="utf-8") as f:
        fields = f.read().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def waited_for(process, heard):
    end = time.monotonic() + PATIENCE * SPREAD
    for one in heard: # the end of a stream is told sooner than the end of a process
        one.join(max(0, end - time.monotonic()))
    return process.wait(max(0.1, end - time.monotonic()))


def end_group(process, heard):
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    for one in heard:
        one.join(1)


def written(file):
    try:
        with open(file, encoding="utf-8", errors="replace") as f:
            return f.read()
    except FileNotFoundError: # it ended before its first test
        return ""


def how_it_ended(status):
    """None for a program that ended by itself."""
    if status == -signal.SIGXCPU:
        return f"the test has not ended after {PATIENCE} seconds of work: an endless loop?"
    return None if status >= 0 else f"the program crashed: {signal.Signals(-status).name}"


def first_failure(programs, words=(), run_=None):
    """Runs test programs up to the first test case that fails; None if all pass. run_ runs one, as run_tests does."""
    for program in programs:
        status, results_, err, ended, out = (run_ or run_tests)(program, ["--abort", *words])
        failure = read_failure(results_, err, ended, out)
        if failure:
            return failure
        if status != 0 or "<TestCase " not in results_:
            return Failure("", last_lines(out + err) or f"{os.path.basename(program)} has run no test")
    return None


def results(program, run_=None):
    """(name, None or what the failure said) of each test that ran to its end."""
    out = (run_ or run_tests)(program, [])[1]
    for case in re.findall(r"<TestCase .*?</TestCase>", out, re.S):
        node = xml.fromstring(case)
        result = node.find("OverallResult")
        if result is not None:
            yield node.get("name"), None if result.get("success") == "true" else told(node, "")


def read_failure(out, err, ended, prints=""):
    try:
        cases = xml.fromstring(out).iter("TestCase")
        for case in cases:
            result = case.find("OverallResult")
            if result is not None and result.get("success") == "false":
                said = told(case, err)
                signal_ = next((node.text or "" for node in case.iter("FatalErrorCondition")), "")
                meaning = translations.of_run(err, signal_.strip()) if signal_ else None
                return Failure(case.get("name"), said + (f"\n  means     {meaning}" if meaning else "") + shown_prints(prints),
                               ended)
    except xml.ParseError:
        ended = ended or "the program ended in the middle of this test: something called exit"
    if not ended:
        return None
    meaning = translations.of_run(err, ended)
    if meaning and "symbol lookup error" in err:
        return Failure(name_of_last(out), meaning + shown_prints(prints), ended)
    if meaning and ("Sanitizer" in err or "runtime error:" in err): # its report is for those who know it
        return Failure(name_of_last(out), f"the sanitizer stopped the test: {meaning}" + shown_prints(prints), ended)
    text = "\n".join(part for part in (ended, meaning and f"  means     {meaning}", last_lines(err)) if part)
    return Failure(name_of_last(out), text + shown_prints(prints), ended)


def name_of_last(out):
    """The test that had begun last."""
    names = re.findall(r'<TestCase name="([^"]*)"', out)
    return xml.fromstring(f'<a n="{names[-1]}"/>').get("n") if names else ""


def last_lines(text):
    lines = [line for line in text.split("\n") if line.strip()]
    return "\n".join(translations.short_assertion(line)[:WIDTH] for line in lines[-LINES:])


def shown_prints(prints):
    """What the test printed: the learner may look for a mistake that way."""
    lines = last_lines(prints)
    return "\nit printed, at the end:\n  " + lines.replace("\n", "\n  ") if lines else ""


def told(case, err):
    """What a failed test case says, from Catch2's XML."""
    said = []
    for node in case.iter():
        text = (node.text or "").strip()
        if node.tag in ("Failure", "Exception", "FatalErrorCondition", "Info", "Warning") and text:
            said.append(text + (f" (it may ask for {MEMORY >> 20} MiB)" if text == "std::bad_alloc" and MEMORY else ""))
        if node.tag == "Expression" and node.get("success") == "false":
            original, expanded = ((node.findtext(t) or "").strip() for t in ("Original", "Expanded"))
            if original.startswith("{Unknown"): # an exception, which speaks for itself
                continue
            said.append(f"{node.get('type')}( {original} )  is  {expanded}"
                        f"   ({os.path.relpath(node.get('filename'), ROOT)}:{node.get('line')})")
    rest = [line for line in last_lines(err).split("\n") if line and not any(line in s for s in said)]
    return "\n".join(said + rest)


def tried_in_build(chapters, function, jobs):
    """function(build, *job) for each job, in parallel: the sentences that they yield, or the one that says why there
    is no build of these chapters."""
    if not jobs:
        return
    try:
        build = Build(sorted(set(chapters), key=lambda c: c.number))
    except Broken as e:
        yield str(e)
        return
    yield from in_parallel(lambda job: function(build, *job), jobs)


def in_parallel(function, things):
    """function(thing) for each, a few at a time; the sentences that they yield, in the order of the things."""
    with concurrent.futures.ThreadPoolExecutor(JOBS) as pool:
        for sentences in pool.map(lambda thing: list(function(thing)), things):
            yield from sentences
