"""Links inside the project lead somewhere, and pictures say in words what they show."""
import os
import re
import urllib.parse

import anchors
import regions
from places import ROOT

LINK = re.compile(r"(?P<image>!?)\[(?P<text>(?:[^\[\]]|\[[^\]]*\])*)\]"
                  r"\((?P<to><[^>]+>|[^()\s]+)(?:\s+\"[^\"]*\")?\)")
SPAN = re.compile(r"(`+)(?!`).+?(?<!`)\1(?!`)")
TAG = re.compile(r"<(?P<tag>img|svg)\b(?P<rest>[^>]*)>")


def wrong(path, to):
    """Why the link leads nowhere; None if it is good, or leaves the project."""
    to = urllib.parse.unquote(to.strip("<>"))
    if re.match(r"[a-z][a-z0-9+.-]*:", to):
        return None
    file, _, anchor = to.partition("#")
    target = os.path.normpath(os.path.join(os.path.dirname(path), file)) if file else path
    if not os.path.exists(target):
        return f"there is no {os.path.relpath(target, ROOT)}"
    if os.path.relpath(target, ROOT).startswith(".."):
        return "it leads out of the project"
    if anchor:
        page = os.path.join(target, "README.md") if os.path.isdir(target) else target
        if page.endswith(".md") and anchor not in anchors.in_file(page):
            return f"{os.path.relpath(page, ROOT)} has no heading #{anchor}"
    return None


def check(refill):
    for path in regions.texts():
        name = os.path.relpath(path, ROOT)
        with open(path, encoding="utf-8") as f:
            text = SPAN.sub(lambda m: re.sub(r"[^\n]", " ", m[0]), anchors.prose(f.read()))
        for m in LINK.finditer(text):
            line = text.count("\n", 0, m.start()) + 1
            why = wrong(path, m["to"])
            if why:
                yield f"{name}:{line}: ({m['to']}): {why}"
            words = m["text"].strip()
            if m["image"] and (len(words) < 8 or words.endswith((".svg", ".png", ".jpg"))):
                yield f"{name}:{line}: the picture {m['to']} does not say in words what it shows"
        for m in TAG.finditer(text):
            if m["tag"] == "img" and not re.search(r"\balt=\"[^\"]{8,}\"", m["rest"]):
                yield f"{name}:{text.count(chr(10), 0, m.start()) + 1}: a picture without alt text"
