// A swarm for experiments: a tracker, seeders and clients, all of them the real sessions;
// only network and time are simulated. The same seed gives the same numbers.
#pragma once
#include "io/simulation.hpp"
#include "session/session.hpp"
#include "tracker_server/http_face_talk.hpp"
#include <filesystem>

namespace cotorra::python {

struct swarm_options {
  std::uint64_t seed = 1;
  std::uint32_t pieces = 64;
  std::uint32_t piece_length = 64 * 1024;
};

struct node_options {
  std::uint64_t up = 0, down = 0; // bytes per second; 0: no limit
  double latency = 0.005;         // seconds to the middle of the net: two nodes' add up
  std::size_t unchoke_slots = session::settings().unchoke_slots; // 0: all peers
  std::size_t request_depth = 0; // 0: as many as the rate needs
  bool in_order = false;         // first piece first
  bool shares = true;            // false: offers no piece to others
  bool leaves = false;           // as soon as it has everything
};

struct sample {
  double time, progress; // seconds since the start; 0 to 1
  std::uint64_t downloaded, uploaded;
};

// Lives as long as this does, with all that is in it.
struct temporary_folder {
  temporary_folder();
  ~temporary_folder();
  temporary_folder(temporary_folder const&) = delete;

  std::filesystem::path path;
};

class simulated_swarm;

class node {
public:
  node(simulated_swarm&, io::host&, std::string name, node_options const&, bool seeder);
  node(node const&) = delete;

  void leave(); // says goodbye, as after a user's quit
  session::torrent_status status() const { return torrent_.status(); }
  std::uint64_t downloaded_from(node const& other) const; // payload bytes
  bool is_here() const { return here_; }

  std::string const name;
  bool const is_seeder;
  std::optional<double> finished_at; // seconds since the start
  std::vector<sample> samples;

private:
  friend class simulated_swarm;
  void put_files();
  void changed();
  task<> run();

  simulated_swarm& swarm_;
  io::host& host_;
  bool const leaves_;
  temporary_folder folder_;
  std::optional<session::session> session_; // goes before its folder
  session::torrent_handle torrent_;
  bool here_ = true, ended_ = false;
};

class simulated_swarm {
public:
  explicit simulated_swarm(swarm_options const&);
  ~simulated_swarm();

  node& add_seeder(node_options const& o) { return add(o, true); }
  node& add_client(node_options const& o) { return add(o, false); }

  // Lets time pass, and looks at every node each `every` seconds; between two looks it
  // calls `meanwhile`, which may throw.
  void run_for(double seconds, double every, std::function<void()> const& meanwhile);
  // The same until every client is complete or gone: false when it was not in time.
  bool run_until_complete(double at_most, double every,
                          std::function<void()> const& meanwhile);

  double time() const { return cotorra::seconds(sim_.now() - start_); }
  std::uint64_t size() const { return info_->total_length; }
  std::uint64_t trace() const { return sim_.trace(); }
  // Of each piece, how many of the nodes that are here have it.
  std::vector<unsigned> copies() const;
  std::vector<std::unique_ptr<node>> const& nodes() const { return nodes_; }

private:
  friend class node;
  node& add(node_options const&, bool seeder);
  bool run(bool until_complete, double at_most, double every,
           std::function<void()> const& meanwhile);
  bool all_complete() const;
  void look();

  io::simulation sim_;
  time_point start_;
  buffer content_;
  std::shared_ptr<metainfo::metainfo const> info_;
  io::host& tracker_host_;
  tracker_server::server tracker_;
  std::vector<std::unique_ptr<node>> nodes_;
};

} // namespace cotorra::python
