#!/usr/bin/env python3
"""Time making a .torrent: one big file, and a folder of many small files.

  create.py --tool libtorrent --tool ours --size 4G --files 20000 --runs 5

Tools take turns. The source is read before each run, so that it sits in the page cache.
{src} source, {out} torrent to write, {piece} piece length in bytes, {log2} its logarithm, {kib} in KiB.
"""
import argparse, os, shutil, tempfile
import benchlib as B

TOOLS = {
    "mktorrent-t1": "mktorrent -t 1 -l {log2} -a http://127.0.0.1:6969/announce -o {out} {src}",
    "mktorrent-t2": "mktorrent -t 2 -l {log2} -a http://127.0.0.1:6969/announce -o {out} {src}",
    "transmission-create": "transmission-create -s {kib} -t http://127.0.0.1:6969/announce -o {out} {src}",
    "libtorrent": B.LT_PYTHON + " {bench}/peers/create_lt.py {src} {out} {piece}",
    "ours": "{ours} create {src} -o {out} --piece-length {piece} -a http://127.0.0.1:6969/announce",
    "read-only": "cat-tree",       # replaced below: reading alone
    "openssl-sha1": "openssl-one", # reading and one SHA-1 over everything, for scale
}


def command(spec, src, out, piece):
    if spec == "cat-tree":
        return ["sh", "-c", f'if [ -d "$0" ]; then find "$0" -type f -print0 | xargs -0 cat >/dev/null; else cat "$0" >/dev/null; fi', src]
    if spec == "openssl-one":
        return ["sh", "-c", f'if [ -d "$0" ]; then find "$0" -type f -print0 | xargs -0 cat | openssl dgst -sha1; else exec openssl dgst -sha1 "$0"; fi', src]
    return spec.format(src=src, out=out, piece=piece, kib=piece // 1024, log2=piece.bit_length() - 1,
                       bench=B.HERE, ours=B.OURS)


def main():
    ap = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ap.add_argument("--tool", action="append", help="name or [LABEL=]COMMAND; default: all known")
    ap.add_argument("--size", default="4G"), ap.add_argument("--files", type=int, default=20000)
    ap.add_argument("--piece", default="1M"), ap.add_argument("--tree-piece", default="256K")
    ap.add_argument("--runs", type=int, default=5), ap.add_argument("--work"), ap.add_argument("--json")
    ap.add_argument("--keep-data", help="folder that keeps the source data between calls")
    ap.add_argument("--nice", type=int, default=0), ap.add_argument("--quiet", type=float, default=0.25)
    ap.add_argument("--patience", type=float, default=20)
    a = ap.parse_args()
    B.isolate(a.nice)
    tools = []
    for t in a.tool or list(TOOLS):
        if t in TOOLS:
            tools.append((t, TOOLS[t]))
        else:
            label, cmd = t.split("=", 1) if "=" in t.split(" ", 1)[0] else (t.split()[0], t)
            tools.append((label, cmd))
    work = tempfile.mkdtemp(prefix="btbench-", dir=a.work)
    data = a.keep_data or work
    print("#", B.machine(), flush=True)
    try:
        jobs = []
        if a.size != "0":
            big = B.make_file(os.path.join(data, "create", f"big-{a.size}.bin"), B.size_arg(a.size))
            jobs.append(("file " + a.size, big, B.size_arg(a.piece), os.path.getsize(big)))
        if a.files:
            tree = B.make_tree(os.path.join(data, "create", f"tree-{a.files}"), a.files)
            total = sum(os.path.getsize(os.path.join(d, f)) for d, _, fs in os.walk(tree) for f in fs)
            jobs.append((f"{a.files} files", tree, B.size_arg(a.tree_piece), total))
        for title, src, piece, total in jobs:
            rows = []
            for n in range(a.runs):
                for label, spec in tools:
                    out = os.path.join(work, "out.torrent")
                    if os.path.exists(out):
                        os.unlink(out)
                    B.wait_quiet(a.quiet, a.patience)
                    B.warm(src)
                    r = B.timed(command(spec, src, out, piece), log=os.path.join(work, "log"))
                    r = {"bench": "create", "what": title, "tool": label, "run": n, "bytes": total, **r,
                         "mb_s": round(total / r["wall"] / 1e6, 1),
                         "torrent_bytes": os.path.getsize(out) if os.path.exists(out) else None}
                    B.emit(r, a.json)
                    rows.append(r)
            ref, out = None, []
            for label, _ in tools:
                g = [r for r in rows if r["tool"] == label and r["rc"] == 0]
                if not g:
                    out.append([label] + ["-"] * 10)
                    continue
                m = {k: B.med(g, k) for k in ("wall", "user", "sys", "rss_mib", "mb_s", "others_cpu")}
                m["cpu"] = m["user"] + m["sys"]
                ref = ref or m
                ws = [r["wall"] for r in g]
                out.append([label, len(g), B.fmt(m["wall"]), f"{min(ws):.2f}-{max(ws):.2f}", B.fmt(m["mb_s"], 0), B.fmt(m["user"]),
                            B.fmt(m["sys"]), B.fmt(m["cpu"]), B.fmt(m["rss_mib"], 1), B.fmt(m["wall"] / ref["wall"]),
                            B.fmt(m["cpu"] / ref["cpu"])])
            B.table(f"create: {title} ({total / 1e6:.0f} MB), pieces of {piece} bytes",
                    ["tool", "ok", "wall s", "min-max", "MB/s", "user", "sys", "cpu", "RSS MiB", "wall ratio", "cpu ratio"], out)
    finally:
        shutil.rmtree(work, ignore_errors=True)


if __name__ == "__main__":
    main()
