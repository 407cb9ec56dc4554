// Shared by the verbs that run a server.
#pragma once
#include "base/endpoint.hpp"
#include "cli/runtime.hpp"
#include <string>
#include <system_error>

namespace cotorra::cli {

ip_address loopback(); // 127.0.0.1

// The host for a URL to this machine: the listening address, or loopback when listening
// on all addresses.
std::string host_for(endpoint const& listening);

// Runs the service until Ctrl-C or the key q, its normal end. Throws what the service
// threw before. Prints `first_line` once the signal handlers are in place.
void run_until_interrupted(io::real_world&, task<> service, std::string first_line);

// input_error: "127.0.0.1:80: cannot listen there (Permission denied): ...".
[[noreturn]] void explain_listening(endpoint const& where, std::system_error const&);

} // namespace cotorra::cli
