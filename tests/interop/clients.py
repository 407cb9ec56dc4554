"""Other clients and trackers, and how to start each of them. Their habits on loopback:

  transmission  never dials 127.0.0.0/8 (3.00), so the other side has to; knows a peer by its
                address alone; unchokes on a 10 s clock and paces its uploads to about 1 MB/s
                here; makes no empty files.
  aria2         waits about 3 s before its first connection; with a magnet link it announces left=0, so
                a tracker that tells seeds of no other seed tells it of none.
  rtorrent      knows a peer by its address alone, too: of several at one address it keeps one; asks
                nothing of a peer that connects while it starts; decides on a 30 s clock whether to
                ask a peer again that was choked, or had nothing for it, in between.
  opentracker   Debian's serves only the info-hashes on a list; as root it changes its root to the
                folder of that list and becomes `nobody`."""
import base64
import json
import os
import shutil
import subprocess
import sys
import urllib.error
import urllib.parse
import urllib.request

from desk import PATIENCE, SKIPPED, free_port, listening, note

HERE = os.path.dirname(os.path.abspath(__file__))
COTORRA = os.environ.get("COTORRA", "cotorra")
# The programs that a test needs, and their Debian packages.
PROGRAMS = {"libtorrent": (None, "python3-libtorrent"), "aria2": ("aria2c", "aria2"),
            "transmission": ("transmission-daemon", "transmission-daemon"),
            "rtorrent": ("rtorrent", "rtorrent"), "opentracker": ("opentracker", "opentracker"),
            "opentracker-over-udp": ("opentracker", "opentracker"),
            "mktorrent": ("mktorrent", "mktorrent"), "valgrind": ("valgrind", "valgrind"),
            "transmission-create": ("transmission-create", "transmission-cli"), "tshark": ("tshark", "tshark")}


def want(*clients):
    """Ends this test as skipped (in CI: as failed) if one of them is not installed."""
    for client in clients:
        program, package = PROGRAMS.get(client, (None, None))
        if package is None:
            continue
        if program:
            there = shutil.which(program, path=os.environ.get("PATH", "") + ":/usr/sbin:/sbin")
        else:
            there = subprocess.run([sys.executable, "-c", "import libtorrent"], capture_output=True).returncode == 0
        if there:
            continue
        lacking = f"{client} is not installed: apt-get install --no-install-recommends {package}"
        if os.environ.get("CI") == "true":
            print("FAILED: CI runs every test, and", lacking)
            sys.exit(1)
        note("skipped: " + lacking)
        sys.exit(SKIPPED)


def at(host, port):
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"


# ---- trackers: each gives (process, announce URL)

def our_tracker(desk, _info_hash, host="127.0.0.1"):
    tracker = desk.start("our tracker", [COTORRA, "tracker", "--listen", at(host, 0)])
    desk.wait("our tracker's address", lambda: "/announce\n" in tracker.text(), [tracker])
    return tracker, tracker.text().split()[1]


def opentracker(desk, info_hash):
    port, folder = free_port(), desk.folder("opentracker")
    with open(os.path.join(folder, "whitelist"), "w") as out:
        out.write(info_hash + "\n")
    os.chmod(folder, 0o755)
    command = ["opentracker", "-i", "127.0.0.1", "-p", port, "-P", port, "-d", folder, "-w", "whitelist"]
    if os.geteuid() == 0 and open("/proc/self/uid_map").read().split()[2] == "1":
        command = ["unshare", "--user", "--map-user=65534", "--map-group=65534"] + command
    tracker = desk.start("opentracker", command, {"PATH": os.environ["PATH"] + ":/usr/sbin:/usr/bin"})
    desk.wait("opentracker to listen", lambda: listening(port), [tracker])
    return tracker, f"http://127.0.0.1:{port}/announce"


def opentracker_over_udp(desk, info_hash):
    """The same program on the same port, asked over UDP (BEP 15)."""
    tracker, url = opentracker(desk, info_hash)
    return tracker, url.replace("http://", "udp://")


TRACKERS = {"ours": our_tracker, "opentracker": opentracker, "opentracker-over-udp": opentracker_over_udp}


