"""The set-up for VS Code that chapters/debugger/README.md shows: is it JSON, is all there that it names?

A fence ```json file=.vscode/launch.json holds a file to copy."""
import json
import os
import re

from places import ROOT
from walks import target, with_walk

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
    labels = {task["label"] for task in files[".vscode/tasks.json"]["tasks"]}
    for session in files[".vscode/launch.json"]["configurations"]:
        if session.get("preLaunchTask") not in labels:
            yield f"{TEXT}: launch.json begins with the task \"{session.get('preLaunchTask')}\", which is not in tasks.json"


def names_what_is_there(files):
    options = {word for one in files[".vscode/launch.json"]["inputs"] for word in one["options"]}
    walks = {c.name for c in with_walk()}
    if options != walks:
        yield f"{TEXT}: launch.json offers {sorted(options)}, and the walks are {sorted(walks)}"
    for name, content in files.items():
        for text in strings(content):
            for used in re.findall(r"\$\{workspaceFolder\}/([\w./-]+)", text):
                if not used.startswith("build") and not os.path.exists(os.path.join(ROOT, used)):
                    yield f"{TEXT}: {name} names {used}, and there is no such file"
            for built in re.findall(r"\bwalk_\$\{input:(\w+)\}|\b(walk_\d\d-[\w-]+)", text):
                if built[1] and built[1] not in {target(c) for c in with_walk()}:
                    yield f"{TEXT}: {name} names the target {built[1]}, and there is no such walk"
