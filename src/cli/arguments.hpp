// What the user wrote behind an option. All throw usage_error, one sentence.
#pragma once
#include "base/endpoint.hpp"
#include "base/error.hpp"
#include "base/identifiers.hpp"
#include "http/url_wire.hpp"
#include <string>
#include <vector>

namespace cotorra::cli {

// The command was written wrongly: exit status 2.
class usage_error : public input_error {
public:
  using input_error::input_error;
};

// "0", "500K", "10M", "1.5G": units of 1024; "KiB", "kb" and the like mean the same.
std::uint64_t parse_size(std::string_view);

// The same of bytes per second, "500K/s" too. 0 is no limit.
std::uint64_t parse_rate(std::string_view);

// "192.0.2.1:6881", "[2001:db8::1]:6881". A port alone gets `if_no_address`, if given.
endpoint parse_endpoint(std::string_view, std::optional<ip_address> if_no_address = {});

struct host_and_port {
  std::string host; // a name or an address, IPv6 without its brackets
  std::uint16_t port = 0;
};
host_and_port parse_host(std::string_view); // "seed.example:6881"

// "1,3-5" of `count` things that are counted from `base` there: their indices, counted
// from 0, in order and each once. `noun` is for the sentence: "file".
std::vector<std::uint32_t> parse_index_list(std::string_view, std::uint32_t count,
                                            std::string_view noun,
                                            std::uint32_t base = 1);

// A URL that the user wrote.
http::url check_url(std::string_view);

info_hash parse_info_hash(std::string_view); // 40 hex digits

} // namespace cotorra::cli
