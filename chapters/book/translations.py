"""What compilers, sanitizers and the standard library say of a beginner's mistake, in words that a beginner knows."""
import os
import re
import subprocess

from places import ROOT

# (what is said, what it means)
COMPILER = (
    (r"(?:could not convert|cannot convert|conversion from) .* to (non-scalar type )?'[^']*\btask<",
     "a coroutine gives its result with co_return, not with return"),
    (r"(?:conversion from|cannot convert|could not convert) .*\btask<(?P<t>[^{}]*?)>+['’]? .*",
     "a call of a coroutine returns a task, which has not run yet: co_await it to get what it returns"),
    (r"no match for .*\btask<.*|.*\btask<.* has no member named .*|request for member .*\btask<.*",
     "this is a task that has not run yet: co_await it, give the result a name, and go on with that"),
    (r"no match for 'operator[=!<>]+' .*std::byte.*'(char|int)'|no match for 'operator[=!<>]+' .*'(char|int)'.*std::byte",
     "a std::byte is neither a char nor a number: compare it with a std::byte, as in std::byte{'e'}"),
    (r"unable to find the promise type for this coroutine|.*'co_await' cannot be used outside a function.*",
     "only a function that returns a task can co_await"),
    (r"return-statement in coroutine|a 'return' statement is not allowed in coroutine.*",
     "a function with co_await in it ends with co_return, not with return"),
    (r"expected primary-expression before '\{' token", "GCC 12 takes no braces in a co_await expression: "
     "give the value a name in the line before, then await it"),
    (r"undefined reference to [`'](?P<name>.*)'", "it is declared in a header, and no .cpp file of yours defines it yet"),
)
ASSERTIONS = (
    (r"Assertion '__n < this->size\(\)' failed", "an element behind the end was asked for: the index is not below size()"),
    (r"Assertion '!this->empty\(\)' failed", "front() or back() of something that is empty"),
    (r"Assertion '(this->_M_is_engaged\(\)|this->has_value\(\))' failed", "an optional was looked into that holds nothing"),
    (r"Assertion '__count <= (this->)?size\(\)' failed|Assertion '__offset <= (this->)?size\(\)' failed",
     "first(), last() or subspan() of more bytes than there are"),
    (r"Assertion '__idx < size\(\)' failed|Assertion '__n < size\(\)' failed",
     "an element behind the end was asked for: the index is not below size()"),
    (r"Assertion '__pos <= (this->)?size\(\)' failed|Assertion '__idx < (this->)?size\(\)' failed",
     "an element behind the end was asked for: the index is not below size()"),
)
GONE = {"heap-use-after-free": "memory was used after it had been given back",
        "stack-use-after-scope": "a variable was used after its scope had ended",
        "stack-use-after-return": "a variable of a function was used after the function had returned",
        "use-after-poison": "memory was used that belongs to nothing"}


def of_compiler(line):
    """What an error means, or None."""
    text = line.replace("‘", "'").replace("’", "'")
    return next((meaning for pattern, meaning in COMPILER if re.search(pattern, text)), None)


def short_assertion(line):
    """Without the signature of the library's function, which is longer than a screen is wide."""
    m = re.match(r"(\S+:\d+): .*(Assertion '.*' failed.*)", line)
    return f"{m[1]}: {m[2]}" if m else line


def short_name(name):
    """"handshake::decode(span<byte const>)" of what the linker says."""
    return re.sub(r"cotorra::|std::|, 18446744073709551615ul|\[abi:cxx11\]", "", name)


def demangled(symbol):
    try:
        done = subprocess.run(["c++filt", symbol], text=True, capture_output=True, timeout=10)
        return short_name(done.stdout.strip() or symbol)
    except OSError:
        return symbol


def first_of_yours(report):
    """The first line of a room in a stack, the learner's or the reference's: "work/06-messages/message/framing.cpp:17"."""
    work = os.path.realpath(os.environ.get("COTORRA_WORK") or os.path.join(ROOT, "work"))
    root = os.path.realpath(ROOT)
    rooms = (work + os.sep, os.path.join(root, "src") + os.sep, os.path.join(root, "build") + os.sep)
    for path, line in re.findall(r" (/[^:()\n]+):(\d+)(?::\d+)?", report):
        full = os.path.realpath(path)
        if full.startswith(rooms):
            return f"{os.path.relpath(full, root)}:{line}"
    return None


def of_address_sanitizer(err):
    head = re.search(r"ERROR: AddressSanitizer: (\S+)", err)
    if not head:
        return None
    at = first_of_yours(err[head.start():])
    where = f", at {at}" if at else ""
    access = re.search(r"^(READ|WRITE) of size (\d+)", err, re.M)
    near = re.search(r"is located (\d+) bytes (after|before|to the right of|to the left of|inside of) (\d+)-byte region", err)
    verb = {"READ": "read", "WRITE": "wrote"}.get(access[1] if access else "", "used")
    size = f"{access[2]} byte{'s' * (access[2] != '1')}" if access else "memory"
    if head[1] in GONE:
        return f"{GONE[head[1]]}: you {verb} {size}{where} through a reference, a span or a string_view that has outlived it"
    if "overflow" in head[1] or "underflow" in head[1]:
        if near and near[2] in ("after", "to the right of"):
            far = int(near[1])
            return f"you {verb} {size} behind the end of {near[3]} bytes" + (f", {far} too far" if far else "") + where
        if near and near[2] in ("before", "to the left of"):
            return f"you {verb} {size} before the beginning of {near[3]} bytes{where}"
        return f"you {verb} {size} outside of what belongs to a variable{where}"
    if head[1] == "stack-overflow":
        return f"a function calls itself without end: the stack is full{where}"
    if head[1] == "SEGV":
        return f"you {verb if access else 'used'} an address where nothing is, perhaps through a null pointer{where}"
    return None


def of_run(err, ended):
    """What a test's last words mean, in one sentence; None if there is nothing to say."""
    for pattern, meaning in ASSERTIONS:
        if re.search(pattern, err):
            return meaning
    if said := of_address_sanitizer(err):
        return said
    if m := re.search(r"^(.+?):(\d+):\d+: runtime error: (.+)", err, re.M):
        at = os.path.relpath(os.path.realpath(m[1]), os.path.realpath(ROOT))
        return f"what C++ leaves undefined happened at {at}:{m[2]}: {m[3]}"
    if m := re.search(r"symbol lookup error: .*undefined symbol: (\S+)", err):
        return f"the test calls {demangled(m[1])}, which is not written yet"
    if ended and "SIGILL" in ended:
        return ("GCC 12 makes such code of a co_await inside a larger expression, as in while (co_await f() != x): "
                "give the result a name first, in a line of its own, then use it")
    if ended and "SIGSEGV" in ended:
        return "an address was used where nothing is: a null pointer, a reference that has died, or a function that calls itself without end"
    return None
