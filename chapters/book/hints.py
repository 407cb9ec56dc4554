"""Three hints for each hole: chapters/NN-name/hints.md."""
import os
import re
from dataclasses import dataclass

HEAD = re.compile(r"^## (?P<number>\d+\.\d+) (?P<title>.+)$")


@dataclass
class Hints:
    number: str
    title: str
    fails_first: str
    hints: list
    contract: str = "" # what comes in, what must hold afterwards, what is an error


def of_chapter(chapter):
    """{"4.2": Hints} of a chapter; empty if it has none yet."""
    path = chapter.path("hints.md")
    if not os.path.exists(path):
        return {}
    found, current = {}, None
    with open(path, encoding="utf-8") as f:
        for line in f.read().splitlines():
            if m := HEAD.match(line):
                current = found[m["number"]] = Hints(m["number"], m["title"].strip(), "", [])
            elif current and line.startswith("Fails first:"):
                current.fails_first = line.split(":", 1)[1].strip()
            elif current and line.startswith("Contract:"):
                current.contract = line.split(":", 1)[1].strip()
            elif current and current.contract and not current.hints and line and not re.match(r"\d+\. ", line):
                current.contract += " " + line.strip()
            elif current and re.match(r"\d+\. ", line):
                current.hints.append(line.split(". ", 1)[1])
            elif current and current.hints:
                current.hints[-1] += "\n" + re.sub(r"^ {3}", "", line)
    for one in found.values():
        one.hints = [h.rstrip() for h in one.hints]
    return found


def plain(text, chapter):
    """For a terminal: [the text](README.md#there) as "the text (chapters/NN-name/README.md#there)"."""
    def told(link):
        words, to = link.groups()
        near = "" if "://" in to else f"chapters/{chapter.name}/"
        return f"{words} ({os.path.normpath(near + to) if near else to})"
    return re.sub(r"\[([^\]]+)\]\(([^)\s]+)\)", told, text)
