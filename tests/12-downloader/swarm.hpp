// A swarm in the simulated world: a tracker, one seeder, and nodes that have nothing yet.
// They are the real sessions; only network and time are simulated.
#pragma once
#include "base/sha.hpp"
#include "io/simulation.hpp"
#include "metainfo/create_wire.hpp"
#include "metainfo/metainfo_wire.hpp"
#include "session/session.hpp"
#include "support/temporary_folder.hpp"
#include "tracker_server/http_face_talk.hpp"
#include <filesystem>
#include <fstream>
#include <memory>

namespace cotorra::test {

inline buffer random_bytes(std::uint64_t seed, std::size_t size) {
  buffer b(size);
  random_source(seed).fill(b);
  return b;
}

inline void write_file(std::filesystem::path const& to, bytes content) {
  std::filesystem::create_directories(to.parent_path());
  std::ofstream(to, std::ios::binary)
      .write(as_text(content).data(), static_cast<std::streamsize>(content.size()));
}

inline buffer read_file(std::filesystem::path const& from) {
  std::ifstream in(from, std::ios::binary);
  std::string const all((std::istreambuf_iterator<char>(in)), {});
  bytes const view = as_bytes(all);
  return buffer(view.begin(), view.end());
}

struct file_content {
  std::string path; // "" for a single file
  buffer content;
};

// The metainfo of these files, as read back from our own writer.
inline metainfo::metainfo make_metainfo(std::string name,
                                        std::vector<file_content> const& files,
                                        std::uint32_t piece_length,
                                        std::string tracker = "") {
  buffer all;
  std::vector<metainfo::created_file> entries;
  for (auto const& f : files) {
    append(all, f.content);
    metainfo::created_file e;
    if (!f.path.empty()) e.path = {f.path};
    e.length = f.content.size();
    entries.push_back(e);
  }
  std::vector<sha1_digest> pieces;
  for (std::size_t at = 0; at < all.size(); at += piece_length)
    pieces.push_back(sha1(
        bytes(all).subspan(at, std::min<std::size_t>(piece_length, all.size() - at))));
  metainfo::create_options options;
  options.name = name;
  options.piece_length = piece_length;
  if (!tracker.empty()) options.trackers = {{tracker}};
  return metainfo::decode(metainfo::encode(options, entries, pieces));
}

class swarm {
public:
  struct node {
    explicit node(io::host& h) : host(h) {}
    io::host& host;
    temporary_folder folder;
    std::unique_ptr<cotorra::session::session> session;
    session::torrent_handle torrent;
    io::observer* observer = nullptr; // set before start(); outlives the node
    bool ended = false;
  };

  static constexpr char const* tracker_address = "10.0.0.1";
  static constexpr char const* tracker_url = "http://10.0.0.1:6969/announce";

  swarm(std::uint64_t seed, metainfo::metainfo info, std::vector<file_content> files)
      : sim(seed), info_(std::make_shared<metainfo::metainfo const>(std::move(info))),
        files_(std::move(files)),
        tracker_host_(sim.add_host(*ip_address::parse(tracker_address))),
        tracker(tracker_host_.doors(), {.listen = {tracker_host_.address(), 6969}}) {
    sim.spawn(tracker.run(), "tracker");
  }
  ~swarm() {
    for (auto& n : nodes)
      if (n->session) n->session->stop();
    sim.run_until([&] { return all([](node const& n) { return n.ended; }); }, 60s);
    sim.end(); // ends the tracker, and the tests' own coroutines, before their objects go
  }

  node& add_seeder(io::link link = {}, session::add_torrent_params params = {}) {
    node& n = add_host(link);
    put_files(n);
    return start(n, std::move(params));
  }
  node& add_leecher(io::link link = {}, session::add_torrent_params params = {}) {
    return start(add_host(link), std::move(params));
  }
  // A node whose files are put in place by the test first.
  node& add_host(io::link link) {
    auto const number = static_cast<std::uint32_t>(nodes.size());
    io::host& h = sim.add_host(ip_address::v4(0x0a010000 + number + 1), link);
    nodes.push_back(std::make_unique<node>(h));
    return *nodes.back();
  }
  void put_files(node& n) {
    auto const root = n.folder.path() / info_->name;
    for (auto const& f : files_)
      write_file(f.path.empty() ? root : root / f.path, f.content);
  }
  node& start(node& n, session::add_torrent_params params = {},
              session::settings s = {}) {
    s.listen_interfaces = {{n.host.address(), 6881}};
    io::world doors = n.host.doors();
    doors.observer = n.observer;
    n.session = std::make_unique<cotorra::session::session>(doors, s);
    if (params.info_hash == info_hash{}) params.ti = info_; // else: a magnet link
    params.save_path = n.folder.path();
    n.torrent = n.session->add_torrent(std::move(params));
    sim.spawn(run(n), "session");
    return n;
  }

  bool complete(node const& n) const { return n.torrent.status().is_seeding; }
  bool all_complete() const {
    return all([this](node const& n) { return complete(n); });
  }
  // Are the files of this node byte for byte those of the torrent?
  bool has_right_bytes(node const& n) const {
    auto const root = n.folder.path() / info_->name;
    for (auto const& f : files_)
      if (read_file(f.path.empty() ? root : root / f.path) != f.content) return false;
    return true;
  }
  metainfo::metainfo const& info() const { return *info_; }
  io::host& tracker_host() { return tracker_host_; }
  endpoint at(node const& n) const { return {n.host.address(), 6881}; }

  io::simulation sim;

private:
  template <class Test> bool all(Test test) const {
    for (auto const& n : nodes)
      if (n->session && !test(*n)) return false;
    return true;
  }
  static task<> run(node& n) {
    co_await n.session->run();
    n.ended = true;
  }

  std::shared_ptr<metainfo::metainfo const> info_;
  std::vector<file_content> files_;
  io::host& tracker_host_;

public:
  tracker_server::server tracker;
  std::vector<std::unique_ptr<node>> nodes;
};

} // namespace cotorra::test
