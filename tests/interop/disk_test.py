"""The disk, as the real program meets it: disk_test.py full | read-only | limit | shared | deleted | shortened.
The small disks are tmpfs, mounted where only this test sees them."""
import json
import os
import random
import subprocess
import sys

import metainfo
from clients import COTORRA
from desk import SKIPPED, Desk, free_port, note, run_test, same

PIECE_LENGTH = 64 << 10
SIZE = (6 << 20) + 12345


def own_mounts():
    """Starts this script again with the right to mount, or skips."""
    if os.environ.get("COTORRA_MOUNTS"):
        return
    for unshare in (["unshare", "-m"], ["unshare", "-m", "-r"]):
        trial = unshare + ["mount", "-t", "tmpfs", "none", "/mnt"]
        if subprocess.run(trial, capture_output=True).returncode == 0:
            os.environ["COTORRA_MOUNTS"] = "1"
            os.execvp("unshare", unshare + [sys.executable, "-B"] + sys.argv)
    note("skipped: this user may not mount a small disk (unshare -m)")
    sys.exit(SKIPPED)


def mount(folder, options):
    # With the kind named, a remount, too, has these options alone; those of before may not be named by a user.
    subprocess.run(["mount", "-t", "tmpfs", "-o", options, "none", folder], check=True)


class Sharing:
    """A file, its .torrent, and our seeder of it."""

    def __init__(self, desk, limit=None):
        self.desk, self.port = desk, free_port()
        self.data = os.path.join(desk.folder("made"), "data.bin")
        with open(self.data, "wb") as out:
            out.write(random.Random(3).randbytes(SIZE))
        self.torrent = os.path.join(desk.path, "t.torrent")
        metainfo.write_torrent(self.torrent, self.data, "", PIECE_LENGTH)
        self.limit = ["--up-limit", limit] if limit else []
        self.seed()

    def seed(self):
        self.seeder = self.desk.start("our seed", [COTORRA, "seed", self.torrent, self.data, "--listen",
                                                   f"127.0.0.1:{self.port}", *self.limit])
        self.desk.wait("the seeder", self.seeder.text, [self.seeder])
        return self.seeder

    def hurry(self):
        """The seeder comes again, without its limit."""
        self.seeder.stop()
        self.limit = []
        self.seed()

    def download(self, folder, before=(), *more):
        return self.desk.start("our download", [*before, COTORRA, "download", self.torrent, "-o", folder, "--json",
                                                "--peer", f"127.0.0.1:{self.port}", "--listen",
                                                f"127.0.0.1:{free_port()}", *more])

    def complete(self, folder, before=(), *more):
        """Runs it to a good end; what it tells of it."""
        ours = self.download(folder, before, *more)
        self.desk.finish(ours)
        same(self.data, os.path.join(folder, "data.bin"))
        return told(ours)[-1]


def told(process):
    return [json.loads(line) for line in process.text().splitlines() if line.startswith("{")]


def sentence(process, *parts):
    """The one line that is not JSON."""
    lines = [line for line in process.text().splitlines() if not line.startswith("{")]
    assert len(lines) == 1, f"not one sentence: {lines}"
    for part in parts:
        assert part in lines[0], f"{part!r} is not in {lines[0]!r}"
    print(lines[0])


def good_pieces(sharing, folder):
    said = subprocess.run([COTORRA, "verify", "--json", sharing.torrent, folder], capture_output=True, text=True)
    return json.loads(said.stdout)["good_pieces"]


def refused_then_complete(desk, sharing, got, before, make_room, *parts):
    """The download ends with one sentence and keeps its pieces; then the same command completes."""
    ours = sharing.download(got, before)
    desk.finish(ours, 1)
    sentence(ours, os.path.join(got, "data.bin"), *parts)
    kept = good_pieces(sharing, got)
    make_room()
    end = sharing.complete(got)
    assert end["downloaded"] <= SIZE - (kept - 1) * PIECE_LENGTH, f"{kept} pieces were kept, but {end} came"
    return kept


