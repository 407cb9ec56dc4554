"""One coroutine: its frame in memory, its function, the line it stands at, its variables.

g++ makes of a coroutine three functions (the one that is called, which only makes the frame; the
"actor", with the body; one that destroys) and a frame on the heap. The frame begins with the
actor's address, then keeps every parameter and variable, and a number that says at which co_await it
is suspended: 2 is before the body, then 4, 6, 8 ... in the order of the text."""
import os
import re
from functools import lru_cache

import gdb

# What the compiler adds to a frame beside the parameters and variables of the text.
ADDED = re.compile(r"^(_Coro_|_D\d|D[._]\d|T\d{3}|Aw\d|[IF]s(_\d|$)|__|frame_ptr$|coro\.|this$|<)")

# How "info scope" tells that a variable is in the frame: what frame_ptr points to, so many bytes further on.
IN_FRAME = re.compile(r"(\S+) is .*DW_OP_fbreg.*DW_OP_deref\s+(?:\d+: DW_OP_plus_uconst (\d+)\s+)?, length", re.S)


def function_block(pc):
    block = gdb.block_for_pc(pc)
    while block is not None and block.function is None:
        block = block.superblock
    return block


@lru_cache(maxsize=None)
def source(path):
    try:
        with open(path, encoding="utf-8") as f:
            return f.read().splitlines()
    except OSError:
        return []


def short_name(function):
    """Its name as the text has it: without namespaces of ours, arguments, or clones."""
    name = re.sub(r"\(anonymous namespace\)::", "", function or "?")
    name = re.sub(r"<.*>|\(.*|\[.*", "", name).strip()
    return "::".join(re.sub(r"^(cotorra::)+", "", name).split("::")[-2:])


class Code:
    """An actor: the function that holds a coroutine's body. Also used for plain functions."""

    def __init__(self, block):
        self.block = block
        self.symbol = block.function
        self.path = self.symbol.symtab.fullname()
        self.name = short_name(self.symbol.print_name)
        self.header = gdb.find_pc_line(block.start).line
        self.rows = [(row.line, row.pc) for row in self.symbol.symtab.linetable()
                     if block.start <= row.pc < block.end and row.line and self.is_own(row.pc)]

    def is_own(self, pc):
        table = gdb.find_pc_line(pc).symtab
        return table is not None and table.fullname() == self.path

    @property
    def file(self):
        return os.path.basename(self.path)

    @property
    def is_ours(self):
        """Of this project, and not of a library."""
        return re.search(r"/(src|chapters|tests|work)/", self.path) is not None and "/usr/" not in self.path

    @property
    def is_plumbing(self):
        """Of the room io: streams, timers, groups."""
        return "/src/io/" in self.path

    @property
    def last(self):
        return max((line for line, _ in self.rows), default=self.header)

    @property
    def body(self):
        """The lines with code in them, without the header and the closing brace."""
        first = self.header
        while first < self.last and not re.search(r"\{\s*(//.*)?$", self.text(first)):
            first += 1
        return sorted({line for line, _ in self.rows if first < line < self.last and self.begins_here(line)})

    def begins_here(self, line):
        """A statement begins in this line: it is neither a brace alone nor the rest of one above, unless
        g++ counts all of that one to its second line."""
        if re.match(r"\s*\}[\s;)]*$", self.text(line)):
            return False
        above = line - 1
        while above > self.header and not re.search(r"([;{}:)]|\belse|\bdo)\s*(//.*)?$", self.text(above)):
            if self.text(above).strip() and self.addresses(above):
                return False
            above -= 1
        return True

    def text(self, line):
        lines = source(self.path)
        return lines[line - 1] if 0 < line <= len(lines) else ""

    def addresses(self, line):
        return [pc for at, pc in self.rows if at == line]

    def co_awaits(self):
        """The lines of its co_awaits, in the order of the text."""
        lines = []
        for line in range(self.header, self.last + 1):
            text = re.sub(r'//.*|"(\\.|[^"\\])*"', "", self.text(line))
            lines += [line] * len(re.findall(r"\bco_(?:await|yield)\b", text))
        return lines

    @lru_cache(maxsize=None)
    def layout(self, pc):
        """Name -> (offset in the coroutine's frame, type, line) for what is known at this address.

        The offset stands in the debugger's own words, "DW_OP_deref DW_OP_plus_uconst 72": for a member
        function g++ gives the frame's type no members that one could ask."""
        kinds, block = {}, gdb.block_for_pc(pc)
        while block is not None:
            for symbol in block:
                if symbol.is_variable or symbol.is_argument:
                    kinds.setdefault(symbol.name, symbol)
            if block.function is not None:
                break
            block = block.superblock
        found = {}
        for entry in gdb.execute(f"info scope *{pc:#x}", to_string=True).split("Symbol "):
            place = IN_FRAME.match(entry)
            if place and place[1] in kinds:
                symbol = kinds[place[1]]
                found.setdefault(place[1], (int(place[2] or 0), symbol.type, symbol.line))
        return found

    def in_scope(self, line):
        """The layout of parameters, and of variables declared before this line in the blocks around it."""
        found = {}
        for pc in self.addresses(line) or [self.block.start]:
            found.update((name, where) for name, where in self.layout(pc).items()
                         if where[2] < line and not ADDED.match(name))
        return found


