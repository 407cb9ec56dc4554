// A run of `download`: from the sources until every torrent has ended.
#pragma once
#include "cli/arguments.hpp"
#include "cli/command.hpp"
#include "cli/follow.hpp"
#include "cli/source.hpp"
#include "cli/transfer.hpp"
#include "io/task_group.hpp"
#include "session/session.hpp"
#include <list>

namespace cotorra::cli {

class download_run {
public:
  download_run(io::world, download_options const&, events&);

  task<int> run(); // the exit status
  void interrupt();

private:
  task<> fetch();
  task<> fetch_all();
  task<> run_transfers();
  task<> follow(io::task_group&);
  task<> watch();
  task<> read_new(std::filesystem::path);
  task<> on_complete(std::string name, info_hash);
  bool is_leaving(info_hash const&) const;
  void add(session::add_torrent_params source);
  bool look();
  void cancel();
  bool all_over() const;
  int end();

  io::world world_;
  download_options const& options_;
  events& reports_;
  dht_home const dht_;
  std::shared_ptr<io::trust const> trust_; // of --ca
  std::vector<host_and_port> given_peers_;
  std::vector<endpoint> peers_;
  std::vector<session::add_torrent_params> fetched_; // in the order of the sources
  own_files own_;
  torrent_sources sources_; // of the torrents that are added
  io::task_group* fetching_ = nullptr;
  command_threads threads_;
  io::task_group commands_; // of --on-complete
  std::optional<session::session> session_;
  std::optional<follower> follower_;
  std::optional<transfer_desk> desk_;
  torrents torrents_;
  std::list<transfer> transfers_;
  follower::end how_ = follower::end::left;
  bool interrupted_ = false, command_failed_ = false;
};

} // namespace cotorra::cli
