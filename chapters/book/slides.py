#!/usr/bin/env python3
"""slides.py: draws the decks in slides/ as HTML and PDF into build/slides, and says what is wrong with them.

Marp draws them, in headless Chromium; both come from Debian's packages and npm. Pictures go into the pages,
so that a deck is one file that asks for nothing from outside. What a slide may hold: slide_rules.py."""
import base64
import glob
import os
import re
import shutil
import subprocess

import slide_rules
from places import ROOT

SOURCE, OUT = os.path.join(ROOT, "slides"), os.path.join(ROOT, "build", "slides")
NOTE = re.compile(r"<!--\s*(\d+) min\.\s+\S")
PICTURE = re.compile(r"!\[(?P<alt>[^\]]*)\]\((?P<path>[^)\s]+)\)")
SIZE_WORDS = re.compile(r"\b(bg|left|right|fit|w:\S+|h:\S+|width:\S+|height:\S+)(?=\s|$)")
TABLE = re.compile(r"(?<=<!-- timetable -->\n).*?(?=<!-- end timetable -->)", re.S)


class Deck:
    def __init__(self, path):
        self.path, self.name = path, os.path.basename(path)[:-3]
        with open(path, encoding="utf-8") as f:
            self.text = f.read()
        body = self.text.split("\n---\n", 1)[1]
        self.slides = slide_rules.split(body)

    @property
    def minutes(self):
        return sum(int(m) for m in NOTE.findall(self.text))

    def wrong(self):
        for n, slide in enumerate(self.slides, 1):
            if not NOTE.search(slide):
                yield f"{self.name}: slide {n} has no note that begins with its minutes (<!-- 2 min. ... -->)"
        yield from (f"{self.name}: {sentence}" for sentence in slide_rules.wrong(self.slides))
        for m in PICTURE.finditer(self.text):
            if len(SIZE_WORDS.sub("", m["alt"]).strip()) < 10:
                yield f"{self.name}: the picture {m['path']} has no words for a reader who cannot see it"
            if not os.path.exists(os.path.join(SOURCE, m["path"])):
                yield f"{self.name}: there is no picture {m['path']}"

    def draw_text(self):
        """The deck as Marp gets it: its pictures beside it, for Markdown takes none that are within."""
        def beside(m):
            file = os.path.normpath(os.path.join(SOURCE, m["path"]))
            if not os.path.exists(file):
                return m[0]
            name = f"{self.name}-{os.path.basename(file)}"
            shutil.copy(file, os.path.join(OUT, name))
            return f"![{m['alt']}]({name})"
        with open(os.path.join(OUT, self.name + ".md"), "w", encoding="utf-8") as f:
            f.write(PICTURE.sub(beside, self.text))

    def take_pictures_in(self):
        """Into the HTML, which then is one file."""
        def inline(m):
            kind = {"svg": "svg+xml", "png": "png", "jpg": "jpeg"}[m["name"].rsplit(".", 1)[1]]
            with open(os.path.join(OUT, m["name"]), "rb") as f:
                return f"data:image/{kind};base64,{base64.b64encode(f.read()).decode()}"
        page = os.path.join(OUT, self.name + ".html")
        with open(page, encoding="utf-8") as f:
            old = f.read()
        with open(page, "w", encoding="utf-8") as f:
            f.write(re.sub(rf"(?P<name>{self.name}-[\w.-]+\.(svg|png|jpg))(?=&quot;|[\"')])", inline, old))


def decks():
    return [Deck(p) for p in sorted(glob.glob(os.path.join(SOURCE, "[0-9][0-9]*-*.md")))]


def missing_programs():
    return [p for p in ("node", "npm", "chromium") if not shutil.which(p)]


def install_marp():
    """Into build/slides, with the versions of the lock file. The sentence that says why not, or None."""
    lock = os.path.join(OUT, "package-lock.json")
    wanted = os.path.join(SOURCE, "package-lock.json")
    same = os.path.exists(lock) and open(lock).read() == open(wanted).read()
    if same and os.path.exists(os.path.join(OUT, "node_modules", ".bin", "marp")):
        return None
    os.makedirs(OUT, exist_ok=True)
    for name in ("package.json", "package-lock.json"):
        shutil.copy(os.path.join(SOURCE, name), OUT)
    run = subprocess.run(["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund"], cwd=OUT, text=True,
                         stdin=subprocess.DEVNULL, capture_output=True,
                         env=dict(os.environ, PUPPETEER_SKIP_DOWNLOAD="1"))
    return None if run.returncode == 0 else f"npm could not install Marp: {run.stderr.strip()[-300:]}"


