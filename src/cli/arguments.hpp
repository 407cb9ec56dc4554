// Parses the values of options. All functions throw usage_error, one sentence.
#pragma once
#include "base/endpoint.hpp"
#include "base/error.hpp"
#include "base/identifiers.hpp"
#include "http/url_wire.hpp"
#include <string>
#include <vector>

namespace cotorra::cli {

// The user wrote the command wrongly: exit status 2.
class usage_error : public input_error {
public:
  using input_error::input_error;
};

// "0", "500K", "10M", "1.5G": units of 1024; "KiB", "kb" and the like mean the same.
std::uint64_t parse_size(std::string_view);

// Bytes per second; "500K/s" is accepted too. 0 is no limit.
std::uint64_t parse_rate(std::string_view);

// "192.0.2.1:6881", "[2001:db8::1]:6881". A port alone gets `if_no_address`, if given.
endpoint parse_endpoint(std::string_view, std::optional<ip_address> if_no_address = {});

struct host_and_port {
  std::string host; // a name or an address, IPv6 without its brackets
  std::uint16_t port = 0;
};
host_and_port parse_host(std::string_view); // "seed.example:6881"

// "1,3-5", counted from `base`, out of `count` things: their indices, counted from 0,
// sorted, without repeats. `noun` names the things in the error: "file".
std::vector<std::uint32_t> parse_index_list(std::string_view, std::uint32_t count,
                                            std::string_view noun,
                                            std::uint32_t base = 1);

http::url check_url(std::string_view);

info_hash parse_info_hash(std::string_view); // 40 hex digits

} // namespace cotorra::cli
