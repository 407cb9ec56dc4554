"""Builds for learn: the set-up is that of tests/run, with progress where it takes long."""
import os
import re
import shlex
import subprocess
import sys
import time

from learner import WORK, Sorry, State, shown
from places import ROOT

LOG = os.path.join(ROOT, "build", "learn.log")


def set_up(packages, command=":"):
    """Installs what is missing, then runs a line with tests/support/setup.sh's words."""
    lists = " ".join(f'"${{{p}[@]}}"' for p in packages)
    line = f"set -euo pipefail; . tests/support/setup.sh; need {lists} || exit 1; {command}"
    done = subprocess.run(["bash", "-c", line], cwd=ROOT, stdin=subprocess.DEVNULL)
    if done.returncode != 0:
        raise Sorry("the build could not be set up: the lines above say why", 1)


def cached(folder, option):
    try:
        with open(os.path.join(folder, "CMakeCache.txt"), encoding="utf-8") as f:
            found = re.search(rf"^{option}:\w+=(.*)$", f.read(), re.M)
            return found[1] if found else None
    except OSError:
        return None


def build(targets, folder="debug", options=None):
    """Builds targets in build/FOLDER. Raises Sorry with the compiler's words."""
    at = os.path.join(ROOT, "build", folder)
    wanted = {"BUILD_TESTING": "ON", "COTORRA_WORK": WORK} | (options or {})
    configured = os.path.exists(os.path.join(at, "build.ninja")) and \
        all(cached(at, k) == v for k, v in wanted.items())
    words = " ".join(shlex.quote(f"-D{k}={v}") for k, v in wanted.items())
    if not configured:
        print(f"  building in build/{folder}: the first time takes minutes", flush=True)
    set_up(["packages_program", "packages_tests"],
           ":" if configured else f"cmake_options=({words}); configure debug build/{folder}")
    return run_ninja(at, targets)


def run_ninja(at, targets):
    os.makedirs(os.path.dirname(LOG), exist_ok=True)
    # Two learns at once would write the same folder: the second one waits.
    ninja = ["flock", at, "ninja", "-C", at, "-j", str(os.cpu_count() or 2), *targets]
    process = subprocess.Popen(ninja, cwd=ROOT, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                               text=True, errors="replace")
    said, told, seen = [], time.monotonic(), False
    for line in process.stdout:
        said.append(line)
        step = re.match(r"\[(\d+)/(\d+)\]", line)
        if step and sys.stdout.isatty():
            print(f"\r  building: {step[1]} of {step[2]} ", end="", flush=True)
            seen = True
        elif step and time.monotonic() - told > 10:
            print(f"  building: {step[1]} of {step[2]}", flush=True)
            told = time.monotonic()
    if seen:
        print("\r" + " " * 40 + "\r", end="")
    with open(LOG, "w", encoding="utf-8") as f:
        f.writelines(said)
    remember_warnings(said, at)
    if process.wait() != 0:
        raise Sorry(complaint(said) + "\n"
                    "It does not compile: the lines above say where (all of them: build/learn.log).", 1)


def complaint(said):
    """What the compiler said of the first file that failed."""
    at = next((i for i, line in enumerate(said) if line.startswith("FAILED:")), None)
    if at is None:
        return "".join(said[-5:]).rstrip()
    kept = []
    for line in said[at + 2:]:
        if re.match(r"\[\d+/\d+\]|FAILED:|ninja: ", line):
            break
        if "In file included from" in line or re.match(r" +from ", line):
            continue
        kept.append(re.sub(r"(?<![\w.])(\.\./)+(?=\w)", "", line.replace(ROOT + "/", "")))
    return "".join(kept[:24]).rstrip()


def remember_warnings(said, folder):
    """Keeps the warnings of the learner's own files: Ninja tells them only when it compiles."""
    state, built = State(), [line.rstrip() for line in said if "Building CXX object" in line]
    kept = {f: lines for f, lines in state["warnings"].items()
            if not any(line.endswith(f"/{f}.o") or (f.endswith(".hpp") and "/mine_" in line) for line in built)}
    for line in said:
        m = re.match(r"(\S+?)(:\d+:\d+: warning: .+)", line)
        path = os.path.abspath(os.path.join(folder, m[1])) if m else ""
        if path.startswith(WORK + os.sep):
            text = shown(path) + re.sub(r", declared with attribute .nodiscard.| \{aka [^}]*\}", "", m[2])
            if re.search(r"ignoring return.*\btask<", text):
                text += "\n  did you forget co_await?"
            of_file = kept.setdefault(os.path.relpath(path, WORK), [])
            of_file += [text] if text not in of_file else []
    if kept != state["warnings"]:
        state.words["warnings"] = kept
        state.keep()


def warnings(chapter):
    """What the compiler warned of in the learner's files of a chapter, in short."""
    kept = sorted(State()["warnings"].items())
    return [text for f, lines in kept if f.startswith(chapter.name + "/") for text in lines]
