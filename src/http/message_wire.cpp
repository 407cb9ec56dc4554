#include "http/message_wire.hpp"
#include "base/error.hpp"
#include "base/hex.hpp"
#include "base/trimmed.hpp"
#include <algorithm>
#include <botan/base64.h>
#include <fmt/format.h>

namespace cotorra::http {
namespace {

[[noreturn]] void malformed(std::string const& clause) {
  throw protocol_error(errc::malformed_http, clause);
}

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; }

constexpr char const* blanks = " \t"; // RFC 9110, section 5.6.3

// The next line, without its end; a line may end with LF alone (RFC 9112, section 2.2).
std::string_view take_line(std::string_view& head) {
  auto const end = std::min(head.find('\n'), head.size());
  std::string_view line = head.substr(0, end);
  head.remove_prefix(std::min(end + 1, head.size()));
  if (!line.empty() && line.back() == '\r') line.remove_suffix(1);
  return line;
}

bool is_token(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
    return c > ' ' && c < 0x7f &&
           std::string_view("()<>@,;:\\\"/[]?={}").find(c) == std::string_view::npos;
  });
}

bool is_text(std::string_view text) {
  return std::none_of(text.begin(), text.end(), [](char c) {
    return (static_cast<unsigned char>(c) < ' ' && c != '\t') || c == 0x7f;
  });
}

void check_room(header_fields const& fields) {
  if (fields.all().size() == most_fields)
    throw protocol_error(errc::limit_exceeded,
                         fmt::format("the head has more than {} fields", most_fields));
}

std::string without_controls(std::string_view text) {
  std::string out(text);
  for (char& c : out)
    if (!is_text({&c, 1})) c = ' ';
  return out;
}

// Of an answer: skips what is malformed.
header_fields take_fields(std::string_view rest) {
  header_fields out;
  bool folds = false; // the previous line was a field, so a folded line belongs to it
  for (auto line = take_line(rest); !line.empty(); line = take_line(rest)) {
    std::string const value = without_controls(line);
    if (line.front() == ' ' || line.front() == '\t') {
      if (folds) out.append_to_last(trimmed(value, blanks));
      continue;
    }
    auto const colon = std::min(value.find(':'), value.size());
    std::string_view const name =
        trimmed(std::string_view(value).substr(0, colon), blanks);
    folds = colon != value.size() && is_token(name);
    if (folds)
      out.add(std::string(name),
              std::string(trimmed(std::string_view(value).substr(colon + 1), blanks)));
  }
  return out;
}

// Of a request: all fields must be well-formed.
header_fields parse_fields(std::string_view rest) {
  header_fields out;
  for (auto line = take_line(rest); !line.empty(); line = take_line(rest)) {
    check_room(out);
    auto const colon = line.find(':');
    if (colon == line.npos) malformed("a header field has no colon");
    std::string_view const name = line.substr(0, colon);
    std::string_view const value = trimmed(line.substr(colon + 1), blanks);
    if (!is_token(name)) malformed("a header field has no proper name");
    if (!is_text(value)) malformed("a header field has a control character in it");
    out.add(std::string(name), std::string(value));
  }
  return out;
}

// "HTTP/1.0" or "HTTP/1.1": the number after the dot.
int minor_version(std::string_view text) {
  if (text != "HTTP/1.0" && text != "HTTP/1.1")
    malformed("this is not HTTP/1.0 or HTTP/1.1");
  return text.back() - '0';
}

} // namespace

bool same_word(std::string_view a, std::string_view b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [](char x, char y) { return lower(x) == lower(y); });
}

void header_fields::add(std::string name, std::string value) {
  fields_.push_back({std::move(name), std::move(value)});
}

void header_fields::append_to_last(std::string_view more) {
  fields_.back().value += " ";
  fields_.back().value += more;
}

std::optional<std::string_view> header_fields::find(std::string_view name) const {
  for (field const& f : fields_)
    if (same_word(f.name, name)) return f.value;
  return std::nullopt;
}

std::vector<std::string_view> header_fields::words(std::string_view name) const {
  std::vector<std::string_view> out;
  for (field const& f : fields_) {
    if (!same_word(f.name, name)) continue;
    std::string_view rest = f.value;
    while (!rest.empty()) {
      auto const comma = std::min(rest.find(','), rest.size());
      out.push_back(trimmed(rest.substr(0, comma), blanks));
      rest.remove_prefix(std::min(comma + 1, rest.size()));
    }
  }
  return out;
}

bool header_fields::has_word(std::string_view name, std::string_view word) const {
  auto const all = words(name);
  return std::any_of(all.begin(), all.end(),
                     [&](std::string_view one) { return same_word(one, word); });
}

std::string_view request_head::path() const {
  return std::string_view(target).substr(0, target.find('?'));
}

std::string_view request_head::query() const {
  auto const mark = target.find('?');
  if (mark == target.npos) return {};
  return std::string_view(target).substr(mark + 1);
}

