#!/usr/bin/env python3
"""Time parsing metainfo: a 20,000-file torrent, and one with a very long piece table.

  parse.py --parser libtorrent --parser ours --runs 5

A parser command reads {file} {n} times and prints one JSON line with at least bdecode_us and
torrent_info_us (medians of an iteration, in microseconds).
"""
import argparse, os, random, shutil, tempfile
import benchlib as B

PARSERS = {
    "libtorrent": "{parse_lt} {file} {n}",
    "ours": "{parse_ours} {file} {n}",
}


def many_files(path, count=20000, pieces=4096):
    rnd = random.Random(3)
    files = [{"length": rnd.randint(1024, 65536), "path": [f"dir{i % 100:03d}", f"file{i:06d}.bin"]} for i in range(count)]
    # lengths must add up to the piece table: the last file takes what is left
    files[-1]["length"] += max(0, pieces * B.MIB - sum(f["length"] for f in files))
    info = {"name": "tree", "piece length": B.MIB, "files": files, "pieces": rnd.randbytes(20 * pieces)}
    open(path, "wb").write(B.bencode({"announce": "http://127.0.0.1:6969/announce", "info": info}))


def many_pieces(path, pieces=262144):
    rnd = random.Random(4)
    info = {"name": "big.bin", "piece length": 256 * B.KIB, "length": pieces * 256 * B.KIB, "pieces": rnd.randbytes(20 * pieces)}
    open(path, "wb").write(B.bencode({"announce": "http://127.0.0.1:6969/announce", "info": info}))


def main():
    ap = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ap.add_argument("--parser", action="append"), ap.add_argument("--runs", type=int, default=5)
    ap.add_argument("--iterations", type=int, default=50), ap.add_argument("--json"), ap.add_argument("--nice", type=int, default=0)
    a = ap.parse_args()
    B.isolate(a.nice)
    parsers = [(p, PARSERS[p]) if p in PARSERS else tuple(p.split("=", 1)) for p in (a.parser or list(PARSERS))]
    work = tempfile.mkdtemp(prefix="btbench-")
    print("#", B.machine(), flush=True)
    try:
        for title, make in (("20,000 files, 4096 pieces", many_files), ("1 file, 262,144 pieces", many_pieces)):
            path = os.path.join(work, "x.torrent")
            make(path)
            rows = []
            for n in range(a.runs):
                for label, cmd in parsers:
                    r = B.run_json(cmd.format(file=path, n=a.iterations, parse_lt=B.tool("parse_lt"),
                                              parse_ours=B.tool("parse_ours")), 120)
                    r = {"bench": "parse", "what": title, "label": label, "run": n, **r}
                    B.emit(r, a.json)
                    rows.append(r)
            ref, out = None, []
            for label, _ in parsers:
                g = [r for r in rows if r["label"] == label and "bdecode_us" in r]
                m = {k: B.med(g, k) for k in ("bdecode_us", "torrent_info_us", "rss_mib", "bytes")}
                if not g:
                    continue
                ref = ref or m
                out.append([label, len(g), int(m["bytes"]), B.fmt(m["bdecode_us"], 0), B.fmt(m["bytes"] / m["bdecode_us"], 0),
                            B.fmt(m["torrent_info_us"], 0), B.fmt(m["bytes"] / m["torrent_info_us"], 0), B.fmt(m["rss_mib"], 1),
                            B.fmt(m["bdecode_us"] / ref["bdecode_us"]), B.fmt(m["torrent_info_us"] / ref["torrent_info_us"])])
            B.table("parse: " + title, ["parser", "n", "bytes", "bdecode us", "MB/s", "metainfo us", "MB/s", "RSS MiB",
                                        "bdecode ratio", "metainfo ratio"], out)
    finally:
        shutil.rmtree(work, ignore_errors=True)


if __name__ == "__main__":
    main()
