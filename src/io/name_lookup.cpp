#include "io/name_lookup.hpp"
#include <asio/error.hpp>
#include <asio/system_error.hpp>
#include <cerrno>
#include <fcntl.h>
#include <netdb.h>
#include <netinet/in.h>
#include <sys/eventfd.h>
#include <unistd.h>

namespace cotorra::io {
namespace {

[[noreturn]] void no_descriptor() {
  throw std::system_error(errno, std::generic_category());
}

std::optional<ip_address> address_of(sockaddr const& a) {
  if (a.sa_family == AF_INET) {
    auto const& v4 = reinterpret_cast<sockaddr_in const&>(a);
    return ip_address::v4(ntohl(v4.sin_addr.s_addr));
  }
  if (a.sa_family != AF_INET6) return std::nullopt;
  auto const& v6 = reinterpret_cast<sockaddr_in6 const&>(a);
  return ip_address::from(std::as_bytes(std::span(v6.sin6_addr.s6_addr)));
}

asio::error_code to_error_code(int error, int system_error) {
  if (error == EAI_AGAIN) return asio::error::host_not_found_try_again;
  if (error == EAI_SYSTEM) return {system_error, asio::error::get_system_category()};
  if (error == EAI_MEMORY) return asio::error::no_memory;
  return asio::error::host_not_found;
}

} // namespace

name_lookup::name_lookup(std::string host, std::shared_ptr<int> one_of)
    : host_(std::move(host)), one_of_(std::move(one_of)),
      bell_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {
  if (bell_ < 0) no_descriptor();
}

name_lookup::~name_lookup() {
  if (found_ != nullptr) ::freeaddrinfo(found_);
  ::close(bell_);
}

void name_lookup::run() noexcept {
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM; // each address once
  error_ = ::getaddrinfo(host_.c_str(), nullptr, &hints, &found_);
  errno_ = errno;
  ::eventfd_write(bell_, 1);
}

int name_lookup::share_bell() const {
  int const copy = ::fcntl(bell_, F_DUPFD_CLOEXEC, 0);
  if (copy < 0) no_descriptor();
  return copy;
}

std::vector<ip_address> name_lookup::result() {
  eventfd_t rung = 0;
  ::eventfd_read(bell_, &rung);
  if (error_ != 0) throw asio::system_error(to_error_code(error_, errno_));
  std::vector<ip_address> out;
  for (addrinfo const* a = found_; a != nullptr; a = a->ai_next)
    if (auto const address = address_of(*a->ai_addr)) out.push_back(*address);
  if (out.empty()) throw asio::system_error(asio::error::no_data);
  return out;
}

} // namespace cotorra::io
