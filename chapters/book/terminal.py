"""Draws what a terminal said, kept as text in NAME.txt, as the picture NAME.svg."""
import glob
import os
import re
from xml.sax.saxutils import escape

import regions
from places import ROOT

CHAR, LINE, EDGE, MOST = 7.8, 19, 18, 150  # pixels of 13 px DejaVu Sans Mono; columns


def lines_of(text):
    for line in text.splitlines():
        while len(line) > MOST:
            yield line[:MOST]
            line = "    " + line[MOST:]
        yield line


def typed(line):
    return ' class="typed"' if line.startswith("$ ") else ""


def draw(text, title):
    lines = list(lines_of(text))
    width = 2 * EDGE + CHAR * max(map(len, lines))
    height = 2 * EDGE + LINE * len(lines)
    rows = "".join(f'<text x="{EDGE}" y="{EDGE + LINE * n + 14}" xml:space="preserve"'
                   f'{typed(line)}>{escape(line)}</text>\n'
                   for n, line in enumerate(lines))
    return (f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:.0f} {height}" role="img">\n'
            f"<title>{escape(title)}</title>\n<desc>{escape(text)}</desc>\n"
            "<style>rect{fill:#10201a}text{fill:#e6efe8;font:13px 'DejaVu Sans Mono',monospace}"
            ".typed{fill:#9be8a8;font-weight:bold}</style>\n"
            f'<rect width="{width:.0f}" height="{height}" rx="8"/>\n{rows}</svg>\n')


def recordings():
    return sorted(glob.glob(os.path.join(ROOT, "chapters", "[0-9][0-9]-*", "*.txt")))


def shown():
    """{picture: the text that shows it} of all pictures of terminals in the texts."""
    found = {}
    for path in regions.texts():
        with open(path, encoding="utf-8") as f:
            for words, to in re.findall(r"!\[([^\]]*)\]\(([^)\s]+\.svg)\)", f.read()):
                picture = os.path.normpath(os.path.join(os.path.dirname(path), to))
                if is_terminal(picture, words):
                    found[picture] = os.path.relpath(path, ROOT)
    return found


def is_terminal(picture, words=""):
    if re.search(r"\bA terminal in which\b", words):
        return True
    if not os.path.exists(picture):
        return False
    with open(picture, encoding="utf-8") as f:
        return "<title>A terminal in which " in f.read()


def strays(recorded, seen, pictures):
    """Recordings that no text shows, and pictures of which there is no recording."""
    for source in recorded:
        if source[:-4] + ".svg" not in seen:
            yield f"{os.path.relpath(source, ROOT)}: no text shows its picture"
    for picture in sorted({*seen, *pictures}):
        if picture[:-4] + ".txt" not in recorded:
            where = f", which {seen[picture]} shows" if picture in seen else ""
            source = os.path.basename(picture)[:-4] + ".txt"
            yield f"{os.path.relpath(picture, ROOT)}{where}: there is no recording, {source}"


def check(refill=False):
    recorded = recordings()
    pictures = [p for p in glob.glob(os.path.join(ROOT, "chapters", "*", "*.svg")) if is_terminal(p)]
    yield from strays(recorded, shown(), pictures)
    for source in recorded:
        picture = source[:-4] + ".svg"
        with open(source, encoding="utf-8") as f:
            text = f.read()
        if not text.startswith("$ "):
            yield f"{os.path.relpath(source, ROOT)}: a recording begins with \"$ \" and the command"
            continue
        wanted = draw(text, f"A terminal in which {text[2:text.index(chr(10))]} ran")
        old = open(picture, encoding="utf-8").read() if os.path.exists(picture) else ""
        if refill and wanted != old:
            with open(picture, "w", encoding="utf-8") as f:
                f.write(wanted)
        elif wanted != old:
            name = os.path.relpath(picture, ROOT)
            yield f"{name}: not the picture of {os.path.basename(source)}: chapters/check --refill terminal"