bool request_head::has_body() const {
  auto const length = fields.find("Content-Length");
  return fields.find("Transfer-Encoding") || (length && *length != "0");
}

std::optional<std::size_t> head_size(bytes in, std::size_t limit, std::size_t scanned) {
  std::string_view const text = as_text(in.first(std::min(in.size(), limit)));
  // the last two bytes may begin an end: "\n\r\n"
  std::size_t const begin = scanned - std::min<std::size_t>(scanned, 2);
  for (auto end = text.find('\n', begin); end != text.npos;
       end = text.find('\n', end + 1)) {
    std::string_view const next = text.substr(end + 1, 2);
    if (next.substr(0, 1) == "\n") return end + 2;
    if (next == "\r\n") return end + 3;
  }
  if (in.size() >= limit)
    throw protocol_error(errc::limit_exceeded,
                         fmt::format("the head is longer than {} KiB", limit / 1024));
  return std::nullopt;
}

response_head decode_response_head(bytes head) {
  std::string_view rest = as_text(head);
  std::string_view const line = take_line(rest);
  if (line.substr(0, 5) != "HTTP/") malformed("the answer is not HTTP");
  minor_version(line.substr(0, 8));
  std::string_view const status = line.substr(8, 4);
  bool const three_digits = status.size() == 4 && status[0] == ' ' && status[1] >= '1' &&
                            status[1] <= '5' &&
                            std::all_of(status.begin() + 2, status.end(),
                                        [](char c) { return c >= '0' && c <= '9'; });
  if (!three_digits || (line.size() > 12 && line[12] != ' '))
    malformed("the status line has no status");
  response_head out;
  for (char digit : status.substr(1)) out.status = out.status * 10 + (digit - '0');
  out.reason = line.substr(std::min<std::size_t>(13, line.size()));
  out.fields = take_fields(rest);
  return out;
}

request_head decode_request_head(bytes head) {
  std::string_view rest = as_text(head);
  std::string_view const line = take_line(rest);
  auto const first = line.find(' ');
  auto const last = line.rfind(' ');
  if (first == line.npos || first == last)
    malformed("the request line does not have three parts");
  request_head out;
  out.method = line.substr(0, first);
  out.target = line.substr(first + 1, last - first - 1);
  if (!is_token(out.method)) malformed("the request has no proper method");
  if (!out.target.starts_with('/')) malformed("the request asks for no path of ours");
  if (!is_text(out.target) || out.target.find_first_of(" \t") != out.target.npos)
    malformed("the requested path has a character that belongs percent-coded");
  int const minor = minor_version(line.substr(last + 1));
  out.fields = parse_fields(rest);
  out.keep_alive = minor == 1 ? !out.fields.has_word("Connection", "close")
                              : out.fields.has_word("Connection", "keep-alive");
  return out;
}

namespace {

// "name:password" as RFC 7617 wants it. A bad percent-coding stays as it is.
std::string authorization(url const& where) {
  if (where.user.empty()) return "";
  std::string plain = percent_decode(where.user).value_or(where.user);
  if (plain.find(':') == plain.npos) plain += ':';
  auto const* const raw = reinterpret_cast<std::uint8_t const*>(plain.data());
  return fmt::format("Authorization: Basic {}\r\n",
                     Botan::base64_encode(raw, plain.size()));
}

} // namespace

std::string encode_request_head(url const& where) {
  std::string target;
  for (char c : where.target) {
    bool const fits_a_request = c > ' ' && c < 0x7f;
    if (fits_a_request)
      target += c;
    else
      target += percent_encode(as_bytes({&c, 1}));
  }
  return fmt::format("GET {} HTTP/1.1\r\n"
                     "Host: {}\r\n"
                     "User-Agent: cotorra/0.1\r\n"
                     "Accept-Encoding: identity\r\n"
                     "{}Connection: close\r\n\r\n",
                     target, where.authority(), authorization(where));
}

std::string encode_response_head(int status, header_fields const& fields,
                                 std::size_t body_size, bool keep_alive) {
  std::string out = fmt::format("HTTP/1.1 {} {}\r\n", status, reason_phrase(status));
  for (field const& f : fields.all()) out += fmt::format("{}: {}\r\n", f.name, f.value);
  out += fmt::format("Content-Length: {}\r\nConnection: {}\r\n\r\n", body_size,
                     keep_alive ? "keep-alive" : "close");
  return out;
}

std::string_view reason_phrase(int status) {
  switch (status) {
  case 200:
    return "OK";
  case 301:
    return "Moved Permanently";
  case 400:
    return "Bad Request";
  case 403:
    return "Forbidden";
  case 404:
    return "Not Found";
  case 405:
    return "Method Not Allowed";
  case 413:
    return "Content Too Large";
  case 431:
    return "Request Header Fields Too Large";
  case 500:
    return "Internal Server Error";
  default:
    return "Other";
  }
}

} // namespace cotorra::http
