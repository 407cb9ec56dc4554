#include "dht/tokens.hpp"
#include <algorithm>

namespace cotorra::dht {
namespace {

std::int64_t number_of_period(time_point now) {
  return static_cast<std::int64_t>(now.time_since_epoch() / tokens::period);
}

} // namespace

buffer tokens::give(ip_address const& asker, node_id const& info_hash,
                    time_point now) const {
  return token_of(number_of_period(now), asker, info_hash);
}

bool tokens::accepts(bytes token, ip_address const& asker, node_id const& info_hash,
                     time_point now) const {
  std::int64_t const current = number_of_period(now);
  return std::ranges::equal(token, token_of(current, asker, info_hash)) ||
         std::ranges::equal(token, token_of(current - 1, asker, info_hash));
}

buffer tokens::token_of(std::int64_t number, ip_address const& asker,
                        node_id const& info_hash) const {
  buffer content;
  content.reserve(64);
  put_number(content, static_cast<std::uint64_t>(number));
  append(content, info_hash.view());
  append(content, asker.view());
  buffer token;
  put_number(token, hash_(content));
  return token;
}

} // namespace cotorra::dht
