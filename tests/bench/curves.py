#!/usr/bin/env python3
"""How do time, CPU and memory grow with the size of a torrent, its peers, its files, and the torrents of a session?

  curves.py                    all curves, about 10 minutes; ends with status 1 if one grows faster than linearly
  curves.py peers files        only those whose names begin so
  curves.py --quick            fewer and smaller points, 2 minutes
  curves.py --svg FILE         where the picture goes (curves.svg beside this script if absent)

Each point is one process of ours, from its start to its end (or until it says that it is ready); the least of the
runs counts. For each curve the exponent of growth is fitted, beside the fixed cost: 1 is linear.

size-check      verify a sparse file of zeros, 1 to 64 GiB: holes are proved, not read
size-seed       start to seed it, until it is checked
size-download   download zeros from our seed, as much as fits into the folder
peers           a session takes 128 MiB from 1 to 500 light seeds
files-verify    verify N files of 1 KiB
files-download  download them from our seed
torrents-seed   a session with N torrents of 1 MiB until all are checked
torrents-download   the program downloads N torrents of 256 KiB from a light seed
"""
import argparse, os, shutil, subprocess, sys, tempfile, time
import benchlib as B
import growth

MOST = {"wall": 1.6, "cpu": 1.15, "memory": 1.15}               # exponents: linear, and what a noisy machine adds


class Desk:
    """A folder for one point of a curve, and the processes that serve it."""

    def __init__(self, work):
        self.path, self.helpers = tempfile.mkdtemp(dir=work), []

    def __enter__(self):
        return self

    def __exit__(self, *_):
        for helper in self.helpers:
            helper.terminate()
            helper.wait()
        shutil.rmtree(self.path, ignore_errors=True)

    def at(self, *names):
        return os.path.join(self.path, *names)

    def helper(self, *command, says):
        """Starts it, and waits until a line of its output begins so."""
        p = subprocess.Popen(list(command), stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
                             stderr=subprocess.DEVNULL)
        self.helpers.append(p)
        for line in p.stdout:
            if line.startswith(says):
                return p
        sys.exit(f"{command[0]} ended before it said {says}")

    def zeros(self, size, piece=B.MIB, name="zeros.bin"):
        """The torrent of a sparse file in the folder "src"."""
        source = B.make_file(self.at("src", name), size, sparse=True)
        torrent = self.at(name + ".torrent")
        B.write_torrent(torrent, source, None, piece, zeros=True)
        return torrent

    def seed(self, torrent, path):
        """Our seed; returns its port."""
        port = B.free_port()
        self.helper(B.OURS, "seed", torrent, path, "--listen", f"127.0.0.1:{port}", says="seeding")
        return port

    def light_seeds(self):
        """Any number, of any torrent of zeros; returns their port."""
        port = B.free_port()
        self.helper(sys.executable, "-B", os.path.join(B.HERE, "zero_seeds.py"), str(port), says="ready")
        return port


def use_of(command, timeout=900):
    """(wall, CPU, MiB) of a command to its end."""
    r = B.timed(command, timeout, poll=0.002)                  # so that short runs are seen, too
    if r["rc"] != 0:
        sys.exit(f"{' '.join(command)[:200]}: status {r['rc']}")
    return r["wall"], r["user"] + r["sys"], r["rss_mib"]


def use_until(command, word):
    """The same, until a line of its output begins so."""
    begin = time.monotonic()
    p = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    try:
        for line in p.stdout:
            if line.startswith(word):
                return time.monotonic() - begin, B.cpu_of_threads(p.pid), B.mem_of(p.pid)["VmHWM"] / 1024
        sys.exit(f"{command[0]} ended before it was {word}")
    finally:
        p.kill()
        p.wait()


def size_check(desk, gib):
    torrent = desk.zeros(gib * B.GIB)
    return use_of([B.OURS, "verify", torrent, desk.at("src")])


def bare(desk, peers, port, *torrents, folder="src"):
    return [B.tool("bare_session"), str(B.free_port()), "1000", desk.at(folder), str(peers), str(port), *torrents]


def size_seed(desk, gib):
    torrent = desk.zeros(gib * B.GIB)
    return use_until(bare(desk, 0, 0, torrent), "complete")


def download(desk, port, *torrents):
    return use_of([B.OURS, "download", *torrents, "-o", desk.at("out"), "--peer", f"127.0.0.1:{port}",
                   "--listen", f"127.0.0.1:{B.free_port()}"])


def size_download(desk, gib):
    torrent = desk.zeros(int(gib * B.GIB))
    return download(desk, desk.seed(torrent, desk.at("src")), torrent)


def peers(desk, count):
    torrent = desk.zeros(128 * B.MIB, 256 * B.KIB)
    return use_until(bare(desk, count, desk.light_seeds(), torrent, folder="out"), "complete")


