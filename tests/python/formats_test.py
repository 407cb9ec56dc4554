"""Bencode, metainfo, handshake and messages, as Python sees them."""
import hashlib
import os
import sys
import tempfile

from module import cotorra, refused, run_all

INFO = {"name": "a.bin", "piece length": 16384, "length": 20000, "pieces": b"x" * 20 + b"y" * 20}


def test_bencode_gives_python_values_and_back():
    text = b"d3:bini-3e4:listli1e2:abd1:k0:eee"
    value = {b"bin": -3, b"list": [1, b"ab", {b"k": b""}]}
    assert cotorra.bdecode(text) == value
    assert cotorra.bencode(value) == text
    assert cotorra.bencode({"z": 1, "ñ": 2, b"a": -5}) == b"d1:ai-5e1:zi1e2:\xc3\xb1i2ee"
    assert cotorra.bencode((1 << 63) - 1) == b"i9223372036854775807e"


def test_what_is_not_bencode_is_refused_with_its_byte():
    said = refused(cotorra.protocol_error, cotorra.bdecode, b"d1:ai03ee")
    assert said == "byte 6: the integer has a leading zero", said
    said = refused(cotorra.protocol_error, cotorra.bdecode, b"d1:bi0e1:ai0ee")
    assert said.startswith("byte 7: the key is not in sorted order"), said
    try:
        cotorra.bdecode(b"l")
    except ValueError as e:
        assert e.code == "malformed_bencode"


def test_a_value_that_bencode_does_not_know_is_refused():
    for value in (1.5, True, None, [b"a", {1: 2}]):
        refused(TypeError, cotorra.bencode, value)
    refused(ValueError, cotorra.bencode, 1 << 63)
    refused(ValueError, cotorra.bencode, {"a": 1, b"a": 2})


def test_what_bdecode_would_not_read_bencode_does_not_write():
    deep = []
    for _ in range(99):
        deep = [deep]
    assert cotorra.bdecode(cotorra.bencode(deep)) == deep
    assert "inside each other" in refused(ValueError, cotorra.bencode, [deep])
    refused(cotorra.protocol_error, cotorra.bdecode, b"l" * 101 + b"e" * 101)
    ring, mapping = [], {}
    ring.append(ring)
    mapping["info"] = mapping
    assert "more than 100 lists" in refused(ValueError, cotorra.bencode, ring)
    assert "more than 100 lists" in refused(ValueError, cotorra.torrent_info, mapping)


def test_what_is_of_another_type_is_not_equal():
    ti = cotorra.torrent_info({"info": INFO})
    h = cotorra.handshake(b"h" * 20, b"-XX0001-abcdefghijkl")
    for value in (ti.info_hash(), h):
        assert value == value and value != "text" and not value == None  # noqa: E711
    assert ti.info_hash() == cotorra.torrent_info({"info": INFO}).info_hash()
    assert h != cotorra.handshake(b"i" * 20, b"-XX0001-abcdefghijkl")


def test_a_torrent_has_one_info_hash_however_it_is_read():
    torrent = cotorra.bencode({"announce": "http://127.0.0.1:1/announce", "info": INFO})
    wanted = hashlib.sha1(cotorra.bencode(INFO)).hexdigest()
    with tempfile.NamedTemporaryFile(suffix=".torrent") as file:
        file.write(torrent)
        file.flush()
        for way in (torrent, cotorra.bdecode(torrent), file.name):
            assert str(cotorra.torrent_info(way).info_hash()) == wanted


def test_a_torrent_tells_what_it_holds():
    ti = cotorra.torrent_info({"announce": "http://127.0.0.1:1/announce", "info": INFO})
    assert (ti.name(), ti.total_size(), ti.piece_length(), ti.num_pieces()) == ("a.bin", 20000, 16384, 2)
    assert [ti.piece_size(i) for i in (0, 1)] == [16384, 3616]
    assert [(f.path, f.size, f.offset) for f in ti.files()] == [("a.bin", 20000, 0)]
    assert [(t.url, t.tier) for t in ti.trackers()] == [("http://127.0.0.1:1/announce", 0)]
    secret = cotorra.torrent_info({"announce": "http://ann:pw@one.example/a?passkey=pw", "info": INFO})
    assert [t.url for t in secret.trackers()] == ["http://one.example/a"]
    assert ti.hash_for_piece(1) == b"y" * 20
    for call in ti.piece_size, ti.hash_for_piece:
        said = refused(IndexError, call, 2)
        assert said == "there is no piece 2: they are 0 to 1", said
    assert "cannot read" in refused(ValueError, cotorra.torrent_info, os.sep)
    assert "not a valid .torrent" in refused(ValueError, cotorra.torrent_info, b"de")


