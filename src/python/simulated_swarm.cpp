#include "python/simulated_swarm.hpp"
#include "base/sha.hpp"
#include "metainfo/create_wire.hpp"
#include <algorithm>
#include <fstream>
#include <stdlib.h> // mkdtemp

namespace cotorra::python {
namespace {

constexpr char const* file_name = "experiment.bin";
constexpr char const* tracker_url = "http://10.0.0.1:6969/announce";
constexpr std::uint32_t first_address = 0x0a010001; // 10.1.0.1
constexpr std::uint16_t port = 6881;

constexpr double longest = 1e8; // seconds, 3 years: far from where the clock overflows

// Not NaN either.
duration duration_of(double seconds, char const* name) {
  if (!(seconds >= 0 && seconds <= longest))
    throw input_error(std::string(name) + "= must be 0 to 1e8 seconds");
  return std::chrono::duration_cast<duration>(std::chrono::duration<double>(seconds));
}

duration step_of(double every) {
  if (!(every >= 1e-9)) throw input_error("every= must be 1e-9 to 1e8 seconds");
  return std::max<duration>(duration_of(every, "every"), 1ns);
}

buffer make_content(swarm_options const& o) {
  buffer all(std::size_t{o.pieces} * o.piece_length);
  random_source(o.seed).fill(all);
  return all;
}

std::shared_ptr<metainfo::metainfo const> describe(bytes content,
                                                   std::uint32_t piece_length) {
  std::vector<sha1_digest> pieces;
  for (; !content.empty(); content = content.subspan(piece_length))
    pieces.push_back(sha1(content.first(piece_length)));
  metainfo::create_options options;
  options.name = file_name;
  options.piece_length = piece_length;
  options.trackers = {{tracker_url}};
  std::vector<metainfo::created_file> files(1);
  files[0].length = std::uint64_t{piece_length} * pieces.size();
  return std::make_shared<metainfo::metainfo const>(
      metainfo::decode(metainfo::encode(options, files, pieces)));
}

std::filesystem::path make_folder() {
  std::string name = (std::filesystem::temp_directory_path() / "swarm-XXXXXX").string();
  if (!mkdtemp(name.data())) throw input_error("cannot make a temporary folder");
  return name;
}

} // namespace

temporary_folder::temporary_folder() : path(make_folder()) {}

temporary_folder::~temporary_folder() {
  std::error_code ignored;
  std::filesystem::remove_all(path, ignored);
}

node::node(simulated_swarm& s, io::host& h, std::string n, node_options const& o,
           bool seeder)
    : name(std::move(n)), is_seeder(seeder), swarm_(s), host_(h), leaves_(o.leaves) {
  if (seeder) put_files();
  session::settings with;
  with.listen_interfaces = {{h.address(), port}};
  with.unchoke_slots = o.unchoke_slots;
  with.request_depth = o.request_depth;
  session::add_torrent_params params;
  params.ti = s.info_;
  params.save_path = folder_.path;
  params.sequential_download = o.in_order;
  if (!o.shares) params.share = bitfield(s.info_->pieces.size());
  params.on_change = [this] { changed(); };
  session_.emplace(h.doors(), with);
  torrent_ = session_->add_torrent(std::move(params));
  s.sim_.spawn(run(), "node");
}

void node::put_files() {
  std::ofstream out(folder_.path / file_name, std::ios::binary);
  out.write(as_text(swarm_.content_).data(),
            static_cast<std::streamsize>(swarm_.content_.size()));
  out.close();
  if (!out)
    throw input_error("cannot write the seeder's file into " + folder_.path.string());
}

void node::changed() {
  if (finished_at || is_seeder || !torrent_.status().is_seeding) return;
  finished_at = swarm_.time();
  if (leaves_) leave();
}

void node::leave() {
  here_ = false;
  session_->stop();
}

task<> node::run() {
  co_await session_->run();
  ended_ = true;
}

std::uint64_t node::downloaded_from(node const& other) const {
  std::uint64_t sum = 0;
  auto add = [&](std::vector<session::peer_info> const& peers) {
    for (session::peer_info const& p : peers)
      if (p.ip.address == other.host_.address()) sum += p.total_download;
  };
  add(torrent_.past_peers());
  add(torrent_.get_peer_info());
  return sum;
}

simulated_swarm::simulated_swarm(swarm_options const& o)
    : sim_(o.seed), start_(sim_.now()), content_(make_content(o)),
      info_(describe(content_, o.piece_length)),
      tracker_host_(sim_.add_host(*ip_address::parse("10.0.0.1"))),
      tracker_(tracker_host_.doors(), {.listen = {tracker_host_.address(), 6969}}) {
  sim_.spawn(tracker_.run(), "tracker");
}

simulated_swarm::~simulated_swarm() {
  for (auto const& n : nodes_) n->leave();
  try {
    sim_.run_until(
        [this] { return std::ranges::all_of(nodes_, [](auto& n) { return n->ended_; }); },
        60s);
  } catch (std::exception const&) {
    // what a node throws while it says goodbye is of no interest any more
  }
  sim_.end();
}

node& simulated_swarm::add(node_options const& o, bool seeder) {
  auto const latency = duration_of(o.latency, "latency");
  auto const number = static_cast<std::uint32_t>(nodes_.size());
  io::link const link{.up = o.up, .down = o.down, .latency = latency};
  io::host& h = sim_.add_host(ip_address::v4(first_address + number), link);
  std::string name = (seeder ? "seeder " : "client ") + std::to_string(number);
  nodes_.push_back(std::make_unique<node>(*this, h, std::move(name), o, seeder));
  return *nodes_.back();
}

void simulated_swarm::run_for(double seconds, double every,
                              std::function<void()> const& meanwhile) {
  run(false, seconds, every, meanwhile);
}

bool simulated_swarm::run_until_complete(double at_most, double every,
                                         std::function<void()> const& meanwhile) {
  return run(true, at_most, every, meanwhile);
}

bool simulated_swarm::run(bool until_complete, double at_most, double every,
                          std::function<void()> const& meanwhile) {
  duration const step = step_of(every);
  time_point const end =
      sim_.now() + duration_of(at_most, until_complete ? "at_most" : "seconds");
  auto const done = [&] { return until_complete && all_complete(); };
  look();
  while (sim_.now() < end && !done()) {
    sim_.run_until(done, std::min(step, end - sim_.now()));
    look();
    meanwhile();
  }
  return all_complete();
}

bool simulated_swarm::all_complete() const {
  return std::ranges::all_of(
      nodes_, [](auto const& n) { return n->is_seeder || n->finished_at || !n->here_; });
}

void simulated_swarm::look() {
  for (auto const& n : nodes_) {
    session::torrent_status const s = n->status();
    double const here = s.total_wanted == 0 ? 0 : double(s.total_done) / double(size());
    n->samples.push_back(
        {time(), here, s.total_payload_download, s.total_payload_upload});
  }
}

std::vector<unsigned> simulated_swarm::copies() const {
  std::vector<unsigned> all(info_->pieces.size());
  for (auto const& n : nodes_) {
    if (!n->here_) continue;
    bitfield const have = n->status().pieces;
    for (std::size_t i = 0; i < all.size(); ++i) all[i] += have[i] ? 1 : 0;
  }
  return all;
}

} // namespace cotorra::python
