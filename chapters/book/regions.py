"""Code in a text is never typed twice: a fence names where its lines come from.

    ```cpp from=src/handshake/handshake_talk.cpp#exchange_handshakes

stands for the definition of that name (with the comment right above it), or for the lines between
"// region NAME" and "// end region NAME", or without "#..." for the whole file. A member or an
overload is meant by more of its first line: #"task<bool> reader::fill". #"hole 4.2" is what stands in
that hole; with the word "empty" behind it a fence shows its lines as a student gets them, todo("4.2")
in the place of a hole. Marks of holes and regions are left out. refill() writes the lines again;
check() tells which fences are not what the source says."""
import glob
import os
import re

import holes
from places import ROOT

FENCE = re.compile(r"^(?P<tick>`{3,})(?P<info>[^\n]*\bfrom=(?P<path>[^\s#]+)(?:#(?P<name>\"[^\"]+\"|\S+))?[^\n]*)\n"
                   r"(?P<body>.*?)^(?P=tick)[ \t]*$", re.M | re.S)
MARK = re.compile(r"^\s*(//|#) ?(end )?(hole \d|region )")


def texts():
    """Every Markdown file of the course."""
    return sorted(glob.glob(os.path.join(ROOT, "chapters", "**", "*.md"), recursive=True)
                  + glob.glob(os.path.join(ROOT, "slides", "**", "*.md"), recursive=True)
                  + [os.path.join(ROOT, "README.md")])


def region(path, name, empty=False):
    """The lines that path#name stands for, without marks, with a newline at the end."""
    with open(os.path.join(ROOT, path), encoding="utf-8") as f:
        text = f.read()
    lines = (holes.empty(text) if empty else text).splitlines()
    if name:
        name = name.strip('"')
        lines = marked(lines, name) or defined(lines, name)
        if not lines:
            raise LookupError(f"{path} has nothing that is called {name}")
    kept = [line for line in lines if not MARK.match(line)]
    indent = min((len(k) - len(k.lstrip()) for k in kept if k.strip()), default=0)
    return "".join(k[indent:] + "\n" if k.strip() else "\n" for k in kept)


def marked(lines, name):
    if re.fullmatch(r"hole \d+\.\d+", name):
        return next((list(h.body) for h in holes.in_text("\n".join(lines)) if h.number == name[5:]), [])
    begin = [i for i, line in enumerate(lines) if re.match(rf"\s*(//|#) region {re.escape(name)}\s*$", line)]
    if not begin:
        return []
    end = next(i for i in range(begin[0], len(lines))
               if re.match(rf"\s*(//|#) end region {re.escape(name)}\s*$", lines[i]))
    return lines[begin[0] + 1:end]


def defined(lines, name):
    """A definition or declaration: from its comment to the line that closes its first line's indentation."""
    word = re.compile(rf"(?<![\w:]){re.escape(name)}(?![\w])")
    ends = [end_of(lines, i) if word.search(line) and not line.lstrip().startswith("//") else None
            for i, line in enumerate(lines)]
    bodies = [i for i, e in enumerate(ends) if e is not None and e > i and starts(lines[i], name)]
    single = [i for i, e in enumerate(ends) if e == i and starts(lines[i], name)]
    for first in sorted(bodies + single, key=lambda i: (len(lines[i]) - len(lines[i].lstrip()), i not in bodies)):
        top = first
        while top > 0 and lines[top - 1].strip().startswith(("//", "template", "#:", "[[")):
            top -= 1
        return lines[top:ends[first] + 1]
    return []


def starts(line, name):
    """A line that begins a definition, not one that uses the name."""
    if re.match(r"\s*(if|while|for|switch|else|return|case|}|using namespace)\b", line):
        return False
    before = line[:line.find(name)]
    return not re.search(r"(=|\(|\breturn\b|co_await|co_return|\bthrow\b)\s*[^)]*$", before) or " " in name


def end_of(lines, i):
    indent = len(lines[i]) - len(lines[i].lstrip())
    if lines[i].lstrip().startswith(("def ", "class ")) and lines[i].rstrip().endswith(":"):
        j = i + 1
        while j < len(lines) and (not lines[j].strip() or len(lines[j]) - len(lines[j].lstrip()) > indent):
            j += 1
        while not lines[j - 1].strip():
            j -= 1
        return j - 1
    for j in range(i, len(lines)):
        text = re.sub(r"\s*//.*", "", lines[j]).rstrip()
        if j == i and re.search(r"\{.*\};?$", text):
            return j
        if j > i and text.strip() and len(lines[j]) - len(lines[j].lstrip()) <= indent and text.lstrip().startswith("}"):
            return j
        if text.endswith(";") and not any("{" in re.sub(r"\{[^{}]*\}", "", x) for x in lines[i:j + 1]):
            return j
        if j > i and not text.strip() and not any("{" in x for x in lines[i:j]):
            return None
    return None


def check(refill=False):
    for text in texts():
        with open(text, encoding="utf-8") as f:
            old = f.read()
        wrong = []

        def fresh(m):
            try:
                body = region(m["path"], m["name"], m["info"].endswith(" empty"))
            except (LookupError, OSError, StopIteration, holes.Wrong) as e:
                wrong.append(f"{os.path.relpath(text, ROOT)}: {e}")
                return m[0]
            if body != m["body"]:
                line = old.count("\n", 0, m.start()) + 1
                wrong.append(f"{os.path.relpath(text, ROOT)}:{line}: not what {m['path']}#{m['name'] or ''} says now")
            return f"{m['tick']}{m['info']}\n{body}{m['tick']}"

        new = FENCE.sub(fresh, old)
        if refill and new != old:
            with open(text, "w", encoding="utf-8") as f:
                f.write(new)
            wrong = [w for w in wrong if "not what" not in w]
        yield from wrong
