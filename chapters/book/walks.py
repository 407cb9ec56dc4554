"""A walk is a program to step through, and a session with gdb in which it is stepped through.

    chapters/NN-name/walk.cpp          the program; target walk_NN-name, built with -O0 -g
    chapters/NN-name/walk.gdb          what one types: comments and commands
    chapters/NN-name/walk.transcript   what came of it, first of the program alone, then in gdb

check() runs both and tells what is different today; it can write the transcript again. What differs
from machine to machine (addresses, folders, the number of a process) is put out of the way."""
import difflib
import os
import re
import shutil
import subprocess
import tempfile
from concurrent.futures import ThreadPoolExecutor

from places import CHAPTERS, ROOT

LOADED = os.path.join(ROOT, "chapters", "debugger", "cotorra_gdb.py")
BUILD = os.environ.get("COTORRA_WALKS") or os.path.join(ROOT, "build", "debug")
PATIENCE = 400          # seconds for a session, which takes five
NOISE = re.compile(r"^(\[Thread debugging|Using host libthread_db|warning: (Error disabling|opening /proc)"
                   r"|\[(New|Switching to) Thread|Download failed|\s*$)")


def with_walk():
    """The chapters that have a walk."""
    return [c for c in CHAPTERS if os.path.exists(c.path("walk.cpp"))]


def target(chapter):
    return f"walk_{chapter.name}"


def program(chapter):
    return os.path.join(BUILD, "chapters", target(chapter))


def run(command, patience=600, **more):
    return subprocess.run(command, cwd=ROOT, text=True, errors="backslashreplace", stdin=subprocess.DEVNULL,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=patience, **more)


def build(chapters):
    """The sentence of the failure; None when all is built."""
    return build_targets(map(target, chapters))


def build_targets(names):
    launcher = ["-DCMAKE_CXX_COMPILER_LAUNCHER=ccache"] if shutil.which("ccache") else []
    steps = [["ninja", "-C", BUILD, *names]]
    if not os.path.exists(os.path.join(BUILD, "build.ninja")):
        steps.insert(0, ["cmake", "-S", ROOT, "-C", os.path.join(ROOT, ".cmake", "presets", "debug.cmake"),
                         "-G", "Ninja", "-B", BUILD, *launcher])
    for step in steps:
        done = run(step, 3600)
        if done.returncode != 0:
            errors = [line for line in done.stdout.splitlines() if re.search(r"error|FAILED", line)]
            return f"the walks do not build in {os.path.relpath(BUILD, ROOT)}: " + " / ".join(errors[:3])
    return None


def tidy(said):
    """Without what is another on each machine."""
    said = re.sub(r"\(process \d+\)", "(process N)", said)
    said = re.sub(r"\b0x[0-9a-f]{5,}\b", "0x...", said)
    said = re.sub(r"(?<![\w/.-])[\w./-]*/(src|chapters|tests)/", r"\1/", said)
    out = []
    for line in said.splitlines():
        if line.startswith("# ") and out and not out[-1].startswith("# "):
            out.append("")      # a comment begins a paragraph
        if not NOISE.match(line):
            out.append(line.rstrip())
    return "".join(line + "\n" for line in out)


def echoing(script):
    """The script, with an echo of each line before it: gdb does not show what it reads from a file."""
    out = []
    for line in script.splitlines():
        shown = line if not line or line.startswith("#") else f"(gdb) {line}"
        quoted = re.sub(r'([\\"#])', r"\\\1", shown)
        if line:
            out.append(f"echo {quoted}\\n")
        if line and not line.startswith("#"):
            out.append(line)
    return "\n".join(out) + "\n"


def alone(chapter):
    done = run([program(chapter)], PATIENCE)
    if done.returncode != 0:
        raise LookupError(f"{target(chapter)} ends with status {done.returncode}: {done.stdout.strip()[-200:]}")
    return f"$ {target(chapter)}\n" + tidy(done.stdout)


def in_gdb(chapter):
    with open(chapter.path("walk.gdb"), encoding="utf-8") as f, \
            tempfile.NamedTemporaryFile("w", suffix=".gdb", encoding="utf-8") as script:
        script.write(echoing(f.read()))
        script.flush()
        done = run(["gdb", "-batch", "-nx", "-x", LOADED, "-x", script.name, program(chapter)], PATIENCE,
                   env=os.environ | {"LC_ALL": "C.UTF-8", "COLUMNS": "200"})
    wrong = re.search(r"^.*(Error in sourced command file|Python Exception|Traceback).*\n?.*", done.stdout, re.M)
    if wrong:
        raise LookupError("the session in gdb breaks off: " + " ".join(wrong[0].split()))
    return f"$ chapters/learn debug {chapter.number}\n" + tidy(done.stdout)


def transcript(chapter):
    return alone(chapter) + in_gdb(chapter)


def first_difference(old, new):
    for line in difflib.unified_diff(old.splitlines(), new.splitlines(), lineterm="", n=0):
        if line.startswith(("+", "-")) and not line.startswith(("+++", "---")):
            verb = "lacks" if line[0] == "+" else "has, and today has not,"
            return f"the recorded transcript {verb} \"{line[1:]}\""
    return "the recorded transcript differs"


def look_at(chapter, refill):
    """The sentence of what is wrong with this walk, or None."""
    path = chapter.path("walk.transcript")
    try:
        now = transcript(chapter)
    except subprocess.TimeoutExpired:
        return f"{chapter.name}: the walk took too long: it has not ended after {PATIENCE} seconds"
    except (LookupError, OSError) as e:
        return f"{chapter.name}: {e}"
    return kept(path, now, refill)


def kept(path, now, refill):
    """The sentence of how a transcript differs from what is said now, or None; with refill it is written anew."""
    old = open(path, encoding="utf-8").read() if os.path.exists(path) else ""
    if old == now:
        return None
    if refill:
        with open(path, "w", encoding="utf-8") as f:
            f.write(now)
        return None
    return f"{os.path.relpath(path, ROOT)}: {first_difference(old, now)}"


def shapes():
    """What can be seen without building: the parts of each walk, and how long it is."""
    for chapter in CHAPTERS:
        for part in ("walk.cpp", "walk.gdb"):
            if not os.path.exists(chapter.path(part)):
                yield f"chapters/{chapter.name}: there is no {part}"
    for chapter in with_walk():
        with open(chapter.path("walk.cpp"), encoding="utf-8") as f:
            lines = len(f.read().splitlines())
        if lines > 60:
            yield f"chapters/{chapter.name}/walk.cpp has {lines} lines; a walk has at most 60"


def check(refill):
    yield from shapes()
    chapters = [c for c in with_walk() if os.path.exists(c.path("walk.gdb"))
                and os.environ.get("COTORRA_CHAPTER", c.name) == c.name]
    if not shutil.which("gdb"):
        if os.environ.get("CI") == "true":
            yield "gdb is not installed, and CI tries every walk: apt-get install --no-install-recommends gdb"
        else:
            print("  left out: the walks in gdb. To have them: apt-get install --no-install-recommends gdb")
        return
    broken = build(chapters)
    if broken:
        yield broken
        return
    with ThreadPoolExecutor(2) as pool:
        yield from filter(None, pool.map(lambda c: look_at(c, refill), chapters))
