"""Shared parts of the benchmark harness (Python 3 standard library only, Linux only).

What is here:
  * isolate()        - re-run the script in a private network namespace, so that nothing can
                       leave the machine and the loopback byte counters belong to us alone
  * Proc             - start a command, follow its CPU / memory / thread use through /proc, and
                       end it (by the id we started, never by name)
  * noise gate       - wait_quiet() before a run, Noise() to record what *others* burned during it
  * data + metainfo  - deterministic test data, a tiny bencoder, info_hash, v1 .torrent writer
  * probe_seed()     - handshake with a peer and say whether its bitfield is complete
  * tool(), run_json() - the small programs of tools/ and what they print
  * tables           - medians, ratios, one JSON line per run
"""
import atexit, hashlib, json, os, random, resource, shlex, shutil, signal, socket, statistics
import struct, subprocess, sys, tempfile, threading, time

HERE = os.path.dirname(os.path.abspath(__file__))
TICK = os.sysconf("SC_CLK_TCK")
os.environ.setdefault("COTORRA_LOCAL_ONLY", "1")  # our program begins no conversation with the public DHT
PAGE = os.sysconf("SC_PAGE_SIZE")
KIB, MIB, GIB = 1 << 10, 1 << 20, 1 << 30


def _lt_python():
    """The Python whose libtorrent binding the adapters use. A virtual environment's python in PATH
    usually lacks that module, so each one in PATH is tried; BENCH_LT_PYTHON names one outright."""
    named = os.environ.get("BENCH_LT_PYTHON")
    if named:
        return named
    for d in os.environ.get("PATH", "").split(os.pathsep):
        exe = os.path.join(d, "python3")
        if os.access(exe, os.X_OK) and subprocess.run([exe, "-c", "import libtorrent"], capture_output=True).returncode == 0:
            os.environ["BENCH_LT_PYTHON"] = exe      # for the re-executed script and for children
            return exe
    return "python3"


LT_PYTHON = _lt_python()
OURS = os.path.abspath(os.environ.get("COTORRA") or os.path.join(HERE, "..", "..", "build", "release", "cotorra"))


def size_arg(text):
    """'2G' -> 2147483648 (binary units)."""
    units = {"K": KIB, "M": MIB, "G": GIB}
    text = text.upper().rstrip("IB")
    return int(float(text[:-1]) * units[text[-1]]) if text[-1] in units else int(text)


# ---------------------------------------------------------------- isolation and priority
NICE = int(os.environ.get("BENCH_NICE", "0"))


def isolate(nice=0):
    """Re-exec inside `unshare --net` (own loopback) when allowed; remember the nice value to give
    to what we start."""
    global NICE
    NICE = nice
    signal.signal(signal.SIGTERM, lambda *x: sys.exit(143))      # so that atexit ends our processes
    if os.environ.get("BENCH_NETNS") or os.environ.get("BENCH_NO_NETNS"):
        return
    test = subprocess.run(["unshare", "-n", "ip", "link", "set", "lo", "up"], capture_output=True) \
        if shutil.which("unshare") and shutil.which("ip") else None
    if test is None or test.returncode != 0:
        sys.stderr.write("note: no private network namespace; other loopback traffic may blur rates\n")
        return
    env = dict(os.environ, BENCH_NETNS="1")
    script = "ip link set lo up; exec " + " ".join(shlex.quote(a) for a in [sys.executable] + sys.argv)
    os.execvpe("unshare", ["unshare", "-n", "sh", "-c", script], env)


def _priority():
    """In the child, after setsid: with autogroup scheduling a nice value only counts within its
    session, so the session's own weight is set too."""
    if NICE:
        try:
            os.nice(NICE)
            with open("/proc/self/autogroup", "w") as f:
                f.write(str(NICE))
        except OSError:
            pass


def free_port():
    s = socket.socket()
    s.bind(("127.0.0.1", 0))
    p = s.getsockname()[1]
    s.close()
    return p


