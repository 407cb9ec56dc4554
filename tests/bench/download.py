#!/usr/bin/env python3
"""Download throughput on loopback: seeders -> leechers through a tracker, side by side.

  download.py --leecher libtorrent --leecher aria2 --leecher ours --seeder libtorrent --size 2G --runs 5

One JSON line per run (also appended to --json FILE), then a table with medians and ratios. A
leecher is a name from peerdefs.LEECHERS or [LABEL=]COMMAND; a command ends by itself (status 0) when
all data is verified, or makes the file {done} if the template names it. Fields: {torrent} {dir}
{port} {done} {cfg} {name} {bench} {ours}. Leechers take turns (A B C A B C ...), so drift hits all alike.

Figures per run: wall = start of the leecher process to complete and verified, as it says itself
(afterwards the harness compares every byte with the source, outside the clock); rate = payload
between its 1 % and 99 % point on the loopback counter; cpu = user+sys of the leecher up to
completion; seed_cpu = of the seeders in that time; rss/anon = peaks; others_cpu = CPU seconds
burned by anything else meanwhile (a noisy run has much of it).
"""
import argparse, os, shutil, sys, tempfile, time
import benchlib as B
import peerdefs as P


def start_tracker(name, cfg, hashes):
    name, t = P.as_peer(name, P.TRACKERS)
    port = B.free_port()
    f = {"port": port, "cfg": cfg, "hashes": hashes, "ours": B.OURS}
    if t.get("setup"):
        t["setup"](cfg, f)
    p = B.Proc(t["cmd"].format(**f), log=os.path.join(cfg, "tracker.log"))
    if not B.wait_for(lambda: B.listening(port), 15):
        sys.exit(f"tracker {name} does not listen; see {cfg}/tracker.log")
    return name, p, port


def start_peer(spec, f, log):
    if spec.get("setup"):
        os.makedirs(f["cfg"], exist_ok=True)
        spec["setup"](f["cfg"], f)
    env = dict(os.environ, HOME=f["cfg"], TERM="dumb", **spec.get("env", {}))
    return B.Proc(spec["cmd"].format(ours=B.OURS, bench=B.HERE, **f), log=log, env=env, cwd=f["cfg"])


def finished(p, spec, done):
    return os.path.exists(done) if spec["done"] == "file" else p.poll()


