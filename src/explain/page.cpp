#include "base/html.hpp"
#include "explain/byte_map.hpp"
#include "explain/page_parts.hpp"
#include "explain/text.hpp"
#include <fmt/format.h>

namespace cotorra::explain {
namespace {

constexpr std::size_t most_rows = 3000; // a browser gets slow beyond
constexpr std::size_t looks = 6, line_size = 16;

std::string look_of(byte_row const& r, std::size_t i) {
  return r.name == left_over ? "k bad" : fmt::format("k k{}", i % looks);
}

// "bytes 28 to 47"
std::string place_of(byte_row const& r) {
  if (r.length == 1) return fmt::format("byte {}", r.offset);
  return fmt::format("bytes {} to {}", r.offset, r.offset + r.length - 1);
}

// Lines of 16 bytes: offset, hex, text. A field may go over several lines, and a line may
// hold several fields.
class hex_dump {
public:
  explicit hex_dump(bytes file) : file_(file) {}

  void field(byte_row const& r, std::size_t i) {
    constexpr std::size_t longest = 8 * line_size, begin = 4 * line_size;
    std::size_t const end = r.offset + r.length;
    if (r.length <= longest) return part(r, i, r.offset, end);
    std::size_t const stop = (r.offset + begin) / line_size * line_size;
    std::size_t const go_on = (end - 1) / line_size * line_size;
    part(r, i, r.offset, stop);
    gap(go_on - stop, "of " + r.name);
    part(r, i, go_on, end);
  }

  void gap(std::size_t size, std::string_view what) {
    end_line();
    out_ += fmt::format("<div class=\"gap\">   ... {} {}, not drawn</div>",
                        count_of(size, "byte"), html_escaped(what));
  }

  std::string finish() {
    end_line();
    return std::move(out_);
  }

private:
  void part(byte_row const& r, std::size_t i, std::size_t from, std::size_t to) {
    for (std::size_t at = from; at < to;) {
      std::size_t const stop = std::min(to, (at / line_size + 1) * line_size);
      begin_line(at);
      bool const first = at == r.offset;
      std::string const tag = first ? "a" : "span";
      out_ += fmt::format("<{} class=\"{}{}\" data-f=\"{}\"", tag, look_of(r, i),
                          first ? " first" : "", i);
      if (first)
        out_ += fmt::format(" id=\"b{0}\" href=\"#f{0}\" aria-label=\"{1}: {2}\"", i,
                            place_of(r), html_escaped(r.name));
      out_ += '>';
      for (; at < stop; ++at) byte(at, at + 1 == stop);
      out_ += fmt::format("</{}> ", tag);
    }
  }

  void byte(std::size_t at, bool last) {
    auto const c = std::to_integer<unsigned char>(file_[at]);
    out_ += fmt::format("{:02x}{}", c, last ? "" : " ");
    text_ += c >= 0x20 && c < 0x7F ? static_cast<char>(c) : '.';
    ++filled_;
  }

  void begin_line(std::size_t at) {
    if (open_ && at % line_size != 0) return;
    end_line();
    open_ = true;
    filled_ = at % line_size;
    text_ = std::string(filled_, ' ');
    out_ += fmt::format("<div><span class=\"at\">{:7}</span>{:{}}", at - filled_, "",
                        3 * filled_);
  }

  void end_line() {
    if (!open_) return;
    out_ += fmt::format("{:{}}<span class=\"txt\" aria-hidden=\"true\">{}</span></div>",
                        "", 3 * (line_size - filled_), html_escaped(text_));
    open_ = false;
  }

