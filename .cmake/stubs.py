"""stubs.py FOLDER: writes FOLDER/cotorra.pyi, what editors and type checkers read, of the module there.

pybind11 puts each function's signature into the first line of its documentation; this puts them in order.
"""
import inspect
import os
import re
import sys


def python_types(text):
    """pybind11's words for types, as Python has them; what has no word there is Any."""
    text = re.sub(r"\bcotorra\.", "", text)
    text = re.sub(r"<[^>]*object at 0x[0-9a-f]+>|<[A-Za-z_.]+: [^>]*>", "...", text)
    for ours, theirs in (("List[", "list["), ("Dict[", "dict["), ("Tuple[", "tuple["), ("handle", "Any"),
                         ("function", "Callable[..., Any]"), ("iterable", "Iterable[Any]"), ("buffer", "bytes")):
        text = re.sub(r"(?<![\w.])" + re.escape(ours), theirs, text)
    text = re.sub(r"\b(?:std|cotorra)::[\w:<>, ]*[\w>]", "Any", text)
    return re.sub(r"\bobject\b", "Any", text)


def signatures(name, doc):
    """The lines `name(...) -> ...` of a docstring: one, or one for each overload."""
    found = re.findall(rf"^(?:\d+\. )?{re.escape(name)}(\(.*\)(?: -> .*)?)$", doc or "", re.M)
    if len(found) > 1 and found[0].startswith("(*args"):
        found = found[1:]
    return [python_types(f) for f in found] or ["(self, *args: Any, **kwargs: Any) -> Any"]


def described(doc):
    lines = [line for line in (doc or "").strip().splitlines() if not re.match(r"^(\d+\. )?\w+\(|^Overloaded", line)]
    text = "\n".join(lines).strip()
    return text.splitlines()[0] if text else ""


def function(name, doc, indent=""):
    lines = []
    all_of_it = signatures(name, doc)
    for signature in all_of_it:
        if len(all_of_it) > 1:
            lines.append(f"{indent}@overload")
        told = described(doc)
        lines.append(f"{indent}def {name}{signature}: ..." + (f"  # {told}" if told else ""))
    return lines


def members(of):
    lines = []
    for name, member in vars(of).items():
        special = name.startswith("__") and name not in ("__init__", "__len__", "__getitem__", "__iter__", "__next__")
        if special or name.startswith("_pybind11"):
            continue
        if isinstance(member, property):
            typed = re.search(r"-> (.*)", member.fget.__doc__ or "")
            lines += ["    @property", f"    def {name}(self) -> {python_types(typed[1]) if typed else 'Any'}: ..."]
            if member.fset:
                lines += [f"    @{name}.setter", f"    def {name}(self, value: Any) -> None: ..."]
        elif isinstance(member, staticmethod):
            lines += ["    @staticmethod"] + function(name, member.__func__.__doc__, "    ")
        elif inspect.isclass(member):
            lines += ["    " + line for line in class_stub(member)]
        elif callable(member) and not (name == "__init__" and "(" not in (member.__doc__ or "").split(" ")[0]):
            lines += function(name, member.__doc__, "    ")
        elif isinstance(member, of):
            lines.append(f"    {name}: {of.__name__}")
    return lines or ["    ..."]


def class_stub(of):
    base = of.__mro__[1].__name__
    bases = "" if base in ("object", "pybind11_object") else f"({base})"
    told = described(of.__doc__)
    told = [] if not told or told.startswith("Members") else [f'    """{told}"""']
    return [f"class {of.__name__}{bases}:"] + told + members(of)


def stub(module):
    lines = ['"""' + (module.__doc__ or "") + '"""', "from typing import Any, Callable, Iterable, Iterator, overload", ""]
    for name, thing in vars(module).items():
        if name.startswith("__") and name != "__version__":
            continue
        if inspect.isclass(thing):
            lines += ["", *class_stub(thing), ""]
        elif callable(thing):
            lines += function(name, thing.__doc__)
        elif not inspect.ismodule(thing):
            lines.append(f"{name}: {type(thing).__name__}")
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    sys.path.insert(0, sys.argv[1])
    import cotorra
    with open(os.path.join(sys.argv[1], "cotorra.pyi"), "w", encoding="utf-8") as f:
        f.write(stub(cotorra))
