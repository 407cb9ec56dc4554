"""Mutants: small mistakes made by a machine, one at a time, all over a chapter's rooms. What share of them do the
chapter's own tests kill?

A mutant that survives shows a line that no test of the chapter needs, or it is as good as the reference. Survivors
that a person has judged are in chapters/NN-name/mutants.md, a line each:

    src/message/framing.cpp: limit_for: `<` becomes `<=`: equivalent: the limit is never reached exactly"""
import os
import re
from dataclasses import dataclass

import holes
import sizes
from places import ROOT

# (what it looks like, what it becomes); the files are formatted, so an operator with blanks around it is one
SWAPS = (
    (r" < ", " <= "), (r" <= ", " < "), (r" > ", " >= "), (r" >= ", " > "), (r" == ", " != "), (r" != ", " == "),
    (r" && ", " || "), (r" \|\| ", " && "), (r" \+ ", " - "), (r" - ", " + "), (r"\btrue\b", "false"), (r"\bfalse\b", "true"),
    (r"\+\+(?=\w)", "--"), (r" \+= ", " -= "), (r"(?<=\()!(?=\w)", ""),
    (r"(?<![\w.'])(\d+)(?![\w.'])", lambda m: str(int(m[1]) + 1)),
)
STATEMENT = re.compile(r"\s+(?!return|co_return|throw|using|auto|const|static|break|continue|case|for|while|else|if)"
                       r"[\w:.>*\[\]-]+(\(.*\)|\.\w+\(.*\)| [-+*/|&^]?= [^{]+|\+\+|--);$|\s+\+\+[\w.>-]+;$")
NO_CODE = re.compile(r"\s*(//|#|namespace|using|static_assert|template|case |constexpr .*= ?\{|\}|throw|malformed|assert\()")


@dataclass(frozen=True)
class Mutant:
    path: str       # "src/message/framing.cpp"
    line: int       # from 1
    function: str
    what: str       # "`<` becomes `<=`"
    text: str       # of the whole file

    @property
    def key(self):
        """What it is called in mutants.md: without the number of the line, which changes with each edit above it."""
        return f"{self.path}: {self.function}: {self.what}"

    @property
    def place(self):
        return f"{self.path}:{self.line}"


def code_of(line):
    """The part of a line before its comment; strings are left alone, as blanks of the same length."""
    line = re.sub(r'"(?:[^"\\]|\\.)*"|\'(?:[^\'\\]|\\.)\'', lambda m: "~" * len(m[0]), line)
    return line.split("//")[0]


def closing(code, at):
    """Where the parenthesis is closed that was opened before `at`; None if on another line."""
    depth = 1
    for i in range(at, len(code)):
        depth += {"(": 1, ")": -1}.get(code[i], 0)
        if depth == 0:
            return i
    return None


def of_line(line):
    """(what, the new line) of each mutant of one line."""
    code = code_of(line)
    if NO_CODE.match(code):
        return
    for pattern, to in SWAPS:
        for m in re.finditer(pattern, code):
            new = to(m) if callable(to) else to
            what = f"`{(m[0].strip() or m[0])}` becomes `{new.strip()}`" if new else f"`{m[0]}` is gone"
            yield f"{what} in `{line.strip()}`", line[:m.start()] + new + line[m.end():]
    condition = re.match(r"(\s*(?:\} else )?(?:if|while) \()", code)
    end = closing(code, condition.end()) if condition else None
    if end and "; " not in line[condition.end():end]:
        yield f"the condition is turned round in `{line.strip()}`", \
            f"{line[:condition.end()]}!({line[condition.end():end]}){line[end:]}"
    if STATEMENT.fullmatch(code.rstrip()):
        indent = line[:len(line) - len(line.lstrip())]
        yield f"`{line.strip()}` is gone", indent + ";"


def of_file(path):
    text = holes.read(os.path.join(ROOT, path))
    lines = text.split("\n")
    for f in sizes.functions(text):
        for i in range(f.body, f.last):
            for what, new in of_line(lines[i]):
                yield Mutant(path, i + 1, f.name, what, "\n".join([*lines[:i], new, *lines[i + 1:]]))


def of_chapter(chapter):
    return [m for room in chapter.rooms for source in holes.sources(os.path.join(ROOT, "src", room))
            if source.endswith(".cpp") for m in of_file(os.path.relpath(source, ROOT))]


def judged(chapter):
    """{key: the judgement} of chapters/NN-name/mutants.md."""
    path = chapter.path("mutants.md")
    if not os.path.exists(path):
        return {}
    return {m[1]: m[2] for m in re.finditer(r"^- (src/\S+: \S+: .+?): (equivalent|not worth a test): .+$",
                                            holes.read(path), re.M)}
