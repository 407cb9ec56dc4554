"""A libtorrent node of the DHT on loopback:  lt_node.py PORT ENTRANCE ORDERS
ENTRANCE is HOST:PORT, or - for none. Each line of the pipe ORDERS is an order:
  announce INFO_HASH          as a peer at this same port: it has that torrent's link
  find INFO_HASH
and each peer found is a line: peer INFO_HASH HOST:PORT."""
import sys
import threading

import libtorrent as lt

port, entrance, orders = sys.argv[1:]
session = lt.session({
    "listen_interfaces": f"127.0.0.1:{port}", "enable_dht": True, "dht_bootstrap_nodes": "",
    "dht_restrict_routing_ips": False, "dht_restrict_search_ips": False, "dht_prefer_verified_node_ids": False,
    "enable_lsd": False, "enable_upnp": False, "enable_natpmp": False,
    "alert_mask": lt.alert.category_t.dht_operation_notification | lt.alert.category_t.error_notification})
if entrance != "-":
    host, number = entrance.rsplit(":", 1)
    session.add_dht_node((host, int(number)))


torrents = {}


def announce(info_hash):
    if info_hash not in torrents:
        params = lt.parse_magnet_uri(f"magnet:?xt=urn:btih:{info_hash}")
        params.save_path = "/nowhere"
        params.flags &= ~lt.torrent_flags.auto_managed & ~lt.torrent_flags.paused
        torrents[info_hash] = session.add_torrent(params)
    torrents[info_hash].force_dht_announce()


def obey():
    for line in open(orders):
        order, info_hash = line.split()
        if order == "announce":
            announce(info_hash)
        else:
            session.dht_get_peers(lt.sha1_hash(bytes.fromhex(info_hash)))


threading.Thread(target=obey, daemon=True).start()
while True:
    session.wait_for_alert(500)
    for alert in session.pop_alerts():
        if isinstance(alert, lt.dht_get_peers_reply_alert):
            for host, number in alert.peers():
                print("peer", alert.info_hash, f"{host}:{number}", flush=True)
        else:
            print(type(alert).__name__, alert.message(), flush=True)
