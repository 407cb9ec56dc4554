"""libtorrent's maker and reader of .torrent files:

  lt_create.py create PATH OUT URL PIECE_LENGTH private|public
  lt_create.py hash TORRENT"""
import os
import sys

import libtorrent as lt

V1_ONLY = 64                                    # create_torrent::v1_only; 2.0.8's Python has no name for it

if sys.argv[1] == "hash":
    print(lt.torrent_info(sys.argv[2]).info_hash())
    sys.exit(0)
path, out, url, piece_length, private = sys.argv[2:]
files = lt.file_storage()
# lt.add_files would take them in the order in which the folder has them, which is none
if os.path.isfile(path):
    found = [path]
else:
    found = sorted(os.path.join(folder, name) for folder, _, names in os.walk(path) for name in names)
for file in found:
    files.add_file(os.path.relpath(file, os.path.dirname(path)), os.path.getsize(file))
made = lt.create_torrent(files, int(piece_length), flags=V1_ONLY)
made.add_tracker(url)
made.set_priv(private == "private")
lt.set_piece_hashes(made, os.path.dirname(path))
with open(out, "wb") as file:
    file.write(lt.bencode(made.generate()))