def announced(url, info_hash, port):
    """Does the tracker tell a newcomer of the peer on this port? The newcomer leaves at once.
    On IPv6 it looks in "peers6" (BEP 7)."""
    peers = b"6:peers6" if "//[" in url else b"5:peers"
    url = url.replace("udp://", "http://")                  # opentracker answers both on one port
    ask = (f"{url}?info_hash={urllib.parse.quote(bytes.fromhex(info_hash))}&peer_id=-XX0001-looks-around"
           f"&port=9&uploaded=0&downloaded=0&left=1&compact=1&numwant=50&event=")
    try:
        with urllib.request.urlopen(ask + "started", timeout=PATIENCE) as answer:
            found = port.to_bytes(2, "big") in answer.read().partition(peers)[2]
        urllib.request.urlopen(ask + "stopped", timeout=PATIENCE).close()
        return found
    except OSError:
        return False


# ---- peers. A seeder is ready when it is started and has its data checked; a leecher gives
#      (process, "is it complete?"). A sharer is a leecher that keeps what is there already and goes on
#      seeding when complete.

def lt_peer(desk, role, torrent, folder, port, host="127.0.0.1"):
    return desk.start("libtorrent", [sys.executable, "-B", os.path.join(HERE, "lt_peer.py"), role, torrent,
                                     folder, port, host])


def libtorrent_seeder(desk, torrent, folder, port, host="127.0.0.1"):
    return lt_peer(desk, "seed", torrent, folder, port, host)


def libtorrent_leecher(desk, torrent, folder, port, host="127.0.0.1"):
    leecher = lt_peer(desk, "leech", torrent, folder, port, host)
    return leecher, lambda: leecher.popen.poll() == 0


def libtorrent_sharer(desk, torrent, folder, port, host="127.0.0.1"):
    sharer = lt_peer(desk, "share", torrent, folder, port, host)
    return sharer, lambda: "\ncomplete\n" in sharer.text()


ARIA2 = ("aria2c --no-conf --enable-dht=false --enable-dht6=false --bt-enable-lpd=false "
         "--enable-peer-exchange=false --disable-ipv6=true --bt-require-crypto=false "
         "--bt-min-crypto-level=plain --allow-overwrite=true --summary-interval=0 "
         "--show-console-readout=false --follow-torrent=mem --file-allocation=none").split()


def aria2_seeder(desk, torrent, folder, port):
    return desk.start("aria2", ARIA2 + [f"--dir={folder}", f"--listen-port={port}", "--seed-ratio=0.0",
                                        "--check-integrity=true", "--bt-hash-check-seed=true", torrent])


def aria2_leecher(desk, torrent, folder, port):
    leecher = desk.start("aria2", ARIA2 + [f"--dir={folder}", f"--listen-port={port}", "--seed-time=0", torrent])
    return leecher, lambda: leecher.popen.poll() == 0


def aria2_sharer(desk, torrent, folder, port, host):
    hook, done = os.path.join(desk.folder("aria2"), "complete.sh"), os.path.join(desk.folder("aria2"), "complete")
    with open(hook, "w") as out:
        out.write(f"#!/bin/sh\n: >'{done}'\n")
    os.chmod(hook, 0o755)
    sharer = desk.start("aria2", ARIA2 + [f"--dir={folder}", f"--listen-port={port}", "--seed-ratio=0.0",
                                          "--check-integrity=true", f"--interface={host}",
                                          f"--on-bt-download-complete={hook}", torrent])
    return sharer, lambda: os.path.exists(done)


def rtorrent_sharer(desk, torrent, folder, port, host="127.0.0.1"):
    """Without its screen. It checks what is there when it loads the torrent."""
    settings = desk.folder("rtorrent")
    rc, done = os.path.join(settings, "rc"), os.path.join(settings, "complete")
    with open(rc, "w") as out:
        out.write(f"""system.daemon.set = true
directory.default.set = {folder}
session.path.set =
network.port_range.set = {port}-{port}
network.port_random.set = no
network.bind_address.set = {host}
protocol.encryption.set = none
protocol.pex.set = no
dht.mode.set = disable
trackers.use_udp.set = no
method.set_key = event.download.finished,test_done,"execute=touch,{done}"
load.start = {torrent}
""")
    sharer = desk.start("rtorrent", ["rtorrent", "-n", "-o", f"import={rc}"], {"TERM": "dumb"})
    desk.wait("rtorrent to listen", lambda: listening(port), [sharer])
    return sharer, lambda: os.path.exists(done)


def rtorrent_seeder(desk, torrent, folder, port):
    return rtorrent_sharer(desk, torrent, folder, port)[0]


