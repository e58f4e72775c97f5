#include "sim/check/replay_watch.h"

#include <fmt/format.h>

namespace nym::sim {
namespace {

constexpr std::size_t kRemembered = 1U << 16U;

}  // namespace

void ReplayWatch::on_peeled(const sphinx::ReplayTag& tag) {
  if (!seen_.insert(tag).second) {
    ++repeated_;
    return;
  }
  oldest_first_.push_back(tag);
  if (oldest_first_.size() <= kRemembered) return;
  seen_.erase(oldest_first_.front());
  oldest_first_.pop_front();
}

void ReplayWatch::settle(TimePoint now) {
  if (repeated_ <= refused_) return;
  complaints_.add(now, Verdict::safety, fmt::format("{} took a packet that it had taken before", to_text(node_)));
}

void ReplayWatch::forget() {
  seen_.clear();
  oldest_first_.clear();
  repeated_ = 0;
  refused_ = 0;
}

}  // namespace nym::sim