def many_files(desk, count):
    """(torrent, folder) of so many files of 1 KiB."""
    for i in range(count):
        folder = desk.at("src", "tree", f"{i // 1000:03d}")
        if i % 1000 == 0:
            os.makedirs(folder)
        with open(os.path.join(folder, f"{i:06d}"), "wb") as f:
            f.write(b"%8d" % i * 128)
    torrent = desk.at("t.torrent")
    subprocess.run([B.OURS, "create", desk.at("src", "tree"), "-o", torrent], stdout=subprocess.DEVNULL, check=True)
    return torrent, desk.at("src")


def files_verify(desk, count):
    return use_of([B.OURS, "verify", *many_files(desk, count)])


def files_download(desk, count):
    torrent, folder = many_files(desk, count)
    return download(desk, desk.seed(torrent, folder), torrent)


def torrents_seed(desk, count):
    return use_until(bare(desk, 0, 0, *(desk.zeros(B.MIB, name=f"z{i}") for i in range(count))), "complete")


def torrents_download(desk, count):
    torrents = [desk.zeros(256 * B.KIB, 64 * B.KIB, f"z{i}") for i in range(count)]
    return download(desk, desk.light_seeds(), *torrents)


CURVES = {                      # what, of how much, the points when quick, all points
    "size-check": (size_check, "GiB", [1, 4, 16], [1, 2, 4, 8, 16, 32, 64]),
    "size-seed": (size_seed, "GiB", [1, 4, 16], [1, 2, 4, 8, 16, 32, 64]),
    "size-download": (size_download, "GiB", [.25, .5, 1], [.25, .5, 1, 2, 4, 8]),
    "peers": (peers, "peers", [1, 20, 100], [1, 10, 50, 100, 200, 500]),
    "files-verify": (files_verify, "files", [10, 1000, 10000], [1, 100, 1000, 10000, 30000, 100000]),
    "files-download": (files_download, "files", [10, 1000, 5000], [1, 100, 1000, 10000, 30000, 100000]),
    "torrents-seed": (torrents_seed, "torrents", [1, 10, 100], [1, 10, 100, 300, 1000]),
    "torrents-download": (torrents_download, "torrents", [1, 10, 50], [1, 10, 100, 300, 1000]),
}


def measure(name, a, work):
    what, unit, quick, full = CURVES[name]
    series = {"wall": [], "cpu": [], "memory": []}
    for x in quick if a.quick else full:
        best = None
        for _ in range(a.runs):
            with Desk(work) as desk:
                used = what(desk, x)
            best = used if best is None else tuple(map(min, best, used))
            if sum(best[:2]) > 10:
                break                                           # long enough to be exact
        B.emit({"bench": "curves", "curve": name, "unit": unit, "x": x, "wall": round(best[0], 3),
                "cpu": round(best[1], 3), "memory_mib": round(best[2], 1)}, a.json)
        for key, value in zip(series, best):
            series[key].append((x, max(value, 0.001)))
    return f"{name}, {unit}", series


def main():
    ap = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ap.add_argument("curve", nargs="*", help="the beginning of a curve's name"), ap.add_argument("--json")
    ap.add_argument("--quick", action="store_true"), ap.add_argument("--runs", type=int, default=2)
    ap.add_argument("--work", help="folder for the data; /dev/shm if that has room, else a temp folder")
    ap.add_argument("--svg", default=os.path.join(B.HERE, "curves.svg"))
    a = ap.parse_args()
    B.isolate()
    roomy = os.access("/dev/shm", os.W_OK) and shutil.disk_usage("/dev/shm").free > 12 * B.GIB
    work = tempfile.mkdtemp(prefix="btbench-", dir=a.work or ("/dev/shm" if roomy else None))
    print("#", B.machine(), flush=True)
    names = [n for n in CURVES if not a.curve or any(n.startswith(c) for c in a.curve)]
    drawn, rows, steep = [], [], []
    try:
        for name in names:
            title, series = measure(name, a, work)
            drawn.append((title, series))
            grows = {key: growth.exponent(points) for key, points in series.items()}
            steep += [f"{name}: {key} grows with exponent {k:.2f}" for key, k in grows.items() if k and k > MOST[key]]
            last = {key: points[-1][1] for key, points in series.items()}
            rows.append([name, f"{series['cpu'][0][0]:g} to {series['cpu'][-1][0]:g}",
                         *(f"{last[key]:.2f}" for key in series), *(B.fmt(grows[key]) for key in series)])
    finally:
        shutil.rmtree(work, ignore_errors=True)
    growth.plot(a.svg, drawn)
    B.table("curves", ["curve", "over", "wall s at the end", "cpu s", "MiB", "wall grows", "cpu grows", "memory grows"],
            rows)
    sys.exit("\n".join(steep) or 0)


if __name__ == "__main__":
    main()
