#!/usr/bin/env python3
"""Announces over https to a server that is not ours: Python's TLS, with certificates that openssl has made.

https_test.py"""
import http.server
import os
import shutil
import ssl
import subprocess
import sys
import threading

from clients import COTORRA
from desk import Desk, SKIPPED, own_network

ANSWER = b"d8:intervali1800e5:peers6:\x7f\0\0\1\x1a\xe1e"


class Tracker(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.send_header("Content-Length", str(len(ANSWER)))
        self.end_headers()
        self.wfile.write(ANSWER)

    def log_message(self, *_):
        pass


def openssl(folder, *words):
    subprocess.run(["openssl", *words], cwd=folder, check=True, capture_output=True)


def certificate(folder, name, digest, bits):
    """NAME.both: a certificate for 127.0.0.1 that ca.pem vouches for, and its key."""
    at = os.path.join(folder, name)
    with open(at + ".ext", "w") as out:
        out.write("subjectAltName=IP:127.0.0.1,DNS:localhost\n")
    openssl(folder, "req", "-newkey", f"rsa:{bits}", "-nodes", "-keyout", name + ".key", "-out", name + ".csr",
            "-subj", f"/CN={name}")
    openssl(folder, "x509", "-req", "-in", name + ".csr", "-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial",
            "-out", name + ".pem", "-days", "20", "-" + digest, "-extfile", name + ".ext")
    with open(at + ".both", "w") as out:
        for part in (".pem", ".key"):
            with open(at + part) as text:
                out.write(text.read())
    return at + ".both"


def serve(both):
    """A tracker at a free port of 127.0.0.1; its port."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.set_ciphers("ALL:@SECLEVEL=0")  # it must be able to show what is not to be believed
    context.load_cert_chain(both)
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Tracker)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server.server_address[1]


def announce(torrent, *words):
    done = subprocess.run([COTORRA, "announce", torrent, "--event", "none", *words], capture_output=True, text=True)
    return done.returncode, done.stdout, done.stderr


def main():
    own_network()
    if not shutil.which("openssl"):
        print("openssl is not installed")
        return SKIPPED
    with Desk() as desk:
        folder = desk.folder("certificates")
        openssl(folder, "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", "ca.key", "-out", "ca.pem",
                "-days", "30", "-subj", "/CN=authority of a test")
        ca = os.path.join(folder, "ca.pem")
        ports = {name: serve(certificate(folder, name, digest, bits))
                 for name, digest, bits in (("good", "sha256", 2048), ("old", "sha1", 2048), ("weak", "sha256", 1024))}
        content, torrent = os.path.join(desk.path, "content.bin"), os.path.join(desk.path, "it.torrent")
        with open(content, "wb") as out:
            out.write(b"spam" * 1000)
        subprocess.run([COTORRA, "create", content, "-o", torrent, "-a", f"https://127.0.0.1:{ports['good']}/announce"],
                       check=True, capture_output=True)

        status, said, trouble = announce(torrent, "--ca", ca)
        assert status == 0 and "127.0.0.1:6881" in said, (status, said, trouble)
        status, said, trouble = announce(torrent, "--ca", ca, "--tracker",
                                         f"https://localhost:{ports['good']}/announce")
        assert status == 0 and "127.0.0.1:6881" in said, (status, said, trouble)
        for words, sentence in (
                ([], "signed by no authority that we trust"),
                (["--ca", ca, "--tracker", f"https://127.0.0.1:{ports['old']}/announce"], "SHA-1"),
                (["--ca", ca, "--tracker", f"https://127.0.0.1:{ports['weak']}/announce"], "too short"),
                (["--ca", torrent], "there is no certificate in it")):
            status, said, trouble = announce(torrent, *words)
            assert status == 1 and sentence in trouble, (words, status, said, trouble)
            assert len(trouble.splitlines()) == 1, trouble
    return 0


if __name__ == "__main__":
    sys.exit(main())
