"""The lecture's program, as a person runs it, in a terminal: with our import line, or libtorrent's.

lecture_test.py cotorra|libtorrent"""
import os
import pty
import random
import re
import select
import subprocess
import sys
import time

import module
from clients import announced
from desk import PATIENCE, Desk, TestFailed, free_port, run_test, same

HERE = os.path.dirname(os.path.abspath(__file__))
PROGRAM = os.path.join(HERE, "..", "..", "chapters", "12-downloader", "lecture.py")
COTORRA = os.environ.get("COTORRA", "build/release/cotorra")
SIZE, PACE = 3_000_000, 50_000                  # bytes; bytes per second: a minute, to have time for the keys


class Terminal:
    """A program in a terminal of its own: what it says, and keys for it."""

    def __init__(self, command):
        self.said, (self.keys, screen) = "", pty.openpty()
        self.popen = subprocess.Popen(command, stdin=screen, stdout=screen, stderr=screen,
                                      start_new_session=True)
        os.close(screen)

    def listen(self, seconds):
        """Has it said something more?"""
        if select.select([self.keys], [], [], seconds)[0]:
            try:
                self.said += os.read(self.keys, 65536).decode(errors="replace")
                return True
            except OSError:                     # it has ended
                time.sleep(0.05)
        return False

    def wait(self, what):
        """Until it has said this since the last wait; the text up to there."""
        end = time.monotonic() + PATIENCE
        while not (found := re.search(what, self.said, re.DOTALL)):
            ended = self.popen.poll() is not None    # and then it has said all, be it read or not
            more = self.listen(0.2)
            if time.monotonic() > end or (ended and not more):
                raise TestFailed(f"it never said {what!r}; it said {self.said[-800:]!r}")
        text, self.said = self.said[:found.end()], self.said[found.end():]
        return text

    def press(self, key):
        os.write(self.keys, key.encode())

    def end(self):
        status = self.popen.wait(PATIENCE)
        if status != 0:
            raise TestFailed(f"it ended with status {status}: {self.said[-800:]!r}")


def lecture_with(desk, engine):
    """The lecture's program with this engine's import line."""
    with open(PROGRAM) as file:
        text = file.read()
    if text.count("\nimport cotorra as lt\n") != 1:
        raise TestFailed("lecture.py does not have its one import line")
    mine = os.path.join(desk.path, f"lecture_{engine}.py")
    with open(mine, "w") as out:
        out.write(text.replace("\nimport cotorra as lt\n", f"\nimport {engine} as lt\n"))
    return mine


class Swarm:
    """A tracker and a seeder, slow or not; the torrent, and what it holds."""

    def __init__(self, desk):
        self.desk, self.port = desk, free_port()
        self.torrent, self.there, self.url = make_torrent(desk)
        self.seeder = None
        self.start_seeder(slow=True)

    def start_seeder(self, slow):
        if self.seeder:
            self.seeder.stop()
        limit = ["--up-limit", str(PACE)] * slow
        self.seeder = self.desk.start("the seeder", [COTORRA, "seed", self.torrent, self.there, "--listen",
                                                     f"127.0.0.1:{self.port}", *limit])
        info_hash = str(module.cotorra.torrent_info(self.torrent).info_hash())
        self.desk.wait("the seeder's first announce", lambda: announced(self.url, info_hash, self.port), [self.seeder])


def make_torrent(desk):
    there = os.path.join(desk.folder("there"), "a.bin")
    with open(there, "wb") as out:
        out.write(random.Random(1).randbytes(SIZE))
    tracker = desk.start("the tracker", [COTORRA, "tracker", "--listen", "127.0.0.1:0"])
    desk.wait("the tracker's address", lambda: "/announce\n" in tracker.text(), [tracker])
    url = tracker.text().split()[1]
    torrent = os.path.join(desk.path, "a.torrent")
    make = desk.start("create", [COTORRA, "create", there, "--announce", url, "-o", torrent])
    desk.finish(make)
    return torrent, there, url


def download(swarm, program):
    here = swarm.desk.folder("here")
    p = Terminal([sys.executable, "-B", program, swarm.torrent, here])
    p.wait(r"descargando +\| Progreso: +[1-9]")
    p.press("s")
    told = p.wait("--- Estado Actual ---.*Pares: 1\r")
    for line in ("Estado: descargando", "Seeds: 1", "Vel. Descarga: ", "Subido: 0.00 kB"):
        if line not in told:
            raise TestFailed(f"no {line!r} in {told!r}")
    p.press("p")
    p.wait("Descarga pausada.")
    p.wait("Pares:   0")
    swarm.start_seeder(slow=False)
    p.press("r")
    p.wait("Descarga reanudada.")
    if "libtorrent" in program:                 # it waits for a minute before it dials a peer again
        p.press("q")
        p.wait("Saliendo...")
        p.end()
        p = Terminal([sys.executable, "-B", program, swarm.torrent, here])
    p.wait("Progreso: 100.00%.*Descarga completa.")
    p.end()
    same(swarm.there, os.path.join(here, "a.bin"))


def leave(swarm, program, key, farewell):
    p = Terminal([sys.executable, "-B", program, swarm.torrent, swarm.desk.folder("left-" + key)])
    p.wait(r"Progreso: +[1-9]")
    p.press(key)
    p.wait(farewell)
    p.end()


def complain(program, words, sentence):
    p = Terminal([sys.executable, "-B", program, *words])
    p.wait(sentence)
    p.end()


def test(engine):
    os.environ["PYTHONPATH"] = os.environ.get("COTORRA_MODULE", "build/release/python")
    if engine == "libtorrent" and subprocess.run([sys.executable, "-c", "import libtorrent"],
                                                 capture_output=True).returncode:
        module.leave("libtorrent is not installed: "
                     "apt-get install --no-install-recommends python3-libtorrent")
    with Desk() as desk:
        program = lecture_with(desk, engine)
        swarm = Swarm(desk)
        download(swarm, program)
        swarm.start_seeder(slow=True)
        leave(swarm, program, "q", "Saliendo...")
        leave(swarm, program, "c", "Descarga cancelada.")
        complain(program, [swarm.there], "Error al leer el archivo torrent: ")
        complain(program, ["no-such-file"], "No existe el archivo")
        if engine == "cotorra":
            complain(program, ["magnet:?xt=urn:btih:" + 40 * "a"], "magnet links come in a later version")


sys.exit(run_test(test, *sys.argv[1:]))
