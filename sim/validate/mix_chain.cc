#include "sim/validate/mix_chain.h"

#include <algorithm>
#include <functional>
#include <queue>
#include <tuple>
#include <vector>

#include "sim/anonymity/entropy_meter.h"
#include "sim/kernel/seeded_random.h"
#include "sim/record/start.h"

namespace nym::sim {
namespace {

constexpr std::uint32_t kPacketBytes = 2'413;
/// Every so many packets is a message's, the others cover.
constexpr std::uint64_t kBetweenMessages = 20;

Plan plan_of(const MixChain& chain) {
  Plan plan;
  plan.network.mixnodes = static_cast<std::uint32_t>(std::max(chain.mixes, 3));
  plan.network.gateways = 1;
  return plan;
}

/// Tells the meter of packets that pass: in through a gateway, from mix to mix, out to the gateway and a client.
class ToldChain {
 public:
  ToldChain(Meter& meter, const MixChain& chain, std::uint64_t seed) : meter_(meter), chain_(chain), random_(seed) {}

  void run(Duration length) {
    auto end = now_ + length;
    auto next_arrival = now_;
    while (now_ < end) {
      if (next_departure() <= next_arrival) {
        now_ = next_departure();
        depart();
      } else {
        now_ = next_arrival;
        enter();
        next_arrival = now_ + draw_exponential(random_, chain_.between);
      }
    }
  }

 private:
  struct Held {
    TimePoint release;
    FrameId id;
    std::uint32_t mix = 0;
    bool operator>(const Held& other) const { return std::tie(release, id) > std::tie(other.release, other.id); }
  };
  static constexpr NodeName kGateway{NodeKind::gateway, 0};
  static NodeName mix(std::uint32_t index) { return {NodeKind::mixnode, index}; }

  TimePoint next_departure() const { return held_.empty() ? TimePoint::at(Duration::max()) : held_.top().release; }

  FrameId pass(NodeName from, NodeName to, FrameKind kind, FrameId peeled_from,
               std::optional<client::PacketKind> content = {}) {
    FrameId id{next_++};
    meter_.on_frame_sent(now_, {id, from, to, kind, kPacketBytes, now_, content, peeled_from, nullptr});
    meter_.on_frame_arrived(now_, {id, from, to, kind});
    return id;
  }
  void enter() {
    auto content = sent_++ % kBetweenMessages == 0 ? client::PacketKind::real : client::PacketKind::main_cover;
    auto upload = pass({NodeKind::client, 0}, kGateway, FrameKind::upload, {}, content);
    hold(pass(kGateway, mix(0), FrameKind::packet, upload), 0);
  }
  void hold(FrameId id, std::uint32_t mix) { held_.push({now_ + draw_exponential(random_, chain_.delay), id, mix}); }
  void depart() {
    auto due = held_.top();
    held_.pop();
    auto next = due.mix + 1;
    if (next < static_cast<std::uint32_t>(chain_.mixes)) {
      return hold(pass(mix(due.mix), mix(next), FrameKind::packet, due.id), next);
    }
    auto out = pass(mix(due.mix), kGateway, FrameKind::packet, due.id);
    pass(kGateway, {NodeKind::client, 1}, FrameKind::push, out);
  }

  Meter& meter_;
  const MixChain& chain_;
  SeededRandom random_;
  TimePoint now_ = kRunStart;
  std::uint64_t next_ = 1;
  std::uint64_t sent_ = 0;
  std::priority_queue<Held, std::vector<Held>, std::greater<>> held_;
};

}  // namespace

double measured_entropy(const MixChain& chain, std::uint64_t seed, Duration length) {
  EntropyMeter meter(plan_of(chain), {});
  ToldChain(meter, chain, seed).run(length);
  Measurements measured;
  meter.add_to(measured);
  const auto* bits = measured.find_figure("packet_entropy_mean");
  return bits == nullptr ? 0 : bits->value;
}

}  // namespace nym::sim
