"""All coroutines that live: which were started by co_spawn, and what each of them awaits.

asio keeps them where nobody finds them (in timers, sockets, queues), so we note each one as it is
made and as it goes, by two breakpoints that never stop: at the constructor and the destructor of
the frame that co_spawn puts below the first coroutine."""
import gdb

from . import frame

ENTRY = ("asio::detail::awaitable_frame<asio::detail::awaitable_thread_entry_point, "
         "asio::any_io_executor>")
alive = {}      # address of the entry frame's promise -> number, in the order of the start


def this_of(f):
    """The object of a member function; gdb may stop at its very start, where only a register knows it."""
    if f.pc() != frame.function_block(f.pc()).start:
        return int(f.read_var("this"))
    return int(f.read_register("x0" if "aarch64" in f.architecture().name() else "rdi"))


class Note(gdb.Breakpoint):
    """Calls `what` with the object's address, and lets the program go on."""

    def __init__(self, where, what):
        super().__init__(where, internal=True)
        self.silent = True
        self.what = what

    def stop(self):
        try:
            self.what(this_of(gdb.newest_frame()))
        except (gdb.error, ValueError):
            pass
        return False


class Census:
    def __init__(self):
        self.notes = []
        self.count = 0

    def begin(self):
        """Sets the two breakpoints, as soon as there is a program to set them in."""
        if self.notes:
            return
        try:
            gdb.decode_line(f"'{ENTRY}::awaitable_frame()'")
        except gdb.error:
            return
        self.notes = [Note(f"{ENTRY}::awaitable_frame()", self.born),
                      Note(f"{ENTRY}::~awaitable_frame()", self.gone)]

    def born(self, address):
        self.count += 1
        alive[address] = self.count

    @staticmethod
    def gone(address):
        alive.pop(address, None)

    def anew(self, _event=None):
        """Another run of the program."""
        alive.clear()
        self.count = 0
        frame.forget_code()


census = Census()
gdb.events.new_objfile.connect(lambda _event: census.begin())
gdb.events.exited.connect(census.anew)


def all_threads():
    """(number, its coroutines from the innermost to the first) of each that lives."""
    kind = gdb.lookup_type(ENTRY).pointer()
    for address, number in sorted(alive.items(), key=lambda item: item[1]):
        top = gdb.Value(address).cast(kind).dereference()["top_of_stack_"]
        coroutines = [c for c in frame.chain(frame.of_promise(top)) if c.code is not None]
        if coroutines:
            yield number, coroutines
