#!/bin/sh
# Builds the C++ yardsticks that need other libraries than ours into build/bench (or $1).
set -e
here=$(cd "$(dirname "$0")" && pwd)
out=${1:-$here/../../../build/bench}
mkdir -p "$out"
CXX=${CXX:-g++}
$CXX -O2 -std=c++17 -Wall -Wextra -pthread "$here/limits.cpp" -o "$out/limits" -lcrypto
# the libtorrent parse yardstick needs libtorrent-rasterbar-dev; skipped where it is missing
if echo '#include <libtorrent/version.hpp>' | $CXX -E -x c++ - >/dev/null 2>&1; then
    $CXX -O2 -std=c++17 -Wall "$here/parse_lt.cpp" -o "$out/parse_lt" -ltorrent-rasterbar \
        $(pkg-config --cflags --libs libtorrent-rasterbar 2>/dev/null || true)
fi