# ---------------------------------------------------------------- noise from other processes
def _cpu_total():
    """(busy seconds, idle seconds) of all processors since boot."""
    with open("/proc/stat") as f:
        v = [int(x) for x in f.readline().split()[1:]]
    idle = v[3] + v[4]
    return (sum(v[:8]) - idle) / TICK, idle / TICK


def busy_share(window=0.5):
    b0, i0 = _cpu_total()
    time.sleep(window)
    b1, i1 = _cpu_total()
    return (b1 - b0) / max(1e-9, (b1 - b0) + (i1 - i0))


def wait_quiet(limit=0.25, patience=60.0):
    """Wait until the machine is mostly idle (share of busy CPU < limit); give up after patience s."""
    end = time.monotonic() + patience
    share = busy_share()
    while share > limit and time.monotonic() < end:
        time.sleep(0.5)
        share = busy_share()
    return round(share, 3)


class Noise:
    """CPU seconds burned machine-wide between start and stop, less what we account for."""

    def __enter__(self):
        self.b0, self.t0 = _cpu_total()[0], time.monotonic()
        return self

    def __exit__(self, *a):
        self.total, self.wall = _cpu_total()[0] - self.b0, time.monotonic() - self.t0

    def others(self, ours):
        return round(max(0.0, self.total - ours), 3)


# ---------------------------------------------------------------- processes
def _children(pid):
    out = []
    try:
        for t in os.listdir(f"/proc/{pid}/task"):
            with open(f"/proc/{pid}/task/{t}/children") as f:
                out += [int(x) for x in f.read().split()]
    except OSError:
        pass
    return out


def tree(pid):
    seen, todo = [], [pid]
    while todo:
        p = todo.pop()
        seen.append(p)
        todo += _children(p)
    return seen


def cpu_of(pid):
    """user and system seconds of a process, its waited-for children included."""
    with open(f"/proc/{pid}/stat", "rb") as f:
        v = f.read().rsplit(b")", 1)[1].split()
    return (int(v[11]) + int(v[13])) / TICK, (int(v[12]) + int(v[14])) / TICK


def cpu_of_threads(pid):
    """Seconds of CPU of the threads that it has now, to the nanosecond (the other counts ticks of 10 ms)."""
    total = 0
    for task in os.listdir(f"/proc/{pid}/task"):
        with open(f"/proc/{pid}/task/{task}/schedstat") as f:
            total += int(f.read().split()[0])
    return total / 1e9


def mem_of(pid):
    """dict of the Vm*/Rss* lines (KiB) plus thread count."""
    d = {}
    with open(f"/proc/{pid}/status") as f:
        for line in f:
            k, _, v = line.partition(":")
            if k in ("VmHWM", "VmRSS", "RssAnon", "RssFile", "RssShmem", "Threads"):
                d[k] = int(v.split()[0])
    return d


_live = []


