// What trackers say, and how often it is told.
#include "cli/tracker_news.hpp"
#include "support/catch.hpp"

using namespace cotorra;

TEST_CASE("each text of a tracker is printed once") {
  cli::tracker_news news(3, 10min);
  time_point const now{1h};
  CHECK(news.is_news("a", "slow", now));
  CHECK_FALSE(news.is_news("a", "slow", now + 24h));
  CHECK(news.is_news("b", "slow", now));
  CHECK(news.is_news("a", "away", now));
  CHECK_FALSE(news.is_news("a", "slow", now + 24h)); // back and forth is no news
}

TEST_CASE("a tracker with a new text every five seconds is heard only now and then") {
  cli::tracker_news news(3, 10min);
  std::size_t told = 0;
  for (int i = 0; i < 24 * 60 * 12; ++i)
    told += news.is_news("a", "warning " + std::to_string(i), time_point{i * 5s});
  CHECK(told == 3 + 24 * 6 - 1);
}

TEST_CASE("memory for the texts of trackers is bounded") {
  cli::tracker_news news(3, 10min);
  std::size_t told = 0;
  for (int i = 0; i < 20'000; ++i)
    told += news.is_news("t" + std::to_string(i), "away", time_point{1h});
  CHECK(told == 2000);
}
