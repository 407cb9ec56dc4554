// Gives the info dictionary to one peer (BEP 9), but not again and again: a peer needs it
// once. A machine: time is passed in.
#pragma once
#include "base/time.hpp"
#include "extension/metadata_wire.hpp"

namespace cotorra::extension {

class info_server {
public:
  // The raw info dictionary; it must outlive this. Empty: each request is rejected.
  explicit info_server(bytes info);

  std::uint64_t size() const { return info_.size(); }
  // The answer to a request: data or reject.
  metadata_message answer(std::uint32_t piece, time_point now);

private:
  bool may_have_one(time_point now);

  static constexpr double pieces_per_second = 2; // once the peer has had it all twice
  bytes info_;
  double const most_;
  double left_;
  std::optional<time_point> counted_;
};

} // namespace cotorra::extension
