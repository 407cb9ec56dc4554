"""Output in a text is what the commands say.

    ```console run
    $ cotorra --version
    cotorra 0.1

Lines that begin with "$ " are commands; a command that ends in a backslash goes on in the next
line. They run in dash, where it is installed, since a reader's shell need not be bash; in the root
of the project, with cotorra on the PATH, no network needed, and $TMP, a folder that is empty at the
beginning of each text; its name is shown as $TMP. check() tells what a command says differently
today, and can write it again.

What a command says must not depend on how fast the machine is, nor on a port that happens to be free:
it listens at port 0, and ends when the thing has happened."""
import os
import re
import shutil
import signal
import subprocess
import tempfile

import regions
from places import ROOT

FENCE = re.compile(r"^(?P<tick>`{3,})(?P<info>console run)[ \t]*\n(?P<body>.*?)^(?P=tick)[ \t]*$", re.M | re.S)
PATIENCE = 300 # seconds; a command that a reader is to type takes less than two
BY_CHANCE = (
    (re.compile(r"--listen[ =](?:\S*:)?0*[1-9]\d*(?![\w.:])"),
     "listens at a port that may be taken: listen at port 0, and read in its output which one it is"),
    (re.compile(r"(?<![-\w])timeout(?: +-\S+(?: +[A-Z]+)?)* +\d"),
     "ends when the time is up, and a slow machine has done less by then: end it when the thing happened"),
    (re.compile(r"(?<!\bdo )\bsleep\b"),
     "sleeps, and a slow machine needs longer: wait for the thing itself (until ...; do sleep 0.1; done)"),
)


def program():
    """The cotorra that the texts run: $COTORRA, or the release build. None if there is none."""
    at = os.environ.get("COTORRA") or os.path.join(ROOT, "build", "release", "cotorra")
    return at if os.access(at, os.X_OK) else None


def surroundings(tmp, home):
    kept = {k: v for k, v in os.environ.items() if k in ("USER", "LOGNAME", "SHELL", "TERM", "CCACHE_DIR")}
    path = os.environ.get("PATH", "/usr/bin:/bin")
    if program():
        path = os.path.dirname(os.path.abspath(program())) + os.pathsep + path
    return kept | {"PATH": path, "TMP": tmp, "TMPDIR": tmp, "HOME": home, "COLUMNS": "80", "LC_ALL": "C.UTF-8",
                   "TZ": "UTC", "PYTHONDONTWRITEBYTECODE": "1", "COTORRA_LOCAL_ONLY": "1",
                   "COTORRA_WORK": os.path.join(home, "work")}


def run(command, tmp, home):
    """What the command says, with $TMP for the folder's name. Raises LookupError when it cannot be run."""
    for chance, why in BY_CHANCE:
        if chance.search(command):
            raise LookupError(why)
    with tempfile.TemporaryFile() as output:
        process = subprocess.Popen([shutil.which("dash") or "sh", "-c", command], cwd=ROOT, env=surroundings(tmp, home),
                                   stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT,
                                   start_new_session=True)
        try:
            status = process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            status = None
        finally:
            end_group(process)
        output.seek(0)
        said = output.read().decode(errors="backslashreplace").replace(tmp, "$TMP")
    if status is None:
        raise LookupError(f"took too long: it has not ended after {PATIENCE} seconds, and said until then: "
                          + (said.strip()[-300:] or "(nothing)"))
    if status == 127:
        raise LookupError(f"names a program that is not there: {said.strip()}")
    lines = [line.rstrip() for line in said.splitlines()]
    if any(line.startswith(("$ ", "```")) for line in lines):
        raise LookupError("says a line that begins with \"$ \" or a fence: no text can show that")
    return "".join(line + "\n" for line in lines)


def end_group(process):
    """Ends what the command has left running, too."""
    try:
        os.killpg(process.pid, signal.SIGKILL)
    except ProcessLookupError:
        pass
    process.wait()


def commands(body):
    """(the lines of the command, the output below it) for each command of a fence."""
    lines = body.splitlines()
    found, i = [], 0
    while i < len(lines):
        if not lines[i].startswith("$ "):
            raise LookupError("begins with a line that is no command")
        shown = [lines[i]]
        while shown[-1].endswith("\\") and i + 1 < len(lines):
            i += 1
            shown.append(lines[i])
        i += 1
        output = []
        while i < len(lines) and not lines[i].startswith("$ "):
            output.append(lines[i])
            i += 1
        found.append((shown, "".join(o + "\n" for o in output)))
    return found


def refilled(old, name, wrong):
    """The text with all its outputs said again; what differs, or cannot be run, goes to `wrong`."""
    tmp, home = tempfile.mkdtemp(prefix="recorded-"), tempfile.mkdtemp(prefix="home-")

    def fresh(m):
        line = old.count("\n", 0, m.start()) + 1
        out = ""
        try:
            for shown, output in commands(m["body"]):
                command = "\n".join(shown)[2:]
                try:
                    said = run(command, tmp, home)
                except LookupError as e:
                    raise LookupError(f"`{command}` {e}") from None
                if said != output:
                    what = f"`{command}` says something else now:{difference(output, said)}"
                    wrong.append((True, f"{name}:{line}: {what}"))
                out += "\n".join(shown) + "\n" + said
        except LookupError as e:
            wrong.append((False, f"{name}:{line}: {e}"))
            return m[0]
        return f"{m['tick']}{m['info']}\n{out}{m['tick']}"

    try:
        return FENCE.sub(fresh, old)
    finally:
        shutil.rmtree(tmp, ignore_errors=True)
        shutil.rmtree(home, ignore_errors=True)


def difference(output, said):
    """The first line that differs, in both."""
    old, new = output.splitlines(), said.splitlines()
    at = next((i for i, (a, b) in enumerate(zip(old, new)) if a != b), min(len(old), len(new)))
    here, now = ((x[at] if at < len(x) else "(nothing)") for x in (old, new))
    return f" line {at + 1} is \"{now}\", the text has \"{here}\""


def check(refill=False):
    found = []
    for path in regions.texts():
        with open(path, encoding="utf-8") as f:
            old = f.read()
        if FENCE.search(old):
            found.append((path, old))
    if found and not program():
        yield "there is no cotorra to run: build it with chapters/start, or name one with COTORRA=..."
        return
    for path, old in found:
        wrong = []
        new = refilled(old, os.path.relpath(path, ROOT), wrong)
        if refill and new != old:
            with open(path, "w", encoding="utf-8") as f:
                f.write(new)
        yield from (sentence for mended, sentence in wrong if not (refill and mended))
