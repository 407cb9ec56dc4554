"""The commands that go: co next, co step, co finish, co break.

gdb's own next falls out of a coroutine: at a co_await the function returns to the event loop, as
any function does, and comes back later by another way. So we set breakpoints on the lines that
can come next, which stop only for this very coroutine (its frame), and let the program go on."""
import re

import gdb

from . import frame
from .looking import one_sentence, running_chain, show_line


def in_editor():
    """An editor that drives gdb wants to be told of each stop in gdb's own way; it says "set $editor = 1"."""
    return bool(gdb.convenience_variable("editor"))


class Stop(gdb.Breakpoint):
    """Stops at this address when `wanted` says so of the coroutine that comes by."""

    hit = None

    def __init__(self, pc, wanted):
        super().__init__(f"*{pc:#x}", internal=True)
        self.silent = not in_editor()
        self.wanted = wanted

    def stop(self):
        try:
            here = int(gdb.newest_frame().read_var("frame_ptr"))
        except (gdb.error, ValueError):
            return False
        if not self.wanted(here):
            return False
        Stop.hit = here
        return True


def stops_in(c, lines, wanted=None):
    """Breakpoints at the lines of this coroutine."""
    only = wanted or (lambda address: address == c.address)
    return [Stop(pc, only) for line, pc in c.code.rows if line in lines]


def go_to(stops, name):
    """Lets the program run to the first of them, or to where it stops by itself, and says where."""
    Stop.hit = None
    gdb.flush()
    try:
        told = gdb.execute("continue", to_string=True)
    finally:
        for stop in stops:
            stop.delete()
    if not gdb.selected_inferior().pid:
        print(f"The program ended. {name} came to no other line.")
    elif Stop.hit is None:
        print(told.strip())             # another breakpoint, a signal
    else:
        c, f = frame.running()
        show_line(c.code, f.find_sal().line)


def callers_stops(coroutines):
    """For when it ends: the next line of the one that awaits it or, after an exception, a handler in any
    that awaits. Not the line that awaits: whether its rest counts as a line is g++'s humour."""
    stops = []
    for c in coroutines[1:]:
        stops += stops_in(c, set(c.code.body) - {c.waits_at()})
    return stops


class CoNext(gdb.Command):
    """To the next line of this coroutine, over a co_await.

While it waits, others run. When it ends, you come to the next line of the one that awaits it."""

    def __init__(self):
        super().__init__("co next", gdb.COMMAND_RUNNING)

    @one_sentence
    def invoke(self, words, tty):
        coroutines, f = running_chain()
        c, line = coroutines[0], f.find_sal().line
        lines = set(c.code.body) - {line}
        go_to(stops_in(c, lines) + callers_stops(coroutines), c.code.name)


class CoStep(gdb.Command):
    """Like co next, but into the coroutine that this line awaits, to its first line."""

    def __init__(self):
        super().__init__("co step", gdb.COMMAND_RUNNING)

    @one_sentence
    def invoke(self, words, tty):
        coroutines, f = running_chain()
        c, line = coroutines[0], f.find_sal().line
        inner = []

        def is_awaited_by_us(address):
            return any(x.address == c.address for x in list(frame.chain(frame.Coroutine(address)))[1:])
        for name in dict.fromkeys(re.findall(r"([A-Za-z_]\w*)\s*\(", c.code.text(line))):
            for code in coroutines_called(name):
                inner += [Stop(pc, is_awaited_by_us) for pc in code.addresses(code.body[0])]
        lines = set(c.code.body) - {line}
        go_to(inner + stops_in(c, lines) + callers_stops(coroutines), c.code.name)


class CoFinish(gdb.Command):
    """To the end of this coroutine, and to the next line of the one that awaits it."""

    def __init__(self):
        super().__init__("co finish", gdb.COMMAND_RUNNING)

    @one_sentence
    def invoke(self, words, tty):
        coroutines, _ = running_chain()
        if len(coroutines) == 1:
            raise gdb.GdbError("Nobody awaits this one: co_spawn started it. \"continue\" lets it end.")
        go_to(callers_stops(coroutines), coroutines[0].code.name)


def codes_of(name):
    """The functions of this name: actors where they are coroutines."""
    if not re.fullmatch(r"[\w:~]+", name):
        return []
    try:
        _, places = gdb.decode_line(name)
    except gdb.error:
        return []
    found = {}
    for sal in places or ():
        block = frame.function_block(sal.pc) if sal.pc else None
        if block is not None:
            found[block.start] = frame.code_at(block.start)
    return list(found.values())


def is_actor(code):
    return any(s.name == "frame_ptr" for s in code.block) and bool(code.body)


def coroutines_called(name):
    return [code for code in codes_of(name) if is_actor(code) and code.is_ours]


asked = []      # the breakpoints of co break


def said(event):
    """A stop at one of them: where we are."""
    here = [b for b in getattr(event, "breakpoints", []) if b in asked]
    if not here:
        return
    f = gdb.newest_frame()
    print(f"Breakpoint {here[0].number}, ", end="")
    show_line(frame.code_at(frame.function_block(f.pc()).start), f.find_sal().line)


gdb.events.stop.connect(said)


class CoBreak(gdb.Command):
    """Stop at the first line of the body of a coroutine or function: co break NAME.

NAME as in the text: read_handshake, reader::take. gdb's own break stops a coroutine at its header:
once when it is made and once when it begins."""

    def __init__(self):
        super().__init__("co break", gdb.COMMAND_BREAKPOINTS, gdb.COMPLETE_SYMBOL)

    @one_sentence
    def invoke(self, words, tty):
        name = words.strip()
        if not name:
            raise gdb.GdbError("co break needs the name of a coroutine or function: co break read_handshake")
        codes = [code for code in codes_of(name) if code.is_ours]
        if not codes and not gdb.current_progspace().filename:
            raise gdb.GdbError("There is no program yet: name it when you start gdb, or say \"file PROGRAM\".")
        if not codes:
            raise gdb.GdbError(f"The program has no function of ours that is called {name}.")
        codes = [code for code in codes if code.name == name] or codes      # not members that are called so, too
        codes = [code for code in codes if is_actor(code)] or codes
        for code in sorted({(c.path, c.header): c for c in codes}.values(), key=lambda c: (c.path, c.header)):
            line = code.body[0] if code.body else code.header
            gdb.execute(f"break {code.path}:{line}", to_string=True)
            made = gdb.breakpoints()[-1]
            if not in_editor():
                made.silent = True      # said() tells it, without the names that the compiler made up
                asked.append(made)
            print(f"Breakpoint {made.number} at {code.name}, {code.file}:{line}")


def register():
    for command in (CoNext, CoStep, CoFinish, CoBreak):
        command()
