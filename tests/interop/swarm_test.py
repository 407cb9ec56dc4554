"""The first swarm, as chapters/start runs it: swarm_test.py complete | interrupted | without."""
import os
import re
import signal
import sys
import time

from clients import COTORRA
from desk import Desk, TestFailed, note, run_test

SWARM = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "chapters", "00-the-swarm", "swarm.py")


def command(desk):
    return [sys.executable, "-B", SWARM, COTORRA, "-o", desk.folder("got"), "--lab", desk.folder("lab")]


def complete():
    with Desk() as desk:
        began = time.monotonic()
        swarm = desk.start("the swarm", command(desk))
        desk.finish(swarm)
        note(f"the first swarm: the sample from three partial seeders, verified, in {time.monotonic() - began:.1f} s")
        assert os.path.getsize(os.path.join(desk.path, "got", "cotorra-sample", "perro.jpg")) == 65703
        parties = re.findall(r"^   (\S+(?: \d)?) +\S", swarm.text(), re.MULTILINE)
        assert parties == ["tracker", "web", "seeder 1", "seeder 2", "seeder 3"], f"last words of {parties}"


def interrupted():
    """Ctrl-C in the middle: status 130, and no party is left running."""
    with Desk() as desk:
        swarm = desk.start("the swarm", [*command(desk), "--up-limit", "100K"]) # so that the middle lasts
        desk.wait("the seeders to be known", lambda: "\n5. " in swarm.text(), [swarm])
        desk.wait("the download", lambda: len(children(swarm.popen.pid)) == 6, [swarm])
        parties = children(swarm.popen.pid)
        os.killpg(swarm.popen.pid, signal.SIGINT)
        desk.wait("the end of the swarm", swarm.ended)
        if swarm.popen.returncode != 130:
            raise TestFailed(f"the swarm ended with status {swarm.popen.returncode}, not 130")
        left = [pid for pid in parties if os.path.exists(f"/proc/{pid}")]
        assert len(parties) == 6 and not left, f"of the processes {parties}, {left} are still there"


def without():
    """Break it: without the second seeder, its pieces are missing; the lab says so, and ends."""
    with Desk() as desk:
        swarm = desk.start("the swarm", [*command(desk), "--without", "2"])
        desk.finish(swarm)
        said = swarm.text()
        told = re.search(r"^6\. you have (\d+\.\d)%.* the 42 pieces 44 to 85 are offered by seeder 2 only", said, re.M)
        assert told, f"it does not say which pieces are missing:\n{said}"
        # 87 of the 129 pieces, of which the last is short
        assert 67 <= float(told[1]) <= 67.5, f"it has {told[1]} %"
        parties = re.findall(r"^   (\S+(?: \d)?) +\S", said[said.index("\n7. "):], re.MULTILINE)
        assert parties == ["tracker", "web", "seeder 1", "seeder 3"], f"last words of {parties}"


def children(pid):
    """Not every kernel has /proc/PID/task/PID/children."""
    found = []
    for name in filter(str.isdigit, os.listdir("/proc")):
        try:
            with open(f"/proc/{name}/stat", encoding="utf-8", errors="replace") as text:
                if int(text.read().rpartition(")")[2].split()[1]) == pid:
                    found.append(int(name))
        except OSError:
            pass                                            # it has ended
    return found


if __name__ == "__main__":
    sys.exit(run_test({"complete": complete, "interrupted": interrupted, "without": without}[sys.argv[1]]))
