// The door that looks outwards: what the engine tells its observers. Narrated tests,
// traces, diagrams and the live page are views of this one stream of events. Without an
// observer nothing is computed for it. Calls are made in the engine's thread and must not
// block or throw.
#pragma once
#include "base/bytes.hpp"
#include "base/endpoint.hpp"
#include "base/identifiers.hpp"
#include <string_view>

namespace cotorra::io {

enum class piece_event { started, verified, failed };

class observer {
public:
  using connection = std::uint64_t; // counts up; never used twice in a session

  virtual ~observer() = default;
  virtual void opened(connection, endpoint const&, bool /*we dialled*/) {}
  virtual void closed(connection, std::string_view /*reason*/) {}
  virtual void sent(connection, bytes /*handshake or one whole frame*/) {}
  virtual void received(connection, bytes /*handshake or one whole frame*/) {}
  virtual void piece(info_hash const&, piece_index, piece_event) {}
  virtual void tracker(std::string_view /*url*/, std::string_view /*what happened*/) {}
};

} // namespace cotorra::io
