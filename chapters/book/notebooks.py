"""The notebooks run from top to bottom on the real code, and say only what they show.

Each number under "What one sees" must stand in an assert of the same notebook, which the run then tries.
Notebooks are kept without outputs: their outputs are made where they are opened. The module is built in
build/release."""
import glob
import json
import os
import re
import subprocess
import tempfile

from places import ROOT

SOURCE = os.path.join(ROOT, "notebooks")
SHELL = ". tests/support/setup.sh; "
MODULE = os.path.join(ROOT, "build", "release", "python")
NUMBER = re.compile(r"(?<![\w.])\d[\d,]*(?:\.\d+)?")


def shell(command):
    return subprocess.run(["bash", "-c", SHELL + command], cwd=ROOT, stdin=subprocess.DEVNULL,
                          capture_output=True, text=True)


def lacking():
    """What is not installed, as a sentence's end; in CI it is installed here, if that can be done."""
    if os.environ.get("CI") == "true":
        shell('need "${packages_notebooks[@]}"')
    return shell('missing "${packages_notebooks[@]}"').stdout.split()


class Notebook:
    def __init__(self, path):
        self.name = os.path.basename(path)
        with open(path, encoding="utf-8") as f:
            self.cells = json.load(f)["cells"]

    def sources(self, kind):
        return ["".join(c["source"]) for c in self.cells if c["cell_type"] == kind]

    def wrong(self):
        if any(c.get("outputs") or c.get("execution_count") for c in self.cells):
            yield f"notebooks/{self.name} is kept with outputs: clear them before you commit"
        seen = [text for text in self.sources("markdown") if text.startswith("## What one sees")]
        for part in ("# ", "## What we vary", "## What one sees", "## Exercise"):
            if not any(text.startswith(part) for text in self.sources("markdown")):
                yield f"notebooks/{self.name} has no cell that begins with \"{part.strip()}\""
        asserted = {n.replace(",", "") for text in self.sources("code") for line in text.splitlines()
                    if line.startswith("assert ") for n in NUMBER.findall(line)}
        for n in sorted(set(NUMBER.findall(" ".join(seen)))):
            if n.replace(",", "") not in asserted:
                yield f"notebooks/{self.name} says {n}, and no assert of it does"

    def run(self, out):
        """The last words of the cell that failed; None when all is well."""
        done = subprocess.run(["jupyter", "nbconvert", "--to", "notebook", "--execute", "--output-dir", out,
                               "--ExecutePreprocessor.timeout=-1",  # CTest has the last word
                               "--ExecutePreprocessor.startup_timeout=600", self.name],
                              cwd=SOURCE, stdin=subprocess.DEVNULL, capture_output=True, text=True,
                              env=dict(os.environ, PYTHONPATH=MODULE, PYTHONDONTWRITEBYTECODE="1"))
        if done.returncode == 0:
            return None
        said = re.sub(r"\x1b\[[0-9;]*m", "", done.stderr)
        marked = re.findall(r"^-+> *\d+ (.*)$", said, re.M)
        last = [line for line in said.splitlines() if line.strip()][-1:]
        return " ".join(marked[-1:] + last)


def notebooks():
    return [Notebook(p) for p in sorted(glob.glob(os.path.join(SOURCE, "*.ipynb")))]


def build():
    """What the compiler said if the module can't be built; else None."""
    done = shell("cmake_options=(-DBUILD_TESTING=ON); build release cotorra_python")
    return None if done.returncode == 0 else done.stdout + done.stderr


def check():
    all_of_them = notebooks()
    for each in all_of_them:
        yield from each.wrong()
    missing = lacking()
    if missing and os.environ.get("CI") == "true":
        yield f"CI runs the notebooks, and cannot without {' '.join(missing)}"
    elif missing:
        print("  left out: running the notebooks. To have it: apt-get install --no-install-recommends",
              " ".join(missing))
    if missing:
        return
    if words := build():
        yield "the Python module for the notebooks cannot be built: " + words
        return
    with tempfile.TemporaryDirectory(prefix="cotorra-") as out:
        for each in all_of_them:
            if words := each.run(out):
                yield f"notebooks/{each.name} fails: {words}"
