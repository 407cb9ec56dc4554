// Messages of ut_metadata, and the machine that they feed: whatever peers send, it
// believes nothing but what the info_hash proves.
#include "base/sha.hpp"
#include "extension/info_download.hpp"
#include "fuzz/fuzz.hpp"

namespace cotorra::fuzz {
namespace {

using extension::info_download;
using extension::metadata_message;

void check_message(bytes payload) {
  auto const m = unless_refused([&] { return extension::decode_metadata(payload); });
  if (!m || !*m) return;
  buffer const again = extension::encode(**m);
  auto const same = extension::decode_metadata(again);
  demand(same && same->msg_type == (*m)->msg_type && same->piece == (*m)->piece &&
             same->total_size == (*m)->total_size &&
             std::ranges::equal(same->block, (*m)->block),
         "written and read, it is the same");
}

// Peers that give, reject, lie, leave and stay silent, as the input says.
void check_machine(choices from) {
  buffer const truth(40'000, std::byte{'t'}), lie(16384, std::byte{'l'});
  info_download download(info_hash::from(sha1(truth).view()));
  time_point now{};
  while (!from.empty()) {
    peer_key const peer = from.byte() % 4;
    std::uint8_t const act = from.byte();
    if (act % 8 == 0) download.add_peer(peer, act < 128 ? truth.size() : act * 100);
    if (act % 8 == 1) download.remove_peer(peer);
    if (act % 8 == 2) now += std::chrono::milliseconds(act * 40);
    for (auto const& a : download.next(now)) {
      metadata_message m;
      m.msg_type = metadata_message::type::data;
      m.piece = a.piece;
      m.total_size = truth.size();
      std::uint32_t const length = extension::metadata_length(truth.size(), a.piece);
      m.block = act % 8 == 3 ? bytes(lie).first(length)
                             : bytes(truth).subspan(std::size_t{a.piece} * 16384, length);
      if (act % 8 == 4)
        download.rejected(a.peer, a.piece, now);
      else if (act % 8 != 5)
        download.data(a.peer, m, now);
    }
    if (download.done()) demand(download.info() == truth, "what is proven is the truth");
  }
}

} // namespace

void target(bytes input) {
  check_message(input);
  check_machine(choices(input));
}

} // namespace cotorra::fuzz
