"""The commands that look: co bt, co up, co down, co locals, co all."""
import functools

import gdb

from . import frame, threads, waits

NOBODY_RUNS = ("No coroutine runs here. \"co all\" shows those that wait; "
               "to stop in one, say \"co break NAME\" and \"continue\".")
# What "co select" and "co up" chose: a number of "co all" (None: the one that runs), and how far up from there.
selected = {"number": None, "step": 0}
gdb.events.cont.connect(lambda _event: selected.update(number=None, step=0))


def one_sentence(invoke):
    """Whatever goes wrong in a command is told in a sentence, without Python's own words around it."""
    @functools.wraps(invoke)
    def guarded(self, words, tty):
        try:
            invoke(self, words, tty)
        except (gdb.error, AttributeError, IndexError, KeyError, TypeError, ValueError) as e:
            if isinstance(e, gdb.GdbError):
                raise
            raise gdb.GdbError(f"This is not what g++ 12 to 14 make of a coroutine with -O0 -g: {e}") from None
    return guarded


def need_program():
    if not gdb.selected_inferior().pid:
        raise gdb.GdbError("The program does not run. Say \"co break NAME\", then \"run\".")


def running_chain():
    """([coroutines of ours from the innermost], gdb's frame)."""
    need_program()
    first, f = frame.running()
    coroutines = [c for c in frame.chain(first) if c.code is not None and c.code.is_ours]
    if not coroutines:
        raise gdb.GdbError(NOBODY_RUNS)
    return coroutines, f


def looked_at():
    """What bt, up and locals look at: the same, or of those that wait the one that was selected."""
    need_program()
    for n, coroutines in threads.all_threads():
        if n == selected["number"] and not runs(coroutines):
            return [c for c in coroutines if c.code.is_ours], None
    return running_chain()


def runs(coroutines):
    here = {c.address for c in frame.chain(frame.running()[0])}
    return coroutines[0].address in here


def line_of(c, f):
    """The line that it runs (f: gdb's frame, for the innermost), or that it is suspended at."""
    return f.find_sal().line if f is not None and c.address == frame.running()[0].address else c.waits_at()


def place(c, line):
    return f"{c.code.name:<24} {c.code.file}:{line}"


def show_line(code, line):
    print(f"{code.name}, {code.file}:{line}")
    print(f"{line}\t{code.text(line)}")


def number(words, command):
    if not words.strip():
        return None
    try:
        return int(words)
    except ValueError:
        raise gdb.GdbError(f"{command} takes a number, not \"{words}\".") from None


class Co(gdb.Command):
    """Commands for coroutines. "help co next" and so on say more."""

    def __init__(self):
        super().__init__("co", gdb.COMMAND_USER, prefix=True)

    @one_sentence
    def invoke(self, words, tty):
        if words:
            raise gdb.GdbError(f"There is no \"co {words.split()[0]}\". See \"help co\".")
        gdb.execute("help co")


class CoBt(gdb.Command):
    """This coroutine, the one that awaits it, the one that awaits that one, and so on.

gdb's own bt shows functions on the stack. A suspended coroutine is not there: it is on the heap,
and is resumed by the event loop."""

    def __init__(self):
        super().__init__("co bt", gdb.COMMAND_STACK)

    @one_sentence
    def invoke(self, words, tty):
        coroutines, f = looked_at()
        for i, c in enumerate(coroutines):
            print(f"#{i} {place(c, line_of(c, f))}" + ("   runs" if i == 0 and f is not None else ""))


def choose(step):
    coroutines, f = looked_at()
    if not 0 <= step < len(coroutines):
        raise gdb.GdbError("Nobody awaits this one: co_spawn started it." if step > 0
                           else "This is the innermost.")
    selected["step"] = step
    print(f"#{step} ", end="")
    show_line(coroutines[step].code, line_of(coroutines[step], f))


class CoUp(gdb.Command):
    """To the coroutine that awaits this one; co up 2: two steps. Then say co locals."""

    def __init__(self):
        super().__init__("co up", gdb.COMMAND_STACK)

    @one_sentence
    def invoke(self, words, tty):
        n = number(words, "co up")
        choose(selected["step"] + (1 if n is None else n))


class CoDown(gdb.Command):
    """Back towards the innermost coroutine, after co up."""

    def __init__(self):
        super().__init__("co down", gdb.COMMAND_STACK)

    @one_sentence
    def invoke(self, words, tty):
        n = number(words, "co down")
        choose(selected["step"] - (1 if n is None else n))


def value_text(value):
    if value.type.code in (gdb.TYPE_CODE_REF, gdb.TYPE_CODE_RVALUE_REF):
        value = value.referenced_value()
    text = value.format_string(max_elements=SHOWN_ELEMENTS)
    return text if len(text) <= WIDEST else text[:WIDEST] + " .."


SHOWN_ELEMENTS, WIDEST = 24, 160


class CoLocals(gdb.Command):
    """The variables that this coroutine has at its line, without the compiler's own.

co locals      of the one that runs, or that "co up" or "co select" went to
co locals N    of number N in "co bt" """

    def __init__(self):
        super().__init__("co locals", gdb.COMMAND_DATA)

    @one_sentence
    def invoke(self, words, tty):
        n = number(words, "co locals")
        n = selected["step"] if n is None else n
        coroutines, f = looked_at()
        if not 0 <= n < len(coroutines):
            raise gdb.GdbError(f"There is no number {n} in \"co bt\": the last is {len(coroutines) - 1}.")
        c = coroutines[n]
        variables = c.variables(line_of(c, f))
        for name, value in variables:
            print(f"{name} = {value_text(value)}")
        if not variables:
            print("No variables yet.")


class CoSelect(gdb.Command):
    """Choose one of those that wait, to look at it with co bt, co up and co locals.

co select N    number N of "co all", until the program goes on
co select      back to the one that runs"""

    def __init__(self):
        super().__init__("co select", gdb.COMMAND_STACK)

    @one_sentence
    def invoke(self, words, tty):
        n = number(words, "co select")
        need_program()
        if n is not None and n not in [k for k, _ in threads.all_threads()]:
            raise gdb.GdbError(f"There is no number {n} in \"co all\".")
        selected.update(number=n, step=0)
        coroutines, _ = looked_at()
        choose(next((i for i, c in enumerate(coroutines) if not c.code.is_plumbing), 0))


class CoAll(gdb.Command):
    """Every coroutine that lives, where it stands, and what it waits for.

The innermost of each row comes first, below it the coroutine that awaits it.
co all full    shows the room io too: the reader, the wire, the event that it waits in"""

    def __init__(self):
        super().__init__("co all", gdb.COMMAND_STACK)

    @one_sentence
    def invoke(self, words, tty):
        need_program()
        if words.strip() not in ("", "full"):
            raise gdb.GdbError(f"co all takes nothing, or \"full\", not \"{words.strip()}\".")
        f, shown = frame.running()[1], 0
        for n, coroutines in threads.all_threads():
            self.show(n, coroutines, f if runs(coroutines) else None, bool(words.strip()))
            shown += 1
        if not shown:
            print("No coroutine lives.")

    @staticmethod
    def show(n, coroutines, f, full):
        print(f"{n} {'runs' if f is not None else waits.why(coroutines)}")
        ours = [c for c in coroutines if c.code.is_ours]
        for c in [c for c in ours if full or not c.code.is_plumbing] or ours[-1:]:
            print(f"    {place(c, line_of(c, f) if f is not None else c.waits_at())}")


def register():
    for command in (Co, CoBt, CoUp, CoDown, CoLocals, CoSelect, CoAll):
        command()
