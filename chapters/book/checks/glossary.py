"""chapters/GLOSSARY.md is sorted, complete, short, and leads to the chapters that explain its words."""
import os
import re

from places import ROOT

GLOSSARY = os.path.join(ROOT, "chapters", "GLOSSARY.md")
ROW = re.compile(r"\| \*\*(?P<term>[^*]+)\*\* \| (?P<what>.+?) \| (?P<bep>.*?) \| \[(?P<number>\d\d)\]\((?P<to>[^)]+)\) \|$")
BEP = re.compile(r"\[(\d+)\]\(https://www\.bittorrent\.org/beps/bep_(\d{4})\.html\)$")
LONGEST = 180  # letters: one or two sentences
MUST = """announce, announce-list, backpressure, bandwidth, bandwidth-delay product, bencode, bitfield, block, cancel,
choke, coroutine, DHT, dictionary, discovery, endgame, enrolment, fast extension, handshake, have, head-of-line
blocking, hole punching, info, info_hash, interested, interval, keep-alive, leecher, magnet link, metadata, metainfo,
NAT, not interested, optimistic unchoke, peer, peer_id, peer-to-peer, PEX, piece, piece length, pieces, port, private,
pstr, rarest first, request, reserved, resume file, round-trip time, seeder, SHA-1, snubbed, stream, swarm, tit-for-tat,
torrent, tracker, unchoke, uplink"""


def order(term):
    return "".join(c for c in term.lower() if c.isalnum() or c == " ")


def rows(text):
    """(line number, its row or None) for each line of the table, its head left out."""
    lines = [(n, line) for n, line in enumerate(text.splitlines(), 1) if line.startswith("|")]
    return [(n, ROW.match(line)) for n, line in lines[2:]]


def wrong_in(row):
    to, number = row["to"], row["number"]
    if not to.startswith(number + "-"):
        yield f"{row['term']}: chapter {number} is not {to}"
    if not os.path.exists(os.path.join(ROOT, "chapters", to)):
        yield f"{row['term']}: there is no chapters/{to}"
    if not row["what"].endswith(".") or len(row["what"]) > LONGEST:
        yield f"{row['term']}: not one or two sentences, {LONGEST} letters at most"
    if row["bep"]:
        bep = BEP.match(row["bep"])
        if not bep or int(bep[1]) != int(bep[2]):
            yield f"{row['term']}: the link to the BEP is not that BEP's"


def check(refill=False):
    with open(GLOSSARY, encoding="utf-8") as f:
        table = rows(f.read())
    before = ""
    for number, row in table:
        if not row:
            yield f"chapters/GLOSSARY.md:{number}: not a row of term, text, BEP and chapter"
            continue
        if order(row["term"]) <= order(before):
            yield f"chapters/GLOSSARY.md:{number}: {row['term']} does not belong behind {before}"
        before = row["term"]
        for sentence in wrong_in(row):
            yield f"chapters/GLOSSARY.md:{number}: {sentence}"
    there = {row["term"] for _, row in table if row}
    for term in (t.strip() for t in MUST.replace("\n", " ").split(",")):
        if term not in there:
            yield f"chapters/GLOSSARY.md: {term} is missing"
