"""The heat map of a download: a row for each piece, time from left to right, drawn from a trace."""
from svg import Picture

LEFT, TOP, ROW, WIDTH = 60, 64, 16, 620


def draw(lines, title):
    peers = {line["connection"]: i for i, line in enumerate(line for line in lines if line["event"] == "opened")}
    first, whole, giver = {}, {}, {}
    for line in lines:
        if line["event"] == "received" and line.get("message") == "piece":
            first.setdefault(line["piece"], line["time"])
            giver[line["piece"]] = "ABC"[peers[line["connection"]] % 3]
        elif line["event"] == "piece" and line["what"] == "verified":
            whole[line["piece"]] = line["time"]
    end = max(whole.values()) * 1.04
    across = lambda t: LEFT + WIDTH * t / end  # noqa: E731
    order = sorted(whole)
    words = " ".join(f"Piece {i}: from peer {giver[i]}, first block at {first[i]:.2f} s, verified at {whole[i]:.2f} s."
                     for i in order)
    p = Picture(title, words, LEFT + WIDTH + 30)
    p.text(LEFT, 22, title, "head")
    p.text(LEFT, 42, "an empty bar: blocks come; a full bar: verified. A, B and C are the peers that gave it", "soft")
    bottom = TOP + ROW * len(order)
    for row, i in enumerate(order):
        y, kind = TOP + ROW * row, giver[i].lower()
        p.text(LEFT - 8, y + 12, str(i), "soft", "end")
        p.rect(across(first[i]), y + 2, across(whole[i]) - across(first[i]), ROW - 4, f"{kind} open")
        p.rect(across(whole[i]), y + 2, LEFT + WIDTH - across(whole[i]), ROW - 4, kind)
        p.text(across(first[i]) - 5, y + 12, giver[i], "soft", "end")
    p.text(10, TOP - 8, "piece", "soft")
    for second in range(int(end) + 1):
        p.line(across(second), bottom + 2, across(second), bottom + 8, "life")
        p.text(across(second), bottom + 22, f"{second} s", "soft", "middle")
    return p.whole(bottom + 34)
