// GET, the one thing that BitTorrent wants of HTTP: ask a tracker, fetch a .torrent.
#pragma once
#include "http/message_wire.hpp"
#include "io/clock.hpp"
#include "io/network.hpp"
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
  duration deadline = 30s;      // for everything: names, redirects, the last byte
  duration name_deadline = 15s; // for one look-up of a name
  duration dial_deadline = 10s; // for one address, when the name has more of them
  std::size_t body_limit = 2 * 1024 * 1024; // also when it was compressed
  int redirects = 5;
  ip_family family = ip_family::any; // dial no other
  bool public_only = false;          // dial no address of our own network
  bool no_local_redirect = false;    // follow no redirect into our own network
  bool accept_cut_off = false;       // the caller can tell whether a body is whole
  std::function<void()> on_sent{};   // a question is about to leave
};

// Asks, follows redirects, and gives the answer, whatever its status is, unpacked if the
// server compressed it. A public server cannot redirect us to an address of our own
// network, nor to another scheme. A user name and password in the URL go to that host
// alone.
// Throws input_error for the URL; protocol_error, with the printable() URL in it, for all
// that goes wrong on the way: cannot_connect, no_address, timed_out, end_of_stream,
// malformed_http, limit_exceeded, too_many_redirects, unsafe_redirect; unsupported for
// the scheme.
io::task<response> get(io::network&, io::clock&, std::string url, get_options = {});

} // namespace cotorra::http
