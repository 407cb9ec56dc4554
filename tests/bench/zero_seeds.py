"""Any number of light seeds of any torrent of zeros: one listener, which each of the addresses 127.x.y.z reaches.

  zero_seeds.py PORT        until it is ended; says "ready"
"""
import asyncio, struct, sys

ZEROS = bytes(128 * 1024)


class Seed(asyncio.Protocol):
    def __init__(self):
        self.unread, self.greeted = b"", False

    def connection_made(self, transport):
        self.transport = transport

    def data_received(self, data):
        unread = self.unread + data
        at = 0
        if not self.greeted:
            if len(unread) < 68:
                self.unread = unread
                return
            self.greeted, at = True, 68
            peer_id = b"-ZS0001-" + struct.pack(">12s", repr(self.transport.get_extra_info("sockname")[0]).encode())
            self.transport.write(b"\x13BitTorrent protocol" + bytes(7) + b"\x04" + unread[28:48] + peer_id +
                                 b"\0\0\0\x01\x0e" + b"\0\0\0\x01\x01")     # have all, unchoke
        answer = []
        while len(unread) - at >= 4:
            size = struct.unpack_from(">I", unread, at)[0]
            if len(unread) - at < 4 + size:
                break
            if size == 13 and unread[at + 4] == 6:
                piece, begin, length = struct.unpack_from(">III", unread, at + 5)
                answer += [struct.pack(">IBII", 9 + length, 7, piece, begin), ZEROS[:length]]
            at += 4 + size
        self.unread = unread[at:]
        if answer:
            self.transport.writelines(answer)


async def main(port):
    server = await asyncio.get_running_loop().create_server(Seed, "0.0.0.0", port, backlog=1000)
    print("ready", flush=True)
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1])))
