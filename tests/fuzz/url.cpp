// A URL that we accept is safe to send, and so is where a redirect leads.
#include "base/hex.hpp"
#include "fuzz/fuzz.hpp"
#include "http/message_wire.hpp"
#include "http/url_wire.hpp"

namespace cotorra::fuzz {
namespace {

void check(http::url const& u) {
  demand(!u.scheme.empty() && !u.host.empty(), "there is somebody to ask");
  demand(u.target.starts_with('/'), "the target begins at the root");
  for (char c : u.text())
    demand(static_cast<unsigned char>(c) >= ' ' && c != 127, "no new line");
  http::url const again = http::parse_url(u.text());
  demand(again.scheme == u.scheme && again.host == u.host && again.port == u.port &&
             again.target == u.target,
         "the text of a URL is that URL");
  if (!u.speaks_http()) return;
  auto const head = http::decode_request_head(as_bytes(http::encode_request_head(u)));
  demand(percent_decode(head.target) == percent_decode(u.target),
         "we ask for what it names, percent-coded where that is missing");
  demand(head.fields.find("Host") == u.authority(), "no field is smuggled in");
}

} // namespace

void target(bytes input) {
  std::string_view const text = as_text(input);
  if (auto const u = unless_refused<input_error>([&] { return http::parse_url(text); }))
    check(*u);
  http::url const from = http::parse_url("http://tracker.example/a/b?c=d");
  if (auto const to = unless_refused([&] { return http::resolve_location(from, text); }))
    check(*to);
}

} // namespace cotorra::fuzz
