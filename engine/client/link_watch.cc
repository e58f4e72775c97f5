#include "engine/client/link_watch.h"

namespace nym::client {
namespace {

constexpr Duration kSilence = Duration::seconds(1);
constexpr Duration kPongLimit = Duration::milliseconds(900);

}  // namespace

void LinkWatch::start(TimePoint now) {
  pinged_ = false;
  deadline_ = now + kSilence;
}

void LinkWatch::heard(TimePoint now) {
  if (deadline_) start(now);
}

LinkWatch::Verdict LinkWatch::check(TimePoint now) {
  if (!deadline_ || now < *deadline_) return Verdict::alive;
  if (pinged_) {
    stop();
    return Verdict::dead;
  }
  pinged_ = true;
  deadline_ = now + kPongLimit;
  return Verdict::wants_ping;
}

}  // namespace nym::client