def one_run(a, label, spec, seeds, ctx, n):
    """Start a.leechers leechers at once; wait for all. Returns a record."""
    torrent, source, payload, work = ctx["torrent"], ctx["source"], ctx["payload"], ctx["work"]
    os.sync()
    B.wait_quiet(a.quiet, a.patience)
    if not a.zeros:
        B.warm(source)
    base = os.path.join(work, f"run-{label}-{n}")
    procs, seed0 = [], [sum(s.cpu()) for s in seeds]
    with B.Noise() as noise, B.LoCounter(payload * a.leechers) as lo:
        t0 = time.monotonic()
        for i in range(a.leechers):
            d, cfg = os.path.join(base, f"d{i}"), os.path.join(base, f"c{i}")
            os.makedirs(d), os.makedirs(cfg)
            f = {"torrent": torrent, "dir": d, "port": B.free_port(), "done": os.path.join(cfg, "done"),
                 "cfg": cfg, "name": os.path.basename(source)}
            p = start_peer(spec, f, os.path.join(cfg, "log"))
            procs.append({"p": p, "f": f, "t": None, "cpu": None})
        while any(x["t"] is None for x in procs) and time.monotonic() - t0 < a.timeout:
            for x in procs:
                if x["t"] is None and finished(x["p"], spec, x["f"]["done"]):
                    x["t"] = (x["p"].t_end or time.monotonic()) - t0
                    x["cpu"] = x["p"].cpu()
                elif x["t"] is None and spec["done"] == "file" and x["p"].poll():
                    x["t"] = -1.0                      # a daemon died before it was complete
            time.sleep(0.004)
        wall = time.monotonic() - t0
    seed_cpu = sum(sum(s.cpu()) for s in seeds) - sum(seed0)
    rate, lead, lo_bytes = lo.rate()
    ok = all(x["t"] is not None and x["t"] > 0 and (spec["done"] == "file" or x["p"].rc == 0) for x in procs)
    for x in procs:
        x["p"].stop()
    cpu = [x["cpu"] or x["p"].cpu() for x in procs]
    same = None
    if ok and not a.no_compare:
        same = all(B.same_content(source, os.path.join(x["f"]["dir"], os.path.basename(source))) for x in procs)
    times = [x["t"] for x in procs if x["t"]]
    rec = {"bench": "download", "leecher": label, "seeder": ctx["seeder"], "seeders": len(seeds),
           "leechers": a.leechers, "tracker": ctx["tracker"], "bytes": payload, "where": a.work or "tmp",
           "run": n, "ok": bool(ok and same is not False), "same": same,
           "wall": round(max(times) if ok else wall, 3), "first_done": round(min(times), 3) if times else None,
           "mean_done": round(sum(times) / len(times), 3) if times else None,
           "mb_s": round(payload * a.leechers / max(times) / 1e6, 1) if ok else None,
           "rate_mb_s": round(rate / 1e6, 1) if rate else None, "lead_s": round(lead, 3) if lead else None,
           "lo_over_payload": round(lo_bytes / (payload * a.leechers), 3),
           "cpu_user": round(sum(c[0] for c in cpu), 2), "cpu_sys": round(sum(c[1] for c in cpu), 2),
           "cpu": round(sum(sum(c) for c in cpu), 2), "seed_cpu": round(seed_cpu, 2),
           "rss_mib": round(max(x["p"].rss_kib() for x in procs) / 1024, 1),
           "anon_mib": round(max(x["p"].peak["RssAnon"] for x in procs) / 1024, 1),
           "threads": max(x["p"].peak["Threads"] for x in procs),
           "others_cpu": noise.others(sum(sum(c) for c in cpu) + seed_cpu), "load": os.getloadavg()[0]}
    if ok and not a.keep:
        shutil.rmtree(base, ignore_errors=True)
    elif not ok:
        for x in procs:
            try:
                tail = open(os.path.join(x["f"]["cfg"], "log"), errors="replace").read()[-600:]
            except OSError:
                tail = ""
            sys.stderr.write(f"--- {label} failed (rc {x['p'].rc}): {tail}\n")
        if not a.keep:
            shutil.rmtree(base, ignore_errors=True)
    return rec