def test_a_handshake_is_68_bytes():
    h = cotorra.handshake(b"h" * 20, b"-XX0001-abcdefghijkl", b"\0\0\0\0\0\x10\0\x05")
    assert h.encode() == b"\x13BitTorrent protocol\0\0\0\0\0\x10\0\x05" + b"h" * 20 + b"-XX0001-abcdefghijkl"
    assert cotorra.handshake.decode(h.encode()) == h
    assert h.supports_fast and h.supports_dht and h.supports_extensions
    refused(cotorra.protocol_error, cotorra.handshake.decode, b"19BitTorrent protocol")
    refused(ValueError, cotorra.handshake, b"short", b"-XX0001-abcdefghijkl")


def test_messages_come_back_as_they_went():
    sent = [dict(name="choke"), dict(name="have", piece=7), dict(name="bitfield", bits=b"\xf0"),
            dict(name="request", piece=1, begin=16384, length=3616),
            dict(name="piece", piece=1, begin=0, block=b"abc"), dict(name="port", number=6881),
            dict(name="not interested"), dict(name="extended", extension=0, payload=b"de")]
    stream = b"".join(cotorra.encode_message(**m) for m in sent)
    assert cotorra.decode_messages(stream) == (sent, b"")
    assert cotorra.decode_messages(stream + b"\0\0\0") == (sent, b"\0\0\0")
    assert cotorra.encode_message("have", piece=7) == b"\0\0\0\x05\x04\0\0\0\x07"


def test_a_wrong_message_is_refused():
    assert "needs piece=" in refused(TypeError, cotorra.encode_message, "have")
    refused(TypeError, cotorra.encode_message, "choke", piece=1)
    refused(ValueError, cotorra.encode_message, "shout")
    refused(ValueError, cotorra.encode_message, "have", piece=-1)
    refused(TypeError, cotorra.encode_message, "bitfield", bits="text")
    assert "instead of 1" in refused(cotorra.protocol_error, cotorra.decode_messages, b"\0\0\0\x02\0\0")


def test_a_torrent_is_made_as_with_libtorrent():
    with tempfile.TemporaryDirectory(prefix="cotorra-") as folder:
        os.makedirs(os.path.join(folder, "share", "sub"))
        content = {"a.bin": b"a" * 40_000, "sub/b.txt": b"hi"}
        for name, data in content.items():
            with open(os.path.join(folder, "share", name), "wb") as out:
                out.write(data)
        fs = cotorra.file_storage()
        cotorra.add_files(fs, os.path.join(folder, "share"))
        assert (fs.num_files(), fs.total_size(), fs.name()) == (2, 40_002, "share")
        assert [fs.file_path(i) for i in range(2)] == ["share/a.bin", "share/sub/b.txt"]
        t = cotorra.create_torrent(fs, 16384)
        assert (t.num_pieces(), t.piece_length()) == (3, 16384)
        t.add_tracker("http://t.example/announce"), t.add_tracker("http://u.example/announce", 1)
        t.set_comment("a comment"), t.set_creator("a test"), t.set_priv(True)
        assert "hashes" in refused(ValueError, t.generate)      # the files are not read yet
        cotorra.set_piece_hashes(t, folder)
        ti = cotorra.torrent_info(t.generate())
        assert (ti.name(), ti.num_pieces(), ti.priv(), ti.comment()) == ("share", 3, True, "a comment")
        assert [(e.url, e.tier) for e in ti.trackers()] == [("http://t.example/announce", 0),
                                                            ("http://u.example/announce", 1)]
        joined = b"".join(content.values())
        assert ti.hash_for_piece(2) == hashlib.sha1(joined[32768:]).digest()
        assert ti.info_hash() == cotorra.torrent_info(cotorra.bencode(t.generate())).info_hash()
        os.truncate(os.path.join(folder, "share", "a.bin"), 5)
        assert "a.bin" in refused(ValueError, cotorra.set_piece_hashes, t, folder)
    refused(ValueError, cotorra.create_torrent, cotorra.file_storage())


def test_a_magnet_link_is_read():
    p = cotorra.parse_magnet_uri("magnet:?xt=urn:btih:" + "ab" * 20 + "&dn=perro&tr=http://t.example/announce")
    assert (p.name, str(p.info_hash), p.trackers) == ("perro", "ab" * 20, ["http://t.example/announce"])
    assert "perro" in repr(p)
    refused(ValueError, cotorra.parse_magnet_uri, "magnet:?dn=perro")


sys.exit(run_all(globals()))
