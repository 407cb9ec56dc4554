// GET, the one thing that BitTorrent wants of HTTP: ask a tracker, fetch a .torrent.
#pragma once
#include "http/message_wire.hpp"
#include "io/clock.hpp"
#include "io/network.hpp"

namespace cotorra::http {

struct response {
  int status = 200;
  header_fields fields;
  buffer body;
  std::string final_url; // where the answer came from, after redirects
};

struct get_options {
  duration deadline = 30s;      // for everything: names, redirects, the last byte
  duration dial_deadline = 10s; // for one address, when the name has more of them
  std::size_t body_limit = 2 * 1024 * 1024;
  int redirects = 5;
};

// Asks, follows redirects, and gives the answer, whatever its status is. A public server
// cannot redirect us to an address of our own network, nor to another scheme.
// Throws input_error for the URL; protocol_error, with the URL up to its query in it, for
// all that goes wrong on the way: cannot_connect, timed_out, end_of_stream,
// malformed_http, limit_exceeded, too_many_redirects, unsafe_redirect, unsupported.
io::task<response> get(io::network&, io::clock&, std::string url, get_options = {});

} // namespace cotorra::http
