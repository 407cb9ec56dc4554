// One announce. The user may leave before its answer.
#pragma once
#include "io/task_group.hpp"
#include "io/world.hpp"
#include "metainfo/metainfo_wire.hpp"
#include "tracker/announce_talk.hpp"
#include <optional>
#include <string>

namespace cotorra::cli {

struct announce_options {
  std::string torrent, tracker, event, ca;
  // none that a client takes: a tracker would put this announce in that client's place
  std::uint16_t port = 6880;
  std::uint32_t numwant = 50;
  std::optional<std::uint64_t> left;
  bool no_compact = false, json = false;
};

class announce_run {
public:
  announce_run(io::world, announce_options const&);

  // Asks the tracker, prints its answer, and returns the exit status. Throws input_error
  // and protocol_error. A tracker that was asked, and did not refuse, may list us: it is
  // told "stopped" if the user has named no event or leaves before the answer, which
  // takes 1 s at most.
  task<int> run();
  void interrupt(); // for a signal: the user does not wait for the answer

private:
  task<> ask();
  task<> say_stopped();
  void tell_question(std::string const& url) const;
  void tell_answer(std::string const& url, tracker::announce_answer const&) const;

  io::world world_;
  announce_options const& options_;
  io::task_group asking_;
  std::string tracker_;
  tracker::announce_request request_;
  tracker::announce_options how_;
  std::shared_ptr<io::trust const> trust_; // of --ca
  bool noted_ = false; // the tracker may have noted us: it was asked, and did not say no
  bool asked_ = false; // the tracker has answered, or cannot be asked
  bool interrupted_ = false;
};

} // namespace cotorra::cli
