"""The headings of a Markdown file as the anchors that links mean: #the-answer."""
import os
import re

FENCE = re.compile(r"^(`{3,}|~{3,}).*?^\1[ \t]*$", re.M | re.S)


def prose(text):
    """The text with the lines of its fences blank, so that lines keep their numbers."""
    return FENCE.sub(lambda m: "\n" * m[0].count("\n"), text)


def slug(heading):
    """As GitHub and GitLab do: small letters, no marks, a dash for each space."""
    heading = re.sub(r"!?\[([^\]]*)\]\([^)]*\)", r"\1", heading).replace("`", "")
    return re.sub(r"[^\w\- ]", "", heading.strip().lower()).replace(" ", "-")


def in_text(text):
    found = set()
    for line in prose(text).splitlines():
        if m := re.match(r"#{1,6} +(.+?)\s*#*$", line):
            name, n = slug(m[1]), 0
            while name + (f"-{n}" if n else "") in found:
                n += 1
            found.add(name + (f"-{n}" if n else ""))
        found |= set(re.findall(r"<a (?:id|name)=\"([^\"]+)\"", line))
    return found


def in_file(path):
    if not os.path.exists(path):
        return set()
    with open(path, encoding="utf-8") as f:
        return in_text(f.read())
