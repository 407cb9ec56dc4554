// GET, all that BitTorrent needs of HTTP: to ask a tracker, to fetch a .torrent.
#pragma once
#include "http/message_wire.hpp"
#include "io/clock.hpp"
#include "io/network.hpp"
#include "io/tls.hpp"
#include <functional>

namespace cotorra::http {

struct response {
  int status = 200;
  header_fields fields;
  buffer body;
  std::string final_url; // where the answer came from, after redirects
  bool cut_off = false;  // with accept_cut_off: the connection ended before the body did
};

struct get_options {
  duration deadline = 30s;                  // for everything, from look-up to last byte
  duration name_deadline = 15s;             // for looking up one name
  duration dial_deadline = 10s;             // for one address, when the name has several
  std::size_t body_limit = 2 * 1024 * 1024; // bytes, before and after unpacking
  int redirects = 5;
  ip_family family = ip_family::any; // dial only this one
  bool public_only = false;          // dial no address in our own network
  bool no_local_redirect = false;    // follow no redirect into our own network
  bool accept_cut_off = false;       // the caller can tell whether a body is complete
  std::function<void()> on_sent{};   // called right before a request is sent
  io::trust const* trust = nullptr;  // for https; null: the system's authorities
};

// Asks, over TLS for https, follows redirects, and returns the answer, whatever its
// status, unpacked. A public server cannot redirect us to an address in our own network,
// or to another scheme, but from http to https. A user name and password in the URL are
// sent to that host only. Throws input_error for a bad URL, and protocol_error, with the
// printable() URL in it, for the rest: cannot_connect, no_address, timed_out,
// end_of_stream, malformed_http, limit_exceeded, too_many_redirects, unsafe_redirect,
// insecure, or unsupported (the scheme).
io::task<response> get(io::network&, io::clock&, std::string url, get_options = {});

} // namespace cotorra::http
