// An emptied hole of a student's room throws hole_is_empty, which only their builds know:
// here it is known by its first word.
#pragma once
#include <exception>
#include <string_view>

namespace cotorra::test {

inline bool is_hole(std::exception const& e) {
  return std::string_view(e.what()).starts_with("hole ") &&
         std::string_view(e.what()).find(" is empty") != std::string_view::npos;
}

// Ends the test at once, however deep in a coroutine the hole is.
inline void pass_on_hole(std::exception_ptr failure) {
  try {
    if (failure) std::rethrow_exception(failure);
  } catch (std::exception const& e) {
    if (is_hole(e)) throw;
  } catch (...) {
    return; // the test's own affair
  }
}

} // namespace cotorra::test
