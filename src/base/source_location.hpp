// A line of code. Clang 14 (Debian 12) cannot use the library's class: this one will do.
#pragma once
#include <version>
#ifdef __cpp_lib_source_location
#include <source_location>
namespace cotorra {
using std::source_location;
}
#else
namespace cotorra {

class source_location {
public:
  static constexpr source_location current(unsigned line = __builtin_LINE(),
                                           char const* file = __builtin_FILE(),
                                           char const* function = __builtin_FUNCTION()) {
    source_location here;
    here.line_ = line;
    here.file_ = file;
    here.function_ = function;
    return here;
  }
  constexpr unsigned line() const { return line_; }
  constexpr char const* file_name() const { return file_; }
  constexpr char const* function_name() const { return function_; }

private:
  unsigned line_ = 0;
  char const *file_ = "", *function_ = "";
};

} // namespace cotorra
#endif
