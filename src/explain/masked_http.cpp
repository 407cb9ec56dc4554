#include "explain/masked_http.hpp"
#include "base/hex.hpp"
#include "http/message_wire.hpp"
#include <algorithm>
#include <botan/base64.h>
#include <utility>

namespace cotorra::explain {
namespace {

using text = std::span<char>;

constexpr std::size_t shortest_repeated = 4; // "7" is in every answer
// A tracker's answer may make us look for no more than this in what it says next.
constexpr std::size_t longest_repeated = 1024, most_repeated = 32;
constexpr std::string_view blanks = " \t\r\n";

std::string_view view(text t) { return {t.data(), t.size()}; }
text text_of(mutable_bytes b) { return {reinterpret_cast<char*>(b.data()), b.size()}; }
std::size_t find(text in, std::string_view any_of) {
  return std::min(view(in).find_first_of(any_of), in.size());
}
text after(text in, std::string_view any_of) {
  return in.subspan(std::min(find(in, any_of) + 1, in.size()));
}
text without_leading(text in, std::string_view any_of) {
  return in.subspan(std::min(view(in).find_first_not_of(any_of), in.size()));
}

// Calls on_part for each part between two separators.
template <class On> void each(text all, std::string_view separators, On on_part) {
  while (!all.empty()) {
    std::size_t const end = find(all, separators);
    on_part(all.first(end));
    all = all.subspan(std::min(end + 1, all.size()));
  }
}

// Parameters of an announce that our program writes itself (BEP 3, 7, 23).
bool is_of_announce(std::string_view name, std::string_view value) {
  constexpr std::string_view known[] = {"info_hash", "peer_id",    "port",
                                        "uploaded",  "downloaded", "left",
                                        "numwant",   "compact",    "event"};
  constexpr std::size_t digits_of_key = 8; // as ours; a longer one is the user's
  return std::ranges::find(known, name) != std::end(known) ||
         (name == "key" && value.size() == digits_of_key);
}

class masker {
public:
  explicit masker(secrets& found) : found_(found) {}

  void first_line(text line) {
    if (!view(line).starts_with("GET ")) return;
    text const rest = line.subspan(4), url = rest.first(find(rest, " \r"));
    // A target is a path, even if it begins with "//" or has a URL in its query.
    if (view(url).starts_with('/'))
      target(url);
    else
      reference(url);
  }

  void field(std::string_view name, text value) {
    value = without_leading(value, blanks);
    if (http::same_word(name, "Location") || http::same_word(name, "Content-Location"))
      reference(value);
    else if (http::same_word(name, "Refresh")) // "5; url=http://..."
      refresh(without_leading(after(value, ";,"), blanks));
    else if (http::same_word(name, "Set-Cookie") || http::same_word(name, "Cookie"))
      mask(after(value.first(find(value, ";")), "="));
    else if (http::same_word(name, "Authorization"))
      credentials(after(value, " ")); // "Basic dTpw"
  }

private:
  void keep(std::string_view secret) {
    bool const good_size =
        secret.size() >= shortest_repeated && secret.size() <= longest_repeated;
    if (good_size && found_.size() < most_repeated) found_.emplace_back(secret);
  }
  void mask(text secret) {
    keep(view(secret));
    if (auto const plain = percent_decode(view(secret)); plain && *plain != view(secret))
      keep(*plain);
    std::ranges::fill(secret, 'x');
  }

  // "name:password": each server can say one of them without the other.
  void user(text whole) {
    auto const colon = std::min(view(whole).find(':'), whole.size());
    if (colon != whole.size()) keep(view(whole).substr(colon + 1));
    mask(whole);
  }

  void credentials(text coded) {
    try {
      auto plain = Botan::base64_decode(coded.data(), coded.size());
      user(text(reinterpret_cast<char*>(plain.data()), plain.size()));
    } catch (std::exception const&) { // another scheme than Basic
    }
    mask(coded);
  }

  void parameter(text one) {
    text const value =
        view(one).find('=') == std::string_view::npos ? one : after(one, "=");
    std::string_view const name = view(one.first(find(one, "=")));
    if (name.size() != one.size() && is_of_announce(name, view(value))) return;
    if (http::has_secret("http://h/?" + std::string(view(one)))) mask(value);
  }

  void target(text all) {
    std::size_t const query = find(all, "?#");
    each(all.first(query), "/", [this](text part) {
      if (http::has_secret("http://h/" + std::string(view(part)))) mask(part);
    });
    each(all.subspan(query), "?#&;", [this](text one) { parameter(one); });
  }

  // "http://name:password@host/path?query", without its scheme, or a target alone.
  void reference(text url) {
    std::size_t const mark = find(url, ":/?#");
    bool const has_scheme = view(url.subspan(mark)).starts_with("://");
    if (has_scheme) url = url.subspan(mark + 1);
    if (!view(url).starts_with("//")) return target(url);
    url = url.subspan(2);
    std::size_t const end = find(url, "/?#");
    if (auto const at = view(url.first(end)).rfind('@'); at != std::string_view::npos)
      user(url.first(at));
    target(url.subspan(end));
  }

  void refresh(text url) {
    if (http::same_word(view(url).substr(0, 3), "url")) url = url.subspan(3);
    reference(without_leading(url, " \t=\"'"));
  }

  secrets& found_;
};

// The next line with the lines that continue it: they begin with a blank.
text take_field(text& head) {
  std::size_t end = 0;
  do end += std::min(find(head.subspan(end), "\n") + 1, head.size() - end);
  while (end < head.size() && (head[end] == ' ' || head[end] == '\t'));
  text const one = head.first(end);
  head = head.subspan(end);
  return one;
}

// A value on several lines is masked as one: a secret may begin on the first of them.
void mask_field(masker& by, text one) {
  std::string_view name = view(one.first(find(one, ":")));
  name = name.substr(0, name.find_last_not_of(blanks) + 1);
  std::vector<char*> places;
  std::string joined;
  bool begins = false; // a line; the blanks there are none of the value
  for (char& c : after(one, ":")) {
    begins = c == '\n' || (begins && (c == ' ' || c == '\t'));
    if (c == '\r' || c == '\n' || begins) continue;
    places.push_back(&c);
    joined += c;
  }
  by.field(name, joined);
  for (std::size_t i = 0; i < places.size(); ++i) *places[i] = joined[i];
}

// Of the end of `said`: as much as can be the beginning of a secret.
std::size_t begun_secret(std::string_view said, secrets const& known) {
  std::size_t most = 0;
  for (std::string const& secret : known)
    for (std::size_t n = std::min(secret.size() - 1, said.size()); n > most; --n)
      if (said.ends_with(std::string_view(secret).substr(0, n))) most = n;
  return most;
}

} // namespace

void mask_secrets(mutable_bytes head, secrets& found) {
  masker by(found);
  text rest = text_of(head);
  by.first_line(take_field(rest));
  while (!rest.empty()) mask_field(by, take_field(rest));
}

std::size_t mask_repeated(mutable_bytes said, secrets const& known) {
  text const shown = text_of(said);
  std::string const plain(view(shown)); // a secret may be a part of another one
  for (std::string const& secret : known)
    for (auto at = plain.find(secret); at != plain.npos; at = plain.find(secret, at + 1))
      std::ranges::fill(shown.subspan(at, secret.size()), 'x');
  return said.size() - begun_secret(plain, known);
}

} // namespace cotorra::explain
