#!/usr/bin/env python3
"""What does cotorra cost while nothing happens, and how long does it take to begin and to leave?

  idle.py                   all of it, with bounds: ends with status 1 where one is broken
  idle.py peers torrents    only these; there are peers, torrents, start

peers     1,000 peers that are connected and want nothing: memory for each, CPU time
torrents  1,000 torrents that no peer asks for: memory for each beside its metainfo, CPU time, wake-ups
start     from the start of the program to its first request, and from the last block to its end

The first two run a session in a small program of its own (bare_session), so that no Python, no terminal and no
trace is in the figures. Memory is what the heap holds, and beside it what the kernel counts (anonymous pages).
"""
import argparse, os, shutil, socket, statistics, struct, subprocess, sys, tempfile, time
import benchlib as B

BLOCK = 16 * B.KIB


class Session:
    """bare_session, asked for its heap through a pipe."""

    def __init__(self, folder, torrents, connections=200):
        self.port = B.free_port()
        self.p = subprocess.Popen([B.tool("bare_session"), str(self.port), str(connections), folder,
                                   "0", "0", *torrents],
                                  stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        empty = self.until("empty")
        self.metainfo = self.until("metainfo") - empty
        self.until("complete")

    def until(self, word):
        """What the heap had given out when it said that."""
        for line in self.p.stdout:
            what, size = line.split()
            if what == word:
                return int(size)
        sys.exit(f"bare_session ended before it was {word}")

    def heap(self):
        self.p.stdin.write("\n")
        self.p.stdin.flush()
        return self.until("heap")

    def anonymous(self):
        return B.mem_of(self.p.pid)["RssAnon"] * B.KIB

    def effort(self):
        """(seconds of CPU, times that a thread woke up) so far."""
        base, woke = f"/proc/{self.p.pid}/task", 0
        for task in os.listdir(base):
            with open(f"{base}/{task}/status") as f:
                woke += sum(int(line.split()[1]) for line in f if line.startswith("voluntary_ctxt"))
        return B.cpu_of_threads(self.p.pid), woke

    def rest(self, seconds):
        """CPU in per cent of one core and wake-ups a second, while nothing happens."""
        time.sleep(2)
        a = self.effort()
        time.sleep(seconds)
        b = self.effort()
        return 100 * (b[0] - a[0]) / seconds, (b[1] - a[1]) / seconds

    def end(self):
        self.p.terminate()
        self.p.wait()


def handshake(info_hash, number):
    return b"\x13BitTorrent protocol" + bytes(7) + b"\x04" + info_hash + b"-ID0001-%012d" % number


def idle_peer(port, info_hash, number):
    """A connection that has nothing, wants nothing, and comes from an address of its own."""
    s = socket.create_connection(("127.0.0.1", port), 10, (f"127.1.{number // 250}.{number % 250 + 1}", 0))
    s.sendall(handshake(info_hash, number) + b"\0\0\0\x01\x0f")             # have none
    s.settimeout(10)
    B._recvn(s, 68 + 5)                                                     # its handshake and its "have all"
    return s


def measure_peers(a, work):
    source = B.make_file(os.path.join(work, "zeros"), a.pieces * B.MIB, sparse=True)
    torrent = os.path.join(work, "t.torrent")
    info_hash, _ = B.write_torrent(torrent, source, None, B.MIB, zeros=True)
    ours = Session(work, [torrent], a.peers + 100)
    try:
        few = [idle_peer(ours.port, info_hash, i) for i in range(10)]       # what is allocated once, is
        time.sleep(1)
        heap, anonymous = ours.heap(), ours.anonymous()
        rest = ours.rest(a.seconds)
        many = [idle_peer(ours.port, info_hash, i) for i in range(10, 10 + a.peers)]
        time.sleep(1)
        each, each_page = ((y - x) / a.peers for x, y in ((heap, ours.heap()), (anonymous, ours.anonymous())))
        cpu, woke = ours.rest(a.seconds)
        gone = [s for s in few + many if is_closed(s)]
    finally:
        ours.end()
    if gone:
        sys.exit(f"{len(gone)} of the idle peers were sent away")
    return [[f"memory of a peer, KiB ({a.pieces} pieces)", each / 1024, 16, f"{each_page / 1024:.1f} in pages"],
            [f"CPU of {a.peers} peers, %", cpu, 1, f"{rest[0]:.2f} % with 10"],
            ["wake-ups a second", woke, None, f"{rest[1]:.1f} with 10"]]


def is_closed(s):
    s.setblocking(False)
    try:
        while s.recv(4096):
            pass
        return True
    except BlockingIOError:
        return False


def measure_torrents(a, work):
    names = []
    for i in range(a.torrents):
        content = os.path.join(work, f"content{i}")
        with open(content, "wb") as f:
            f.write(b"%d" % i * 1000)
        names.append(os.path.join(work, f"{i}.torrent"))
        B.write_torrent(names[-1], content, None, BLOCK)
    figures = []
    for count in (10, a.torrents):
        ours = Session(work, names[:count])
        try:
            time.sleep(1)
            figures.append((ours.heap() - ours.metainfo, ours.anonymous() - ours.metainfo, *ours.rest(a.seconds)))
        finally:
            ours.end()
    few, many = figures
    each, each_page = ((many[i] - few[i]) / (a.torrents - 10) for i in (0, 1))
    return [["memory of a torrent beside its metainfo, KiB", each / 1024, 8, f"{each_page / 1024:.1f} in pages"],
            [f"CPU of {a.torrents} torrents, %", many[2], 1, f"{few[2]:.2f} % with 10"],
            ["wake-ups a second", many[3], 1.5 * few[3] + 2, f"{few[3]:.1f} with 10: no timer each"]]


class Seed:
    """A peer with all of a torrent of zeros, that notes when it was asked first and answered last."""

    def __init__(self, info_hash, length):
        self.info_hash, self.left = info_hash, length
        self.door = socket.create_server(("127.0.0.1", 0))
        self.port = self.door.getsockname()[1]
        self.first_request = self.last_block = None

    def serve(self):
        s, _ = self.door.accept()
        s.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        s.settimeout(10)
        B._recvn(s, 68)
        s.sendall(handshake(self.info_hash, 1) + b"\0\0\0\x01\x0e" + b"\0\0\0\x01\x01")  # have all, unchoke
        while self.left > 0:
            size = struct.unpack(">I", B._recvn(s, 4))[0]
            body = B._recvn(s, size) if size else b" "
            if body[0] != 6:
                continue
            self.first_request = self.first_request or time.monotonic()
            piece, begin, length = struct.unpack(">III", body[1:])
            s.sendall(struct.pack(">IBII", 9 + length, 7, piece, begin) + bytes(length))
            self.left -= length
        self.last_block = time.monotonic()
        return s                                                           # open until the leecher leaves


def measure_start(a, work):
    source = B.make_file(os.path.join(work, "zeros"), 16 * B.MIB, sparse=True)
    torrent = os.path.join(work, "t.torrent")
    info_hash, _ = B.write_torrent(torrent, source, None, 256 * B.KIB, zeros=True)
    start, end = [], []
    for n in range(a.runs):
        seed = Seed(info_hash, 16 * B.MIB)
        begin = time.monotonic()
        p = subprocess.Popen([B.OURS, "download", torrent, "-o", os.path.join(work, f"out{n}"), "--listen",
                              f"127.0.0.1:{B.free_port()}", "--peer", f"127.0.0.1:{seed.port}"],
                             stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
        connection = seed.serve()
        status = p.wait(30)
        gone = time.monotonic()
        connection.close()
        if status != 0:
            sys.exit(f"the download failed with status {status}")
        start.append(1000 * (seed.first_request - begin))
        end.append(1000 * (gone - seed.last_block))
    return [["start to first request, ms", statistics.median(start), 100, f"{min(start):.0f} to {max(start):.0f}"],
            ["last block to exit, ms", statistics.median(end), 50, f"{min(end):.0f} to {max(end):.0f}"]]


PARTS = {"peers": measure_peers, "torrents": measure_torrents, "start": measure_start}


def main():
    ap = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ap.add_argument("part", nargs="*", choices=[[], *PARTS], default=[])
    ap.add_argument("--peers", type=int, default=1000), ap.add_argument("--torrents", type=int, default=1000)
    ap.add_argument("--pieces", type=int, default=2000, help="of the torrent that the idle peers are in")
    ap.add_argument("--seconds", type=float, default=20, help="how long CPU time and wake-ups are counted")
    ap.add_argument("--runs", type=int, default=9, help="of the start; the median counts")
    ap.add_argument("--slack", type=float, default=1, help="the bounds times this, where others use the machine")
    ap.add_argument("--work", help="folder for the data; default: a temp folder"), ap.add_argument("--json")
    a = ap.parse_args()
    B.isolate()
    print("#", B.machine(), flush=True)
    rows, broken = [], False
    for part in a.part or PARTS:
        work = tempfile.mkdtemp(prefix="btbench-", dir=a.work)
        try:
            for what, value, bound, beside in PARTS[part](a, work):
                bound = bound and bound * a.slack
                over = bound is not None and value > bound
                broken = broken or over
                B.emit({"bench": "idle", "part": part, "what": what, "value": round(value, 3), "bound": bound}, a.json)
                rows.append([part, what, B.fmt(float(value)), B.fmt(bound), "TOO MUCH" if over else "", beside])
        finally:
            shutil.rmtree(work, ignore_errors=True)
    B.table("idle", ["part", "what", "measured", "at most", "", "beside"], rows)
    sys.exit(broken)


if __name__ == "__main__":
    main()
