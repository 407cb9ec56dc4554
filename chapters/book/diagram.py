#!/usr/bin/env python3
"""diagram.py TRACE.jsonl > PICTURE.svg: who said what to whom, drawn from a trace.

A trace is what `cotorra download ... --trace FILE` writes (src/explain/trace.hpp). With the traces of
both ends in one file an arrow is as slanted as its way was long; with one end's trace, it is level.
The course's own diagrams are in PICTURES; chapters/check diagrams draws them again."""
import json
import os
import sys
from dataclasses import dataclass, field

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import heat_map  # noqa: E402
import turns  # noqa: E402
from places import ROOT  # noqa: E402
from svg import Picture  # noqa: E402

BITS = {"choke": ("choking", True), "unchoke": ("choking", False),
        "interested": ("interested", True), "not interested": ("interested", False)}


@dataclass
class Said:
    who: str
    time: float
    facts: list                 # one for each message; more when they are told together
    came: float = None
    heard: int = 0              # how many of the messages have come
    y: float = 0                # where it leaves, and where it arrives
    y_came: float = 0

    @property
    def name(self):
        return self.facts[0]["message"]


@dataclass
class Event:
    time: float
    kind: str                   # "said", "came" or "note"
    who: str
    what: object = field(repr=False)


def read(path):
    with open(path, encoding="utf-8") as f:
        return [json.loads(line) for line in f if line.strip()]


def between_two(lines):
    """The lines of one conversation: of both ends when both told, else of the first connection."""
    nodes = sorted({line["node"] for line in lines if "node" in line})
    first = {}
    for line in lines:
        if line["event"] == "opened":
            first.setdefault(line.get("node", "you"), line["connection"])
    return (nodes or ["you"]), [line for line in lines if "connection" not in line
                                or line["connection"] == first.get(line.get("node", "you"))]


def events(lines, together):
    """The two parties, and what happens in order of time."""
    nodes, lines = between_two(lines)
    both = nodes if len(nodes) == 2 else [nodes[0], "peer"]
    out, on_the_way = [], {who: [] for who in both}
    for line in lines:
        who = line.get("node", nodes[0])
        other = both[1 - both.index(who)]
        if line["event"] == "piece" and line["what"] == "verified":
            out.append(Event(line["time"], "note", who, f"piece {line['piece']} verified"))
        elif line["event"] == "sent":
            last = out[-1] if out else None
            if together and last and (last.kind, last.who, last.time) == ("said", who, line["time"]) \
                    and last.what.name == line["message"] and last.what.name in ("request", "piece") \
                    and last.what.facts[-1]["piece"] == line["piece"]:
                last.what.facts.append(line)
            else:
                out.append(Event(line["time"], "said", who, Said(who, line["time"], [line])))
                on_the_way[who].append(out[-1].what)
        elif line["event"] == "received" and len(nodes) == 1:
            said = Said(other, line["time"], [line], line["time"])
            out.append(Event(line["time"], "said", other, said))
        elif line["event"] == "received":
            said = on_the_way[other][0]
            said.came = line["time"]
            said.heard += 1
            if said.heard == len(said.facts):
                on_the_way[other].pop(0)
                out.append(Event(line["time"], "came", who, said))
    return both, out


def pieces_of(hexed):
    bits = "".join(f"{int(hexed[i:i + 2], 16):08b}" for i in range(10, len(hexed), 2))
    return [i for i, bit in enumerate(bits) if bit == "1"]


def label(said):
    """What an arrow is called: the name of the message and its fields."""
    one = said.facts[0]
    if said.name == "bitfield":
        have = pieces_of(one["hex"])
        return f"bitfield: piece{'s' if len(have) != 1 else ''} " + " and ".join(map(str, have))
    if said.name == "have":
        return f"have: piece {one['piece']}"
    if said.name in ("request", "piece", "cancel", "reject request"):
        if len(said.facts) > 1:
            return f"{said.name}: piece {one['piece']}, its {len(said.facts)} blocks"
        return f"{said.name}: piece {one['piece']}, begin {one['begin']}, length {one['length']}"
    return said.name


def spaced(said):
    """The message as hex: its length, its id, and its fields of four bytes."""
    hexed, one = said.facts[0]["hex"], said.facts[0]
    parts = [hexed[:8], hexed[8:10]] + [hexed[i:i + 8] for i in range(10, min(len(hexed), 34), 8)]
    shown = " ".join(p for p in parts if p)
    return shown + (" .." if said.name == "piece" and one["size"] > 13 else "")


def details(said, hexed, fields):
    """What stands between the name of a message and its arrow."""
    if fields and said.name == "handshake":
        h = said.facts[0]["hex"]
        name = bytes.fromhex(h[96:136]).decode("ascii", "replace")
        return [f"byte 0, pstrlen: {h[:2]}", f"byte 1, pstr: {h[2:12]}.. (\"BitTorrent protocol\")",
                f"byte 20, reserved: {h[40:56]}", f"byte 28, info_hash: {h[56:]:.16}..", f"byte 48, peer_id: \"{name}\""]
    return [spaced(said)] if hexed and said.name != "handshake" else []


def told(both, happened):
    """The picture in words."""
    words = []
    for e in happened:
        if e.kind == "said":
            before = "before " if e.what.time is None else ""
            words.append(f"{before}{e.time:.2f} s, {e.who} to {both[1 - both.index(e.who)]}: {label(e.what)}.")
        elif e.kind == "note":
            words.append(f"{e.time:.2f} s, {e.who}: {e.what}.")
    return " ".join(words)


