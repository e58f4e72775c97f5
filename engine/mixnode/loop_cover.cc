#include "engine/mixnode/loop_cover.h"

#include "engine/base/check.h"
#include "engine/base/limits.h"

namespace nym::mixnode {

LoopCover::LoopCover(LoopConfig config, const crypto::X25519PublicKey& own, const sphinx::Suite& suite,
                     RandomSource& random)
    : config_(std::move(config)),
      own_(own),
      suite_(suite),
      routes_(random.fork("loop routes")),
      names_(random.fork("loop names")),
      secrets_(random.fork("loop secrets")),
      clock_(random.fork("loop stream")) {
  NYM_CHECK(config_.topology != nullptr);
}

std::optional<LoopCover::Loop> LoopCover::next(TimePoint now) {
  while (clock_.is_due(now)) {
    clock_.advance(now, config_.average_delay);
    if (under_way_.size() >= limits::kLoopsUnderWay) continue;
    if (auto loop = make(now)) return loop;
  }
  return std::nullopt;
}

std::optional<LoopCover::Loop> LoopCover::make(TimePoint now) {
  auto mixes = topology::choose_loop(*config_.topology, own_, *routes_, config_.routes);
  if (!mixes) return std::nullopt;
  sphinx::PacketPlan plan;
  for (const auto* mix : *mixes) {
    Duration delay = draw_exponential(*routes_, config_.average_packet_delay);
    plan.header.route.push_back(topology::make_hop(mix->mix_endpoint, mix->sphinx_key, delay));
  }
  plan.header.destination = {draw_array<sphinx::kDestination>(*names_)};
  plan.header.initial_secret = draw_secret<32>(*secrets_);
  plan.header.final_padding.resize(sphinx::final_padding_size(plan.header.route.size()));
  secrets_->fill(plan.header.final_padding);
  plan.payload_size = wire::payload_bytes(wire::PacketSize::regular);
  plan.payload = sphinx::AckPayload{draw_secret<16>(*secrets_), {}, {}};  // nobody reads it
  under_way_.emplace(plan.header.destination, now);
  oldest_first_.push_back({now, plan.header.destination});
  wire::MixFrame frame{wire::PacketSize::regular, wire::PacketType::mix, suite_.seal(std::move(plan))};
  return Loop{mixes->front()->mix_endpoint, std::move(frame)};
}

std::optional<Duration> LoopCover::take_back(TimePoint now, const sphinx::Destination& destination) {
  auto found = under_way_.find(destination);
  if (found == under_way_.end()) return std::nullopt;
  auto round_trip = now - found->second;
  under_way_.erase(found);
  forget_returned();
  return round_trip;
}

std::size_t LoopCover::take_lost(TimePoint now) {
  std::size_t lost = 0;
  while (!oldest_first_.empty() && oldest_first_.front().at + config_.lost_after <= now) {
    under_way_.erase(oldest_first_.front().name);
    ++lost;
    forget_returned();
  }
  return lost;
}

void LoopCover::forget_returned() {
  while (!oldest_first_.empty() && !under_way_.contains(oldest_first_.front().name)) oldest_first_.pop_front();
}

std::optional<TimePoint> LoopCover::next_deadline() const {
  auto deadline = clock_.deadline();
  if (oldest_first_.empty()) return deadline;
  auto lost = oldest_first_.front().at + config_.lost_after;
  return deadline && *deadline < lost ? deadline : lost;
}

}  // namespace nym::mixnode
