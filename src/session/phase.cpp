#include "session/phase.hpp"

namespace cotorra::session {

std::string_view name(phase p) {
  switch (p) {
  case phase::resting:
    return "resting";
  case phase::learning:
    return "learning";
  case phase::checking:
    return "checking";
  case phase::swarming:
    return "swarming";
  case phase::leaving:
    return "leaving";
  }
  return "";
}

life::life(bool knows_info, bool paused)
    : due_(knows_info ? phase::checking : phase::learning),
      wish_(paused ? wish::rest : wish::run) {}

phase life::next() const {
  if (wish_ == wish::leave) return phase::leaving;
  return wish_ == wish::rest ? phase::resting : due_;
}

void life::pause() {
  if (wish_ == wish::run) wish_ = wish::rest;
}

void life::resume() {
  if (wish_ == wish::rest) wish_ = wish::run;
}

void life::leave() { wish_ = wish::leave; }

void life::learned() {
  if (due_ == phase::learning) due_ = phase::checking;
}

void life::checked() {
  if (due_ == phase::checking) due_ = phase::swarming;
}

void life::doubt() {
  if (due_ == phase::swarming) due_ = phase::checking;
}

} // namespace cotorra::session
