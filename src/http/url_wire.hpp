// URLs, as far as trackers and .torrent links need them (RFC 3986).
#pragma once
#include <cstdint>
#include <string>
#include <string_view>

namespace cotorra::http {

struct url {
  std::string scheme; // in lower case: "http", "https" or "udp"
  std::string host;   // a name or an address; an IPv6 address without its brackets
  std::uint16_t port = 0;
  std::string target; // path and query, as they were given; begins with '/'
  std::string user;   // "name:password" as it was given, percent-coded; often empty

  bool speaks_http() const { return scheme == "http"; }
  std::string authority() const; // "host", or "host:port" when the port is not the usual
  std::string text() const;      // without `user`
};

// A URL as it may be shown and logged: without user name, password, query and control
// characters, and with what looks like a passkey in its path cut short. Whatever prints
// the URL of a tracker or of a .torrent prints this. Takes text that is no URL, too.
std::string printable(std::string_view url);

// Throws input_error: one sentence with the URL in it, as printable() has it. The
// fragment (#...) is dropped.
url parse_url(std::string_view);

// Where a redirect leads: `location` may be a whole URL or relative to `from`. Throws
// protocol_error{malformed_http}.
url resolve_location(url const& from, std::string_view location);

} // namespace cotorra::http
