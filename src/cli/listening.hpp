// What the verbs that serve have in common.
#pragma once
#include "base/endpoint.hpp"
#include "cli/runtime.hpp"
#include <string>
#include <system_error>

namespace cotorra::cli {

ip_address loopback(); // 127.0.0.1

// The host to write into a URL for this machine: the address one listens on, or loopback
// when one listens on all of them.
std::string host_for(endpoint const& listening);

// Until Ctrl-C or the key q, which is how such a task is meant to end. Throws what it
// threw before that. `first_line` is printed once a signal would be heard.
void run_until_interrupted(io::real_world&, task<> service, std::string first_line);

// input_error: "127.0.0.1:80: cannot listen there (Permission denied): ...".
[[noreturn]] void explain_listening(endpoint const& where, std::system_error const&);

} // namespace cotorra::cli
