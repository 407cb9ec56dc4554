"""The clients and trackers of the world, and how each is started. Their habits on loopback:

  transmission  never dials 127.0.0.0/8 (3.00), so the other side has to; knows a peer by its
                address alone; unchokes on a 10 s clock and paces its uploads to about 1 MB/s
                here; makes no empty files.
  aria2         waits about 3 s before its first connection.
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

from desk import SKIPPED, free_port, listening, note

HERE = os.path.dirname(os.path.abspath(__file__))
COTORRA = os.environ.get("COTORRA", "cotorra")
# What has to be there, and the Debian package that it is in.
PROGRAMS = {"libtorrent": (None, "python3-libtorrent"), "aria2": ("aria2c", "aria2"),
            "transmission": ("transmission-daemon", "transmission-daemon"),
            "opentracker": ("opentracker", "opentracker")}


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


# ---- trackers: each gives (process, announce URL)

def our_tracker(desk, _info_hash):
    tracker = desk.start("our tracker", [COTORRA, "tracker", "--listen", "127.0.0.1:0"])
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


TRACKERS = {"ours": our_tracker, "opentracker": opentracker}


def announced(url, info_hash, port):
    """Does the tracker tell a newcomer of the peer on this port? The newcomer leaves at once."""
    ask = (f"{url}?info_hash={urllib.parse.quote(bytes.fromhex(info_hash))}&peer_id=-XX0001-looks-around"
           f"&port=9&uploaded=0&downloaded=0&left=1&compact=1&numwant=50&event=")
    try:
        with urllib.request.urlopen(ask + "started", timeout=5) as answer:
            found = port.to_bytes(2, "big") in answer.read().split(b"5:peers", 1)[-1]
        urllib.request.urlopen(ask + "stopped", timeout=5).close()
        return found
    except OSError:
        return False


# ---- peers. A seeder is ready when it is started and has its data checked; a leecher gives
#      (process, "is it complete?").

def lt_command(role, torrent, folder, port):
    return [sys.executable, "-B", os.path.join(HERE, "lt_peer.py"), role, torrent, folder, port]


def libtorrent_seeder(desk, torrent, folder, port):
    return desk.start("libtorrent", lt_command("seed", torrent, folder, port))


def libtorrent_leecher(desk, torrent, folder, port):
    leecher = desk.start("libtorrent", lt_command("leech", torrent, folder, port))
    return leecher, lambda: leecher.popen.poll() == 0


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


class Transmission:
    """transmission-daemon in the foreground, steered over its RPC."""

    def __init__(self, desk, torrent, folder, port):
        settings, self.rpc, self.session = desk.folder("transmission"), free_port(), ""
        with open(os.path.join(settings, "settings.json"), "w") as out:
            json.dump({"utp-enabled": False, "dht-enabled": False, "lpd-enabled": False, "pex-enabled": False,
                       "encryption": 0, "bind-address-ipv4": "127.0.0.1", "bind-address-ipv6": "::1",
                       "port-forwarding-enabled": False, "peer-port": port, "rpc-enabled": True,
                       "rpc-bind-address": "127.0.0.1", "rpc-port": self.rpc, "rpc-whitelist": "127.0.0.1",
                       "rpc-authentication-required": False, "rename-partial-files": False,
                       "ratio-limit-enabled": False, "message-level": 2, "default-trackers": ""}, out)
        self.process = desk.start("transmission", ["transmission-daemon", "-f", "-g", settings])
        desk.wait("transmission to listen", lambda: listening(self.rpc) and listening(port), [self.process])
        with open(torrent, "rb") as file:
            self.ask("torrent-add", {"metainfo": base64.b64encode(file.read()).decode(),
                                     "download-dir": folder, "paused": False})

    def ask(self, method, arguments):
        request = urllib.request.Request(
            f"http://127.0.0.1:{self.rpc}/transmission/rpc",
            json.dumps({"method": method, "arguments": arguments}).encode(),
            {"X-Transmission-Session-Id": self.session})
        try:
            with urllib.request.urlopen(request, timeout=5) as answer:
                return json.load(answer)["arguments"]
        except urllib.error.HTTPError as error:
            if error.code != 409:
                raise
            self.session = error.headers["X-Transmission-Session-Id"]
            return self.ask(method, arguments)

    def complete(self):
        states = self.ask("torrent-get", {"fields": ["leftUntilDone", "status", "metadataPercentComplete"]})
        return all(state["leftUntilDone"] == 0 and state["status"] == 6 for state in states["torrents"])


def transmission_seeder(desk, torrent, folder, port):
    daemon = Transmission(desk, torrent, folder, port)
    desk.wait("transmission to check its files", daemon.complete, [daemon.process])
    return daemon.process


def transmission_leecher(desk, torrent, folder, port):
    daemon = Transmission(desk, torrent, folder, port)
    return daemon.process, daemon.complete


SEEDERS = {"libtorrent": libtorrent_seeder, "aria2": aria2_seeder, "transmission": transmission_seeder}
LEECHERS = {"libtorrent": libtorrent_leecher, "aria2": aria2_leecher, "transmission": transmission_leecher}
NEVER_DIALS_LOOPBACK = ("transmission",)
PACES_ITSELF = ("transmission",)
MAKES_NO_EMPTY_FILES = ("transmission",)
