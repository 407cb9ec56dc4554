// No choice of a stranger's bytes may cost more than in proportion to how many they are.
// Each shape is read in two sizes, and the processor's time for both is compared: a
// machine that is slow or busy is so for both.
#include "metainfo/magnet_wire.hpp"
#include "torrents.hpp"
#include <algorithm>
#include <ctime>
#include <fmt/format.h>
#include <functional>

using namespace cotorra;
using namespace cotorra::test;

namespace {

// Of this thread alone, in seconds.
double seconds_of(std::function<void()> const& work) {
  auto const now = [] {
    timespec t{};
    ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
    return static_cast<double>(t.tv_sec) + 1e-9 * static_cast<double>(t.tv_nsec);
  };
  double const begin = now();
  work();
  return now() - begin;
}

// Sixteen times as many may cost sixteen times as much, some more for sorting, and some
// more for caches that no longer hold it; a quadratic way costs 256 times as much.
void check_grows_in_proportion(std::function<std::string(int)> const& made,
                               std::function<void(std::string const&)> const& read_it) {
  constexpr int few = 300, many = 16 * few;
  std::string const small = made(few), large = made(many);
  REQUIRE(large.size() < 40 * small.size());
  double least_small = 1e9, least_large = 1e9;
  for (int i = 0; i < 3; ++i) {
    least_small = std::min(least_small, seconds_of([&] { read_it(small); }));
    least_large = std::min(least_large, seconds_of([&] { read_it(large); }));
  }
  INFO(fmt::format("{:.6f} s, then {:.6f} s", least_small, least_large));
  CHECK(least_large < 90 * std::max(least_small, 1e-5));
}

void check_torrent(std::function<std::string(int)> const& made) {
  check_grows_in_proportion(made, [](std::string const& text) { read(text); });
}

std::string many(int n, std::function<std::string(int)> const& one) {
  std::string out;
  for (int i = 0; i < n; ++i) out += one(i);
  return out;
}

std::string folder(std::string const& files) {
  std::string const info = multi(files);
  return torrent(info.substr(0, info.find("12:piece length")) +
                 "12:piece lengthi536870912e6:pieces" + hashes(1) + "e");
}

} // namespace

TEST_CASE("reading many web seeds grows in proportion") {
  check_torrent([](int n) {
    return torrent(single(), "", "8:url-listl" + many(n, [](int i) {
                                   return str(std::to_string(i));
                                 }) + "e");
  });
}
TEST_CASE("reading many trackers of one tier grows in proportion") {
  check_torrent([](int n) {
    return torrent(single(), "13:announce-listll" + many(n, [](int i) {
                               return str(std::to_string(i));
                             }) + "ee");
  });
}
TEST_CASE("reading many files of one name grows in proportion") {
  check_torrent(
      [](int n) { return folder(many(n, [](int) { return file({"same"}); })); });
}
TEST_CASE("reading names that clash once they are cut grows in proportion") {
  check_torrent([](int n) {
    return folder(many(n, [](int i) {
      return file({std::string(248, 'x') + fmt::format("{:07}", i / 2)}, 1);
    }));
  });
}
TEST_CASE("reading long names that clash because they are cut grows in proportion") {
  check_torrent([](int n) {
    return folder(many(n, [](int i) {
      return file({std::string(260, 'x') + fmt::format("{:07}", i)}, 1);
    }));
  });
}
TEST_CASE("reading names that are numbered already grows in proportion") {
  check_torrent([](int n) {
    return folder(many(n, [](int i) {
      return file({i % 2 == 0 ? fmt::format("a ({})", 2 + i / 2) : "a"}, 1);
    }));
  });
}
TEST_CASE("reading a chain of links grows in proportion") {
  check_torrent([](int n) {
    return folder(file({"a"}) + many(n, [](int i) {
                    return "d4:attr1:l4:pathl" + str(std::to_string(i)) +
                           "e12:symlink pathl" + str(std::to_string(i + 1)) + "ee";
                  }));
  });
}
TEST_CASE("reading deep folders grows in proportion") {
  check_torrent([](int n) {
    return folder(many(n / 100, [](int) { return file(path(1500, "d"), 1); }));
  });
}
TEST_CASE("reading a magnet link of many trackers grows in proportion") {
  check_grows_in_proportion(
      [](int n) {
        return "magnet:?xt=urn:btih:" + std::string(40, 'a') +
               many(n, [](int i) { return fmt::format("&tr=u{}&x.pe={}:1", i, i); });
      },
      [](std::string const& link) { metainfo::decode_magnet(link); });
}
