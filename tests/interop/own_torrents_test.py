"""The program finds the files of every .torrent that `create` writes, or `create` refuses beforehand:
own_torrents_test.py names|links|left-out|output|trackers|forgiven"""
import hashlib
import json
import os
import subprocess
import sys

from clients import COTORRA, want
from desk import Desk, note, run_test

ODD_NAMES = {
    "differ by case": ["ReadMe.txt", "readme.txt"],
    "differ by their Unicode form": ["\u00e9.txt", "e\u0301.txt"],
    "differ by a character that is not shown": ["ab", "a\u200bb"],
    "differ by a dot at the end": ["a", "a."],
    "are Latin-1": [b"caf\xe9.txt", "c.txt"],
    "have a mark of direction": ["a\u200eb.txt", "c.txt"],
    "have a backslash": ["a\\b.txt", "c.txt"],
    "have a newline": ["a\nb.txt", "c.txt"],
    "have a C1 control": ["a\u0085b.txt", "c.txt"],
    "are those of padding": ["_____padding_file_0_", "c.txt"],
}


def run(*words, status=0, cwd=None):
    done = subprocess.run([COTORRA, *words], capture_output=True, timeout=60, stdin=subprocess.DEVNULL, cwd=cwd)
    assert done.returncode == status, f"{words} ended with {done.returncode}: {done.stdout[:500]!r} {done.stderr!r}"
    return done.stdout, done.stderr.decode(errors="replace")


def put(folder, name, size=20000):
    path = os.path.join(os.fsencode(folder), os.fsencode(name))
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "wb") as out:
        out.write(os.urandom(size))
    return path


def names(desk):
    for kind, pair in ODD_NAMES.items():
        folder, torrent = desk.folder(f"made/{kind}"), os.path.join(desk.path, "names.torrent")
        for name in pair:
            put(folder, name)
        says = run("create", folder, "-o", torrent, status=1)[1]
        assert "--exclude" in says and "hashing" not in says, f"{kind}: {says}"
        assert not os.path.exists(torrent), f"{kind}: a .torrent was written"
        pattern = pair[0] if isinstance(pair[0], bytes) else pair[0].replace("\\", "?")
        run("create", folder, "-o", torrent, "--exclude", pattern)
        run("verify", torrent, folder)
        os.remove(torrent)
    single = put(desk.folder("single"), b"caf\xe9.bin")
    assert "--name" in run("create", single, "-o", torrent, status=1)[1]
    run("create", single, "-o", torrent, "--name", "caf\u00e9.bin")
    run("verify", torrent, single)


def links(desk):
    folder, torrent = desk.folder("made/linked"), os.path.join(desk.path, "links.torrent")
    put(folder, "versions/2/text"), put(folder, "versions/2/more")
    os.symlink("2", os.path.join(folder, "versions/now"))
    os.symlink("versions/now/text", os.path.join(folder, "text"))
    os.symlink("../versions/2/more", put(folder, "other/x").decode() + ".link")
    os.symlink(os.path.join(folder, "versions/2"), os.path.join(folder, "whole"))
    os.symlink("/etc/hostname", os.path.join(folder, "out"))
    warned = run("create", folder, "-o", torrent)[1]
    assert "out is a link that leads out" in warned, warned
    files = {f["path"]: f.get("symlink") for f in json.loads(run("show", "--json", torrent)[0])["files"]}
    assert files == {
        "linked/versions/2/text": None, "linked/versions/2/more": None, "linked/other/x": None,
        "linked/whole": "linked/versions/2", "linked/versions/now": "linked/versions/2",
        "linked/text": "linked/versions/now/text",
        "linked/other/x.link": "linked/versions/2/more"}, files
    run("verify", torrent, folder)
    want("libtorrent")
    import libtorrent as lt
    read = lt.torrent_info(torrent).files()
    theirs = {read.file_path(i): read.symlink(i) or None for i in range(read.num_files())}
    assert theirs == files, theirs


def left_out(desk):
    folder, torrent = desk.folder("made/all"), os.path.join(desk.path, "left.torrent")
    for name in ("a", "b.tmp", "d/b.tmp", "d/c", "Thumbs.db", ".git/HEAD"):
        put(folder, name)
    warned = run("create", folder, "-o", torrent, "--exclude", "*.tmp", "--exclude", "d/c", "--exclude", "none")[1]
    for word in ("Thumbs.db", ".git", "none"):
        assert word in warned, (word, warned)
    files = [f["path"] for f in json.loads(run("show", "--json", torrent)[0])["files"]]
    assert files == ["all/.git/HEAD", "all/a"], files
    run("verify", torrent, folder)
    run("create", folder, "-o", torrent, "--exclude", "*", status=1)


