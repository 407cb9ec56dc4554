#!/usr/bin/env python3
"""The machine's own limits in the units of the other benchmarks: SHA-1, loopback TCP, disk, and the
least work a leecher can do (receive, hash, write). Run it next to the others, in the same session.

  limits.py --size 2G --work FOLDER --runs 5
"""
import argparse, os, shutil, tempfile, time
import benchlib as B


def main():
    ap = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ap.add_argument("--size", default="2G"), ap.add_argument("--work"), ap.add_argument("--runs", type=int, default=5)
    ap.add_argument("--json"), ap.add_argument("--nice", type=int, default=0)
    a = ap.parse_args()
    B.isolate(a.nice)
    size = B.size_arg(a.size)
    work = tempfile.mkdtemp(prefix="btbench-", dir=a.work)
    print("#", B.machine(), flush=True)
    try:
        src = B.make_file(os.path.join(work, "src.bin"), size)
        dst, t = os.path.join(work, "dst.bin"), B.tool("limits")
        jobs = [("sha1 16 KiB", [t, "sha1", "1", "16384"]), ("sha1 1 MiB", [t, "sha1", "1", "1048576"]),
                ("tcp 16 KiB writes", [t, "tcp", str(size), "16384"]), ("tcp 256 KiB writes", [t, "tcp", str(size), "262144"]),
                ("floor, 1 thread", [t, "floor", src, dst, str(B.MIB), "16384"]),
                ("floor, hash in 2nd thread", [t, "floor2", src, dst, str(B.MIB), "16384"])]
        rows = []
        for n in range(a.runs):
            for label, cmd in jobs:
                if os.path.exists(dst):
                    os.unlink(dst)
                os.sync()
                r = {"bench": "limits", "label": label, "run": n, **B.run_json(cmd, 120)}
                B.emit(r, a.json)
                rows.append(r)
            if os.path.exists(dst):
                os.unlink(dst)
            os.sync()
            for label, sync in (("write, page cache", False), ("write + fsync", True)):
                buf = bytes(B.MIB)
                t0 = time.monotonic()
                with open(dst, "wb", 0) as f:
                    for _ in range(size // B.MIB):
                        f.write(buf)
                    if sync:
                        os.fsync(f.fileno())
                w = time.monotonic() - t0
                os.unlink(dst)
                r = {"bench": "limits", "label": label, "run": n, "wall": round(w, 3), "gb_s": round(size / w / 1e9, 3)}
                B.emit(r, a.json)
                rows.append(r)
        out = []
        for label in dict.fromkeys(r["label"] for r in rows):
            g = [r for r in rows if r["label"] == label and "gb_s" in r]
            if g:
                out.append([label, len(g), B.fmt(B.med(g, "gb_s")), f"{min(r['gb_s'] for r in g):.2f}-{max(r['gb_s'] for r in g):.2f}",
                            B.fmt(B.med(g, "wall")), B.fmt(B.med(g, "recv_cpu")), B.fmt(B.med(g, "send_cpu"))])
        B.table(f"limits, {a.size} in {a.work or 'temp folder'}", ["what", "n", "GB/s", "min-max", "wall s", "receiver cpu", "sender cpu"], out)
    finally:
        shutil.rmtree(work, ignore_errors=True)


if __name__ == "__main__":
    main()
