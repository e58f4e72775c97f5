#include <gtest/gtest.h>

#include "engine/mixnode/mixnode.h"
#include "engine/topology/topology.h"
#include "sim/kernel/seeded_random.h"
#include "sim/model/model_suite.h"

namespace nym::sim {
namespace {

/// A mixnode of the engine, fed with packets at the times of a Poisson process.
class FedMixnode {
 public:
  explicit FedMixnode(mixnode::Strategy strategy)
      : node_({key_, relay::ReplayMode::reject, {}, strategy}, suite_, random_) {}

  void feed(int packets, Duration between, Duration delay) {
    auto next = now_;
    for (int i = 0; i < packets; ++i) {
      next = next + draw_exponential(*times_, between);
      run_until(next);
      give(packet(draw_exponential(*times_, delay)));
    }
  }
  /// Averages over time.
  double mean_held() const { return area_ / static_cast<double>((now_ - start_).ns()); }
  double variance_held() const {
    return square_area_ / static_cast<double>((now_ - start_).ns()) - mean_held() * mean_held();
  }
  double mean_delay_ms() const { return delays_ms_ / static_cast<double>(forwarded_); }
  std::size_t forwarded() const { return forwarded_; }

 private:
  void run_until(TimePoint limit) {
    while (node_.poll_timeout() && *node_.poll_timeout() <= limit) {
      advance(*node_.poll_timeout());
      node_.handle_timeout(now_);
      drain();
    }
    advance(limit);
  }
  void advance(TimePoint to) {
    auto held = static_cast<double>(node_.held_packets());
    auto time = static_cast<double>((to - now_).ns());
    area_ += held * time;
    square_area_ += held * held * time;
    now_ = to;
  }
  void give(Blob packet) {
    node_.handle_input(now_, relay::FrameReceived{{wire::PacketSize::regular, wire::PacketType::mix, packet}});
    drain();
  }
  void drain() {
    std::vector<relay::DialLink> dialed;
    while (auto output = node_.poll_output()) {
      if (auto* dial = std::get_if<relay::DialLink>(&*output)) dialed.push_back(*dial);
      if (auto* event = std::get_if<mixnode::Event>(&*output)) count(*event);
      if (auto* send = std::get_if<relay::SendFrame>(&*output)) written_.push_back(send->connection);
    }
    for (const auto& dial : dialed) {
      node_.handle_input(now_, relay::LinkOpened{dial.connection});
      drain();
    }
    for (auto connection : std::exchange(written_, {})) {
      node_.handle_input(now_, relay::LinkWritten{connection, 1});
      drain();
    }
  }
  void count(const mixnode::Event& event) {
    const auto* forwarded = std::get_if<mixnode::PacketForwarded>(&event);
    if (forwarded == nullptr) return;
    ++forwarded_;
    delays_ms_ += static_cast<double>(forwarded->held.ns()) / 1e6;
  }
  Blob packet(Duration delay) {
    sphinx::PacketPlan plan;
    Endpoint here{Ipv4{{10, 0, 0, 1}}, 1789};
    Endpoint next{Ipv4{{10, 0, 0, 2}}, 1789};
    plan.header.route.push_back(topology::make_hop(here, key_.public_key, delay));
    plan.header.route.push_back(topology::make_hop(next, next_key_.public_key, {}));
    plan.header.initial_secret = draw_secret<32>(random_);
    plan.header.final_padding.resize(sphinx::final_padding_size(2));
    plan.payload_size = wire::payload_bytes(wire::PacketSize::regular);
    plan.payload = sphinx::AckPayload{draw_secret<16>(random_), {}, {}};
    return suite_.seal(std::move(plan));
  }

  SeededRandom random_{7};
  std::unique_ptr<RandomSource> times_ = random_.fork("times");
  ModelSuite suite_;
  crypto::X25519KeyPair key_ = crypto::X25519KeyPair::generate(random_);
  crypto::X25519KeyPair next_key_ = crypto::X25519KeyPair::generate(random_);
  mixnode::Mixnode node_;
  TimePoint start_ = TimePoint::at(Duration::seconds(1));
  TimePoint now_ = start_;
  std::vector<ConnectionId> written_;
  double area_ = 0;
  double square_area_ = 0;
  double delays_ms_ = 0;
  std::size_t forwarded_ = 0;
};

// M/M/infinity: the number inside is Poisson with the rate times the mean delay.
TEST(PoissonMix, HoldsAsManyPacketsAsTheory) {
  FedMixnode mix(mixnode::StopAndGo{});
  mix.feed(20'000, Duration::milliseconds(5), Duration::milliseconds(50));
  EXPECT_NEAR(mix.mean_held(), 10, 0.5);
  EXPECT_NEAR(mix.variance_held(), 10, 1.2);
  EXPECT_NEAR(mix.mean_delay_ms(), 50, 2);
}

// A packet waits for half an interval in the mean.
TEST(PoissonMix, ATimedMixHoldsHalfOfWhatComesInAnInterval) {
  FedMixnode mix(mixnode::Timed{Duration::milliseconds(100)});
  mix.feed(10'000, Duration::milliseconds(5), Duration::hours(1));
  EXPECT_NEAR(mix.mean_delay_ms(), 50, 2);
  EXPECT_NEAR(mix.mean_held(), 10, 0.5);
}

// The k-th of n waits for n - k others.
TEST(PoissonMix, AThresholdMixHoldsHalfOfABatchInTheMean) {
  FedMixnode mix(mixnode::Threshold{20});
  mix.feed(10'000, Duration::milliseconds(5), Duration());
  EXPECT_EQ(mix.forwarded(), 10'000U);
  EXPECT_NEAR(mix.mean_held(), 9.5, 0.3);
  EXPECT_NEAR(mix.mean_delay_ms(), 9.5 * 5, 2);
}

// Little's law, with what it keeps and half of what comes in an interval inside.
TEST(PoissonMix, APoolMixDelaysByWhatItKeeps) {
  FedMixnode mix(mixnode::Pool{30, Duration::milliseconds(100)});
  mix.feed(10'000, Duration::milliseconds(5), Duration());
  EXPECT_NEAR(mix.mean_held(), 40, 1);
  EXPECT_NEAR(mix.mean_delay_ms(), 40 * 5, 10);
}

}  // namespace
}  // namespace nym::sim
