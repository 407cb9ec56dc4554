#include "explain/json.hpp"
#include <algorithm>
#include <nlohmann/json.hpp>

namespace cotorra::explain {

json::json(std::nullptr_t) : value_(nullptr) {}
json::json(bool b) : value_(b) {}
json::json(std::int64_t n) : value_(n) {}
json::json(std::uint64_t n) : value_(n) {}
json::json(double n) : value_(n) {}
json::json(char const* text) : value_(std::string(text)) {}
json::json(std::string_view text) : value_(std::string(text)) {}
json::json(std::string text) : value_(std::move(text)) {}
json::json(std::vector<json> all) : value_(std::move(all)) {}
json::json(std::vector<std::string> const& all)
    : value_(std::vector<json>(all.begin(), all.end())) {}
json::json(std::initializer_list<named> all) : value_(std::vector<field>()) {
  for (named const& f : all) (*this)[f.key] = f.value;
}

json json::array(std::initializer_list<json> all) { return std::vector<json>(all); }
json json::object() { return std::initializer_list<named>{}; }

json::json(json const&) = default;
json::json(json&&) noexcept = default;
json& json::operator=(json const&) = default;
json& json::operator=(json&&) noexcept = default;
json::~json() = default;

bool json::is_number() const {
  return holds<std::int64_t>() || holds<std::uint64_t>() || holds<double>();
}

bool json::truth() const { return std::get<bool>(value_); }
std::uint64_t json::count() const { return std::get<std::uint64_t>(value_); }
std::string const& json::text() const { return std::get<std::string>(value_); }
std::vector<json> const& json::elements() const {
  return std::get<std::vector<json>>(value_);
}
std::vector<json::field> const& json::fields() const {
  return std::get<std::vector<field>>(value_);
}

double json::number() const {
  if (auto const* n = std::get_if<std::int64_t>(&value_)) return static_cast<double>(*n);
  if (auto const* n = std::get_if<std::uint64_t>(&value_)) return static_cast<double>(*n);
  return std::get<double>(value_);
}

void json::push_back(json element) {
  if (is_null()) value_ = std::vector<json>();
  std::get<std::vector<json>>(value_).push_back(std::move(element));
}

json const* json::find(std::string_view key) const {
  if (!is_object()) return nullptr;
  auto const found = std::ranges::find(fields(), key, &field::key);
  return found == fields().end() ? nullptr : &found->value;
}

json const& json::operator[](std::string_view key) const {
  static json const none;
  json const* const found = find(key);
  return found ? *found : none;
}

json& json::operator[](std::string_view key) {
  if (is_null()) value_ = std::vector<field>();
  auto& all = std::get<std::vector<field>>(value_);
  auto const found = std::ranges::find(all, key, &field::key);
  if (found != all.end()) return found->value;
  all.push_back({std::string(key), nullptr});
  return all.back().value;
}

void json::erase(std::string_view key) {
  std::erase_if(std::get<std::vector<field>>(value_),
                [key](field const& f) { return f.key == key; });
}

void json::update(json const& object) {
  for (field const& f : object.fields()) (*this)[f.key] = f.value;
}

namespace {

using library_json = nlohmann::ordered_json;

struct to_library {
  library_json operator()(auto const& value) const { return value; }
  library_json operator()(std::vector<json> const& all) const {
    library_json out = library_json::array();
    for (json const& element : all) out.push_back(std::visit(*this, element.value()));
    return out;
  }
  library_json operator()(std::vector<json::field> const& all) const {
    library_json out = library_json::object();
    for (auto const& [key, value] : all) out[key] = std::visit(*this, value.value());
    return out;
  }
};

constexpr int deepest = 64; // a stranger's text must not exhaust the stack

json from_library(library_json const& given, int depth = 0) {
  if (given.is_boolean()) return given.get<bool>();
  if (given.is_number_unsigned()) return given.get<std::uint64_t>();
  if (given.is_number_integer()) return given.get<std::int64_t>();
  if (given.is_number()) return given.get<double>();
  if (given.is_string()) return given.get_ref<std::string const&>();
  if (!given.is_structured() || depth == deepest) return nullptr;
  if (given.is_object()) {
    json out = json::object();
    for (auto const& [key, value] : given.items())
      out[key] = from_library(value, depth + 1);
    return out;
  }
  json out = json::array();
  for (auto const& element : given) out.push_back(from_library(element, depth + 1));
  return out;
}

} // namespace

std::string to_line(json const& value) {
  constexpr bool ascii = true;
  return std::visit(to_library{}, value.value())
      .dump(-1, ' ', ascii, library_json::error_handler_t::replace);
}

std::string to_words(json const& value) {
  return value.is_string() ? value.text() : to_line(value);
}

std::optional<json> parse_json(std::string_view text) {
  library_json const given = library_json::parse(text, nullptr, false);
  if (given.is_discarded()) return std::nullopt;
  return from_library(given);
}

} // namespace cotorra::explain
