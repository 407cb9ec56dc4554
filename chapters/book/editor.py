"""The set-up for VS Code that chapters/debugger/README.md shows: is it JSON, is all there that it names?

A fence ```json file=.vscode/launch.json holds a file to copy."""
import json
import os
import re
import shutil
import subprocess
import threading

from places import ROOT, find_chapter
from walks import program, with_walk

PATIENCE = 400  # seconds for gdb; it takes five
TEXT = os.path.join("chapters", "debugger", "README.md")
FENCE = re.compile(r"^```json file=(\S+)\n(.*?)^```", re.M | re.S)


def strings(value):
    if isinstance(value, str):
        yield value
    elif isinstance(value, (list, dict)):
        for inner in (value.values() if isinstance(value, dict) else value):
            yield from strings(inner)


def check():
    path = os.path.join(ROOT, TEXT)
    if not os.path.exists(path):
        yield f"there is no {TEXT}"
        return
    with open(path, encoding="utf-8") as f:
        found = dict(FENCE.findall(f.read()))
    files = {}
    for name in (".vscode/launch.json", ".vscode/tasks.json"):
        try:
            files[name] = json.loads(found[name])
        except KeyError:
            yield f"{TEXT} shows no {name}"
            return
        except ValueError as e:
            yield f"{TEXT}: {name} is not JSON: {e}"
            return
    yield from names_what_is_there(files)
    setup = [one["text"].replace("${workspaceFolder}", ROOT)
             for session in files[".vscode/launch.json"]["configurations"] for one in session["setupCommands"]]
    if shutil.which("gdb") and os.path.exists(program(find_chapter("04-handshake"))):
        yield from stops_are_told(setup)
    labels = {task["label"] for task in files[".vscode/tasks.json"]["tasks"]}
    for session in files[".vscode/launch.json"]["configurations"]:
        if session.get("preLaunchTask") not in labels:
            yield f"{TEXT}: launch.json begins with a task that is not in tasks.json: {session.get('preLaunchTask')}"


def names_what_is_there(files):
    walks = {c.name for c in with_walk()}
    offered = {word for one in files[".vscode/launch.json"]["inputs"] for word in one["options"]}
    built = set(re.findall(r"\bwalk_(\d\d-[\w-]+)", " ".join(strings(files[".vscode/tasks.json"]))))
    for name, found in (("launch.json offers", offered), ("tasks.json builds", built)):
        for one in sorted(found ^ walks):
            no, one_is = ("no", "one") if one in walks else ("a", "none")
            yield f"{TEXT}: {name} {no} walk_{one}, and there is {one_is}"
    for name, content in files.items():
        for text in strings(content):
            for used in re.findall(r"(?:\$\{workspaceFolder\}/|(?<= )(?=\.cmake/))([\w./-]+)", text):
                if not used.startswith("build") and not os.path.exists(os.path.join(ROOT, used)):
                    yield f"{TEXT}: {name} names {used}, and there is no such file"


class Driven:
    """gdb as an editor drives it: commands in, records out."""

    def __init__(self, program):
        self.gdb = subprocess.Popen(["gdb", "-nx", "-q", "--interpreter=mi", program], cwd=ROOT, text=True,
                                    stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        self.too_long = False
        self.watch = threading.Timer(PATIENCE, self.give_up)
        self.watch.start()

    def say(self, command, until):
        """The line that begins with `until`; an error, or the end, gives what came instead."""
        quoted = command.replace('"', '\\"')
        self.gdb.stdin.write(f'-interpreter-exec console "{quoted}"\n')
        self.gdb.stdin.flush()
        for line in self.gdb.stdout:
            if line.startswith((until, "^error")):
                return line
        return f"it took too long: no answer after {PATIENCE} seconds" if self.too_long else "gdb ended"

    def give_up(self):
        self.too_long = True
        self.gdb.kill()

    def end(self):
        self.watch.cancel()
        self.gdb.kill()
        self.gdb.communicate()


def stops_are_told(setup):
    """With launch.json's setupCommands, each stop says where it is, so that the editor can show it."""
    driven = Driven(program(find_chapter("04-handshake")))
    try:
        for command in setup + ["co break read_handshake"]:
            said = driven.say(command, "^done")
            if not said.startswith("^done"):
                yield f"{TEXT}: gdb answers \"{command}\" of launch.json with {said.strip()}"
                return
        for command in ("run", "co next", "co step"):
            said = driven.say(command, "*stopped")
            if 'reason="breakpoint-hit"' not in said or "handshake_talk.cpp" not in said:
                yield f"{TEXT}: an editor is not told where \"{command}\" stops: {said.strip()[:200]}"
                return
    finally:
        driven.end()