def output(desk):
    folder, torrent = desk.folder("made/out"), os.path.join(desk.path, "out.torrent")
    path = put(folder, "x")
    written, said = run("create", path, "-o", "-", cwd=desk.path)
    run("create", path, "-o", torrent)
    with open(torrent, "rb") as file:
        assert written == file.read() and said == "", said
    assert not os.path.exists(os.path.join(desk.path, "-"))
    run("create", path, "-o", "-", "--json", status=2)
    full = subprocess.run([COTORRA, "create", path, "-o", "-"], stdout=open("/dev/full", "wb"), stderr=subprocess.PIPE)
    assert full.returncode == 1 and b"standard output" in full.stderr, full
    # more pieces than we accept in a .torrent: refused before the first byte is hashed
    with open(os.path.join(folder, "holes"), "wb") as file:
        file.truncate(200 << 30)
    assert "longer pieces" in run("create", folder, "-o", torrent, "--piece-length", "16K", "--force", status=1)[1]


def trackers(desk):
    path, torrent = put(desk.folder("made"), "x"), os.path.join(desk.path, "t.torrent")
    for given, tiers, warned in [
            (["http://a.example/announce, http://b.example/announce"],
             [["http://a.example/announce", "http://b.example/announce"]], ""),
            ([" http://a.example/a ", "udp://b.example:6969"], [["http://a.example/a"], ["udp://b.example:6969"]], ""),
            (["wss://t.example/"], [["wss://t.example/"]], "wss://t.example"),
            (["ws://t.example/,http://a.example/a"], [["ws://t.example/", "http://a.example/a"]], "ws://t.example"),
            (["http://user:secret@t.example/a"], [["http://user:secret@t.example/a"]], None),
            (["http://\u0442\u0440\u0435\u043a\u0435\u0440.example/a"],
             [["http://\u0442\u0440\u0435\u043a\u0435\u0440.example/a"]], None)]:
        words = [word for url in given for word in ("-a", url)]
        said = run("create", path, "-o", torrent, "--force", *words)[1]
        assert "secret" not in said, said
        assert warned is None or (warned in said if warned else said == ""), (given, said)
        shown = [[url.replace("user:secret@", "") for url in tier] for tier in tiers]
        assert json.loads(run("show", "--json", torrent)[0])["trackers"] == shown, given
        linked = json.loads(run("magnet", "--secrets", "--json", torrent)[0])["trackers"]
        assert linked == [url for tier in tiers for url in tier], given
    for bad in ("t.example", "http://", "http:///a", "http://a b/", "", "://x", "http://a.example/a,b"):
        run("create", path, "-o", torrent, "--force", "-a", bad, status=2)


def forgiven(desk):
    path, torrent = put(desk.folder("made"), "x"), os.path.join(desk.path, "slips.torrent")
    run("create", path, "-o", torrent, "-a", "http://t.example/a", "--private")
    with open(torrent, "rb") as file:
        right = file.read()
    slips = {"a newline behind it": right + b"\n", "zeros behind it": right + bytes(700),
             "a page behind it": right + b"<br />\n",
             "a zero in a length": right.replace(b"8:announce18:", b"08:announce018:"),
             "a zero in the info": right.replace(b"4:name1:x", b"4:name01:x"),
             "private as text": right.replace(b"7:privatei1e", b"7:private1:1"),
             "length and files": right.replace(b"d6:length", b"d5:files0:6:length")}
    for slip, content in slips.items():
        assert content != right, slip
        with open(torrent, "wb") as file:
            file.write(content)
        facts = json.loads(run("show", "--json", torrent)[0])
        begin, end = content.index(b"4:infod") + 6, content.rindex(b"ee") + 1
        assert facts["info_hash"] == hashlib.sha1(content[begin:end]).hexdigest(), slip
        assert facts["private"] is True and len(facts["warnings"]) == 1, (slip, facts)
        rows = json.loads(run("show", "--bytes", "--json", torrent)[0])["bytes"]
        assert sum(row["length"] for row in rows) == len(content), slip
        assert facts["info_hash"] in run("magnet", torrent)[0].decode(), slip
        run("verify", torrent, path)


def test(what):
    with Desk() as desk:
        {"names": names, "links": links, "left-out": left_out, "output": output, "trackers": trackers,
         "forgiven": forgiven}[what](desk)
        note(f"interop: create, {what}: what is written is found again")


if __name__ == "__main__":
    sys.exit(run_test(test, *sys.argv[1:]))
