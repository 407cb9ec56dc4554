"""The events of a run: events_test.py SCENARIO. Each line of --json is checked against the schema of chapter 12."""
import json
import os
import random
import subprocess
import sys

import metainfo
from clients import COTORRA
from desk import SKIPPED, Desk, free_port, note, run_test, same

try:
    import jsonschema
except ImportError:
    note("skipped: python3-jsonschema is not installed")
    sys.exit(SKIPPED)

SCHEMA = os.path.join(os.path.dirname(os.path.abspath(__file__)), "../../chapters/12-downloader/events.schema.json")
PIECE_LENGTH = 64 << 10
SIZE = (1 << 20) + 12345
TEXT = "utf-8"


def events(process):
    """All lines of its standard output that are JSON, each valid, in the order of time."""
    with open(SCHEMA, encoding=TEXT) as file:
        valid = jsonschema.Draft7Validator(json.load(file))
    told = [json.loads(line) for line in process.text().splitlines() if line.startswith("{")]
    for event in told:
        valid.validate(event)
    times = [event["time"] for event in told]
    assert times == sorted(times), times
    return told


def of_kind(told, kind, **fields):
    return [e for e in told if e["event"] == kind and all(e.get(k) == v for k, v in fields.items())]


def make(desk, name, tracker=""):
    """A file of noise and its .torrent."""
    data = os.path.join(desk.folder("made"), name)
    with open(data, "wb") as out:
        out.write(random.Random(name).randbytes(SIZE))
    torrent = os.path.join(desk.path, name + ".torrent")
    metainfo.write_torrent(torrent, data, tracker, PIECE_LENGTH)
    return data, torrent


def seed(desk, data, torrent, *more):
    port = free_port()
    ours = desk.start("our seed", [COTORRA, "seed", torrent, data, "--json", "--listen", f"127.0.0.1:{port}", *more])
    desk.wait("the seeder", lambda: '"seeding"' in ours.text(), [ours])
    return ours, port


def download(desk, *words):
    return desk.start("our download", [COTORRA, "download", *words, "--json", "--listen", f"127.0.0.1:{free_port()}"])


def several():
    """Two torrents at once on both sides, a peer by its name, a command for each."""
    with Desk() as desk:
        made = [make(desk, "one.bin"), make(desk, "two.bin")]
        (data, torrent), more = made[0], made[1][::-1]
        seeder, port = seed(desk, data, torrent, *more)
        desk.wait("the second torrent", lambda: seeder.text().count('"seeding"') == 2, [seeder])
        got, done = desk.folder("got"), os.path.join(desk.path, "done")
        ours = download(desk, *[torrent for _, torrent in made], "-o", got, "--peer", f"localhost:{port}",
                        "--on-complete", f"echo $COTORRA_NAME >> {done}")
        desk.finish(ours)
        told = events(ours)
        for data, _ in made:
            same(data, os.path.join(got, os.path.basename(data)))
        assert len(of_kind(told, "complete")) == 2
        assert len({e["torrent"] for e in of_kind(told, "piece", what="verified")}) == 2
        assert len(of_kind(told, "piece", what="verified")) == 2 * 17
        assert of_kind(told, "peer", what="connected")
        with open(done, encoding=TEXT) as names:
            assert sorted(names.read().split()) == ["one.bin", "two.bin"]
        seeder.stop()
        stopped = of_kind(events(seeder), "stopped")
        assert [e["uploaded"] for e in stopped] == [SIZE, SIZE] and len({e["torrent"] for e in stopped}) == 2, stopped


def sharing():
    """`complete` is reported at once although sharing goes on; each side ends when it reaches its own goal."""
    with Desk() as desk:
        data, torrent = make(desk, "one.bin")
        seeder, port = seed(desk, data, torrent, "--ratio", "1")
        ours = download(desk, torrent, "-o", desk.folder("got"), "--peer", f"127.0.0.1:{port}", "--seed")
        desk.wait("the complete event", lambda: of_kind(events(ours), "complete"), [ours])
        assert not ours.ended()
        desk.finish(seeder)
        assert of_kind(events(seeder), "stopped")[0]["uploaded"] == SIZE
        ours.stop()
        told = events(ours)
        assert ours.popen.returncode == 0 and told[-1]["event"] == "stopped", told[-1]


def useless():
    """A useless tracker and useless peers: each is named, with the reason."""
    with Desk() as desk:
        dead = free_port()
        data, torrent = make(desk, "one.bin", f"http://127.0.0.1:{dead}/announce")
        other, other_torrent = make(desk, "two.bin")
        _, port = seed(desk, other, other_torrent)
        ours = download(desk, torrent, "-o", desk.folder("got"), "--peer", f"127.0.0.1:{port}",
                        "--peer", f"localhost:{dead}")
        desk.wait("the search", lambda: of_kind(events(ours), "searching"), [ours])
        ours.stop()
        told = events(ours)
        tried = of_kind(told, "searching")[0]["tried"]
        assert any(f"127.0.0.1:{dead}" in line for line in tried), tried
        assert any(f"127.0.0.1:{port}" in line for line in tried), tried
        assert any(line.startswith(f"peer 127.0.0.1:{dead}: ") and "refused" in line.lower() for line in tried), tried
        assert of_kind(told, "tracker", state="unreachable")
        assert of_kind(told, "peer", what="left")
        assert told[-1]["event"] == "stopped" and ours.popen.returncode == 130


def failing():
    """The error that ends a run is an event, too."""
    with Desk() as desk:
        ours = download(desk, os.path.join(desk.path, "nothing.torrent"))
        desk.finish(ours, 1)
        told = events(ours)
        assert [e["event"] for e in told] == ["error"] and told[0]["torrent"] is None, told
        data, torrent = make(desk, "one.bin")
        got = desk.folder("got")
        os.mkdir(os.path.join(got, "one.bin"))               # where the file should be
        ours = download(desk, torrent, "-o", got)
        desk.finish(ours, 1)
        errors = of_kind(events(ours), "error")
        assert len(errors) == 1 and os.path.join(got, "one.bin") in errors[0]["message"], errors


def watched():
    """A folder: what is in it, and what appears there."""
    with Desk() as desk:
        made = [make(desk, "one.bin"), make(desk, "two.bin")]
        seeds = [seed(desk, *one) for one in made]
        folder, got = desk.folder("torrents"), desk.folder("got")
        peers = [word for _, port in seeds for word in ("--peer", f"127.0.0.1:{port}")]
        os.link(made[0][1], os.path.join(folder, "one.torrent"))
        ours = download(desk, "--watch", folder, "-o", got, *peers)
        desk.wait("the first", lambda: len(of_kind(events(ours), "complete")) == 1, [ours])
        os.link(made[1][1], os.path.join(folder, "two.torrent"))
        desk.wait("the second", lambda: len(of_kind(events(ours), "complete")) == 2, [ours])
        ours.stop()
        assert ours.popen.returncode == 0
        for data, _ in made:
            same(data, os.path.join(got, os.path.basename(data)))


if __name__ == "__main__":
    sys.exit(run_test({"several": several, "sharing": sharing, "useless": useless, "failing": failing,
                       "watched": watched}[sys.argv[1]]))
