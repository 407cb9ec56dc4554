"""Links inside the project lead somewhere, and pictures say in words what they show."""
import glob
import json
import os
import re
import urllib.parse

import anchors
import regions
from places import ROOT

TITLE = r"(?:\s+(?:\"[^\"]*\"|'[^']*'|\([^()]*\)))?\s*"
TEXT = r"(?P<image>!?)\[(?P<text>(?:[^\[\]]|\[[^\[\]]*\](?:\([^()]*\))?)*)\]"
INLINE = re.compile(TEXT + r"\(\s*(?P<to><[^<>\n]+>|(?:[^()\s]|\([^()\s]*\))+)" + TITLE + r"\)")
REFERENCE = re.compile(TEXT + r"\[(?P<label>[^\[\]]*)\]")
DEFINITION = re.compile(r"^ {0,3}\[(?!\^)(?P<label>[^\[\]]+)\]:[ \t]*(?P<to><[^<>\n]+>|\S+)" + TITLE + r"$",
                        re.M)
SPAN = re.compile(r"(`+)(?!`).+?(?<!`)\1(?!`)")
TAG = re.compile(r"<(?P<tag>[a-z]\w*)(?P<rest>\s(?:[^<>\"']|\"[^\"]*\"|'[^']*')*)>", re.I)
WORD = r"\s*=\s*(?:\"(?P<d>[^\"]*)\"|'(?P<s>[^']*)'|(?P<u>[^\s\"'>]+))"
OURS_ALONE = ("build", "work")  # folders that only this machine has
SHORTEST = 8                    # letters that say what a picture shows


def anchors_of(page):
    if page.endswith(".ipynb"):
        return anchors.in_text(markdown(page))
    return anchors.in_file(os.path.join(page, "README.md") if os.path.isdir(page) else page)


def wrong(path, to):
    """Why the link leads nowhere; None if it is good, or leaves the project."""
    to = urllib.parse.unquote(to.strip("<>"))
    if re.match(r"[a-z][a-z0-9+.-]*:", to, re.I):
        return None
    file, _, anchor = to.partition("#")
    target = os.path.normpath(os.path.join(os.path.dirname(path), file)) if file else path
    name = os.path.relpath(target, ROOT)
    if not os.path.exists(target):
        return f"there is no {name}"
    if name.startswith(".."):
        return "it leads out of the project"
    if name.split("/")[0] in OURS_ALONE:
        return "only your machine has that folder"
    if anchor and (lines := re.fullmatch(r"L(\d+)(?:-L(\d+))?", anchor)) and os.path.isfile(target):
        with open(target, "rb") as f:
            last = f.read().count(b"\n")
        return f"{name} has {last} lines" if int(lines[2] or lines[1]) > last else None
    if anchor and anchor not in anchors_of(target):
        return f"{name} has no heading #{anchor}"
    return None


def attribute(rest, name):
    """What an attribute of a tag says; None if it has none of this name."""
    m = re.search(rf"(?<![\w-]){name}" + WORD, rest, re.I)
    return next((m[k] for k in "dsu" if m[k] is not None), "") if m else None


def label(text):
    return " ".join(text.split()).casefold()


def blank(m):
    return re.sub(r"[^\n]", " ", m[0])


def says_nothing(words):
    return len(words.strip()) < SHORTEST or words.strip().endswith((".svg", ".png", ".jpg"))


def in_text(text, path):
    """(line, sentence) for each link that leads nowhere and each picture without words."""
    text = SPAN.sub(blank, anchors.prose(text))
    return sorted((text.count("\n", 0, at) + 1, sentence) for at, sentence in found_in(text, path))


def found_in(text, path):
    """(where in the text, the sentence) for the same."""
    for m in TAG.finditer(text):
        to = [attribute(m["rest"], key) for key in ("href", "src")]
        for one in (t for t in to if t is not None):
            if why := wrong(path, one) if one else "it leads nowhere":
                yield m.start(), f"<{m['tag']}> to {one}: {why}"
        if m["tag"].lower() == "img" and says_nothing(attribute(m["rest"], "alt") or ""):
            yield m.start(), f"the picture {to[1]} does not say in words (alt) what it shows"
    defined = {label(m["label"]) for m in DEFINITION.finditer(text)}
    for m in DEFINITION.finditer(text):
        if why := wrong(path, m["to"]):
            yield m.start(), f"[{m['label']}]: {m['to']}: {why}"
    text = DEFINITION.sub(blank, text)
    yield from links_in(text, path, defined)
    rest = INLINE.sub(blank, text)
    for m in re.finditer(r"\]\(", rest):
        shown = rest[max(rest.rfind("[", 0, m.start()), m.start() - 40):m.end() + 40].split("\n")[0]
        yield m.start(), f"no link to Markdown, an empty one, or one with spaces: {shown.strip()}"


def links_in(text, path, defined):
    for m in list(INLINE.finditer(text)) + list(REFERENCE.finditer(INLINE.sub(blank, text))):
        if "to" in m.groupdict():
            name = m["to"]
            if why := wrong(path, m["to"]):
                yield m.start(), f"({m['to']}): {why}"
        else:
            name = m["label"] or m["text"]
            if label(name) not in defined:
                yield m.start(), f"[{m['text']}][{m['label']}]: nothing says where [{name}] leads"
        if m["image"] and says_nothing(m["text"]):
            yield m.start(), f"the picture {name} does not say in words what it shows"
        for at, sentence in links_in(m["text"], path, defined):  # a picture that is a link
            yield m.start("text") + at, sentence


def markdown(notebook):
    """What a notebook says between its code, a cell below the other."""
    with open(notebook, encoding="utf-8") as f:
        cells = json.load(f)["cells"]
    return "\n\n".join("".join(c["source"]) for c in cells if c["cell_type"] == "markdown")


def texts():
    """(path, text) of each page that has links."""
    more = glob.glob(os.path.join(ROOT, "tests", "*", "README.md"))
    more += glob.glob(os.path.join(ROOT, "notebooks", "*.md"))
    for path in regions.texts() + sorted(more):
        with open(path, encoding="utf-8") as f:
            yield path, f.read()
    for path in sorted(glob.glob(os.path.join(ROOT, "notebooks", "*.ipynb"))):
        yield path, markdown(path)


def check(refill):
    for path, text in texts():
        name = os.path.relpath(path, ROOT)
        for line, sentence in in_text(text, path):
            yield f"{name}: {sentence}" if path.endswith(".ipynb") else f"{name}:{line}: {sentence}"
