"""Draws what a terminal said, kept as text in NAME.txt, as the picture NAME.svg."""
import glob
import os
from xml.sax.saxutils import escape

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


def check(refill=False):
    for source in sorted(glob.glob(os.path.join(ROOT, "chapters", "*", "*.txt"))):
        picture = source[:-4] + ".svg"
        name = os.path.relpath(picture, ROOT)
        with open(source, encoding="utf-8") as f:
            text = f.read()
        if not text.startswith("$ "):
            continue
        wanted = draw(text, f"A terminal in which {text[2:text.index(chr(10))]} ran")
        old = open(picture, encoding="utf-8").read() if os.path.exists(picture) else ""
        if refill and wanted != old:
            with open(picture, "w", encoding="utf-8") as f:
                f.write(wanted)
        elif wanted != old:
            yield f"{name}: not the picture of {os.path.basename(source)}: chapters/check --refill terminal"