class Proc:
    """A started command. Ended by its own process group id; its use of the machine is followed."""

    def __init__(self, cmd, cwd=None, log=None, env=None, stdin=None, cpus=None, poll=0.02):
        self.cmd = cmd if isinstance(cmd, list) else shlex.split(cmd)
        self.log = open(log, "ab") if log else subprocess.DEVNULL
        self.t0 = time.monotonic()

        def pre():
            _priority()
            if cpus:
                os.sched_setaffinity(0, cpus)

        self.p = subprocess.Popen(self.cmd, cwd=cwd, env=env, stdin=stdin or subprocess.DEVNULL,
                                  stdout=self.log, stderr=subprocess.STDOUT,
                                  start_new_session=True, preexec_fn=pre)
        self.pid, self.rc, self.ru, self.t_end = self.p.pid, None, None, None
        self.peak = {"VmHWM": 0, "RssAnon": 0, "RssFile": 0, "RssShmem": 0, "Threads": 0}
        self._stop = threading.Event()
        self._th = threading.Thread(target=self._follow, args=(poll,), daemon=True)
        self._th.start()
        _live.append(self)

    def _follow(self, poll):
        while not self._stop.is_set():
            for p in tree(self.pid):
                try:
                    for k, v in mem_of(p).items():
                        if k in self.peak:
                            self.peak[k] = max(self.peak[k], v)
                except OSError:
                    pass
            self._stop.wait(poll)

    def poll(self):
        """Reap if ended; True when it has ended."""
        if self.rc is None:
            pid, status, ru = os.wait4(self.pid, os.WNOHANG)
            if pid:
                self.t_end = time.monotonic()
                self.rc = os.waitstatus_to_exitcode(status)
                self.p.returncode = self.rc
                self.ru = ru
                self._stop.set()
        return self.rc is not None

    def cpu(self):
        """(user, sys) so far, or of the whole life once reaped."""
        if self.ru:
            return self.ru.ru_utime, self.ru.ru_stime
        u = s = 0.0
        for p in tree(self.pid):
            try:
                a, b = cpu_of(p)
                u, s = u + a, s + b
            except OSError:
                pass
        return u, s

    def rss_kib(self):
        # not ru_maxrss: that one starts at the size of the Python that forked the command
        return self.peak["VmHWM"] or (self.ru.ru_maxrss if self.ru else 0)

    def wait(self, timeout, step=0.002):
        end = time.monotonic() + timeout
        while not self.poll():
            if time.monotonic() > end:
                return False
            time.sleep(step)
        return True

    def stop(self, grace=5.0):
        """TERM, then KILL, the group that we made. Nothing else is touched."""
        for sig, t in ((signal.SIGTERM, grace), (signal.SIGKILL, 5.0)):
            if self.poll():
                break
            try:
                os.killpg(self.pid, sig)
            except ProcessLookupError:
                pass
            self.wait(t)
        self._stop.set()
        if self.log is not subprocess.DEVNULL and not self.log.closed:
            self.log.close()
        if self in _live:
            _live.remove(self)


@atexit.register
def _cleanup():
    for p in list(_live):
        p.stop(1.0)


def timed(cmd, timeout=600, cwd=None, log=None, cpus=None, env=None, poll=0.02):
    """Run one command to its end; wall / cpu / memory as a dict."""
    with Noise() as n:
        p = Proc(cmd, cwd=cwd, log=log, cpus=cpus, env=env, poll=poll)
        done = p.wait(timeout)
    if not done:
        p.stop(1.0)
    u, s = p.cpu()
    p.stop()
    return {"rc": p.rc if done else "timeout", "wall": round((p.t_end or time.monotonic()) - p.t0, 4),
            "user": round(u, 3), "sys": round(s, 3), "rss_mib": round(p.rss_kib() / 1024, 1),
            "anon_mib": round(p.peak["RssAnon"] / 1024, 1), "threads": p.peak["Threads"],
            "others_cpu": n.others(u + s)}


# ---------------------------------------------------------------- data and metainfo
def make_file(path, size, seed=1, sparse=False):
    """Deterministic pseudo-random file (or a hole of zeros); kept if it is already there."""
    if os.path.exists(path) and os.path.getsize(path) == size:
        return path
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "wb") as f:
        if sparse:
            f.truncate(size)
            return path
        rnd, left = random.Random(seed), size
        while left:
            n = min(left, 4 * MIB)
            f.write(rnd.randbytes(n))
            left -= n
    return path


def make_tree(path, count, lo=KIB, hi=64 * KIB, seed=2):
    """`count` files of lo..hi bytes in 100 folders; kept if a marker says that it is complete."""
    mark = path + ".complete"
    if os.path.exists(mark):
        return path
    rnd = random.Random(seed)
    for i in range(count):
        d = os.path.join(path, f"dir{i % 100:03d}")
        if i < 100:
            os.makedirs(d, exist_ok=True)
        with open(os.path.join(d, f"file{i:06d}.bin"), "wb") as f:
            f.write(rnd.randbytes(rnd.randint(lo, hi)))
    open(mark, "w").close()
    return path


