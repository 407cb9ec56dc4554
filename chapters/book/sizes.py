"""Three sizes of exercise, made of one source: what `chapters/learn start` puts into work/.

    holes         the rooms with their holes emptied
    blank         whole functions emptied: each that has a hole, and in the files of DESIGN all of them, whose
                  helpers are gone, too
    from-scratch  the headers that the tests or other rooms include, and no line of code"""
import glob
import os
import re
import textwrap
from dataclasses import dataclass

import hints
import holes
from places import ROOT

HOLES, BLANK, SCRATCH = "holes", "blank", "from-scratch"

# In these files there is something to design: the student gets the declarations, and begins with an empty file.
DESIGN = {
    "src/io/memory_pipe.cpp", "src/bencode/decode_wire.cpp", "src/metainfo/safe_name.cpp", "src/tracker/tiers.cpp",
    "src/handshake/handshake_talk.cpp", "src/choke/choker.cpp", "src/message/framing.cpp",
    "src/piece/picker_choice.cpp", "src/piece/file_map.cpp", "src/extension/info_download.cpp",
}

NO_FUNCTION = re.compile(r"\s*(namespace|class|struct|enum|union|using|typedef|static_assert|public|private|friend)\b")
WIDTH = 90


@dataclass(frozen=True)
class Function:
    name: str
    first: int   # the index of its first line
    body: int    # of the first line of its body
    last: int    # of the line with its last brace
    indent: str


def functions(text):
    """The functions that are defined in a file, at the outermost level or in a class, whose bodies have lines of
    their own. (The files are formatted: a definition begins at its indent and ends with a brace at the same one.)"""
    lines, i = text.split("\n"), 0
    while i < len(lines):
        start = re.match(r"(  )?(?=[A-Za-z\[~])", lines[i])
        k = i
        while start and k < len(lines) - 1 and not lines[k].endswith(("{", "}", ";")):
            k += 1
        header = " ".join(line.strip() for line in lines[i:k + 1])
        name = re.match(r"[^({=]*?([\w~]+|operator\S+)\(", header)
        if start and name and header.endswith("{") and not NO_FUNCTION.match(header):
            indent = start[1] or ""
            last = next(n for n in range(k + 1, len(lines)) if re.match(indent + r"\}", lines[n]))
            yield Function(name[1], i, k + 1, last, indent)
            i = last
        i += 1


def contract_lines(hole, contract, indent):
    said = f"{hole.number} {hole.title}. {contract}".replace("`", "")
    return textwrap.wrap(said, WIDTH, initial_indent=indent + "// ", subsequent_indent=indent + "// ",
                         break_long_words=False, break_on_hyphens=False)


def with_holes(text, contracts):
    """The text with its holes emptied, and in each of them its contract."""
    lines = text.split("\n")
    for hole in reversed(holes.in_text(text)):
        lines[hole.first + 1:hole.last] = [
            *(contract_lines(hole, contracts[hole.number], hole.indent) if contracts.get(hole.number) else ()), hole.stub]
    return "\n".join(lines)


def blank(path, text, contracts):
    """The text of src/room/file with whole functions emptied."""
    inside = holes.in_text(text)
    lines, seen = text.split("\n"), set()
    for f in reversed(list(functions(text))):
        has = [h for h in inside if f.first <= h.first <= f.last]
        if not has and path not in DESIGN:
            continue
        indent, label = f.indent + "  ", f.name
        while label in seen:
            label += "'"
        seen.add(label)
        body = [line for h in has for line in
                [*contract_lines(h, contracts.get(h.number, ""), indent), f'{indent}todo("{h.number}");']]
        lines[f.body:f.last] = body or [f'{indent}todo("{label}");']
    out = "\n".join(lines)
    return without_helpers(out, inside, contracts) if path in DESIGN else out


def without_helpers(text, inside, contracts):
    """Without what is between `namespace {` and its end, other names of types apart; the contracts of holes in
    there stay."""
    left = re.sub(r"^namespace \{\n(.*?)^\} // namespace\n+",
                  lambda m: "".join(re.findall(r"^using .+\n", m[1], re.M)), text, flags=re.M | re.S)
    gone = [h for h in inside if f'todo("{h.number}")' not in left]
    said = [line for h in gone for line in contract_lines(h, contracts.get(h.number, ""), "")]
    head = ["", "// These are for helpers, which are yours to add, and to call where they are needed:", *said, "", ""]
    return re.sub(r"^(namespace \S+ \{\n)\n?", lambda m: m[1] + "\n".join(head if said else ["", ""]), left,
                  count=1, flags=re.M)


def includes(path, room):
    """The files of a room that a file includes: {"src/room/file.hpp"}."""
    return {f"src/{room}/{m}" for m in re.findall(rf'^#include ["<](?:cotorra/)?{room}/([\w.]+)[">]', holes.read(path), re.M)}


def headers(chapter, room):
    """The headers of a room that the chapter's tests or other rooms include, and what these need."""
    outside = [f for other in glob.glob(os.path.join(ROOT, "src", "*")) if os.path.basename(other) != room
               for f in holes.sources(other)]
    tests = glob.glob(os.path.join(ROOT, "tests", chapter.name, "*.[ch]pp")) + \
        glob.glob(os.path.join(ROOT, "tests", room, "*.[ch]pp")) + glob.glob(os.path.join(ROOT, "tests", "support", "*.[ch]pp"))
    found, new = set(), {h for f in outside + tests for h in includes(f, room)}
    while new:
        found |= new
        new = {h for f in new for h in includes(os.path.join(ROOT, f), room)} - found
    return found


def files(chapter, size):
    """{"src/room/file": text} of what a student gets."""
    contracts = {n: h.contract for n, h in hints.of_chapter(chapter).items()}
    out = {}
    for room in chapter.rooms:
        wanted = headers(chapter, room) if size == SCRATCH else None
        for source in holes.sources(os.path.join(ROOT, "src", room)):
            path, text = os.path.relpath(source, ROOT), holes.read(source)
            if wanted is None or path in wanted:
                out[path] = blank(path, text, contracts) if size == BLANK else with_holes(text, contracts)
    return out


def todos(text):
    """The labels of what is still empty, in order: "4.2", or the name of a function."""
    return re.findall(r'^\s*todo\("([^"]+)"\);', text, re.M)
