#include "explain/trace.hpp"
#include "explain/facts.hpp"
#include "message/framing.hpp"
#include <algorithm>
#include <cmath>

namespace cotorra::explain {
namespace {

constexpr std::size_t shown_bytes = 96; // a handshake is whole, a block is not

bool is_handshake(bytes said) {
  return said.size() == handshake::handshake_size &&
         said[0] == std::byte{handshake::pstr.size()};
}

// What was said, by name. An observer does not throw: a breach is told by name too.
json facts_of_said(bytes said) {
  try {
    if (said.size() < message::length_size)
      throw protocol_error(errc::end_of_stream, "the length is cut");
    if (!is_handshake(said))
      return facts_of(message::decode(said.subspan(message::length_size)), shown_bytes);
    json out{{"message", "handshake"}};
    out.update(facts_of(handshake::decode(said)));
    return out;
  } catch (std::exception const& e) {
    return {{"message", "malformed"}, {"because", e.what()}};
  }
}

std::string_view name_of(io::piece_event what) {
  switch (what) {
  case io::piece_event::started:
    return "started";
  case io::piece_event::verified:
    return "verified";
  case io::piece_event::failed:
    return "failed";
  }
  return "";
}

} // namespace

trace::trace(std::ostream& to, io::clock const& clock, std::string node)
    : to_(to), clock_(clock), begun_(clock.now()), node_(std::move(node)) {}

json trace::line(std::string_view event) const {
  double const passed = seconds(clock_.now() - begun_);
  json out{{"time", std::round(passed * 1e6) / 1e6}}; // microseconds are enough
  if (!node_.empty()) out["node"] = node_;
  out["event"] = event;
  return out;
}

void trace::write(json const& object) { to_ << to_line(object) << "\n"; }

void trace::opened(connection which, endpoint const& peer, bool we_dialled) {
  json out = line("opened");
  out["connection"] = which;
  out["peer"] = peer.text();
  out["we_dialled"] = we_dialled;
  write(out);
}

void trace::closed(connection which, std::string_view reason) {
  json out = line("closed");
  out["connection"] = which;
  out["reason"] = reason;
  write(out);
}

void trace::spoken(std::string_view event, connection which, bytes said) {
  json out = line(event);
  out["connection"] = which;
  out.update(facts_of_said(said));
  out["size"] = said.size();
  out["hex"] = to_hex(said.first(std::min(said.size(), shown_bytes)));
  write(out);
}

void trace::sent(connection which, bytes said) { spoken("sent", which, said); }
void trace::received(connection which, bytes said) { spoken("received", which, said); }

void trace::piece(info_hash const& hash, piece_index i, io::piece_event what) {
  json out = line("piece");
  out["info_hash"] = hash.hex();
  out["piece"] = i;
  out["what"] = name_of(what);
  write(out);
}

void trace::tracker(std::string_view url, std::string_view what) {
  json out = line("tracker");
  out["url"] = url;
  out["what"] = what;
  write(out);
}

} // namespace cotorra::explain
