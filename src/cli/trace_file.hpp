// What a session and its peers said to each other, one JSON object a line: for diagrams,
// for questions afterwards. Sent is what waits to be sent; of a handshake that fails,
// what came is not told. Each line has "time", in seconds since the trace began, then
//
//   "event": "opened", "connection": 1, "peer": "10.1.0.2:6881", "we_dialled": true
//   "event": "sent" or "received", "connection", "message": "request", its fields,
//            "size" in bytes, the first of them as "hex"; a "payload" is cut as well
//   "event": "piece", "info_hash", "piece": 7, "what": started, verified or failed
//   "event": "tracker", "url", "what"
//   "event": "closed", "connection", "reason"
#pragma once
#include "cli/output.hpp"
#include "io/world.hpp"
#include <filesystem>
#include <fstream>
#include <map>
#include <memory>
#include <ostream>

namespace cotorra::cli {

class trace : public io::observer {
public:
  // `node` names whose trace it is, where several are written to the same place. Both the
  // stream and the clock must outlive the trace.
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

// The same in a file.
class trace_file {
public:
  trace_file(std::filesystem::path const&, io::clock const&); // throws input_error
  ~trace_file();                                              // says when it is cut short

  io::observer* observer() { return &trace_; }

private:
  std::filesystem::path const path_;
  std::ofstream file_;
  trace trace_;
};

// The file that somebody asked for, watching this world; null when the path is empty.
std::unique_ptr<trace_file> open_trace(std::string const& path, io::world&);

} // namespace cotorra::cli