  bytes const file_;
  std::string out_, text_;
  std::size_t filled_ = 0; // bytes of the line so far
  bool open_ = false;
};

std::string table_row(byte_row const& r, std::size_t i, bytes file) {
  std::string const place =
      fmt::format("<td class=\"n\">{}</td><td class=\"n\">{}</td>", r.offset, r.length);
  if (r.name.empty())
    return fmt::format("<tr>{}<td></td><td colspan=\"3\">... {}</td></tr>\n", place,
                       html_escaped(r.note));
  return fmt::format(
      "<tr id=\"f{0}\" data-f=\"{0}\">{1}<td><span class=\"{2}\">{3}</span></td>"
      "<th scope=\"row\" style=\"--depth:{4}\"><a href=\"#b{0}\">{5}</a></th>"
      "<td class=\"v\">{6}</td><td class=\"m\">{7}</td></tr>\n",
      i, place, look_of(r, i), hex_start(file.subspan(r.offset, r.length)),
      std::min(r.depth, 12u), html_escaped(r.name), html_escaped(r.value),
      html_escaped(r.note));
}

std::vector<byte_row> rows_to_draw(byte_map const& map) {
  auto rows = shortened(map.rows);
  if (rows.size() <= most_rows) return rows;
  byte_row rest = rows[most_rows];
  rest = {rest.offset,
          map.end() - rest.offset,
          0,
          "",
          "",
          fmt::format("{} more: cotorra show --bytes tells them",
                      count_of(rows.size() - most_rows, "field"))};
  rows.resize(most_rows);
  rows.push_back(std::move(rest));
  return rows;
}

std::string capitalised(std::string text) {
  if (!text.empty() && text[0] >= 'a' && text[0] <= 'z')
    text[0] = static_cast<char>(text[0] - 'a' + 'A');
  return text;
}

std::string head_of(byte_map const& map, std::size_t size, std::string const& name) {
  std::string out = fmt::format(
      "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
      "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
      "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; "
      "style-src 'unsafe-inline'; script-src 'unsafe-inline'; base-uri 'none'; "
      "form-action 'none'\">\n<title>{0}, byte by byte</title>\n<style>{1}</style>\n"
      "</head>\n<body>\n<header>\n<h1>{0}</h1>\n<p>{2}, {3}. Each field has a colour "
      "and a line of its own under its bytes, and begins at an upright stroke. <span "
      "class=\"keys\">Click on a byte or a field; with the keyboard, Tab leads to the "
      "fields, the arrow keys, Home and End from one to the next.</span></p>\n",
      name, page_style, html_escaped(capitalised(map.kind)), count_of(size, "byte"));
  if (!map.trouble.empty())
    out += fmt::format("<p class=\"trouble\" role=\"alert\">{}</p>\n",
                       html_escaped(sanitise(map.trouble)));
  return out + "</header>\n";
}

} // namespace

std::string html_of(byte_map const& map, bytes file, std::string_view name) {
  hex_dump dump(file);
  std::string table;
  std::size_t i = 0;
  for (byte_row const& r : rows_to_draw(map)) {
    r.name.empty() ? dump.gap(r.length, r.note) : dump.field(r, i);
    table += table_row(r, i, file);
    ++i;
  }
  return head_of(map, file.size(), html_escaped(name)) +
         "<main>\n<section class=\"sticky\" aria-labelledby=\"bytes\">\n"
         "<h2 id=\"bytes\">The bytes</h2>\n<div class=\"dump\" tabindex=\"0\" "
         "role=\"region\" aria-label=\"The bytes in hexadecimal and as text\">" +
         dump.finish() +
         "</div>\n</section>\n<section aria-labelledby=\"fields\">\n"
         "<h2 id=\"fields\">The fields</h2>\n<table>\n<caption>Every byte belongs to one "
         "field.</caption>\n<thead><tr><th scope=\"col\">Byte</th><th scope=\"col\">Size"
         "</th><th scope=\"col\">Hex</th><th scope=\"col\">Field</th><th scope=\"col\">"
         "Value</th><th scope=\"col\">Meaning</th></tr></thead>\n<tbody>\n" +
         table + "</tbody>\n</table>\n</section>\n</main>\n<script>" +
         std::string(page_script) + "</script>\n</body>\n</html>";
}

} // namespace cotorra::explain
