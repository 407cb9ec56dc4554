// A small HTTP/1.1 server: GET and HEAD, many connections, each with many requests.
#pragma once
#include "http/get_talk.hpp"
#include <functional>

namespace cotorra::http {

// Returns the answer at once. It is called for HEAD too; the server leaves the body out.
// An exception becomes status 500.
using handler = std::function<response(request_head const&, endpoint from)>;

struct server_options {
  std::size_t connections = 2000; // further clients are turned away
  duration patience = 10s;        // to receive a request, and to send an answer
};

// Serves until it is cancelled or the listener is closed.
io::task<> serve(io::listener&, io::clock&, handler, server_options = {});

// A short answer for a person to read.
response plain_answer(int status, std::string_view text);

} // namespace cotorra::http
