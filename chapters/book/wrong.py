"""Wrong lines for a hole, as students write them: chapters/NN-name/wrong/4.2.md.

    # Wrong lines for hole 4.2

    ## the first 20 characters are compared
    fails: you dial: an info_hash with a zero byte

    ```cpp
      if (std::strncmp(...) != 0)
    ```
    What a student thinks who writes this, and what is wrong with it.

The fence holds what stands between the marks of the hole instead of the reference. `fails` is the test that
`chapters/learn test` shows first; it may be followed by `with: asan` if only the sanitizers see the mistake.
`passes: why` is for lines that look wrong and are not: every test passes with them."""
import os
import re
from dataclasses import dataclass

import holes
from places import ROOT


@dataclass(frozen=True)
class Variant:
    hole: str        # "4.2"
    title: str
    fails: str       # the test that is shown first, or ""
    passes: str      # why it is as good as the reference, or ""
    asan: bool       # built with the sanitizers
    body: tuple      # the lines that stand in the hole
    thought: str
    place: str       # "chapters/04-handshake/wrong/4.2.md:12"

    @property
    def name(self):
        return re.sub(r"[^a-z0-9.]+", "-", f"wrong {self.hole} {self.title}".lower()).strip("-")


def key(lines, word):
    found = [line.split(":", 1)[1].strip() for line in lines if line.startswith(word + ":")]
    return found[0] if found else ""


def read(path):
    """The variants of one file. Raises holes.Wrong."""
    near = os.path.relpath(path, ROOT)
    text = holes.read(path)
    head = re.match(r"# Wrong lines for hole (\d+\.\d+)\n", text)
    if not head or os.path.basename(path) != f"{head[1]}.md":
        raise holes.Wrong(f"{near}:1: the first line should be \"# Wrong lines for hole "
                          f"{os.path.basename(path)[:-3]}\"")
    parts = re.split(r"^## (.+)\n", text, flags=re.M)
    line = parts[0].count("\n") + 1
    for title, section in zip(parts[1::2], parts[2::2]):
        fence = re.search(r"^```cpp\n(.*?)^```\n", section, re.M | re.S)
        if not fence:
            raise holes.Wrong(f"{near}:{line}: \"{title}\" has no fence with the wrong lines (```cpp)")
        keys = section[:fence.start()].split("\n")
        yield Variant(head[1], title.strip(), key(keys, "fails"), key(keys, "passes"), key(keys, "with") == "asan",
                      tuple(fence[1].split("\n")[:-1]), section[fence.end():].strip(), f"{near}:{line}")
        line += section.count("\n") + 1


def of_chapter(chapter):
    """The variants of a chapter, in the order of its holes."""
    folder = chapter.path("wrong")
    names = sorted(os.listdir(folder), key=lambda n: [int(d) for d in re.findall(r"\d+", n)]) \
        if os.path.isdir(folder) else []
    return [v for name in names if name.endswith(".md") for v in read(os.path.join(folder, name))]
