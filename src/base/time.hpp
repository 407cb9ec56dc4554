// Time as a value. Only io/ knows a clock; to a machine the time is passed in.
#pragma once
#include <chrono>

namespace cotorra {

using duration = std::chrono::steady_clock::duration;
using time_point = std::chrono::steady_clock::time_point;
using namespace std::chrono_literals;

inline double seconds(duration d) { return std::chrono::duration<double>(d).count(); }

} // namespace cotorra
