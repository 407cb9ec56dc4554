// record_conversations FOLDER: writes what the course's diagrams are drawn from. Real
// sessions talk in the simulated world, in virtual time, so each run writes the same.
//
//   handshake.jsonl     two handshakes, seen from both ends
//   conversation.jsonl  A has pieces 0 and 1 of 5, B has piece 4, nobody has piece 3;
//   piece
//                       2 comes to A from a slow third
//   pieces.jsonl        a download from three peers that have a part each
#include "12-downloader/swarm.hpp"
#include "explain/trace.hpp"
#include "handshake/handshake_talk.hpp"
#include <cstdio>
#include <fstream>
#include <optional>

namespace {
using namespace cotorra;
using namespace cotorra::test;

constexpr std::uint32_t piece_length = 32 * 1024;
constexpr io::link twenty_ms{.latency = 20ms};

// A stream that tells an observer what goes through, where no session does it.
class told_stream : public io::stream {
public:
  told_stream(std::unique_ptr<io::stream> inner, io::observer& who)
      : inner_(std::move(inner)), who_(who) {}

  task<std::size_t> read_some(mutable_bytes into) override {
    std::size_t const n = co_await inner_->read_some(into);
    who_.received(1, into.first(n));
    co_return n;
  }
  task<> write(std::span<bytes const> buffers) override {
    for (bytes b : buffers) who_.sent(1, b);
    return inner_->write(buffers);
  }
  void close() override { inner_->close(); }

private:
  std::unique_ptr<io::stream> inner_;
  io::observer& who_;
};

handshake::handshake handshake_of(std::string_view id) {
  handshake::handshake h;
  h.reserved.set_fast();
  h.hash = info_hash::from(*from_hex("1cad4a48798d952614c394eb15e75bec587fd08d"));
  h.id = peer_id::from(as_bytes(id));
  return h;
}

std::optional<handshake::handshake> lookup(info_hash const& asked) {
  handshake::handshake const b = handshake_of("-CO0100-bbbbbbbbbbbb");
  if (asked != b.hash) return std::nullopt;
  return b;
}

task<> answer(io::host& b, io::observer& who) {
  auto door = b.doors().network.listen({b.address(), 6881});
  std::unique_ptr<io::stream> stream = co_await door->accept();
  endpoint const from = stream->remote();
  who.opened(1, from, false);
  told_stream told(std::move(stream), who);
  io::reader in(told);
  handshake::torrent_lookup const ours = lookup;
  co_await handshake::answer_handshake(in, told, ours);
}

task<> dial(io::host& a, endpoint to, io::observer& who) {
  std::unique_ptr<io::stream> stream = co_await a.doors().network.connect(to);
  who.opened(1, to, true);
  told_stream told(std::move(stream), who);
  io::reader in(told);
  handshake::handshake const mine = handshake_of("-CO0100-aaaaaaaaaaaa");
  co_await handshake::exchange_handshakes(in, told, mine);
}

void record_handshake(std::ostream& out) {
  io::simulation sim(4);
  io::host& a = sim.add_host(*ip_address::parse("10.1.0.1"), twenty_ms);
  io::host& b = sim.add_host(*ip_address::parse("10.1.0.2"), twenty_ms);
  explain::trace seen_by_a(out, sim.clock(), "A"), seen_by_b(out, sim.clock(), "B");
  sim.spawn(answer(b, seen_by_b), "answer");
  sim.run(dial(a, {b.address(), 6881}, seen_by_a));
  sim.run_for(1s);
  sim.end();
}

// The file with only these pieces right.
void put_pieces(swarm::node& n, buffer content, std::vector<piece_index> const& have) {
  for (piece_index i = 0; i * piece_length < content.size(); ++i) {
    if (std::ranges::find(have, i) != have.end()) continue;
    std::size_t const from = i * piece_length;
    std::size_t const size = std::min<std::size_t>(piece_length, content.size() - from);
    std::fill_n(content.begin() + static_cast<std::ptrdiff_t>(from), size, std::byte{});
  }
  write_file(n.folder.path() / "perro.jpg", content);
}

void record_conversation(std::ostream& out) {
  std::vector<file_content> files{{"", random_bytes(5, 4 * piece_length + 20'000)}};
  metainfo::metainfo info = make_metainfo("perro.jpg", files, piece_length);
  std::optional<explain::trace> seen_by_a, seen_by_b; // they see the swarm's end, too
  swarm s(5, std::move(info), files);
  auto& a = s.add_host(twenty_ms);
  auto& b = s.add_host(twenty_ms);
  a.observer = &seen_by_a.emplace(out, s.sim.clock(), "A");
  b.observer = &seen_by_b.emplace(out, s.sim.clock(), "B");
  put_pieces(a, files[0].content, {0, 1});
  put_pieces(b, files[0].content, {4});
  s.start(b);
  auto& c = s.add_host({.up = 8'000, .latency = 20ms});
  put_pieces(c, files[0].content, {2});
  session::add_torrent_params share;
  share.upload_mode = true;
  s.start(c, std::move(share));
  session::add_torrent_params params;
  params.peers = {s.at(b), s.at(c)};
  s.start(a, std::move(params));
  s.sim.run_for(25s);
}

void record_pieces(std::ostream& out) {
  std::vector<file_content> files{{"", random_bytes(7, 24 * piece_length - 12'345)}};
  metainfo::metainfo info = make_metainfo("perro.jpg", files, piece_length);
  std::optional<explain::trace> seen;
  swarm s(7, std::move(info), files);
  session::add_torrent_params params;
  for (piece_index part = 0; part < 3; ++part) {
    session::add_torrent_params share;
    share.upload_mode = true;
    share.share = bitfield(24);
    for (piece_index i = part * 8; i < part * 8 + 8; ++i) share.share->set(i);
    params.peers.push_back(
        s.at(s.add_seeder({.up = 50'000 * (part + 1), .latency = 20ms}, share)));
  }
  auto& reader = s.add_host(twenty_ms);
  reader.observer = &seen.emplace(out, s.sim.clock());
  s.start(reader, std::move(params));
  s.sim.run_until([&] { return s.complete(reader); }, 5min);
}

void record(std::filesystem::path const& to, void (*conversation)(std::ostream&)) {
  std::ofstream file(to, std::ios::binary);
  conversation(file);
  if (!file.flush()) throw std::runtime_error("cannot write " + to.string());
}

} // namespace

int main(int count, char** words) {
  if (count != 2) return std::fputs("record_conversations FOLDER\n", stderr), 2;
  std::filesystem::path const folder = words[1];
  record(folder / "handshake.jsonl", record_handshake);
  record(folder / "conversation.jsonl", record_conversation);
  record(folder / "pieces.jsonl", record_pieces);
}