@lru_cache(maxsize=None)
def code_at(pc):
    block = function_block(pc)
    return Code(block) if block is not None else None


def forget_code():
    """After the program was built anew."""
    code_at.cache_clear()
    source.cache_clear()


class Coroutine:
    """The coroutine whose frame is at this address; `promise`: asio's awaitable_frame_base in it."""

    def __init__(self, address, promise=None):
        self.address = int(address)
        self.code = code_at(int(pointer_at(self.address)))
        self.promise = promise or self.value("_Coro_promise")

    def value(self, name):
        """A variable of the outermost block, or what the compiler added; None if there is no such."""
        if self.code is None or name not in self.code.layout(self.code.block.start):
            return None
        offset, kind, _ = self.code.layout(self.code.block.start)[name]
        return self.at(offset, kind)

    def at(self, offset, kind):
        is_reference = kind.code in (gdb.TYPE_CODE_REF, gdb.TYPE_CODE_RVALUE_REF)
        stored = kind.target().pointer() if is_reference else kind
        there = gdb.Value(self.address + offset).cast(stored.pointer()).dereference()
        return there.dereference() if is_reference else there

    def caller(self):
        """The coroutine that awaits it; None for the first of its kind, which co_spawn started."""
        return of_promise(self.promise["caller_"]) if self.promise is not None else None

    def waits_at(self):
        """The line of the co_await that it is suspended at; its header before it has begun."""
        awaits = self.code.co_awaits()
        k = int(self.value("_Coro_resume_index")) // 2 - 2
        if k < 0:
            return self.code.header
        return awaits[k] if k < len(awaits) else self.code.last

    def variables(self, line):
        """(name, value) for what it has at this line, in the order of the text."""
        scope = sorted(self.code.in_scope(line).items(), key=lambda item: (item[1][2], item[1][0]))
        return [(name, self.at(offset, kind)) for name, (offset, kind, _) in scope]

    def this(self):
        """The object that it is a member of, or None."""
        pointer = self.value("this")
        return pointer.dereference() if pointer is not None else None


def pointer_at(address):
    return gdb.Value(address).cast(gdb.lookup_type("unsigned long").pointer()).dereference()


def of_promise(base):
    """The coroutine of a pointer to asio's awaitable_frame_base; None for a null pointer."""
    if int(base) == 0:
        return None
    promise = base.dereference()
    return Coroutine(int(promise["coro_"]["_M_fr_ptr"]), promise)


def chain(first):
    """This coroutine, the one that awaits it, the one that awaits that one ..."""
    seen = set()
    while first is not None and first.address not in seen:
        seen.add(first.address)
        yield first
        first = first.caller()


def running():
    """(coroutine, gdb's frame) of the innermost coroutine that runs here; (None, None) if none does."""
    try:
        frame = gdb.newest_frame()
    except gdb.error:
        return None, None
    while frame is not None:
        try:
            return Coroutine(int(frame.read_var("frame_ptr"))), frame
        except (ValueError, gdb.error):
            frame = frame.older()
    return None, None
