"""A second opinion on metainfo: a tiny bencoder and .torrent writer that shares nothing with src/."""
import hashlib
import os


def bencode(value):
    if isinstance(value, int):
        return b"i%de" % value
    if isinstance(value, str):
        value = value.encode()
    if isinstance(value, bytes):
        return b"%d:%s" % (len(value), value)
    if isinstance(value, list):
        return b"l" + b"".join(map(bencode, value)) + b"e"
    pairs = sorted((key.encode(), item) for key, item in value.items())
    return b"d" + b"".join(bencode(key) + bencode(item) for key, item in pairs) + b"e"


def files_below(path):
    """[(path parts, file)] in the order that a torrent lists them: sorted by their parts' bytes."""
    if os.path.isfile(path):
        return [([], path)]
    found = []
    for folder, _, names in os.walk(path):
        for name in names:
            file = os.path.join(folder, name)
            found.append((os.path.relpath(file, path).split(os.sep), file))
    return sorted(found, key=lambda entry: [part.encode() for part in entry[0]])


def info(path, piece_length):
    """BEP 3's info dictionary of a file or a folder."""
    found, pieces, rest = files_below(path), [], b""
    for _, file in found:
        with open(file, "rb") as opened:
            rest += opened.read()
        whole = len(rest) // piece_length * piece_length
        pieces += [hashlib.sha1(rest[at:at + piece_length]).digest() for at in range(0, whole, piece_length)]
        rest = rest[whole:]
    if rest:
        pieces.append(hashlib.sha1(rest).digest())
    out = {"name": os.path.basename(path), "piece length": piece_length, "pieces": b"".join(pieces)}
    if os.path.isfile(path):
        return dict(out, length=os.path.getsize(path))
    return dict(out, files=[{"length": os.path.getsize(file), "path": parts} for parts, file in found])


def info_hash(path, piece_length):
    return hashlib.sha1(bencode(info(path, piece_length))).hexdigest()


def write_torrent(out, path, announce, piece_length):
    """Writes the .torrent; returns its info_hash as hex digits."""
    described = info(path, piece_length)
    with open(out, "wb") as file:
        file.write(bencode({"announce": announce, "info": described}))
    return hashlib.sha1(bencode(described)).hexdigest()
