// Our queries that wait for an answer. An answer counts only if it comes from the address
// that was asked and repeats the transaction id, which is random: another node cannot
// answer in that one's place, since it would have to guess. A machine.
#pragma once
#include "base/random.hpp"
#include "base/time.hpp"
#include "dht/krpc_wire.hpp"

namespace cotorra::dht {

class open_queries {
public:
  static constexpr std::size_t most = 256;
  static constexpr duration lifetime = 5s; // then there will be no answer

  using purpose = std::uint64_t; // what the query was for; the caller's own number
  struct query {
    std::uint32_t transaction;
    time_point sent;
    endpoint to;
    std::optional<node_id> id; // that is expected there
    purpose why;
  };

  // The transaction id for a query that is sent now; nothing when too many wait.
  std::optional<buffer> open(endpoint const& to, std::optional<node_id> const& id,
                             purpose, time_point now, random_source&);
  // Takes out the query that this is the answer to, if there is one.
  std::optional<query> close(endpoint const& from, bytes transaction);
  // Takes out those that no answer will come to.
  std::vector<query> expire(time_point now);

  bool is_asked(endpoint const&) const;
  bool empty() const { return open_.empty(); }
  std::size_t size() const { return open_.size(); }

private:
  std::vector<query> open_; // in the order in which they were sent
};

} // namespace cotorra::dht