def marp(names, *words):
    run = subprocess.run([os.path.join("node_modules", ".bin", "marp"), "--theme-set",
                          os.path.join(SOURCE, "cotorra.css"), "--browser-timeout", "600", *words, "--",
                          *(n + ".md" for n in names)],
                         cwd=OUT, stdin=subprocess.DEVNULL, capture_output=True, text=True,
                         env=dict(os.environ, CHROME_PATH=shutil.which("chromium") or ""))
    return [] if run.returncode == 0 else [f"Marp failed: {run.stderr.strip()[-400:]}"]


def draw(all_decks):
    """Draws all; yields what is wrong."""
    trouble = install_marp()
    if trouble:
        yield trouble
        return
    names = [d.name for d in all_decks]
    for d in all_decks:
        d.draw_text()
    failed = marp(names) + marp(names, "--pdf", "--pdf-notes", "--allow-local-files")
    yield from failed
    if failed:
        return
    for d in all_decks:
        d.take_pictures_in()
    look = subprocess.run(["node", os.path.join(SOURCE, "look.mjs"), shutil.which("chromium"),
                           *(os.path.join(OUT, n + ".html") for n in names)],
                          cwd=OUT, stdin=subprocess.DEVNULL, capture_output=True, text=True)
    yield from look.stdout.splitlines()
    if look.returncode != 0:
        yield f"the look at the slides failed: {look.stderr.strip()[-300:]}"
    for d in all_decks:
        yield from pages(d)


def pages(deck):
    """The PDF has a page for each slide."""
    if not shutil.which("pdfinfo"):
        yield "pdfinfo (poppler-utils) is missing, so nobody counted the pages"
        return
    info = subprocess.run(["pdfinfo", os.path.join(OUT, deck.name + ".pdf")], capture_output=True, text=True).stdout
    found = re.search(r"^Pages:\s+(\d+)", info, re.M)
    if not found or int(found[1]) != len(deck.slides):
        yield f"{deck.name}: {len(deck.slides)} slides, but the PDF has {found[1] if found else 'no'} pages"


def timetable(all_decks):
    rows = "".join(f"| [{d.name}]({d.name}.md) | {len(d.slides)} | {d.minutes} |\n" for d in all_decks)
    return ("| deck | slides | minutes |\n|---|---|---|\n" + rows +
            f"| all | {sum(len(d.slides) for d in all_decks)} | {sum(d.minutes for d in all_decks)} |\n")


def check_timetable(all_decks, refill):
    path = os.path.join(SOURCE, "README.md")
    with open(path, encoding="utf-8") as f:
        old = f.read()
    new = TABLE.sub(lambda _: timetable(all_decks), old)
    if refill and new != old:
        with open(path, "w", encoding="utf-8") as f:
            f.write(new)
    elif new != old:
        yield "slides/README.md: the timetable is not what the decks add up to"


def check(refill=False):
    all_decks = decks()
    if not all_decks:
        yield "there are no decks in slides/"
    for d in all_decks:
        yield from d.wrong()
    yield from check_timetable(all_decks, refill)
    lacking = missing_programs()
    if lacking and os.environ.get("CI") == "true":
        yield f"CI draws the slides, and cannot without {' and '.join(lacking)}"
    elif lacking:
        print(f"Left out: drawing the slides, which takes {' and '.join(lacking)}. To have it: apt-get install "
              "--no-install-recommends chromium fonts-dejavu-core poppler-utils nodejs npm")
    else:
        yield from draw(all_decks)


if __name__ == "__main__":
    import sys
    wrong = list(check())
    for sentence in wrong:
        print(sentence)
    print(f"the decks are in {os.path.relpath(OUT)}: HTML and PDF")
    sys.exit(1 if wrong else 0)