class Transmission:
    """transmission-daemon in the foreground, steered over its RPC."""

    def __init__(self, desk, torrent, folder, port, host="127.0.0.1"):
        settings, self.rpc, self.session = desk.folder("transmission"), free_port(), ""
        with open(os.path.join(settings, "settings.json"), "w") as out:
            json.dump({"utp-enabled": False, "dht-enabled": False, "lpd-enabled": False, "pex-enabled": False,
                       "encryption": 0, "bind-address-ipv4": host, "bind-address-ipv6": "::1",
                       "port-forwarding-enabled": False, "peer-port": port, "rpc-enabled": True,
                       "rpc-bind-address": "127.0.0.1", "rpc-port": self.rpc, "rpc-whitelist": "127.0.0.1",
                       "rpc-authentication-required": False, "rename-partial-files": False,
                       "ratio-limit-enabled": False, "message-level": 2, "default-trackers": ""}, out)
        self.process = desk.start("transmission", ["transmission-daemon", "-f", "-g", settings])
        desk.wait("transmission to listen", lambda: listening(self.rpc) and listening(port), [self.process])
        if torrent.startswith("magnet:"):
            what = {"filename": torrent}
        else:
            with open(torrent, "rb") as file:
                what = {"metainfo": base64.b64encode(file.read()).decode()}
        self.ask("torrent-add", what | {"download-dir": folder, "paused": False})

    def ask(self, method, arguments):
        request = urllib.request.Request(
            f"http://127.0.0.1:{self.rpc}/transmission/rpc",
            json.dumps({"method": method, "arguments": arguments}).encode(),
            {"X-Transmission-Session-Id": self.session})
        try:
            with urllib.request.urlopen(request, timeout=PATIENCE) as answer:
                return json.load(answer)["arguments"]
        except urllib.error.HTTPError as error:
            if error.code != 409:
                raise
            self.session = error.headers["X-Transmission-Session-Id"]
            return self.ask(method, arguments)

    def complete(self):
        states = self.ask("torrent-get", {"fields": ["leftUntilDone", "status", "metadataPercentComplete"]})
        return all(state["metadataPercentComplete"] == 1 and state["leftUntilDone"] == 0 and state["status"] == 6 for state in states["torrents"])


def transmission_seeder(desk, torrent, folder, port):
    daemon = Transmission(desk, torrent, folder, port)
    desk.wait("transmission to check its files", daemon.complete, [daemon.process])
    return daemon.process


def transmission_leecher(desk, torrent, folder, port, host="127.0.0.1"):
    daemon = Transmission(desk, torrent, folder, port, host)
    return daemon.process, daemon.complete


def our_seeder(desk, torrent, folder, port, host="127.0.0.1"):
    seeder = desk.start("our seeder", [COTORRA, "seed", torrent, folder, "--listen", at(host, port)])
    desk.wait("our seeder to have checked its files", lambda: "seeding: " in seeder.text(), [seeder])
    return seeder


def our_leecher(desk, torrent, folder, port, host="127.0.0.1"):
    leecher = desk.start("our leecher", [COTORRA, "download", torrent, "-o", folder, "--listen", at(host, port)])
    return leecher, lambda: leecher.popen.poll() == 0


def our_sharer(desk, torrent, folder, port, host="127.0.0.1", peers=()):
    sharer = desk.start("cotorra", [COTORRA, "download", torrent, "-o", folder, "--seed", "--json",
                                    "--listen", at(host, port)] + [f"--peer={peer}" for peer in peers])
    return sharer, lambda: any(line.get("state") == "seeding" for line in json_lines(sharer.text()))


def json_lines(text):
    """What our program said with --json; a line that is still being written waits."""
    return [json.loads(line) for line in text.splitlines(keepends=True)
            if line.startswith("{") and line.endswith("}\n")]


SEEDERS = {"libtorrent": libtorrent_seeder, "aria2": aria2_seeder, "transmission": transmission_seeder,
           "rtorrent": rtorrent_seeder, "ours": our_seeder}
LEECHERS = {"libtorrent": libtorrent_leecher, "aria2": aria2_leecher, "transmission": transmission_leecher,
            "rtorrent": rtorrent_sharer, "ours": our_leecher}
SHARERS = {"libtorrent": libtorrent_sharer, "aria2": aria2_sharer, "transmission": transmission_leecher,
           "rtorrent": rtorrent_sharer, "ours": our_sharer}
NEVER_DIALS_LOOPBACK = ("transmission",)
PACES_ITSELF = ("transmission",)
MAKES_NO_EMPTY_FILES = ("transmission",)
