// parse_lt FILE ITERATIONS: libtorrent's bdecode alone, and bdecode + torrent_info.
// One JSON line; the median time of an iteration in microseconds.
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <libtorrent/bdecode.hpp>
#include <libtorrent/load_torrent.hpp>
#include <libtorrent/torrent_info.hpp>
#include <sys/resource.h>
#include <vector>

namespace lt = libtorrent;
template <class F> static double median_us(int n, F f) {
  std::vector<double> v;
  for (int i = 0; i < n + 3; ++i) {
    auto t = std::chrono::steady_clock::now();
    f();
    double us =
        std::chrono::duration<double, std::micro>(std::chrono::steady_clock::now() - t)
            .count();
    if (i >= 3) v.push_back(us);
  }
  std::sort(v.begin(), v.end());
  return v[v.size() / 2];
}

int main(int argc, char** argv) {
  if (argc < 3) return 2;
  std::ifstream in(argv[1], std::ios::binary);
  std::vector<char> buf((std::istreambuf_iterator<char>(in)), {});
  int n = atoi(argv[2]);
  long sum = 0;
  double dec = median_us(n, [&] {
    lt::error_code ec;
    lt::bdecode_node e = lt::bdecode(buf, ec, nullptr, 200, 5000000);
    if (ec) {
      fprintf(stderr, "bdecode: %s\n", ec.message().c_str());
      exit(1);
    }
    sum += e.dict_size();
  });
  double info = median_us(n, [&] {
    lt::error_code ec;
    lt::load_torrent_limits lim;
    lt::torrent_info ti(lt::span<char const>(buf), lim, lt::from_span);
    sum += ti.num_files();
  });
  rusage r;
  getrusage(RUSAGE_SELF, &r);
  printf("{\"parser\": \"libtorrent C++\", \"bytes\": %zu, \"bdecode_us\": %.1f, "
         "\"bdecode_mb_s\": %.1f, "
         "\"torrent_info_us\": %.1f, \"torrent_info_mb_s\": %.1f, \"rss_mib\": %.1f, "
         "\"files\": %ld}\n",
         buf.size(), dec, buf.size() / dec, info, buf.size() / info, r.ru_maxrss / 1024.0,
         sum);
}
