#include "handshake/handshake_talk.hpp"
#include "hostile/zoo.hpp"

namespace cotorra::hostile {
namespace {

task<> receive(den& d, std::unique_ptr<io::stream> s) {
  visit v(d, std::move(s));
  try {
    co_await d.kind.life(v);
  } catch (protocol_error const&) {
  } catch (std::system_error const&) { // the victim has left
  }
}

task<> accept(den& d, io::task_group& visits) {
  auto const listener = d.host.doors().network.listen(d.at());
  for (;;) {
    auto s = co_await listener->accept();
    visits.spawn(receive(d, std::move(s)), "visit");
  }
}

task<> knock(den& d, peer_id id) {
  try {
    auto s = co_await d.host.doors().network.connect(d.victim);
    io::reader in(*s);
    handshake::handshake const ours{{}, d.info.hash, id};
    handshake::handshake const theirs =
        co_await handshake::exchange_handshakes(in, *s, ours);
    (void)theirs;
    bool more = !in.buffered().empty();
    if (!more) more = co_await in.fill();
    if (more) ++d.kept;
    while (more) {
      in.consume(in.buffered().size());
      more = co_await in.fill();
    }
  } catch (protocol_error const&) {
  } catch (std::system_error const&) { // refused
  }
}

} // namespace

task<> keep_open(den& d) {
  io::task_group visits(d.host.doors().executor);
  visits.spawn(accept(d, visits), "accept");
  co_await visits.join();
}

task<> come_again(den& d, unsigned times) {
  io::task_group visits(d.host.doors().executor);
  for (unsigned i = 0; i < times; ++i) visits.spawn(knock(d, d.id), "knock");
  co_await visits.join();
}

task<> come_under_many_names(den& d, unsigned times) {
  io::task_group visits(d.host.doors().executor);
  random_source names(times);
  for (unsigned i = 0; i < times; ++i) {
    peer_id id;
    names.fill(id.value);
    visits.spawn(knock(d, id), "knock");
  }
  co_await visits.join();
}

visit::visit(den& d, std::unique_ptr<io::stream> s)
    : self(d), number(d.visits), stream_(std::move(s)), reader_(*stream_),
      in_(reader_, 1 << 20) {
  ++d.visits;
}

task<> visit::hear_handshake() { theirs = co_await handshake::read_handshake(reader_); }

handshake::handshake visit::own_handshake() const {
  handshake::handshake h{{}, self.info.hash, self.id};
  if (self.kind.fast) h.reserved.set_fast();
  return h;
}

task<> visit::answer() {
  co_await hear_handshake();
  put_raw(handshake::encode(own_handshake()));
  co_await flush();
}

task<> visit::pose_as_seeder() {
  co_await answer();
  put_all_pieces();
  put(message::unchoke{});
}

void visit::put_all_pieces() {
  bitfield const all(self.info.pieces.size(), true);
  if (self.kind.fast)
    put(message::have_all{});
  else
    put(message::bitfield{all.encode()});
}

void visit::put_block(message::request const& r, bool right) {
  bytes const block = self.content.subspan(
      std::size_t{r.piece} * self.info.piece_length + r.begin, r.length);
  buffer const garbage(r.length, std::byte(number + r.begin / r.length));
  put(message::piece{r.piece, r.begin, right ? block : bytes(garbage)});
}

task<> visit::flush() {
  buffer const all = take();
  co_await io::write(*stream_, all);
}

task<> visit::flush_byte_by_byte(duration between) {
  buffer const all = take();
  for (std::size_t i = 0; i < all.size(); ++i) {
    bytes const one = bytes(all).subspan(i, 1);
    co_await io::write(*stream_, one);
    if (between > 0s) co_await self.host.doors().clock.sleep_for(between);
  }
}

task<message::request> visit::next_request() {
  for (;;) {
    auto const m = co_await in_.next();
    if (!m) throw protocol_error(errc::end_of_stream, "the victim left");
    auto const* r = std::get_if<message::request>(&*m);
    if (!r) continue;
    ++self.requests;
    co_return *r;
  }
}

task<> visit::reject_all() {
  for (;;) {
    co_await flush();
    auto const r = co_await next_request();
    put(message::reject_request{r.piece, r.begin, r.length});
  }
}

task<> visit::rest() {
  for (bool more = true; more;) {
    reader_.consume(reader_.buffered().size());
    more = co_await reader_.fill();
  }
}

task<> visit::hear_cancels() {
  for (bool more = true; more;) {
    while (auto const frame = in_.next_frame())
      if (std::holds_alternative<message::cancel>(message::decode(*frame)))
        ++self.cancels;
    more = co_await in_.fill();
  }
}

task<> visit::be_deaf() { co_await self.host.doors().clock.sleep_for(1h); }

} // namespace cotorra::hostile
