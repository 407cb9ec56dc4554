#!/usr/bin/env python3
"""Time verifying data that is already there (re-check), one big file.

  recheck.py --tool libtorrent --tool aria2 --tool ours --tool 'mine=CMD with {torrent} {dir} {port}'

A command ends by itself (status 0) when every piece has been hashed and all matched. The file is in
the page cache (--cold drops the file's pages first, which measures the disk as well).
"""
import argparse, os, shutil, tempfile
import benchlib as B
import peerdefs as P

TOOLS = {
    "libtorrent": {"cmd": B.LT_PYTHON + " {bench}/peers/lt_peer.py check {torrent} {dir} {port}", "done": "exit"},
    "libtorrent-2thr": {"cmd": B.LT_PYTHON + " {bench}/peers/lt_peer.py check {torrent} {dir} {port}", "done": "exit",
                        "env": {"LT_SET": "hashing_threads=2,checking_mem_usage=512"}},
    "aria2": {"cmd": P.ARIA + "-V --hash-check-only=true {torrent}", "done": "exit"},
    "ours": {"cmd": "{ours} verify {torrent} {dir}", "done": "exit"},
    "openssl-sha1": {"cmd": "openssl dgst -sha1 {dir}/{name}", "done": "exit"},
}


def main():
    ap = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ap.add_argument("--tool", action="append"), ap.add_argument("--size", default="4G")
    ap.add_argument("--piece", default="1M"), ap.add_argument("--runs", type=int, default=5)
    ap.add_argument("--work"), ap.add_argument("--json"), ap.add_argument("--keep-data")
    ap.add_argument("--cold", action="store_true"), ap.add_argument("--nice", type=int, default=0)
    ap.add_argument("--quiet", type=float, default=0.25), ap.add_argument("--patience", type=float, default=20)
    a = ap.parse_args()
    B.isolate(a.nice)
    tools = [(t, TOOLS[t]) if t in TOOLS else P.as_peer(t, {}) for t in (a.tool or list(TOOLS))]
    work = tempfile.mkdtemp(prefix="btbench-", dir=a.work)
    try:
        src = B.make_file(os.path.join(a.keep_data or work, "create", f"big-{a.size}.bin"), B.size_arg(a.size))
        total = os.path.getsize(src)
        torrent = os.path.join(work, "t.torrent")
        B.write_torrent(torrent, src, None, B.size_arg(a.piece))
        print("#", B.machine(), flush=True)
        rows = []
        for n in range(a.runs):
            for label, spec in tools:
                cfg = os.path.join(work, f"c-{label}-{n}")
                os.makedirs(cfg)
                f = {"torrent": torrent, "dir": os.path.dirname(src), "name": os.path.basename(src), "cfg": cfg,
                     "port": B.free_port(), "done": os.path.join(cfg, "done"), "bench": B.HERE, "ours": B.OURS}
                env = dict(os.environ, HOME=cfg, TERM="dumb", **spec.get("env", {}))
                if a.cold:
                    fd = os.open(src, os.O_RDONLY)
                    os.posix_fadvise(fd, 0, 0, os.POSIX_FADV_DONTNEED)
                    os.close(fd)
                B.wait_quiet(a.quiet, a.patience)
                if not a.cold:
                    B.warm(src)
                r = B.timed(spec["cmd"].format(**f), cwd=cfg, env=env, log=os.path.join(cfg, "log"))
                r = {"bench": "recheck", "tool": label, "run": n, "bytes": total, "cold": a.cold, **r,
                     "mb_s": round(total / r["wall"] / 1e6, 1)}
                B.emit(r, a.json)
                rows.append(r)
        ref, out = None, []
        for label, _ in tools:
            g = [r for r in rows if r["tool"] == label and r["rc"] == 0]
            if not g:
                out.append([label] + ["-"] * 11)
                continue
            m = {k: B.med(g, k) for k in ("wall", "user", "sys", "rss_mib", "anon_mib", "mb_s")}
            m["cpu"] = m["user"] + m["sys"]
            ref = ref or m
            ws = [r["wall"] for r in g]
            out.append([label, len(g), B.fmt(m["wall"]), f"{min(ws):.2f}-{max(ws):.2f}", B.fmt(m["mb_s"], 0), B.fmt(m["user"]),
                        B.fmt(m["sys"]), B.fmt(m["cpu"]), B.fmt(m["rss_mib"], 1), B.fmt(m["anon_mib"], 1),
                        B.fmt(m["wall"] / ref["wall"]), B.fmt(m["cpu"] / ref["cpu"])])
        B.table(f"re-check {a.size}" + (" (cold)" if a.cold else ""),
                ["tool", "ok", "wall s", "min-max", "MB/s", "user", "sys", "cpu", "RSS MiB", "anon", "wall ratio", "cpu ratio"], out)
    finally:
        shutil.rmtree(work, ignore_errors=True)


if __name__ == "__main__":
    main()
