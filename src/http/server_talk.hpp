// A small HTTP/1.1 server: GET and HEAD, many connections, each with many requests.
#pragma once
#include "http/get_talk.hpp"
#include <functional>

namespace cotorra::http {

// Gives the answer at once; HEAD is answered like GET, and the body left out. What it
// throws becomes status 500.
using handler = std::function<response(request_head const&, endpoint from)>;

struct server_options {
  std::size_t connections = 2000; // who comes when all are taken is turned away
  duration patience = 10s;        // for a request to come, and for an answer to leave
};

// Serves until its group is cancelled or the listener is closed.
io::task<> serve(io::listener&, io::clock&, handler, server_options = {});

// A short answer that a person reads.
response plain_answer(int status, std::string_view text);

} // namespace cotorra::http
