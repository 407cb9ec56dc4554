// parse_ours FILE ITERATIONS: how long decoding a .torrent takes, alone and with all that
// metainfo::decode() makes of it. One JSON line; the median of an iteration in
// microseconds.
#include "bencode/decode_wire.hpp"
#include "metainfo/metainfo_wire.hpp"
#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <fmt/format.h>
#include <fstream>
#include <iterator>
#include <sys/resource.h>

using namespace cotorra;

namespace {

template <class Work> double median_us(int n, Work work) {
  std::vector<double> times;
  for (int i = 0; i < n + 3; ++i) { // the first three only warm up
    auto const begin = std::chrono::steady_clock::now();
    work();
    auto const end = std::chrono::steady_clock::now();
    if (i >= 3)
      times.push_back(std::chrono::duration<double, std::micro>(end - begin).count());
  }
  std::sort(times.begin(), times.end());
  return times[times.size() / 2];
}

} // namespace

int main(int argc, char** argv) {
  if (argc < 3) return 2;
  std::ifstream in(argv[1], std::ios::binary);
  std::string const text((std::istreambuf_iterator<char>(in)), {});
  int const n = std::max(1, std::atoi(argv[2]));

  std::size_t keys = 0, files = 0;
  double const decode =
      median_us(n, [&] { keys = bencode::decode(as_bytes(text)).root().size(); });
  double const metainfo =
      median_us(n, [&] { files = metainfo::decode(as_bytes(text)).files.size(); });

  rusage used{};
  getrusage(RUSAGE_SELF, &used);
  fmt::print("{{\"parser\": \"cotorra\", \"bytes\": {}, \"bdecode_us\": {:.1f}, "
             "\"torrent_info_us\": {:.1f}, \"rss_mib\": {:.1f}, \"files\": {}, "
             "\"keys\": {}}}\n",
             text.size(), decode, metainfo, static_cast<double>(used.ru_maxrss) / 1024,
             files, keys);
}
