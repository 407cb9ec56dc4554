"""Trackers and peers that misbehave on purpose, on 127.0.0.1. Each connection has a thread of its own;
they all end with the process."""
import socket
import struct
import threading
import time

PROTOCOL = b"\x13BitTorrent protocol"


def serve(talk):
    """Accepts forever and calls talk(connection); returns the port."""
    listener = socket.create_server(("127.0.0.1", 0), backlog=50)

    def one(connection):
        try:
            with connection:
                talk(connection)
        except OSError:
            pass                                            # the program has left

    def accept():
        while True:
            connection, _ = listener.accept()
            threading.Thread(target=one, args=(connection,), daemon=True).start()

    threading.Thread(target=accept, daemon=True).start()
    return listener.getsockname()[1]


def refused_port():
    """A port where no program listens, now or later: it stays bound."""
    keep = socket.socket()
    keep.bind(("127.0.0.1", 0))
    refused_port.kept.append(keep)
    return keep.getsockname()[1]


refused_port.kept = []


def read_exactly(connection, size):
    got = b""
    while len(got) < size:
        part = connection.recv(size - len(got))
        if not part:
            raise ConnectionError
        got += part
    return got


# ---- web servers that were asked for a tracker's answer

def answer(status, body, *fields):
    head = [f"HTTP/1.1 {status} X", f"Content-Length: {len(body)}", *fields, "", ""]
    return "\r\n".join(head).encode() + body


def drip(connection):
    connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n")
    while True:
        connection.sendall(b"d")
        time.sleep(1)


def hang(connection):
    while connection.recv(4096):
        pass


PAGES = {
    "html": answer(200, b"<html><body>It works!</body></html>", "Content-Type: text/html"),
    "404": answer(404, b"<html>Not Found</html>"),
    "500": answer(500, b"oops"),
    "empty": answer(200, b""),
    "cut": answer(200, b"d8:interval"),
    "failure": answer(200, b"d14:failure reason20:unregistered torrente"),
    "half-peers": answer(200, b"d8:intervali60e5:peers7:1234567e"),
    "loop": answer(302, b"", "Location: /loop"),
    "nowhere": answer(302, b""),
    "other-scheme": answer(302, b"", "Location: https://127.0.0.1/announce"),
    "huge": answer(200, b"x" * (10 << 20)),
    "not-http": b"SSH-2.0-OpenSSH_9.2\r\n",
    "closes": b"",
}


def web(asked=None):
    """A server whose paths misbehave: /html, /drip ... Returns its URL; puts what it is asked into `asked`."""
    def talk(connection):
        head = b""
        while b"\r\n\r\n" not in head:
            head += connection.recv(4096) or b"\r\n\r\n"
        path = head.split(b" ")[1].split(b"?")[0].strip(b"/").decode()
        if asked is not None:
            asked.append(head.decode(errors="replace"))
        if path in PAGES:
            connection.sendall(PAGES[path])
        elif path == "drip":
            drip(connection)
        elif path == "no-goodbye" and b"event=stopped" not in head:
            connection.sendall(answer(200, b"d8:intervali60e5:peers0:e"))
        else:
            hang(connection)
    return f"http://127.0.0.1:{serve(talk)}"


# ---- peers

def message(number, body=b""):
    return struct.pack(">IB", 1 + len(body), number) + body


def shake_hands(connection, info_hash=None, peer_id=b"-XX0001-misbehaving!"):
    """As the side that was dialled; returns the 68 bytes that came."""
    theirs = read_exactly(connection, 68)
    connection.sendall(PROTOCOL + bytes(8) + (info_hash or theirs[28:48]) + peer_id)
    return theirs


def wrong_hash(connection):
    shake_hands(connection, info_hash=b"?" * 20)
    hang(connection)


def web_server(connection):
    connection.recv(4096)
    connection.sendall(answer(400, b"Bad Request"))


def echo(connection):
    connection.sendall(read_exactly(connection, 68))        # so it has our own peer id
    hang(connection)


def closes(connection):
    read_exactly(connection, 68)


def long_message(connection):
    shake_hands(connection)
    connection.sendall(struct.pack(">IB", 2 << 30, 7) + bytes(100))
    hang(connection)


def far_index(connection):
    shake_hands(connection)
    connection.sendall(message(4, struct.pack(">I", 1 << 30)))
    hang(connection)


def long_bitfield(connection):
    shake_hands(connection)
    connection.sendall(message(5, b"\xff" * 5000))
    hang(connection)


def liar(pieces):
    """Has everything, and what it sends is noise."""
    def talk(connection):
        shake_hands(connection)
        bits = bytearray((pieces + 7) // 8)
        for i in range(pieces):
            bits[i // 8] |= 0x80 >> i % 8
        connection.sendall(message(5, bytes(bits)) + message(1))
        while True:
            size, = struct.unpack(">I", read_exactly(connection, 4))
            body = read_exactly(connection, size)
            if body[:1] == b"\x06":
                piece, begin, length = struct.unpack(">III", body[1:13])
                connection.sendall(message(7, struct.pack(">II", piece, begin) + b"\xaa" * length))
    return talk
