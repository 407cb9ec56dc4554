#include "bencode/encode_wire.hpp"
#include <charconv>
#include <stdexcept>

namespace cotorra::bencode {
namespace {

void require(bool ok, char const* rule) {
  if (!ok) throw std::logic_error(std::string("bencode::writer: ") + rule);
}

} // namespace

void writer::dictionary() { open(true, 'd'); }
void writer::list() { open(false, 'l'); }

void writer::open(bool dictionary, char type) {
  before_value();
  append(out_, std::string_view(&type, 1));
  open_.push_back({dictionary});
}

void writer::end() {
  require(!open_.empty(), "end() without a list or dictionary");
  require(!open_.back().key_waits, "end() where a key waits for its value");
  append(out_, "e");
  open_.pop_back();
  after_value();
}

void writer::key(std::string_view key) {
  require(!open_.empty() && open_.back().dictionary, "key() outside a dictionary");
  level& in = open_.back();
  require(!in.key_waits, "key() where a key waits for its value");
  // hole 1.4: a key goes behind the one before it, or it is a bug of ours
  bytes const last = bytes(out_).subspan(in.last_key, in.last_key_size);
  require(in.last_key == 0 || as_text(last) < key, "keys must be sorted and unique");
  // end hole 1.4
  put_number(static_cast<std::int64_t>(key.size()));
  append(out_, ":");
  in.last_key = out_.size();
  in.last_key_size = key.size();
  append(out_, key);
  in.key_waits = true;
}

void writer::integer(std::int64_t n) {
  before_value();
  append(out_, "i");
  put_number(n);
  append(out_, "e");
  after_value();
}

void writer::string(bytes content) {
  before_value();
  put_number(static_cast<std::int64_t>(content.size()));
  append(out_, ":");
  append(out_, content);
  after_value();
}

void writer::raw(bytes encoded) {
  before_value();
  append(out_, encoded);
  after_value();
}

void writer::before_value() {
  require(!done_, "a second value");
  if (open_.empty() || !open_.back().dictionary) return;
  require(open_.back().key_waits, "a value without a key");
  open_.back().key_waits = false;
}

void writer::put_number(std::int64_t n) {
  char digits[20];
  auto const [end, _] = std::to_chars(digits, digits + sizeof digits, n);
  append(out_, std::string_view(digits, static_cast<std::size_t>(end - digits)));
}

} // namespace cotorra::bencode
