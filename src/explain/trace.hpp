// What a session and its peers said to each other, one JSON object a line: for diagrams,
// and for questions afterwards. A message is "sent" when it is queued for sending; of a
// handshake that fails, the bytes received are left out. Each line has "time", in
// seconds since the trace began, then
//
//   "event": "opened", "connection": 1, "peer": "10.1.0.2:6881", "we_dialled": true
//   "event": "sent" or "received", "connection", "message": "request", its fields,
//            "size" in bytes, the first of them as "hex"; a "payload" is cut as well
//   "event": "piece", "info_hash", "piece": 7, "what": started, verified or failed
//   "event": "tracker", "url", "what"
//   "event": "closed", "connection", "reason"
#pragma once
#include "explain/json.hpp"
#include "io/clock.hpp"
#include "io/observer.hpp"
#include <ostream>

namespace cotorra::explain {

class trace : public io::observer {
public:
  // `node` tells the traces of several sessions apart when they go to the same stream.
  // Stream and clock must outlive the trace.
  trace(std::ostream& to, io::clock const&, std::string node = "");

  void opened(connection, endpoint const&, bool we_dialled) override;
  void closed(connection, std::string_view reason) override;
  void sent(connection, bytes) override;
  void received(connection, bytes) override;
  void piece(info_hash const&, piece_index, io::piece_event) override;
  void tracker(std::string_view url, std::string_view what) override;

private:
  json line(std::string_view event) const;
  void spoken(std::string_view event, connection, bytes);
  void write(json const&);

  std::ostream& to_;
  io::clock const& clock_;
  time_point const begun_;
  std::string const node_;
};

} // namespace cotorra::explain
