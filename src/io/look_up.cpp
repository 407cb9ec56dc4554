#include "io/look_up.hpp"
#include "io/deadline.hpp"
#include <fmt/format.h>

namespace cotorra::io {
namespace {

[[noreturn]] void leads_nowhere(std::string const& host, std::string_view why) {
  throw protocol_error(errc::cannot_connect,
                       fmt::format("the name {} leads to no address ({})", host, why));
}

task<std::vector<ip_address>> look_up(network& net, clock& time, std::string host,
                                      duration patience) {
  std::vector<ip_address> found;
  try {
    auto looking = net.resolve(host);
    found = co_await within(time, time.now() + patience, std::move(looking));
  } catch (std::system_error const& e) {
    leads_nowhere(host, e.code().message());
  } catch (protocol_error const& e) {
    if (e.code() != errc::timed_out) throw;
    leads_nowhere(host, "the look-up takes too long");
  }
  co_return found;
}

} // namespace

task<std::vector<ip_address>> addresses_of(network& net, clock& time, std::string host,
                                           ip_family family, duration patience) {
  auto looking = look_up(net, time, host, patience);
  std::vector<ip_address> found = co_await std::move(looking);
  std::erase_if(found, [&](ip_address const& a) { return !a.is_of(family); });
  if (found.empty())
    throw protocol_error(errc::no_address, fmt::format("{} has no address of IPv{}", host,
                                                       family == ip_family::v6 ? 6 : 4));
  co_return found;
}

} // namespace cotorra::io
