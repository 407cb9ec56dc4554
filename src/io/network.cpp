#include "io/network.hpp"

namespace cotorra::io {
namespace {

std::string plain_words(std::error_code const& e) {
  if (e == std::errc::address_in_use) return "another program listens there";
  if (e == std::errc::permission_denied) return "that port is for the administrator only";
  if (e == std::errc::address_not_available) return "this machine has no such address";
  return "";
}

} // namespace

std::string why_not_listening(std::error_code const& e) {
  std::string const plain = plain_words(e);
  return plain.empty() ? e.message() : plain + " (" + e.message() + ")";
}

} // namespace cotorra::io
