"""Builds for learn: the set-up is that of tests/run, with progress where it takes long."""
import contextlib
import errno
import fcntl
import os
import re
import shlex
import shutil
import signal
import subprocess
import sys
import time

import translations
from learner import WORK, Sorry, State, remembering, shown, size
from places import CHAPTERS, ROOT
from sizes import SCRATCH
from variants import LIBC, mind_ccache

UNWRITTEN = "These are declared, and the tests call them, but no .cpp file of yours defines them yet"
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


@contextlib.contextmanager
def locked(at):
    """Two learns at once would write the same folder: the second one waits."""
    os.makedirs(at, exist_ok=True)
    for path in (os.path.dirname(at), at, f"{at}.log", LOG, f"{at}/CMakeCache.txt", f"{at}/.ninja_log"):
        if os.path.exists(path) and not os.access(path, os.W_OK):
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), path)
    there = os.open(at, os.O_RDONLY)
    try:
        try:
            fcntl.flock(there, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            print(f"  waiting: another learn builds in {shown(at)}", flush=True)
            fcntl.flock(there, fcntl.LOCK_EX)
        yield
    finally:
        os.close(there)


def clear_if_moved(at):
    """CMake builds only where it began: not when the project, or a copy of it, has got another name."""
    began = cached(at, "CMAKE_HOME_DIRECTORY")
    if began and os.path.realpath(began) != os.path.realpath(ROOT):
        print(f"  {shown(at)} was made for {began}: it is made anew")
        for entry in os.scandir(at):
            if entry.is_dir(follow_symlinks=False):
                shutil.rmtree(entry.path)
            else:
                os.remove(entry.path)


def build(targets, folder="debug", options=None):
    """Builds targets in build/FOLDER. Raises Sorry with the compiler's words."""
    at = os.path.join(ROOT, "build", folder)
    with locked(at):
        clear_if_moved(at)
        configure(at, folder, options)
        mind_ccache()
        return run_ninja(at, targets)


def has_catch2(at):
    """False if it was not installed when the folder was configured: then the tests were left out."""
    found = cached(at, "Catch2_DIR")
    return bool(found) and "NOTFOUND" not in found


def configure(at, folder, options):
    scratch = ";".join(c.name for c in CHAPTERS if size(c) == SCRATCH)
    wanted = {"BUILD_TESTING": "ON", "COTORRA_WORK": WORK, "COTORRA_FROM_SCRATCH": scratch} | (options or {})
    configured = os.path.exists(os.path.join(at, "build.ninja")) and has_catch2(at) and \
        all(cached(at, k) == v for k, v in wanted.items())
    words = " ".join(shlex.quote(f"-D{k}={v}") for k, v in wanted.items())
    if not configured:
        print(f"  building in build/{folder}: the first time takes minutes", flush=True)
    set_up(["packages_program", "packages_tests"],
           ":" if configured else f"cmake_options=({words}); configure debug build/{folder}")


def run_ninja(at, targets):
    ninja = ["ninja", "-C", at, "-j", str(os.cpu_count() or 2), *targets]
    process = subprocess.Popen(ninja, cwd=ROOT, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                               stderr=subprocess.STDOUT, text=True, errors="replace",
                               preexec_fn=lambda: LIBC.prctl(1, signal.SIGTERM)) # should we be killed
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
    process.stdout.close()
    with open(LOG, "w", encoding="utf-8") as f:
        f.writelines(said)
    remember_warnings(said, at)
    if process.wait() == 0:
        if names := missing(said): # from scratch: the linker only warns
            print(f"{len(names)} functions that the tests call are not written yet (build/learn.log)\n", flush=True)
    else:
        words = complaint(said)
        raise Sorry(words + "\n" + ("Write one of them, and try again" if words.startswith(UNWRITTEN) else
                                    "It does not compile: the lines above say where") + " (all the lines: build/learn.log).", 1)


def complaint(said):
    """What the compiler said of the first file that failed."""
    at = next((i for i, line in enumerate(said) if line.startswith(("FAILED:", "CMake Error"))), None)
    if at is not None and said[at].startswith("CMake Error"):
        return "".join(line for line in said[at:at + 6] if line.strip()).replace(ROOT + "/", "").rstrip()
    if at is None:
        return "".join(said[-5:]).rstrip()
    kept, meanings = [], []
    for line in said[at + 2:]:
        if re.match(r"\[\d+/\d+\]|FAILED:|ninja: ", line):
            break
        if "In file included from" in line or re.match(r" +from ", line):
            continue
        meaning = translations.of_compiler(line) if "error:" in line else None
        kept.append(re.sub(r"(?<![\w.])(\.\./)+(?=\w)", "", line.replace(ROOT + "/", "")))
        if meaning and meaning not in meanings:
            meanings.append(meaning)
            kept.append(f"  means     {meaning}\n")
    return unwritten(kept) or "".join(kept[:24]).rstrip()


def missing(lines):
    """The functions that the linker misses, each once, in short."""
    names = dict.fromkeys(m[1] for line in lines if (m := re.search(r"undefined reference to [`'](.+)'", line)))
    return [translations.short_name(name) for name in names]


def unwritten(lines):
    """What the linker misses, as a text; "" if it misses nothing."""
    short = missing(lines)
    more = f"\n  and {len(short) - 12} more" if len(short) > 12 else ""
    return UNWRITTEN + ":\n  " + "\n  ".join(short[:12]) + more if short else ""


def remember_warnings(said, folder):
    """Keeps the warnings of the learner's own files: Ninja tells them only when it compiles."""
    if warnings_after(State(), said, folder) != State()["warnings"]:
        with remembering() as state:
            state.words["warnings"] = warnings_after(state, said, folder)


def warnings_after(state, said, folder):
    built = [line.rstrip() for line in said if "Building CXX object" in line]
    kept = {f: lines for f, lines in state["warnings"].items()
            if not any(line.endswith(f"/{f}.o") or (f.endswith(".hpp") and "/mine_" in line) for line in built)}
    for line in said:
        m = re.match(r"(.+?)(:\d+:\d+: warning: .+)", line)
        path = os.path.abspath(os.path.join(folder, m[1])) if m else ""
        if path.startswith(WORK + os.sep):
            text = shown(path) + re.sub(r", declared with attribute .nodiscard.| \{aka [^}]*\}", "", m[2])
            if re.search(r"ignoring return.*\btask<", text):
                text += "\n  did you forget co_await?"
            of_file = kept.setdefault(os.path.relpath(path, WORK), [])
            of_file += [text] if text not in of_file else []
    return kept


def warnings(chapter):
    """What the compiler warned of in the learner's files of a chapter, in short."""
    kept = sorted(State()["warnings"].items())
    return [text for f, lines in kept if f.startswith(chapter.name + "/") for text in lines]