def main():
    ap = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ap.add_argument("--leecher", action="append", help="name or [LABEL=]COMMAND; may repeat")
    ap.add_argument("--seeder", default="libtorrent", help="name or COMMAND (serves {dir} on {port})")
    ap.add_argument("--size", default="2G"), ap.add_argument("--piece", default="1M")
    ap.add_argument("--runs", type=int, default=5), ap.add_argument("--warmup", type=int, default=1)
    ap.add_argument("--seeders", type=int, default=1), ap.add_argument("--leechers", type=int, default=1)
    ap.add_argument("--tracker", default="ours")
    ap.add_argument("--work", help="folder for the data (a disk or /dev/shm); default: a temp folder")
    ap.add_argument("--zeros", action="store_true", help="sparse source of zeros (memory scaling runs)")
    ap.add_argument("--json", help="append one line per run to this file")
    ap.add_argument("--timeout", type=float, default=300), ap.add_argument("--nice", type=int, default=0)
    ap.add_argument("--quiet", type=float, default=0.25, help="wait until busy CPU share is below this")
    ap.add_argument("--patience", type=float, default=30, help="... for at most this many seconds")
    ap.add_argument("--keep", action="store_true"), ap.add_argument("--no-compare", action="store_true")
    a = ap.parse_args()
    B.isolate(a.nice)
    leechers = [P.as_peer(s, P.LEECHERS) for s in (a.leecher or ["libtorrent", "aria2", "ours"])]
    size, piece = B.size_arg(a.size), B.size_arg(a.piece)
    if a.work:
        os.makedirs(a.work, exist_ok=True)
    work = tempfile.mkdtemp(prefix="btbench-", dir=a.work)
    os.chmod(work, 0o755)
    seeds, tracker = [], None
    try:
        name = f"payload-{a.size}.bin"
        source = B.make_file(os.path.join(work, "src", name), size, sparse=a.zeros)
        torrent = os.path.join(work, "t.torrent")
        cfg = os.path.join(work, "tracker")
        os.makedirs(cfg)
        ih, npieces = B.write_torrent(torrent, source, None, piece, a.zeros)
        tname, tracker, tport = start_tracker(a.tracker, cfg, [ih])
        B.write_torrent(torrent, source, f"http://127.0.0.1:{tport}/announce", piece, a.zeros)
        sname, sspec = P.as_peer(a.seeder, P.SEEDERS)
        for i in range(a.seeders):
            scfg = os.path.join(work, f"seed{i}")
            os.makedirs(scfg)
            f = {"torrent": torrent, "dir": os.path.dirname(source), "port": B.free_port(), "cfg": scfg,
                 "done": os.path.join(scfg, "done"), "name": name}
            seeds.append(start_peer(sspec, f, os.path.join(scfg, "log")))
            if not B.wait_for(lambda: B.probe_seed(f["port"], ih, npieces), 120, 0.1):
                with open(os.path.join(scfg, "log"), errors="replace") as log:
                    sys.exit("seeder is not complete: " + log.read()[-800:])
        time.sleep(1.0)                                 # let the seeders' announces reach the tracker
        ctx = {"torrent": torrent, "source": source, "payload": size, "work": work, "seeder": sname,
               "tracker": tname}
        print("#", B.machine(), flush=True)
        rows = []
        for n in range(-a.warmup, a.runs):
            for label, spec in leechers:
                r = one_run(a, label, spec, seeds, ctx, n)
                if n >= 0:
                    B.emit(r, a.json)
                    rows.append(r)
                if not r["ok"]:
                    sys.stderr.write(f"{label} run {n}: not ok\n")
        ref = None
        out = []
        for label, _ in leechers:
            good = [r for r in rows if r["leecher"] == label and r["ok"]]
            m = {k: B.med(good, k) for k in ("wall", "mb_s", "rate_mb_s", "cpu_user", "cpu_sys", "cpu",
                                            "seed_cpu", "rss_mib", "anon_mib", "lead_s", "others_cpu")}
            if ref is None and m["wall"]:
                ref = m
            ws = [r["wall"] for r in good]
            out.append([label, len(good), B.fmt(m["wall"]), f"{B.fmt(min(ws))}-{B.fmt(max(ws))}" if ws else "-",
                        B.fmt(m["mb_s"], 0), B.fmt(m["rate_mb_s"], 0), B.fmt(m["cpu"]), B.fmt(m["cpu_user"]),
                        B.fmt(m["cpu_sys"]), B.fmt(m["seed_cpu"]), B.fmt(m["rss_mib"], 0), B.fmt(m["anon_mib"], 0),
                        B.fmt(m["lead_s"]), B.fmt(m["wall"] / ref["wall"]) if m["wall"] else "-",
                        B.fmt(m["cpu"] / ref["cpu"]) if m["wall"] else "-", B.fmt(m["others_cpu"])])
        B.table(f"{a.seeders} x {sname} -> {a.leechers} leecher(s), {a.size}, {a.work or 'temp folder'}, tracker {tname}",
                ["leecher", "ok", "wall s", "min-max", "MB/s", "rate MB/s", "cpu s", "user", "sys", "seed cpu",
                 "RSS MiB", "anon", "lead s", "wall ratio", "cpu ratio", "others cpu"], out)
    finally:
        for s in seeds:
            s.stop(2.0)
        if tracker:
            tracker.stop(2.0)
        if not a.keep:
            shutil.rmtree(work, ignore_errors=True)


if __name__ == "__main__":
    main()
