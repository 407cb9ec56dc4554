#!/usr/bin/env python3
"""A download to a disk that cannot keep up: does a peer that connects meanwhile still get its answer at once?

  slow_disk.py                                     needs root: it mounts a file as a disk, and slows that down
  slow_disk.py --program old/cotorra --program new/cotorra --runs 3       in turns

The disk is a sparse file with ext4 on a loop device, that a control group lets write so many bytes a second. The
kernel may keep 32 MiB of unwritten data meanwhile, so that the disk's pace is soon felt: vm.dirty_bytes holds for
the whole machine, is set for each run, and put back after it. While the download runs, a peer shakes hands with
the leecher every 50 ms. Told are the time, CPU and memory of the leecher, and how long its answers took.
"""
import argparse, contextlib, os, shutil, socket, statistics, subprocess, sys, tempfile, time
import benchlib as B

VM = "/proc/sys/vm/"
BLKIO = "/sys/fs/cgroup/blkio/blkio.throttle.write_bps_device"
GROUP = "/sys/fs/cgroup/cotorra-slow-disk"


def write(path, text):
    with open(path, "w") as f:
        f.write(text)


def read(path):
    with open(path) as f:
        return f.read().strip()


@contextlib.contextmanager
def little_dirty_memory():
    """Unwritten data has 32 MiB. Setting bytes sets the ratio to 0, and the other way round."""
    kinds = ("dirty_", "dirty_background_")
    before = {kind: {unit: read(VM + kind + unit) for unit in ("bytes", "ratio")} for kind in kinds}
    try:
        for kind, size in zip(kinds, (32 * B.MIB, 8 * B.MIB)):
            write(VM + kind + "bytes", str(size))
        yield
    finally:
        for kind in kinds:
            unit = "bytes" if before[kind]["bytes"] != "0" else "ratio"
            write(VM + kind + unit, before[kind][unit])


@contextlib.contextmanager
def throttled(device, rate):
    """Yields a function for the process that is to be slowed down."""
    number = os.stat(device).st_rdev
    number = f"{os.major(number)}:{os.minor(number)}"
    if os.path.exists(BLKIO):                                   # version 1: the device is slow for everything
        write(BLKIO, f"{number} {rate}")
        try:
            yield lambda pid: None
        finally:
            write(BLKIO, f"{number} 0")
        return
    write("/sys/fs/cgroup/cgroup.subtree_control", "+io +memory")   # version 2: for the processes of a group
    os.mkdir(GROUP)
    try:
        write(GROUP + "/io.max", f"{number} wbps={rate}")
        yield lambda pid: write(GROUP + "/cgroup.procs", str(pid))
    finally:
        os.rmdir(GROUP)


@contextlib.contextmanager
def slow_disk(work, size, rate):
    """(folder on a disk that writes `rate` bytes a second, function for the process that writes)."""
    image, folder = os.path.join(work, "disk.img"), os.path.join(work, "disk")
    os.mkdir(folder)
    with open(image, "wb") as f:
        f.truncate(size)
    device = subprocess.run(["losetup", "-f", "--show", image], capture_output=True, text=True, check=True).stdout.strip()
    try:
        subprocess.run(["mkfs.ext4", "-q", device], check=True)
        subprocess.run(["mount", device, folder], check=True)
        try:
            with throttled(device, rate) as join:
                yield folder, join
        finally:
            subprocess.run(["umount", folder], check=True)
    finally:
        subprocess.run(["losetup", "-d", device], check=True)


def shake_hands(port, info_hash):
    """Seconds until the peer there has answered; None when it does not, or is not there yet."""
    begin = time.monotonic()
    try:
        with socket.create_connection(("127.0.0.1", port), 20, ("127.0.0.9", 0)) as s:
            s.settimeout(20)
            s.sendall(b"\x13BitTorrent protocol" + bytes(8) + info_hash + b"-SD0001-" + os.urandom(12))
            B._recvn(s, 68)
    except OSError:
        return None
    return time.monotonic() - begin


def one_run(a, program, desk, number):
    torrent, info_hash, seed_port, work = desk
    port = B.free_port()
    folder = os.path.join(work, str(number))
    os.mkdir(folder)
    with slow_disk(folder, 2 * B.size_arg(a.size) + B.GIB, B.size_arg(a.rate)) as (disk, join), little_dirty_memory():
        begin = time.monotonic()
        p = B.Proc([program, "download", torrent, "-o", os.path.join(disk, "out"), "--peer", f"127.0.0.1:{seed_port}",
                    "--listen", f"127.0.0.1:{port}"], log=os.path.join(folder, "log"))
        join(p.pid)
        answers, missed = [], 0
        while not p.poll():
            took = shake_hands(port, info_hash)
            if took is not None:
                answers.append(1000 * took)
            elif time.monotonic() - begin > 1 and not p.poll():
                missed += 1
            time.sleep(0.05)
        if p.rc != 0:
            sys.exit(f"{program}: status {p.rc}: " + read(os.path.join(folder, "log"))[-500:])
        used = {"wall": p.t_end - begin, "cpu": sum(p.cpu()), "rss_mib": p.rss_kib() / 1024}
        p.stop()
    shutil.rmtree(folder)
    return {"bench": "slow disk", "program": program, "run": number, **used, "handshakes": len(answers),
            "median_ms": statistics.median(answers), "worst_ms": max(answers), "missed": missed}


def main():
    ap = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ap.add_argument("--program", action="append", help="cotorra; may be given again, to compare")
    ap.add_argument("--size", default="512M"), ap.add_argument("--rate", default="32M", help="bytes a second of the disk")
    ap.add_argument("--runs", type=int, default=1), ap.add_argument("--json")
    ap.add_argument("--work", help="folder for the disk's file and the seed's; /dev/shm if absent")
    a = ap.parse_args()
    if os.geteuid() != 0:
        sys.exit("slow_disk.py mounts a disk and slows it down: only root may do that")
    programs = [os.path.abspath(p) for p in a.program or [B.OURS]]
    B.isolate()
    print("#", B.machine(), flush=True)
    work = tempfile.mkdtemp(prefix="btbench-", dir=a.work or "/dev/shm")
    seed = None
    try:
        source = B.make_file(os.path.join(work, "src", "data.bin"), B.size_arg(a.size))
        torrent = os.path.join(work, "t.torrent")
        info_hash, count = B.write_torrent(torrent, source, None)
        port = B.free_port()
        seed = B.Proc([programs[0], "seed", torrent, source, "--listen", f"127.0.0.1:{port}"])
        if not B.wait_for(lambda: B.probe_seed(port, info_hash, count), 60, 0.1):
            sys.exit("the seed does not answer")
        rows = []
        for n in range(a.runs * len(programs)):
            rows.append(one_run(a, programs[n % len(programs)], (torrent, info_hash, port, work), n))
            B.emit({k: round(v, 3) if isinstance(v, float) else v for k, v in rows[-1].items()}, a.json)
    finally:
        if seed:
            seed.stop()
        shutil.rmtree(work, ignore_errors=True)
    out = []
    for program in programs:
        mine = [r for r in rows if r["program"] == program]
        out.append([program, len(mine), *(B.fmt(B.med(mine, k)) for k in ("wall", "cpu", "rss_mib", "median_ms")),
                    B.fmt(max(r["worst_ms"] for r in mine)), sum(r["missed"] for r in mine)])
    B.table(f"{a.size} to a disk of {a.rate} a second", ["program", "runs", "wall s", "cpu s", "RSS MiB",
                                                         "handshake, median ms", "worst ms", "missed"], out)


if __name__ == "__main__":
    main()
