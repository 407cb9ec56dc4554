"""How to start each known peer. A peer is a dict:

  cmd     command template: {torrent} {dir} {port} {done} {cfg} {name} {bench} {ours}
  done    'exit'  = the process ends by itself when the download is complete and verified
          'file'  = it makes the file {done} when complete (daemons); the harness then stops it
  setup   function(cfg_dir, fields): writes its configuration
  env     extra environment

A bare command string given on the command line becomes {'cmd': ..., 'done': 'exit'}, or 'file' if
it contains {done}.
"""
import os

from benchlib import LT_PYTHON


def _done_script(cfg, f):
    with open(os.path.join(cfg, "done.sh"), "w") as o:
        o.write(f"#!/bin/sh\n: > '{f['done']}'\n")
    os.chmod(os.path.join(cfg, "done.sh"), 0o755)


_LT = f"{LT_PYTHON} {{bench}}/peers/lt_peer.py"
ARIA = ("aria2c --no-conf --dir={dir} --enable-dht=false --enable-dht6=false --bt-enable-lpd=false "
        "--enable-peer-exchange=false --listen-port={port} --file-allocation=falloc --bt-max-peers=0 "
        "--bt-require-crypto=false --bt-min-crypto-level=plain --max-overall-upload-limit=0 "
        "--allow-overwrite=true --disable-ipv6=true --summary-interval=0 --console-log-level=warn "
        "--show-console-readout=false --follow-torrent=mem ")
_HIGH = {"LT_PRESET": "high_performance_seed"}

LEECHERS = {
    "libtorrent": {"cmd": _LT + " leech {torrent} {dir} {port}", "done": "exit"},
    "libtorrent-hp": {"cmd": _LT + " leech {torrent} {dir} {port}", "done": "exit", "env": _HIGH},
    # its own exit waits for a last announce and a one-second tick, so take its completion hook
    "aria2": {"cmd": ARIA + "--seed-time=0 --on-bt-download-complete={cfg}/done.sh {torrent}",
              "done": "file", "setup": _done_script},
    "ours": {"cmd": "{ours} download {torrent} -o {dir} --listen 127.0.0.1:{port}", "done": "exit"},
}

SEEDERS = {
    "libtorrent": {"cmd": _LT + " seed {torrent} {dir} {port}"},
    "libtorrent-hp": {"cmd": _LT + " seed {torrent} {dir} {port}", "env": _HIGH},
    "aria2": {"cmd": ARIA + "--seed-ratio=0.0 --check-integrity=true --bt-hash-check-seed=true {torrent}"},
    "ours": {"cmd": "{ours} seed {torrent} {dir} --listen 127.0.0.1:{port}"},
}


def _opentracker(cfg, f):
    # Debian's build only serves torrents on a whitelist.
    with open(os.path.join(cfg, "whitelist"), "w") as o:
        for h in f["hashes"]:
            o.write(h.hex() + "\n")
    # it drops to `nobody`, and looks the list up below the folder it changes its root to
    os.chmod(cfg, 0o755)


TRACKERS = {
    "ours": {"cmd": "{ours} tracker --listen 127.0.0.1:{port}"},
    "opentracker": {"cmd": "opentracker -i 127.0.0.1 -p {port} -P {port} -d {cfg} -w whitelist", "setup": _opentracker},
}


def as_peer(spec, known):
    """A known name, or [LABEL=]COMMAND: (label, peer)."""
    if spec in known:
        return spec, dict(known[spec])
    name = None
    if "=" in spec.split(" ", 1)[0] and not spec.startswith(("/", ".")):
        name, spec = spec.split("=", 1)
        if spec in known:
            return name, dict(known[spec])
    return name or os.path.basename(spec.split()[0]), \
        {"cmd": spec, "done": "file" if "{done}" in spec else "exit"}
