"""A libtorrent peer on loopback, plain TCP:  lt_peer.py seed|leech|share TORRENT DIR PORT ADDRESS
TORRENT may be a magnet link. Leeching, it ends with status 0 once all is there and checked; sharing, it says "complete" and stays."""
import sys

import libtorrent as lt

role, torrent, folder, port, host = sys.argv[1:]
session = lt.session({
    "listen_interfaces": f"[{host}]:{port}" if ":" in host else f"{host}:{port}",
    "enable_dht": False, "enable_lsd": False,
    "enable_upnp": False, "enable_natpmp": False, "enable_outgoing_utp": False,
    "enable_incoming_utp": False, "allow_multiple_connections_per_ip": True,
    "out_enc_policy": 2, "in_enc_policy": 2, "announce_to_all_trackers": True,
    "alert_mask": lt.alert.category_t.status_notification | lt.alert.category_t.error_notification})
is_link = torrent.startswith("magnet:")
params = lt.parse_magnet_uri(torrent) if is_link else lt.add_torrent_params()
if not is_link:
    params.ti = lt.torrent_info(torrent)
params.save_path = folder
params.flags &= ~lt.torrent_flags.auto_managed & ~lt.torrent_flags.paused
handle = session.add_torrent(params)
while True:
    session.wait_for_alert(500)
    for alert in session.pop_alerts():
        print(type(alert).__name__, alert.message(), flush=True)
    if role == "share" and handle.status().is_seeding:
        print("complete", flush=True)
        role = "seed"
    if role == "leech" and handle.status().is_seeding:
        sys.exit(0)                             # destroying the session closes the files
