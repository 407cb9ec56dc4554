#include "http/static_site.hpp"
#include "base/error.hpp"
#include "base/hex.hpp"
#include "base/html.hpp"
#include <algorithm>
#include <fmt/format.h>
#include <fstream>

namespace cotorra::http {
namespace fs = std::filesystem;
namespace {

constexpr std::uintmax_t largest_file = 64 * 1024 * 1024;

response not_found() { return plain_answer(404, "There is no such page here.\n"); }

// The path, decoded; nullopt when a name in it is hidden or could lead out of the folder.
std::optional<fs::path> relative_path(std::string_view coded) {
  auto const text = percent_decode(coded);
  if (!text || text->find('\0') != text->npos || text->find('\\') != text->npos)
    return std::nullopt;
  fs::path out;
  for (fs::path const& name : fs::path(*text).relative_path()) {
    if (name.string().starts_with('.')) return std::nullopt; // a name may be empty: a/
    out /= name;
  }
  return out;
}

bool is_inside(fs::path const& root, fs::path const& file) {
  auto const [end, ignored] =
      std::mismatch(root.begin(), root.end(), file.begin(), file.end());
  return end == root.end();
}

std::string coded_name(fs::path const& file) {
  return percent_encode(as_bytes(file.filename().string()));
}

response page_of_links(fs::path const& folder) {
  std::vector<std::string> names;
  for (auto const& entry : fs::directory_iterator(folder)) {
    std::string const name = entry.path().filename().string();
    if (!name.starts_with('.')) names.push_back(name + (entry.is_directory() ? "/" : ""));
  }
  std::sort(names.begin(), names.end());
  std::string page =
      "<!doctype html>\n<meta charset=\"utf-8\">\n<title>Files</title>\n<ul>\n";
  for (std::string const& name : names) {
    std::string link = percent_encode(as_bytes(name));
    if (name.back() == '/') link.replace(link.size() - 3, 3, "/");
    page += fmt::format("<li><a href=\"{}\">{}</a>\n", link, html_escaped(name));
  }
  response out;
  out.fields.add("Content-Type", "text/html; charset=utf-8");
  append(out.body, page + "</ul>\n");
  return out;
}

response file_answer(fs::path const& file) {
  if (fs::file_size(file) > largest_file)
    return plain_answer(403, "This file is too large for this small server.\n");
  std::ifstream in(file, std::ios::binary);
  if (!in) return plain_answer(403, "This file cannot be read.\n");
  std::string const text(std::istreambuf_iterator<char>(in), {});
  response out;
  out.fields.add("Content-Type", std::string(media_type(file)));
  append(out.body, text);
  return out;
}

fs::path existing_folder(fs::path const& folder) {
  std::error_code trouble;
  fs::path const real = fs::canonical(folder, trouble);
  if (trouble || !fs::is_directory(real))
    throw input_error(
        fmt::format("{} is not a folder, so there is nothing to serve; name a "
                    "folder that exists",
                    folder.string()));
  return real;
}

} // namespace

std::string_view media_type(fs::path const& file) {
  std::string const ending = file.extension().string();
  if (ending == ".torrent") return "application/x-bittorrent";
  if (ending == ".html") return "text/html; charset=utf-8";
  if (ending == ".txt") return "text/plain; charset=utf-8";
  if (ending == ".json") return "application/json";
  if (ending == ".jpg" || ending == ".jpeg") return "image/jpeg";
  if (ending == ".png") return "image/png";
  if (ending == ".svg") return "image/svg+xml";
  if (ending == ".css") return "text/css; charset=utf-8";
  return "application/octet-stream";
}

static_site::static_site(fs::path folder) : root_(existing_folder(folder)) {}

response static_site::answer(request_head const& request) {
  ++requests_;
  auto const relative = relative_path(request.path());
  if (!relative) return not_found();
  std::error_code trouble;
  fs::path file = fs::canonical(root_ / *relative, trouble); // follows links
  if (trouble || !is_inside(root_, file)) return not_found();
  if (!fs::is_directory(file))
    return fs::is_regular_file(file) ? file_answer(file) : not_found();
  if (request.path().back() != '/') { // else the page's links would lead one folder up
    response moved = plain_answer(301, "This is a folder.\n");
    moved.fields.add("Location", "./" + coded_name(file) + "/");
    return moved;
  }
  fs::path const index = fs::canonical(file / "index.html", trouble);
  if (!trouble && is_inside(root_, index) && fs::is_regular_file(index))
    return file_answer(index);
  return page_of_links(file);
}

} // namespace cotorra::http
