"""The engine under libtorrent's names: two sessions in one Python, on loopback."""
import hashlib
import os
import random
import subprocess
import sys
import tempfile
import time

from module import MODULE, cotorra, refused, run_all
from desk import PATIENCE, own_network

PIECE = 64 * 1024


def wait(what, condition):
    end = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < end, "too slow: " + what
        time.sleep(0.02)


class Pair:
    """A seeder and a leecher that have met; the seeder may be slow, until it is told to hurry."""

    def __init__(self, size=1_000_000, **seeder_settings):
        self.folder = tempfile.TemporaryDirectory(prefix="cotorra-")
        self.data = random.Random(1).randbytes(size)
        self.here, self.there = (os.path.join(self.folder.name, x) for x in ("here", "there"))
        os.mkdir(self.here), os.mkdir(self.there)
        with open(os.path.join(self.there, "a.bin"), "wb") as out:
            out.write(self.data)
        hashes = [hashlib.sha1(self.data[i:i + PIECE]).digest() for i in range(0, size, PIECE)]
        info = {"name": "a.bin", "piece length": PIECE, "length": size, "pieces": b"".join(hashes)}
        self.ti = cotorra.torrent_info({"info": info})
        self.start_seeder(0, **seeder_settings)
        self.leecher = cotorra.session({"listen_interfaces": "127.0.0.1:0"})
        params = cotorra.add_torrent_params()
        params.ti, params.save_path = self.ti, self.here
        params.peers = [("127.0.0.1", self.seeder.listen_port())]
        self.torrent = self.leecher.add_torrent(params)

    def start_seeder(self, port, **settings):
        self.seeder = cotorra.session({"listen_interfaces": f"127.0.0.1:{port}", **settings})
        self.seed = self.seeder.add_torrent({"ti": self.ti, "save_path": self.there})
        wait("the seeder's check", lambda: self.seed.status().is_seeding)

    def hurry(self):
        """The seeder comes again at its port, without its limit."""
        port = self.seeder.listen_port()
        del self.seeder
        self.start_seeder(port)
        assert self.seeder.listen_port() == port

    def __del__(self):
        self.seeder = self.leecher = None       # they write until they end: then the folder may go


def test_a_download_comes_to_its_end():
    p = Pair()
    wait("the download", lambda: p.torrent.status().is_finished)
    s = p.torrent.status()
    assert s.state == cotorra.torrent_status.states.seeding and "abcdef"[s.state] == "f"
    assert (s.progress, s.total_payload_download, s.has_metadata) == (1, 1_000_000, True)
    assert s.num_pieces == p.ti.num_pieces() and all(s.pieces)
    assert str(s.info_hash) == str(p.ti.info_hash())
    with open(os.path.join(p.here, "a.bin"), "rb") as got:
        assert got.read() == p.data
    assert p.seed.status().total_payload_upload == 1_000_000


def test_a_pause_holds_and_resume_goes_on():
    p = Pair(upload_rate_limit=20_000)          # a minute, to have time for what we do meanwhile
    wait("the first piece", lambda: p.torrent.status().num_pieces > 0)
    s = p.torrent.status()
    assert s.state == cotorra.torrent_status.states.downloading
    assert s.num_seeds == 1 and s.num_peers == 1 and 0 < s.progress < 1
    p.torrent.pause()
    wait("the pause", lambda: p.torrent.status().num_peers == 0)
    before = p.torrent.status().total_payload_download
    time.sleep(0.3)
    assert p.torrent.status().paused and p.torrent.status().total_payload_download == before
    p.hurry()
    p.torrent.resume()
    wait("the rest", lambda: p.torrent.status().is_finished)


def test_a_removed_torrent_is_gone_and_says_so():
    p = Pair()
    assert len(p.leecher.get_torrents()) == 1
    p.leecher.remove_torrent(p.torrent)
    wait("the goodbye", lambda: not p.torrent.is_valid())
    assert "not in the session any more" in refused(ValueError, p.torrent.status)
    assert p.leecher.get_torrents() == []


def test_an_ended_session_says_so():
    p = Pair()
    del p.leecher
    assert "has ended" in refused(ValueError, p.torrent.status)
    assert not p.torrent.is_valid()


