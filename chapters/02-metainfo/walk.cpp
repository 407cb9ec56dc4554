// A .torrent becomes a metainfo, and 20 bytes become the torrent's name. Run it in the
// root of the project.
#include "base/error.hpp"
#include "base/sha.hpp"
#include "bencode/decode_wire.hpp"
#include "metainfo/metainfo_wire.hpp"
#include <fmt/format.h>
#include <fstream>
#include <iterator>

using namespace cotorra;

namespace {

std::string read_file(char const* path) {
  std::ifstream in(path, std::ios::binary);
  if (!in) throw input_error(fmt::format("{} is not here", path));
  return {std::istreambuf_iterator<char>(in), {}};
}

// By hand: the SHA-1 of the bytes behind "info", as they stand in the file.
sha1_digest hash_by_hand(bytes torrent) {
  bencode::document const file = bencode::decode(torrent);
  bencode::value const info = file.root().at("info");
  bytes const as_received = info.raw();
  return sha1(as_received);
}

void look_at(bytes torrent) {
  metainfo::metainfo const m = metainfo::decode(torrent);
  sha1_digest const ours = hash_by_hand(torrent);
  fmt::print("{}: {} bytes in {} piece(s) of {}\n", m.name, m.total_length,
             m.pieces.size(), m.piece_length);
  fmt::print("info_hash {}\nby hand   {}\n", m.hash.hex(), ours.hex());
}

} // namespace

int main(int count, char** words) try {
  std::string file = read_file(count > 1 ? words[1] : "chapters/01-bencode/tiny.torrent");
  look_at(as_bytes(file));
  file[file.find("perro")] = 'P'; // one letter of the name
  look_at(as_bytes(file));
} catch (std::exception const& e) {
  fmt::print("{}\n", e.what());
  return 1;
}