def warm(path):
    """Read it, so that it sits in the page cache now (some machines give cold pages back soon)."""
    buf = bytearray(4 * MIB)
    for d, _, fs in os.walk(path) if os.path.isdir(path) else [(os.path.dirname(path), [], [os.path.basename(path)])]:
        for f in fs:
            with open(os.path.join(d, f), "rb", 0) as o:
                while o.readinto(buf):
                    pass


def bencode(x):
    if isinstance(x, bool):
        raise TypeError("bool")
    if isinstance(x, int):
        return b"i%de" % x
    if isinstance(x, str):
        x = x.encode()
    if isinstance(x, (bytes, bytearray)):
        return b"%d:" % len(x) + bytes(x)
    if isinstance(x, (list, tuple)):
        return b"l" + b"".join(bencode(i) for i in x) + b"e"
    if isinstance(x, dict):
        kv = sorted((k.encode() if isinstance(k, str) else k, v) for k, v in x.items())
        return b"d" + b"".join(bencode(k) + bencode(v) for k, v in kv) + b"e"
    raise TypeError(type(x))


def write_torrent(out, source, announce, piece_len=MIB, zeros=False):
    """v1 single-file .torrent. Returns (info_hash, number of pieces)."""
    size = os.path.getsize(source)
    pieces = bytearray()
    if zeros:                                   # a sparse file: every piece has the same hash
        full = hashlib.sha1(bytes(piece_len)).digest()
        pieces += full * (size // piece_len)
        if size % piece_len:
            pieces += hashlib.sha1(bytes(size % piece_len)).digest()
    else:
        with open(source, "rb") as f:
            while True:
                b = f.read(piece_len)
                if not b:
                    break
                pieces += hashlib.sha1(b).digest()
    info = {"name": os.path.basename(source), "piece length": piece_len, "length": size,
            "pieces": bytes(pieces)}
    meta = {"info": info, "created by": "bench"}
    if announce:
        meta["announce"] = announce
    with open(out, "wb") as f:
        f.write(bencode(meta))
    return hashlib.sha1(bencode(info)).digest(), len(pieces) // 20


def same_content(a, b):
    if os.path.getsize(a) != os.path.getsize(b):
        return False
    with open(a, "rb", 0) as f, open(b, "rb", 0) as g:
        x, y = bytearray(MIB), bytearray(MIB)
        while True:
            n, m = f.readinto(x), g.readinto(y)
            if n != m or x[:n] != y[:m]:
                return False
            if n == 0:
                return True


# ---------------------------------------------------------------- talking to peers
def _recvn(s, n):
    b = b""
    while len(b) < n:
        c = s.recv(n - len(b))
        if not c:
            raise ConnectionError("closed")
        b += c
    return b


def probe_seed(port, info_hash, npieces, timeout=2.0):
    """True if the peer on 127.0.0.1:port answers for info_hash with a complete bitfield."""
    try:
        # from another loopback address: some peers remember an address that they met before
        with socket.create_connection(("127.0.0.1", port), timeout, ("127.0.0.9", 0)) as s:
            s.settimeout(timeout)
            s.sendall(b"\x13BitTorrent protocol" + bytes(8) + info_hash + b"-BN0001-" + os.urandom(12))
            h = _recvn(s, 68)
            if h[28:48] != info_hash:
                return False
            have, end = 0, time.monotonic() + timeout
            while have < npieces and time.monotonic() < end:
                n = struct.unpack(">I", _recvn(s, 4))[0]
                if n == 0:
                    continue
                body = _recvn(s, n)
                if body[0] == 5:
                    have += sum(bin(c).count("1") for c in body[1:])
                elif body[0] == 4:
                    have += 1
                elif body[0] == 14:
                    have = npieces
            return have >= npieces
    except OSError:
        return False


def wait_for(cond, timeout, step=0.02):
    end = time.monotonic() + timeout
    while time.monotonic() < end:
        if cond():
            return True
        time.sleep(step)
    return False


def listening(port):
    """Is someone listening on this TCP port (read from /proc, so the peer sees no connection)?"""
    want = f":{port:04X}"
    for fam in ("tcp", "tcp6"):
        try:
            with open(f"/proc/net/{fam}") as f:
                for line in f:
                    v = line.split()
                    if v[3] == "0A" and v[1].endswith(want):
                        return True
        except OSError:
            pass
    return False


class LoCounter:
    """Samples the loopback byte counter: when did payload start and stop flowing?"""

    def __init__(self, payload, step=0.01):
        self.payload, self.step = payload, step
        self.samples, self._stop = [], threading.Event()
        self._th = threading.Thread(target=self._run, daemon=True)

    @staticmethod
    def read():
        with open("/proc/net/dev") as f:
            for line in f:
                if line.strip().startswith("lo:"):
                    return int(line.split(":")[1].split()[0])
        return 0

    def _run(self):
        base = self.read()
        while not self._stop.is_set():
            self.samples.append((time.monotonic(), self.read() - base))
            self._stop.wait(self.step)

    def __enter__(self):
        self._th.start()
        return self

    def __exit__(self, *a):
        self._stop.set()
        self._th.join()

    def rate(self):
        """bytes/s between 1 % and 99 % of the payload; also seconds until the 1 % point, and total."""
        lo, hi = 0.01 * self.payload, 0.99 * self.payload
        a = next(((t, b) for t, b in self.samples if b >= lo), None)
        z = next(((t, b) for t, b in self.samples if b >= hi), None)
        total = self.samples[-1][1] if self.samples else 0
        if not a or not z or z[0] <= a[0]:
            return None, None, total
        return (z[1] - a[1]) / (z[0] - a[0]), a[0] - self.samples[0][0], total


# ---------------------------------------------------------------- small programs
def tool(name):
    """Built by tools/build.sh (into build/bench, or BENCH_TOOLS), or by CMake beside our program."""
    for folder in (os.environ.get("BENCH_TOOLS"), os.path.join(HERE, "..", "..", "build", "bench"),
                   os.path.join(os.path.dirname(OURS), "tests", "bench")):
        if folder and os.path.exists(os.path.join(folder, name)):
            return os.path.join(folder, name)
    sys.exit(f"{name} is not built: see tests/bench/README.md, Setup")


def run_json(cmd, timeout):
    """Runs it; the last JSON line of its output."""
    with tempfile.NamedTemporaryFile("r") as log:
        p = Proc(cmd, log=log.name)
        ok = p.wait(timeout)
        p.stop()
        with open(log.name, errors="replace") as f:
            text = f.read()
    for line in reversed(text.splitlines()):
        if line.startswith("{") and line.endswith("}"):
            return json.loads(line)
    return {"error": ("timeout " if not ok else "") + text[-300:]}


# ---------------------------------------------------------------- results
def machine():
    model = next((l.split(":")[1].strip() for l in open("/proc/cpuinfo") if l.startswith("model name")), "?")
    mem = int(next(l for l in open("/proc/meminfo") if l.startswith("MemTotal")).split()[1]) // 1024
    return {"cpu": model, "cores": os.cpu_count(), "mem_mib": mem, "kernel": os.uname().release,
            "tcp_cc": open("/proc/sys/net/ipv4/tcp_congestion_control").read().strip(), "nice": NICE,
            "load": os.getloadavg()[0]}


def emit(rec, path=None):
    line = json.dumps(rec, sort_keys=False)
    print(line, flush=True)
    if path:
        with open(path, "a") as f:
            f.write(line + "\n")


def med(rows, key):
    v = [r[key] for r in rows if isinstance(r.get(key), (int, float))]
    return statistics.median(v) if v else None


def fmt(x, nd=2):
    return "-" if x is None else (f"{x:.{nd}f}" if isinstance(x, float) else str(x))


def table(title, header, rows):
    w = [max(len(str(r[i])) for r in [header] + rows) for i in range(len(header))]
    print("\n## " + title)
    for r in [header, ["-" * x for x in w]] + rows:
        print("| " + " | ".join(str(c).ljust(w[i]) for i, c in enumerate(r)) + " |")
    sys.stdout.flush()
