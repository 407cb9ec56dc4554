#include "handshake/handshake_wire.hpp"
#include <algorithm>
#include <fmt/format.h>

namespace cotorra::handshake {
namespace {

constexpr char pstrlen = static_cast<char>(pstr.size());

// A guess at which other program sent these first bytes, for the reader of the log.
std::string_view looks_like(std::string_view start) {
  constexpr std::string_view http[] = {"GET ", "POST ",    "HEAD ",
                                       "PUT ", "OPTIONS ", "HTTP/"};
  for (std::string_view word : http)
    if (!start.empty() && start.substr(0, word.size()) == word.substr(0, start.size()))
      return ": it looks like HTTP";
  if (start.substr(0, 2) == "\x16\x03") return ": it looks like TLS";
  if (start.substr(0, 2) == "19") return ": pstrlen is one byte, not the text \"19\"";
  return ": another protocol, or an encrypted stream";
}

} // namespace

std::array<std::byte, handshake_size> encode(handshake const& h) {
  std::array<std::byte, handshake_size> out;
  auto at = out.begin();
  // hole 4.1: write the five fields, one after the other
  *at++ = static_cast<std::byte>(pstrlen);
  at = std::ranges::copy(as_bytes(pstr), at).out;
  at = std::ranges::copy(h.reserved.value, at).out;
  at = std::ranges::copy(h.hash.value, at).out;
  std::ranges::copy(h.id.value, at);
  // end hole 4.1
  return out;
}

void check_handshake_start(bytes so_far) {
  static std::string const wanted = pstrlen + std::string(pstr);
  std::string_view const came = as_text(so_far).substr(0, wanted.size());
  auto const [w, c] =
      std::mismatch(wanted.begin(), wanted.end(), came.begin(), came.end());
  if (c == came.end()) return;
  throw protocol_error(
      errc::not_bittorrent,
      fmt::format("the peer sent {:02x} as byte {}, where a BitTorrent handshake has "
                  "{:02x} ({}){}",
                  static_cast<unsigned char>(*c), c - came.begin(),
                  static_cast<unsigned char>(*w), c == came.begin() ? "pstrlen" : "pstr",
                  looks_like(came)));
}

handshake decode(bytes in) {
  check_handshake_start(in);
  if (in.size() < handshake_size)
    throw protocol_error(errc::end_of_stream,
                         fmt::format("the handshake ends after {} of its {} bytes",
                                     in.size(), handshake_size));
  handshake h;
  bytes const rest = in.subspan(1 + pstr.size());
  std::ranges::copy(rest.first(reserved_bits::size), h.reserved.value.begin());
  h.hash = info_hash::from(rest.subspan(8));
  h.id = peer_id::from(rest.subspan(28));
  return h;
}

} // namespace cotorra::handshake
