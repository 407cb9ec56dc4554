"""How many instructions do the hot loops take? They are counted, by valgrind, not timed: so the figure is the
same on a busy machine, and a loop that has become slower fails here.

  instructions_test.py HOT_LOOPS [LOOP ...]

Each loop runs twice, with two numbers of rounds: the difference has no start and no end in it. Bounded are our
own instructions, with the templates that are compiled into our program, and how often memory is allocated. The
libraries' instructions are only told: the hash and memcpy choose their code by the processor, and Debian 12 and
13 have different ones."""
import collections
import os
import re
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "interop"))
from clients import want  # noqa: E402
from desk import note  # noqa: E402

Loop = collections.namedtuple("Loop", "what fewer more per instructions allocations")
# The two bounds are a sixth above what GCC 12 takes: another compiler's code differs by a tenth.
LOOPS = {
    "block": Loop("a block from the stream to the disk", 1024, 3072, 1, 4000, 1.9),
    "announce": Loop("an announce answered with 50 peers", 1000, 3000, 1, 40000, 66),
    "torrent": Loop("a .torrent of 20,000 files read, for each file", 1, 2, 20000, 4000, 2.4),
}
ALLOCATE = {"malloc", "calloc", "realloc", "aligned_alloc"}


class Profile:
    """What a callgrind.out file says: the instructions of each object file, without what it called, and how
    often each function was called."""

    def __init__(self, path):
        self.names = {}                                         # the file says a name once, then its number
        self.instructions, self.calls = collections.Counter(), collections.Counter()
        here = callee = None
        with open(path) as lines:
            for line in lines:
                key, _, value = line.rstrip("\n").partition("=")
                if key in ("ob", "cob", "fn", "cfn"):
                    name = self.name(key[-2:], value)
                    here = name if key == "ob" else here
                    callee = name if key == "cfn" else callee
                elif key == "calls":
                    self.calls[callee] += int(value.split()[0])
                    next(lines)                                 # what those calls cost, inclusively
                elif line[0] in "0123456789+-*":
                    self.instructions[here] += int(line.split()[1])

    def name(self, kind, value):
        number, name = re.match(r"(\(\d+\)) ?(.*)", value).groups()
        return self.names.setdefault((kind, number), name)


def count(program, loop, rounds):
    """Instructions of ours and of the libraries, and allocations, in one run."""
    with tempfile.TemporaryDirectory(prefix="callgrind-") as folder:
        out = os.path.join(folder, "out")
        ran = subprocess.run(["valgrind", "--tool=callgrind", f"--callgrind-out-file={out}", program, loop,
                              str(rounds)], stdin=subprocess.DEVNULL, capture_output=True, text=True,
                             env=dict(os.environ, TMPDIR=folder))
        assert ran.returncode == 0, f"{loop}: {ran.stderr[-2000:]}"
        profile = Profile(out)
    ours = profile.instructions[os.path.realpath(program)]
    assert ours, f"nothing of {program} was counted in {sorted(profile.instructions)}"
    return ours, profile.instructions.total() - ours, sum(profile.calls[name] for name in ALLOCATE)


def measure(program, name):
    loop = LOOPS[name]
    few, many = count(program, name, loop.fewer), count(program, name, loop.more)
    rounds = (loop.more - loop.fewer) * loop.per
    ours, libraries, allocations = ((b - a) / rounds for a, b in zip(few, many))
    note(f"bench: {loop.what}: {ours:,.0f} instructions of ours (at most {loop.instructions:,}) and {libraries:,.0f} "
         f"of libraries, {allocations:.2f} allocations (at most {loop.allocations})")
    return ours <= loop.instructions and allocations <= loop.allocations


if __name__ == "__main__":
    want("valgrind")
    if not os.path.exists(sys.argv[1]):
        sys.exit("what is counted is not built:  ninja -C build/release hot_loops")
    over = [name for name in sys.argv[2:] or LOOPS if not measure(sys.argv[1], name)]
    if over:
        sys.exit(f"more than the bound: {', '.join(over)} (see LOOPS in {os.path.basename(__file__)})")
