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
from desk import Desk, TestFailed, run_test, same

HERE = os.path.dirname(os.path.abspath(__file__))
PROGRAM = os.path.join(HERE, "..", "..", "chapters", "12-downloader", "lecture.py")
COTORRA = os.environ.get("COTORRA", "build/release/cotorra")
SIZE, PACE = 3_000_000, 600_000                 # bytes; bytes per second


class Terminal:
    """A program in a terminal of its own: what it says, and keys for it."""

    def __init__(self, command):
        self.said, (self.keys, screen) = "", pty.openpty()
        self.popen = subprocess.Popen(command, stdin=screen, stdout=screen, stderr=screen,
                                      start_new_session=True)
        os.close(screen)

    def listen(self, seconds):
        if select.select([self.keys], [], [], seconds)[0]:
            try:
                self.said += os.read(self.keys, 65536).decode(errors="replace")
            except OSError:                     # it has ended
                time.sleep(0.05)

    def wait(self, what, seconds=60):
        """Until it has said this since the last wait; the text up to there."""
        end = time.monotonic() + seconds
        while not (found := re.search(what, self.said, re.DOTALL)):
            if time.monotonic() > end or (self.popen.poll() is not None and not self.listen(0)):
                raise TestFailed(f"it never said {what!r}; it said {self.said[-800:]!r}")
            self.listen(0.2)
        text, self.said = self.said[:found.end()], self.said[found.end():]
        return text

    def press(self, key):
        os.write(self.keys, key.encode())

    def end(self):
        status = self.popen.wait(30)
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


def make_swarm(desk):
    """A tracker and a slow seeder; the torrent, and what it holds."""
    there = os.path.join(desk.folder("there"), "a.bin")
    with open(there, "wb") as out:
        out.write(random.Random(1).randbytes(SIZE))
    tracker = desk.start("the tracker", [COTORRA, "tracker", "--listen", "127.0.0.1:0"])
    desk.wait("the tracker's address", lambda: "/announce\n" in tracker.text(), [tracker])
    url = tracker.text().split()[1]
    torrent = os.path.join(desk.path, "a.torrent")
    make = desk.start("create", [COTORRA, "create", there, "--announce", url, "-o", torrent])
    desk.finish(make)
    info_hash = str(module.cotorra.torrent_info(torrent).info_hash())
    seeder = desk.start("the seeder", [COTORRA, "seed", torrent, there, "--listen", "127.0.0.1:7001",
                                       "--up-limit", str(PACE)])
    desk.wait("the seeder's first announce", lambda: announced(url, info_hash, 7001), [seeder])
    return torrent, there


def download(desk, program, torrent, there):
    here = desk.folder("here")
    p = Terminal([sys.executable, "-B", program, torrent, here])
    p.wait(r"descargando +\| Progreso: +[1-9]")
    p.press("s")
    told = p.wait("--- Estado Actual ---.*Pares: 1\r")
    for line in ("Estado: descargando", "Seeds: 1", "Vel. Descarga: ", "Subido: 0.00 kB"):
        if line not in told:
            raise TestFailed(f"no {line!r} in {told!r}")
    p.press("p")
    p.wait("Descarga pausada.")
    p.wait("Pares:   0")
    p.press("r")
    p.wait("Descarga reanudada.")
    if "libtorrent" in program:                 # it waits for a minute before it dials a peer again
        p.press("q")
        p.wait("Saliendo...")
        p.end()
        p = Terminal([sys.executable, "-B", program, torrent, here])
    p.wait("Progreso: 100.00%.*Descarga completa.")
    p.end()
    same(there, os.path.join(here, "a.bin"))


def leave(desk, program, torrent, key, farewell):
    p = Terminal([sys.executable, "-B", program, torrent, desk.folder("left-" + key)])
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
        torrent, there = make_swarm(desk)
        download(desk, program, torrent, there)
        leave(desk, program, torrent, "q", "Saliendo...")
        leave(desk, program, torrent, "c", "Descarga cancelada.")
        complain(program, [there], "Error al leer el archivo torrent: ")
        complain(program, ["no-such-file"], "No existe el archivo")
        if engine == "cotorra":
            complain(program, ["magnet:?xt=urn:btih:" + 40 * "a"], "magnet links come in a later version")


sys.exit(run_test(test, *sys.argv[1:]))
