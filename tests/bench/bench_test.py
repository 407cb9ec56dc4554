"""Are we still fast? bench_test.py verify | create | download: ours beside libtorrent on the same data in
memory, in turns; the median ratio of CPU time is what counts, since it depends little on what else runs.
bench_test.py idle: what idle.py measures keeps twice its bounds, since a test does not know what else runs."""
import json
import os
import shutil
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "interop"))
from clients import want  # noqa: E402
from desk import note  # noqa: E402

CALM = ["--quiet", "0.5", "--patience", "1"]
COMMANDS = {"verify": ["recheck.py", "--tool", "libtorrent", "--tool", "ours", "--size", "512M", "--runs", "3"],
            "create": ["create.py", "--tool", "libtorrent", "--tool", "ours", "--size", "512M", "--files", "0",
                       "--runs", "3"],
            "download": ["download.py", "--leecher", "libtorrent", "--leecher", "ours", "--size", "256M",
                         "--runs", "3"]}
# Ours must be below this many times libtorrent's CPU time: far above what a calm machine shows.
FAR_OFF = {"verify": 2.0, "create": 2.0, "download": 2.0}


def median(rows, who, key):
    mine = sorted(row[key] for row in rows if who in (row.get("tool"), row.get("leecher")))
    return mine[len(mine) // 2]


def cpu(row):
    return dict(row, cpu=row.get("cpu", row.get("user", 0) + row.get("sys", 0)))


def without_their_failures(what, rows):
    """The runs that worked. Each of ours must; libtorrent 2.0.11 (Debian 13) crashes now and then."""
    good = [row for row in rows if row.get("ok", row.get("rc") == 0)]
    failed = [row.get("tool") or row.get("leecher") for row in rows if row not in good]
    assert "ours" not in failed, f"{what}: a run of ours did not work"
    if failed:
        note(f"bench: {what}: of libtorrent's runs {len(failed)} did not work")
    return good


def measure(what):
    want("libtorrent")
    folder = "/dev/shm" if os.access("/dev/shm", os.W_OK) and shutil.disk_usage("/dev/shm").free > 3 << 30 else None
    with tempfile.TemporaryDirectory(prefix="bench-", dir=folder) as work:
        facts = os.path.join(work, "facts")
        script, *words = COMMANDS[what]
        said = subprocess.run([sys.executable, "-B", os.path.join(HERE, script), *words, *CALM, "--work", work,
                               "--json", facts], stdin=subprocess.DEVNULL, capture_output=True, text=True)
        print(said.stdout, said.stderr)
        with open(facts) as lines:
            rows = [cpu(json.loads(line)) for line in lines]
    rows = without_their_failures(what, rows)
    wall, used = (median(rows, "ours", key) / median(rows, "libtorrent", key) for key in ("wall", "cpu"))
    note(f"bench: {what}: {median(rows, 'ours', 'mb_s'):.0f} MB/s; of libtorrent's, "
         f"{wall:.2f} of the time and {used:.2f} of the CPU")
    assert used < FAR_OFF[what], f"{what} takes {used:.2f} times libtorrent's CPU"


def measure_idle():
    with tempfile.TemporaryDirectory(prefix="bench-") as work:
        facts = os.path.join(work, "facts")
        ran = subprocess.run([sys.executable, "-B", os.path.join(HERE, "idle.py"), "--seconds", "3", "--slack", "2",
                              "--work", work, "--json", facts], stdin=subprocess.DEVNULL)
        with open(facts) as lines:
            for row in map(json.loads, lines):
                if row["bound"] is not None:
                    note(f"bench: {row['what']}: {row['value']:.2f}, at most {row['bound']:g}")
    assert ran.returncode == 0, "more than a bound"


if __name__ == "__main__":
    measure_idle() if sys.argv[1] == "idle" else measure(sys.argv[1])
