"""The DHT with libtorrent's node as the other one, both ways."""
import json
import os
import subprocess
import sys

from clients import COTORRA, HERE, want
from desk import PATIENCE, Desk, free_port, run_test

FIRST, SECOND = "0123456789abcdef0123456789abcdef01234567", "fedcba9876543210fedcba9876543210fedcba98"
LOCAL = {"COTORRA_LOCAL_ONLY": "1"}


def find(info_hash, node, *words):
    """How the steps of our lookup went, and what it says at its end; None: no node answers."""
    done = subprocess.run([COTORRA, "dht", "find", info_hash, "--lab", "--json", "--node", node, *words],
                          capture_output=True, text=True, timeout=PATIENCE, env=dict(os.environ, **LOCAL))
    said = [json.loads(line) for line in done.stdout.splitlines()]
    if done.returncode == 1:
        return said, None
    assert done.returncode == 0, done
    return said[:-1], said[-1]


class LibtorrentNode:
    def __init__(self, desk, port, entrance):
        pipe = os.path.join(desk.path, "orders")
        os.mkfifo(pipe)
        self.process = desk.start("libtorrent", [sys.executable, "-B", os.path.join(HERE, "lt_node.py"), port,
                                                 entrance, pipe])
        self.orders = os.fdopen(os.open(pipe, os.O_RDWR), "w", buffering=1)

    def order(self, *words):
        print(*words, file=self.orders)


def with_libtorrent(first):
    """`first`: the node that the others enter at: ours or libtorrent's."""
    want("libtorrent")
    with Desk() as desk:
        ours, theirs = free_port(), free_port()
        at = {"ours": f"127.0.0.1:{ours}", "libtorrent": f"127.0.0.1:{theirs}"}
        entrance = "-" if first == "libtorrent" else at["ours"]
        start = lambda: desk.start("our node", [COTORRA, "dht", "node", "--lab", "--json", "--listen", at["ours"],
                                                *([] if first == "ours" else ["--node", at["libtorrent"]])], LOCAL)
        # libtorrent asks its entrance when it starts, and then not for minutes: the entrance has to be there
        node = start() if first == "ours" else None
        if node:
            desk.wait("our node to listen", lambda: '"node"' in node.text(), [node])
        libtorrent = LibtorrentNode(desk, theirs, entrance)
        node = node or start()
        both = lambda: {step["node"] for step in find(FIRST, at[first])[0] if step["answered"]} >= set(at.values())
        desk.wait("both nodes to know each other", both, [node, libtorrent.process], step=0.5)

        # libtorrent announces: our lookup finds its peer, at both nodes
        def told():
            libtorrent.order("announce", FIRST)
            return at["libtorrent"] in find(FIRST, at["ours"])[1]["peers"]
        desk.wait("our lookup to find the peer of libtorrent", told, [node], step=0.5)

        # we announce: both nodes take it, and libtorrent finds our peer
        steps, end = find(SECOND, at[first], "--announce", "5555")
        assert end["announced"] == 2, (steps, end)

        def found():
            libtorrent.order("find", SECOND)
            return f"peer {SECOND} 127.0.0.1:5555" in libtorrent.process.text()
        desk.wait("libtorrent to find our peer", found, [node], step=0.5)


if __name__ == "__main__":
    sys.exit(run_test(with_libtorrent, *sys.argv[1:]))