def sequence(lines, title, bits=False, hexed=False, fields=False, until=None):
    both, happened = events(lines, together=not hexed)
    happened = [e for e in happened if until is None or e.time <= until]
    left = 70 + (130 if bits else 0)
    right = left + (500 if hexed or fields else 400)
    p = Picture(title, told(both, happened), right + (170 if bits else 40))
    at = {both[0]: left, both[1]: right}
    kinds = {both[0]: "a", both[1]: "b"}
    bottom = place(happened, hexed, fields)
    for who in both:
        p.text(at[who], 26, who, "head", "middle")
        p.line(at[who], 38, at[who], bottom, "life")
    times(p, happened, right)
    if bits:
        for who in both:
            tracks(p, who, left - 115 if who == both[0] else right + 25, happened, bottom, kinds[who])
    for e in happened:
        if e.kind == "said":
            arrow(p, e.what, at, both, kinds)
    for e in happened:
        side = 1 if e.who == both[0] else -1
        anchor = "start" if side == 1 else "end"
        if e.kind == "said":
            below = details(e.what, hexed, fields)  # still above the arrow
            top = e.what.y - 5 - 14 * len(below)
            p.text(at[e.who] + 10 * side, top, label(e.what), anchor=anchor)
            for i, line in enumerate(below):
                p.text(at[e.who] + 10 * side, top + 14 * (i + 1), line, "hex", anchor)
        elif e.kind == "note":
            p.rect(at[e.who] - 4, e.y - 8, 8, 8, kinds[e.who])
            p.text(at[e.who] + 10 * side, e.y, e.what, "soft", anchor)
    return p.whole(bottom + 14)


def place(happened, hexed, fields):
    """Each thing that happens gets its height; time runs downwards, but not to scale."""
    y, last = 52, None
    for e in happened:
        if last is not None and e.time > last:
            y += 30 if e.time - last > 1 else 8
        if e.kind == "said":
            y += 24 + 14 * len(details(e.what, hexed, fields))
            e.what.y = y
            if e.what.came == e.what.time:
                e.what.y_came = y
        elif e.kind == "came":
            y += 8
            e.what.y_came = y
        else:
            y += 18
        e.y, last = y, e.time
    return y + 26


def times(p, happened, right):
    last = None
    for e in happened:
        if e.time == last or (e.kind == "said" and e.what.time is None):
            continue
        y = e.what.y if e.kind == "said" else e.y
        if last is not None and e.time - last > 1:
            p.line(10, y - 40, right, y - 40, "gap")
        p.text(10, y, f"{e.time:.2f} s", "soft")
        last = e.time


def tracks(p, who, x, happened, bottom, kind):
    """Two of the four bits: a full bar where the bit is 1, an empty one where it is 0."""
    for i, name in enumerate(("choking", "interested")):
        at, value, since = x + i * 60, name == "choking", 46
        changes = [(e.what.y, BITS[e.what.name][1]) for e in happened
                   if e.kind == "said" and e.who == who and BITS.get(e.what.name, ("",))[0] == name]
        p.text(at + 7, 38, name, "soft", "middle")
        for y, new in [(s, n) for s, n in changes] + [(bottom, None)]:
            p.rect(at, since, 14, y - since, kind if value else f"{kind} open")
            p.text(at + 18, since + 12, "1" if value else "0", "soft")
            since, value = y, new


def arrow(p, said, at, both, kinds):
    to = both[1 - both.index(said.who)]
    if said.came is None:
        return
    x1, y1, x2, y2 = at[said.who], said.y, at[to], said.y_came
    p.line(x1, y1, x2, y2, f"{kinds[said.who]} arrow")
    back = -1 if x2 > x1 else 1
    slope = (y2 - y1) / (x2 - x1)
    p.add("polygon", points=" ".join(f"{x2 + back * dx:.1f},{y2 + back * dx * slope + dy:.1f}"
                                     for dx, dy in ((0, 0), (10, -4), (10, 4))), class_=kinds[said.who])


# The picture, the trace beside it or in another chapter, and how it is drawn.
PICTURES = (
    ("chapters/04-handshake/handshake.svg", "chapters/04-handshake/handshake.jsonl",
     lambda t: sequence(t, "Two handshakes, 68 bytes each way", fields=True)),
    ("chapters/05-choke/four-bits.svg", "chapters/05-choke/conversation.jsonl",
     lambda t: sequence(t, "A conversation of two peers, and the four bits of their connection", bits=True)),
    ("chapters/06-messages/conversation.svg", "chapters/05-choke/conversation.jsonl",
     lambda t: sequence(t, "The same conversation, message by message, with its bytes", hexed=True)),
    ("chapters/07-pieces/heat-map.svg", "chapters/07-pieces/pieces.jsonl",
     lambda t: heat_map.draw(t, "A download from three peers: when each piece came")),
)


def drawn():
    """The path of each picture of the course, and what it should be."""
    for path, trace, draw in PICTURES:
        yield path, draw(read(os.path.join(ROOT, trace)))
    yield from turns.drawn()


if __name__ == "__main__":
    if len(sys.argv) != 2 or sys.argv[1].startswith("-"):
        sys.exit(__doc__)
    sys.stdout.write(sequence(read(sys.argv[1]), os.path.basename(sys.argv[1]), bits=True))