def test_handles_of_one_torrent_are_equal():
    p = Pair()
    assert p.leecher.get_torrents() == [p.torrent] and p.torrent != p.seed and p.torrent != "text"
    assert {p.torrent, *p.leecher.get_torrents()} == {p.torrent} and len({p.torrent, p.seed}) == 2


def test_a_taken_port_is_no_reason_to_give_up():
    one = cotorra.session({"listen_interfaces": "127.0.0.1:0"})
    other = cotorra.session({"listen_interfaces": f"127.0.0.1:{one.listen_port()}"})
    assert one.listen_port() < other.listen_port() <= one.listen_port() + 10


def test_what_cannot_be_done_is_refused_in_a_sentence():
    s = cotorra.session({"listen_interfaces": "127.0.0.1:0", "enable_dht": False})
    params = cotorra.add_torrent_params()
    assert "params.ti" in refused(ValueError, s.add_torrent, params)
    params.url = "magnet:?xt=urn:btih:" + "a" * 40
    assert "magnet links come in a later version" in refused(ValueError, s.add_torrent, params)
    assert "ADDRESS:PORT" in refused(ValueError, cotorra.session, {"listen_interfaces": "everywhere"})
    refused(ValueError, cotorra.session, {"enable_dht": True})
    refused(KeyError, cotorra.session, {"no_such_setting": 1})


def test_a_handle_tells_of_its_peers_trackers_and_files():
    p = Pair(upload_rate_limit=20_000)
    wait("the first piece", lambda: p.torrent.status().num_pieces > 0)
    peer, = p.torrent.get_peer_info()
    assert peer.ip == ("127.0.0.1", p.seeder.listen_port()) and peer.seed and peer.outgoing_connection
    assert peer.total_download > 0 and len(peer.pid) == 20 and "cotorra" in peer.client
    assert p.torrent.trackers() == []
    here, = p.torrent.file_progress()
    assert 0 < here < 1_000_000
    assert p.torrent.name() == "a.bin" and p.torrent.torrent_file().num_files() == 1
    assert p.torrent.info_hash() == p.ti.info_hash()
    p.seeder.apply_settings({"upload_rate_limit": 0})
    assert p.seeder.get_settings() == {"download_rate_limit": 0, "upload_rate_limit": 0}
    wait("the rest", lambda: p.torrent.status().is_finished)
    assert p.torrent.file_progress() == [1_000_000]


def test_the_trackers_of_a_user_are_asked_and_shown_without_passwords():
    s = cotorra.session({"listen_interfaces": "127.0.0.1:0"})
    params = cotorra.add_torrent_params()
    with tempfile.TemporaryDirectory() as params.save_path:
        params.ti = cotorra.torrent_info({"info": {"length": 5, "name": "a", "piece length": 16384,
                                                   "pieces": b"x" * 20}})
        params.trackers = ["http://ann:pw@127.0.0.1:1/x?passkey=pw"]
        t = s.add_torrent(params)
        assert [one["url"] for one in t.trackers()] == ["http://127.0.0.1:1/x"]
        s.remove_torrent(t)


def test_alerts_tell_what_has_changed():
    p = Pair(upload_rate_limit=200_000)
    told = []

    def told_of(kind):
        told.extend(p.leecher.pop_alerts())
        return [a for a in told if isinstance(a, kind)]

    wait("the end", lambda: told_of(cotorra.torrent_finished_alert))
    pieces = told_of(cotorra.piece_finished_alert)
    assert sorted(a.piece_index for a in pieces) == list(range(p.ti.num_pieces()))
    assert all(a.handle == p.torrent and a.torrent_name == "a.bin" for a in told)
    end, = told_of(cotorra.torrent_finished_alert)
    assert end.what() == "torrent_finished" and end.message() == "a.bin torrent_finished"
    assert told_of(cotorra.state_changed_alert)[-1].state == cotorra.torrent_status.states.seeding
    assert p.leecher.pop_alerts() == []
    p.torrent.pause()
    wait("the pause", lambda: told_of(cotorra.torrent_paused_alert))
    p.torrent.resume()
    wait("what comes after it", lambda: told_of(cotorra.torrent_resumed_alert))


