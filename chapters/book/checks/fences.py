"""Each fence has a form that a check knows: a misspelt one would show what nobody looks at."""
import os
import re

import regions
from places import ROOT

OPENS = re.compile(r"(?P<before>[ \t>]*)(?P<tick>`{3,}|~{3,})(?P<info>.*)$")
FORMS = (  # where it may stand, and what stands behind the ```
    (r"", r"(cpp|python|console) from=[^\s#]+(#(\"[^\"]+\"|[^\s\"]+))?"),
    (r"", r"cpp from=[^\s#]+#(\"[^\"]+\"|[^\s\"]+) empty"),
    (r"", r"console run"),
    (r"chapters/\d\d-[\w-]+/bugs/", r"before|after"),
    (r"chapters/\d\d-[\w-]+/wrong/", r"cpp"),
    (r"chapters/debugger/README\.md$", r"json file=\S+"),
)
SHOWS_FENCES = "chapters/book/README.md"  # its indented ones are examples
ELSE = "what is neither is indented by four spaces, without a fence"


def known(name, info):
    return any(re.match(where, name) and re.fullmatch(form, info) for where, form in FORMS)


def advice(name, info):
    """What to write instead of ```info."""
    if info.startswith("console") and "=" not in info:
        return f"write ```console run; {ELSE}"
    if "=" in info:
        return "write ```cpp from=FILE, ```cpp from=FILE#NAME or ```cpp from=FILE#\"more of its first line\""
    if "/bugs/" in name:
        return "write ```before and ```after"
    return f"write ```cpp from=FILE#NAME for code, ```console run for what commands say; {ELSE}"


def wrong_in(text, name):
    """(line, sentence) for each fence of a text that no check would read."""
    opened = None
    for number, line in enumerate(text.splitlines(), 1):
        m = OPENS.match(line)
        if opened:
            if line.rstrip(" \t") == opened[1]:
                opened = None
            continue
        if not m or (name == SHOWS_FENCES and m["before"].startswith("    ")):
            continue
        shown = m["tick"] + m["info"]
        info = m["info"].rstrip(" \t")
        if m["before"]:
            yield number, f"{shown} is indented or quoted, and no check sees it: begin it in column 1"
        elif m["tick"].startswith("~"):
            yield number, f"{shown} begins with tildes, and no check sees it: write ```"
        elif not known(name, info):
            yield number, f"{shown} is no fence that a check knows: {advice(name, info)}"
        opened = number, m["before"] + m["tick"]
    if opened:
        yield opened[0], f"this fence is never closed: end it with a line {opened[1].strip()}"


def check(refill):
    for path in regions.texts():
        name = os.path.relpath(path, ROOT)
        with open(path, encoding="utf-8") as f:
            text = f.read()
        yield from (f"{name}:{number}: {sentence}" for number, sentence in wrong_in(text, name))
