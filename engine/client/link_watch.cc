#include "engine/client/link_watch.h"

namespace nym::client {
namespace {

constexpr Duration kSilence = Duration::seconds(1);
constexpr Duration kPongLimit = Duration::milliseconds(900);
/// Who looks that much later than it wanted was asleep itself: what came meanwhile waits to be read.
constexpr Duration kOverslept = Duration::milliseconds(500);

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
  bool overslept = now > *deadline_ + kOverslept;
  if (pinged_ && !overslept) {
    stop();
    return Verdict::dead;
  }
  pinged_ = true;
  deadline_ = now + kPongLimit;
  return Verdict::wants_ping;
}

}  // namespace nym::client