def test_an_alert_tells_of_a_tracker_that_fails():
    s = cotorra.session({"listen_interfaces": "127.0.0.1:0"})
    params = cotorra.add_torrent_params()
    with tempfile.TemporaryDirectory() as params.save_path:
        params.ti = cotorra.torrent_info({"info": {"length": 5, "name": "a", "piece length": 16384,
                                                   "pieces": b"x" * 20}})
        params.trackers = ["http://ann:pw@127.0.0.1:1/announce", "http://127.0.0.1:1/admin", "wss://127.0.0.1:1"]
        t, told, unusable = s.add_torrent(params), [], []

        def failed():
            for a in s.pop_alerts():
                if isinstance(a, cotorra.tracker_error_alert):
                    (unusable if a.url.startswith("wss:") else told).append(a)
            return told and unusable
        wait("the trackers' errors", failed)
        failed()
        assert len(unusable) == 1, "it is no news that a tracker is still unusable"
        local, = [a for a in told if a.url.endswith("/admin")]
        assert "refused" not in local.error_message().lower(), "it led into our own network"
        assert told[0].url == "http://127.0.0.1:1/announce" and told[0].handle == t, told
        assert "refused" in told[0].error_message().lower() and "pw" not in repr(told), told
        s.remove_torrent(t)


def test_settings_that_cannot_change_are_refused():
    s = cotorra.session({"listen_interfaces": "127.0.0.1:0"})
    assert "while a session runs" in refused(ValueError, s.apply_settings, {"connections_limit": 3})
    refused(KeyError, s.apply_settings, {"no_such_setting": 1})


def test_what_is_printed_says_what_it_is():
    p = Pair()
    assert "a.bin" in repr(p.ti) and str(p.ti.info_hash()) in repr(p.ti)
    assert repr(p.torrent) == "<torrent_handle a.bin>"
    assert repr(p.torrent.status()).startswith("<torrent_status of a.bin: ")
    assert "a.bin" in repr(p.ti.files()[0])


SESSION = """
import cotorra, os, sys, threading, time
s = cotorra.session({'listen_interfaces': '127.0.0.1:0'})
"""


def run_python(program, before=SESSION):
    """Runs it in a Python of its own, which must print "end" and nothing else."""
    quiet = ["-W", "ignore:This process:DeprecationWarning"] # Python 3.12's word on a fork beside threads
    run = subprocess.run([sys.executable, *quiet, "-c", before + program], capture_output=True, text=True,
                         timeout=PATIENCE,
                         env=dict(os.environ, PYTHONPATH=MODULE))
    assert (run.returncode, run.stdout, run.stderr) == (0, "end\n", ""), run


def test_python_may_end_while_sessions_live():
    run_python("keep = [s, cotorra.session({'listen_interfaces': '127.0.0.1:0'})]\n"
               "keep.append(keep)\n"               # a ring: nobody destroys it before the end
               "print('end')\n")


def test_python_may_end_while_threads_call():
    for _ in range(5):
        run_python("def ask():\n"
                   "    while True:\n"
                   "        try:\n            s.get_torrents()\n"
                   "        except ValueError:\n            pass\n"
                   "for _ in range(4):\n    threading.Thread(target=ask, daemon=True).start()\n"
                   "time.sleep(0.1)\n"
                   "print('end')\n")


def test_no_session_starts_when_python_ends():
    run_python("import atexit\n"
               "def late():\n"
               "    try:\n        cotorra.session({'listen_interfaces': '127.0.0.1:0'})\n"
               "    except ValueError as e:\n        print('end' if 'Python is ending' in str(e) else e)\n"
               "atexit.register(late)\n"           # what is registered first is called last
               "import cotorra\n", before="")


def test_a_fork_leaves_the_session_with_the_parent():
    for leave in "os._exit(0)", "sys.exit(0)":      # without what Python does at its end, and with it
        run_python("child = os.fork()\n"
                   "if child == 0:\n"
                   "    try:\n        s.listen_port()\n        os._exit(1)\n"
                   "    except ValueError as e:\n        assert 'stayed with the process' in str(e), e\n"
                   "    del s\n"
                   "    other = cotorra.session({'listen_interfaces': '127.0.0.1:0'})\n"
                   "    assert other.listen_port() != 0\n"
                   f"    {leave}\n"
                   "assert os.waitpid(child, 0)[1] == 0\n"
                   "assert s.listen_port() != 0\n"
                   "print('end')\n")


own_network()
sys.exit(run_all(globals()))
