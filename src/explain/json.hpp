// Facts for programs, as JSON. An object keeps its keys in the order in which they came.
//
//   json{{"name", "perro.jpg"}, {"size", 7}}   braces in braces: an object
//   json::array({"perro.jpg", 7})              an array
//
// A value of our own: the library that writes and reads the text would take a second of
// compilation in each file that sees it, and only json.cpp does.
#pragma once
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace cotorra::explain {

class json {
public:
  struct field; // of an object
  struct named; // the same, in braces
  using any = std::variant<std::nullptr_t, bool, std::int64_t, std::uint64_t, double,
                           std::string, std::vector<json>, std::vector<field>>;

  json(std::nullptr_t = nullptr);
  json(bool);
  json(std::int64_t);
  json(std::uint64_t);
  json(std::signed_integral auto n) : json(std::int64_t{n}) {}
  json(std::unsigned_integral auto n) : json(std::uint64_t{n}) {}
  json(double);
  json(char const*);
  json(std::string_view);
  json(std::string);
  json(std::vector<json>);
  json(std::vector<std::string> const&);
  json(std::initializer_list<named>);
  json(void const*) = delete; // a pointer would be a bool
  static json array(std::initializer_list<json> = {});
  static json object();

  // Compiled once, in json.cpp.
  json(json const&);
  json(json&&) noexcept;
  json& operator=(json const&);
  json& operator=(json&&) noexcept;
  ~json();

  bool is_null() const { return holds<std::nullptr_t>(); }
  bool is_string() const { return holds<std::string>(); }
  bool is_number() const;
  bool is_array() const { return holds<std::vector<json>>(); }
  bool is_object() const { return holds<std::vector<field>>(); }
  any const& value() const { return value_; }

  // What is in it, if it is of this kind; else they throw std::bad_variant_access.
  bool truth() const;
  std::uint64_t count() const; // a number without a sign
  double number() const;       // any number
  std::string const& text() const;
  std::vector<json> const& elements() const;
  std::vector<field> const& fields() const;

  // Of an array. Null becomes one.
  void push_back(json);

  // Of an object. Null becomes one.
  json& operator[](std::string_view key);             // adds the key if it is new
  json const& operator[](std::string_view key) const; // null if there is no such key
  json const* find(std::string_view key) const;       // nullptr if there is none
  bool contains(std::string_view key) const { return find(key) != nullptr; }
  void erase(std::string_view key);
  void update(json const& object); // as if each of its fields were assigned

private:
  template <class T> bool holds() const { return std::holds_alternative<T>(value_); }

  any value_;
};

struct json::field {
  std::string key;
  json value;
};

struct json::named {
  std::string_view key;
  json value;
};

// One line, ASCII, whatever is in it.
std::string to_line(json const&);
// A text as it is, anything else as its line.
std::string to_words(json const&);
// nullopt if it is not JSON. What is nested deeper than any of our files becomes null.
std::optional<json> parse_json(std::string_view);

} // namespace cotorra::explain
