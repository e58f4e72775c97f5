#include "sim/network/following_suite.h"

namespace nym::sim {
namespace {

constexpr std::size_t kRemembered = 1U << 16U;

}  // namespace

Result<sphinx::Peeled> FollowingSuite::peel(const Blob& packet, const crypto::X25519KeyPair& node_key,
                                            sphinx::NodeRule rule) const {
  auto peeled = suite_.peel(packet, node_key, rule);
  if (watch_ != nullptr && peeled) watch_->on_peeled(peeled->tag);
  if (current_.value == 0 || !peeled) return peeled;
  const auto* forward = std::get_if<sphinx::ForwardPacket>(&peeled->hop);
  if (forward == nullptr) return peeled;
  Place place = &forward->packet.prepared();
  if (origins_.insert_or_assign(place, Origin{current_, forward->packet}).second) oldest_first_.push_back(place);
  if (oldest_first_.size() > kRemembered) {
    origins_.erase(oldest_first_.front());
    oldest_first_.pop_front();
  }
  return peeled;
}

FrameId FollowingSuite::take_origin(const Blob& packet) {
  if (origins_.empty()) return {};
  auto found = origins_.find(&packet.prepared());
  if (found == origins_.end()) return {};
  auto frame = found->second.frame;
  origins_.erase(found);
  return frame;
}

void FollowingSuite::forget() {
  origins_.clear();
  oldest_first_.clear();
}

}  // namespace nym::sim