def full():
    own_mounts()
    with Desk() as desk:
        sharing, got = Sharing(desk), desk.folder("small")
        mount(got, "size=2m")
        room = lambda: mount(got, "remount,size=32m")
        kept = refused_then_complete(desk, sharing, got, [], room, "No space left on device", "free some space")
        assert 10 < kept <= 32, f"{kept} pieces of 64 KiB on a disk of 2 MiB"
        subprocess.run(["umount", got])


def read_only():
    own_mounts()
    with Desk() as desk:
        sharing, got = Sharing(desk), desk.folder("small")
        sharing.seeder.stop()                               # the error comes before any peer is needed
        there, mode = os.path.join(got, "data.bin"), lambda how: mount(got, f"remount,{how}")
        mount(got, "ro")
        refused(desk, sharing, got)
        for content in (b"a part of it", bytes(SIZE)):      # it is short, or wrong
            mode("rw")
            with open(there, "wb") as out:
                out.write(content)
            mode("ro")
            refused(desk, sharing, got)
        sharing.seed()
        mode("rw")
        sharing.complete(got, (), "--overwrite")            # what is there is something else
        mode("ro")
        end = sharing.complete(got)                         # all of it is there: nothing to write
        assert end["downloaded"] == 0, end
        subprocess.run(["umount", got])


def refused(desk, sharing, got):
    ours = sharing.download(got)
    desk.finish(ours, 1)
    sentence(ours, os.path.join(got, "data.bin"), "Read-only file system", "choose another folder")


def limit():
    """The file may not grow: besides a full disk, the only error of a write without a broken device."""
    with Desk() as desk:
        sharing, got = Sharing(desk), desk.folder("got")
        refused_then_complete(desk, sharing, got, ["prlimit", f"--fsize={SIZE // 2}"], lambda: None, "File too large")


def shared():
    """Two programs download into the same file."""
    with Desk() as desk:
        sharing, got = Sharing(desk, "4M"), desk.folder("got")
        both = [sharing.download(got), sharing.download(got)]
        for ours in both:
            desk.finish(ours)
        same(sharing.data, os.path.join(got, "data.bin"))


SLOW = "200K"                                               # half a minute, to have time for what we do meanwhile


def a_part(desk, ours):
    def there():
        return any(fact.get("progress", 0) > 0.1 for fact in told(ours))
    desk.wait("a part of the file", there, [ours], step=0.1)


def deleted():
    """The downloaded file is deleted during the download."""
    with Desk() as desk:
        sharing, got = Sharing(desk, SLOW), desk.folder("got")
        ours = sharing.download(got)
        a_part(desk, ours)
        os.unlink(os.path.join(got, "data.bin.part"))
        sharing.hurry()
        desk.finish(ours, 1)
        sentence(ours, os.path.join(got, "data.bin"), "it is not there")
        sharing.complete(got)


def shortened():
    """The shared file is shortened: no wrong block is sent, and the leecher goes on later."""
    with Desk() as desk:
        sharing, got = Sharing(desk, SLOW), desk.folder("got")
        ours = sharing.download(got)
        a_part(desk, ours)
        with open(sharing.data, "rb") as file:
            whole = file.read()
        os.truncate(sharing.data, 1000)
        desk.finish(sharing.seeder, 1)
        last = sharing.seeder.text().splitlines()[-1]
        assert sharing.data in last and "shortened" in last, last
        with open(sharing.data, "wb") as file:
            file.write(whole)
        sharing.hurry()
        desk.finish(ours)
        end = told(ours)[-1]
        assert end["failed_bytes"] == 0, end
        same(sharing.data, os.path.join(got, "data.bin"))


if __name__ == "__main__":
    sys.exit(run_test({"full": full, "read-only": read_only, "limit": limit, "shared": shared,
                       "deleted": deleted, "shortened": shortened}[sys.argv[1]]))
