"""libtorrent-rasterbar peer, plain TCP, no limits. Roles: leech, seed, check.

  lt_peer.py leech TORRENT DIR PORT     download, exit 0 once every piece has passed its hash
  lt_peer.py seed  TORRENT DIR PORT     seed without re-checking, until a signal ends it
  lt_peer.py check TORRENT DIR PORT     force_recheck, exit 0 when the check has ended at 100 %
Environment: LT_PRESET=high_performance_seed uses that preset; LT_SET="k=v,..." sets more.
"""
import os, sys
import libtorrent as lt

role, torrent, path, port = sys.argv[1], sys.argv[2], sys.argv[3], int(sys.argv[4])
preset = os.environ.get("LT_PRESET")
s = dict(getattr(lt, preset)()) if preset else {}
s.update({
    "listen_interfaces": f"127.0.0.1:{port}", "enable_dht": False, "enable_lsd": False,
    "enable_upnp": False, "enable_natpmp": False, "enable_outgoing_utp": False,
    "enable_incoming_utp": False, "allow_multiple_connections_per_ip": True,
    "upload_rate_limit": 0, "download_rate_limit": 0, "out_enc_policy": 2, "in_enc_policy": 2,
    "announce_to_all_trackers": True, "min_reconnect_time": 1, "connection_speed": 100,
    "unchoke_slots_limit": 64, "connections_limit": 500,
    "alert_mask": lt.alert.category_t.status_notification | lt.alert.category_t.error_notification
    | lt.alert.category_t.storage_notification,
})
for kv in filter(None, os.environ.get("LT_SET", "").split(",")):
    k, v = kv.split("=")
    s[k] = int(v) if v.lstrip("-").isdigit() else {"true": True, "false": False}.get(v, v)
ses = lt.session(s)
atp = lt.add_torrent_params()
atp.ti = lt.torrent_info(torrent)
atp.save_path = path
f = atp.flags & ~lt.torrent_flags.auto_managed & ~lt.torrent_flags.paused
if role == "seed":
    f |= lt.torrent_flags.seed_mode
if role == "check":
    f |= lt.torrent_flags.stop_when_ready | lt.torrent_flags.upload_mode
atp.flags = f
h = ses.add_torrent(atp)

if role == "seed":
    while True:
        ses.wait_for_alert(1000)
        ses.pop_alerts()
else:
    if role == "check":
        h.force_recheck()
    while True:
        ses.wait_for_alert(1000)
        for a in ses.pop_alerts():
            if "error" in type(a).__name__ and "tracker" not in type(a).__name__:
                print(type(a).__name__, a.message(), flush=True)
            if role == "leech" and isinstance(a, lt.torrent_finished_alert):
                st = h.status()
                print("finished", st.total_done, flush=True)
                if st.is_seeding:
                    sys.exit(0)     # session is destroyed: flushes and closes the files
            if role == "check" and isinstance(a, lt.torrent_checked_alert):
                st = h.status()
                print("checked", st.progress, flush=True)
                os._exit(0 if st.progress == 1.0 else 1)
