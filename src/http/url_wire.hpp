// URLs (RFC 3986), as far as trackers and .torrent links need them.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>

namespace cotorra::http {

struct url {
  std::string scheme; // in lower case: "http", "https" or "udp"
  std::string host;   // a name or an address; an IPv6 address without its brackets
  std::uint16_t port = 0;
  std::string target; // path and query as given; begins with '/'
  std::string user;   // "name:password" as given, percent-coded; often empty

  bool is_secure() const { return scheme == "https"; }
  bool speaks_http() const { return scheme == "http" || is_secure(); }
  bool speaks_udp() const { return scheme == "udp"; }
  std::string authority() const; // "host", or "host:port" when the port is not the usual
  std::string text() const;      // without `user`
};

// A URL as we may print it: without user name, password, query and control characters,
// and with anything in its path that looks like a passkey cut short. All code that prints
// the URL of a tracker or a .torrent uses this. Accepts any text.
std::string printable(std::string_view url);

// Does it contain a secret of its user? A user name or a password, what looks like a
// passkey in its path, or a query of more than a few harmless words.
bool has_secret(std::string_view url);

// For programs: the whole URL, or, where it has a secret, what printable() leaves of it,
// but never cut short for its length.
std::string without_secrets(std::string_view url);

// Drops the fragment (#...). Throws input_error: one sentence with the printable() URL.
url parse_url(std::string_view);

// The target of a redirect: `location` is a full URL, or relative to `from`. Throws
// protocol_error{malformed_http}.
url resolve_location(url const& from, std::string_view location);

} // namespace cotorra::http
