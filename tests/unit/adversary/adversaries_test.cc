#include <gtest/gtest.h>

#include "engine/wire/cover.h"
#include "engine/wire/routing_address.h"
#include "sim/adversary/attacker.h"
#include "sim/kernel/seeded_random.h"
#include "sim/model/model_suite.h"
#include "tests/support/fake_run.h"

namespace nym::sim {
namespace {

using test::client;
using test::FakeRun;
using test::gw;
using test::mix;
constexpr auto kReal = client::PacketKind::real;
constexpr auto kCover = client::PacketKind::main_cover;

NodeSet nodes(const char* text) {
  return *parse_node_set(text);
}

/// One adversary in a network of six mixnodes, two gateways and four clients.
class AdversaryTest : public testing::Test {
 protected:
  AdversaryTest() { plan.network.gateways = 2; }

  void make(AdversaryKind kind, Duration at = {}, std::optional<Duration> length = {}) {
    plan.adversaries = {{"", at, length, std::move(kind)}};
    attackers = make_adversaries(plan, random);
    run.emplace(*attackers.at(0));
  }
  Attacker& attacker() { return *attackers.at(0); }
  std::optional<double> figure(std::string_view name) const {
    Measurements measurements;
    add_achievements(attackers, measurements);
    const auto* found = measurements.find_figure(name);
    return found == nullptr ? std::nullopt : std::optional(found->value);
  }

  Plan plan = test::small_plan(6, 4);
  SeededRandom random{1};
  std::vector<std::unique_ptr<Attacker>> attackers;
  std::optional<FakeRun> run;
};

TEST_F(AdversaryTest, AnObserverLinksWhatIsAloneAndNotWhatIsMixed) {
  make(PassiveObserver{});
  run->leave(run->enter(0, 0), 0, 1);
  EXPECT_EQ(figure("linked"), 1);
  std::vector inside{run->enter(0, 0), run->enter(1, 0, kCover), run->enter(2, 0, kCover)};
  for (std::uint32_t i = 0; i < 3; ++i) run->leave(inside[i], 0, i);
  EXPECT_EQ(figure("linked"), 0.5);
  EXPECT_EQ(figure("linked.passive-observer"), 0.5);
}

TEST_F(AdversaryTest, AnObserverOfSomeLinksSeesOnlyThem) {
  make(PassiveObserver{nodes("mix1,c*")});
  run->leave(run->hop(run->enter(0, 0), 0, 3), 3, 1);
  EXPECT_EQ(figure("linked"), 0) << "from mix4 to gw1 it sees nothing";
}

TEST_F(AdversaryTest, CorruptMixesLinkWhatGoesThroughThemAlone) {
  make(CorruptMixes{nodes("mix1,mix3,mix5"), {}});
  for (std::uint32_t last : {4U, 5U}) {
    std::vector inside{run->enter(0, 0), run->enter(1, 0, kCover)};
    for (auto id : inside) run->leave(run->hop(run->hop(id, 0, 2), 2, last), last, 1);
  }
  EXPECT_EQ(figure("linked"), 0.5);
}

TEST_F(AdversaryTest, ACorruptGatewayLinksWhatComesToOnlyOneOfItsClientsInTime) {
  make(CorruptGateway{nodes("gw1")});
  auto after = [&](int ms) { run->now = run->now + Duration::milliseconds(ms); };
  auto alone = run->enter(0, 0);
  after(120);
  run->leave(alone, 0, 1);
  EXPECT_EQ(figure("linked"), 1);
  after(5'000);
  std::vector inside{run->enter(0, 0), run->enter(1, 0, kCover), run->enter(2, 0, kCover)};
  after(120);
  for (std::uint32_t i = 0; i < 3; ++i) run->leave(inside[i], 0, i);
  EXPECT_EQ(figure("linked"), 0.5);
  auto elsewhere = run->enter(3, 0, kReal, 1);
  after(100);
  run->leave(elsewhere, 0, 1);
  EXPECT_NEAR(*figure("linked"), 1.0 / 3, 1e-9);
}

TEST_F(AdversaryTest, DroppingNodesLoseTheirShareAndNothingElse) {
  make(DroppingNodes{nodes("mix1,gw1"), Probability::of(0.25)}, Duration::seconds(1), Duration::seconds(10));
  auto lost_of = [&](NodeName from, NodeName to, FrameKind kind, int frames) {
    int lost = 0;
    for (int i = 0; i < frames; ++i) {
      run->send(from, to, kind);
      lost += run->interception.fate == Interception::Fate::lose ? 1 : 0;
    }
    return lost;
  };
  EXPECT_EQ(lost_of(mix(0), mix(2), FrameKind::packet, 100), 0) << "not yet";
  run->now = kRunStart + Duration::seconds(1);
  EXPECT_NEAR(lost_of(mix(0), mix(2), FrameKind::packet, 2'000), 500, 100);
  EXPECT_NEAR(lost_of(gw(0), client(0), FrameKind::push, 2'000), 500, 100);
  EXPECT_EQ(lost_of(gw(0), client(0), FrameKind::control, 100), 0);
  EXPECT_EQ(lost_of(mix(1), mix(0), FrameKind::packet, 100), 0);
  run->now = kRunStart + Duration::seconds(11);
  EXPECT_EQ(lost_of(mix(0), mix(2), FrameKind::packet, 100), 0) << "no more";
  EXPECT_GT(*figure("dropped.drop"), 800);
  EXPECT_FALSE(figure("linked")) << "it went for nothing";
}

TEST_F(AdversaryTest, EveryoneStopsWhenCalmBegins) {
  make(DroppingNodes{nodes("mix1"), Probability::of(1)});
  run->send(mix(0), mix(2), FrameKind::packet);
  EXPECT_EQ(run->interception.fate, Interception::Fate::lose);
  attacker().on_phase(run->now, Phase::calm);
  run->send(mix(0), mix(2), FrameKind::packet);
  EXPECT_EQ(run->interception.fate, Interception::Fate::pass);
}

TEST_F(AdversaryTest, DelayingNodesHoldBackForADrawnTime) {
  make(DelayingNodes{nodes("layer1"), Probability::of(1), *parse_time_distribution("10ms + uniform(0ms,20ms)")});
  Duration sum;
  for (int i = 0; i < 1'000; ++i) {
    run->send(mix(1), mix(2), FrameKind::packet);
    EXPECT_GE(run->interception.delay, Duration::milliseconds(10));
    EXPECT_LE(run->interception.delay, Duration::milliseconds(30));
    sum += run->interception.delay;
  }
  EXPECT_NEAR(static_cast<double>(sum.ns()) / 1e9, 20, 1);
  EXPECT_EQ(figure("delayed.delay"), 1'000);
}

class Tags : public AdversaryTest {
 protected:
  /// Through mix1 to a gateway, which finds the payload damaged.
  void damage(FrameId inside, std::uint32_t gateway) {
    run->pass(mix(0), gw(gateway), FrameKind::packet, inside);
    attacker().on_gateway_event(run->now, gateway, gateway::Dropped{DropReason::bad_payload});
  }
};

TEST_F(Tags, AreFlippedBitsOfPayloads) {
  make(Tagging{nodes("mix1"), Probability::of(1)});
  for (int i = 0; i < 200; ++i) {
    auto bytes = i % 2 == 0 ? FakeRun::kData : FakeRun::kAck;
    run->send(mix(0), mix(2), FrameKind::packet, {}, bytes);
    ASSERT_TRUE(run->interception.flip_bit);
    EXPECT_GE(*run->interception.flip_bit, 8 * sphinx::kHeader);
    EXPECT_LT(*run->interception.flip_bit, 8 * bytes);
  }
  EXPECT_EQ(figure("tagged.tagging"), 200);
}

TEST_F(Tags, LinkOneAtATimeAtGatewaysThatAreItsOwn) {
  make(Tagging{nodes("mix1,gw2"), Probability::of(1)});
  damage(run->enter(0, 0), 1);
  EXPECT_EQ(figure("linked"), 1);
  EXPECT_EQ(figure("tags_recognised.tagging"), 1);
  damage(run->enter(0, 0), 0);
  EXPECT_EQ(figure("linked"), 0.5) << "gw1 tells it nothing";
}

TEST_F(Tags, OfTwoUnderWayCanNotBeToldApart) {
  make(Tagging{nodes("mix1,gw2"), Probability::of(1)});
  auto first = run->enter(0, 0);
  auto second = run->enter(1, 0);
  run->hop(second, 0, 2);
  damage(first, 1);
  EXPECT_EQ(figure("linked"), 0);
  EXPECT_EQ(figure("tags_recognised.tagging"), 0.5);
}

TEST_F(Tags, PutOnLaterSayNothingAboutTheSender) {
  make(Tagging{nodes("mix1,gw2"), Probability::of(1)});
  damage(run->hop(run->enter(0, 4), 4, 0), 1);
  EXPECT_EQ(figure("linked"), 0);
}

TEST_F(AdversaryTest, ReplayingNodesSendCopiesAndLearnIfTheyGetThrough) {
  make(ReplayingNodes{nodes("mix1"), Probability::of(1), Duration::milliseconds(300)});
  auto refused = run->enter(0, 0);
  run->leave(refused, 0, 1);
  EXPECT_TRUE(run->interception.copies.empty()) << "the push is none of its packets";
  attacker().on_gateway_event(run->now, 0, gateway::Dropped{DropReason::replayed});
  EXPECT_EQ(figure("linked"), 0);
  auto accepted = run->enter(0, 0);
  run->leave(accepted, 0, 1);
  auto copy = run->pass(mix(0), gw(0), FrameKind::packet, accepted);
  EXPECT_EQ(run->interception.copies, std::vector{Duration::milliseconds(300)});
  run->pass(gw(0), client(1), FrameKind::push, copy, 2'000);
  EXPECT_EQ(figure("linked"), 0.5);
  EXPECT_EQ(figure("replays_refused.replay"), 1);
}

/// Knows which packets are injected, and runs what is scheduled when the test says so.
class FakeNetwork final : public NetworkAccess {
 public:
  FakeNetwork() {
    for (std::uint8_t i = 0; i < 6; ++i) {
      keys.push_back(crypto::X25519KeyPair::generate(random));
      auto layer = static_cast<std::uint8_t>(i / 2);
      snapshot.layers.at(layer).push_back({i, static_cast<std::uint8_t>(layer + 1), endpoint(i),
                                           crypto::Ed25519PrivateKey::generate(random).public_key(),
                                           keys.back().public_key, "1.1.29"});
    }
    snapshot.gateways.push_back({crypto::Ed25519PrivateKey::generate(random).public_key(), gateway_key.public_key,
                                 endpoint(9), "owner", "10.0.0.9", 9000, "1.1.29"});
  }
  TimePoint now() const override { return time; }
  const topology::Snapshot& topology() const override { return snapshot; }
  const sphinx::Suite& suite() const override { return model; }
  void inject(TimePoint, NodeName to, wire::MixFrame frame) override { injected.emplace_back(to, frame); }
  void schedule(TimePoint at, std::function<void()> action) override { actions.emplace(at, std::move(action)); }
  void run_until(TimePoint end) {
    while (!actions.empty() && actions.begin()->first <= end) {
      auto next = actions.extract(actions.begin());
      time = next.key();
      next.mapped()();
    }
    time = end;
  }
  static Endpoint endpoint(std::uint8_t i) { return {Ipv4{{10, 0, 0, i}}, 1789}; }

  SeededRandom random{8};
  ModelSuite model;
  TimePoint time = kRunStart;
  topology::Snapshot snapshot;
  std::vector<crypto::X25519KeyPair> keys;
  crypto::X25519KeyPair gateway_key = crypto::X25519KeyPair::generate(random);
  std::vector<std::pair<NodeName, wire::MixFrame>> injected;
  std::multimap<TimePoint, std::function<void()>> actions;
};

class AloneInAMix : public AdversaryTest {
 protected:
  void attack(const char* targets, std::optional<Duration> length = Duration::seconds(10)) {
    make(NMinusOne{nodes(targets), nodes("c1"), {50, Duration::seconds(1)}}, Duration(), length);
    attacker().begin(network);
  }
  FrameId inject_own(std::uint32_t target) {
    return run->pass({NodeKind::mixnode, 999}, mix(target), FrameKind::packet);
  }
  FakeNetwork network;
};

TEST_F(AloneInAMix, OthersAreHeldBackUntilItIsOverAndVictimsPass) {
  attack("mix1");
  run->now = kRunStart + Duration::seconds(4);
  run->enter(1, 0);
  EXPECT_EQ(run->interception.delay, Duration::seconds(6));
  run->enter(0, 0);
  EXPECT_EQ(run->interception.delay, Duration());
  run->enter(1, 1);
  EXPECT_EQ(run->interception.delay, Duration()) << "another mixnode";
  EXPECT_EQ(figure("held_back.n-1"), 1);
  attack("mix1", std::nullopt);
  run->enter(1, 0);
  EXPECT_EQ(run->interception.fate, Interception::Fate::lose);
}

TEST_F(AloneInAMix, ItsOwnPacketsComeAtTheirRateAndEndAtAGatewayAsDropCover) {
  attack("mix1");
  network.run_until(kRunStart + Duration::seconds(60));
  EXPECT_NEAR(static_cast<double>(network.injected.size()), 500, 1);
  EXPECT_TRUE(network.actions.empty()) << "it is over";
  for (const auto& [to, frame] : network.injected) {
    EXPECT_EQ(to, mix(0));
    auto first = network.model.peel(frame.packet, network.keys[0]);
    ASSERT_TRUE(first);
    const auto& forward = std::get<sphinx::ForwardPacket>(first->hop);
    EXPECT_EQ(wire::decode_address(forward.next.bytes)->endpoint, FakeNetwork::endpoint(9));
    auto last = network.model.peel(forward.packet, network.gateway_key);
    ASSERT_TRUE(last);
    EXPECT_TRUE(wire::is_drop_cover(frame.size, std::get<sphinx::FinalPacket>(last->hop).plaintext.size()));
  }
}

TEST_F(AloneInAMix, TheVictimIsKnownOnceTheOthersLeft) {
  attack("mix1");
  auto stranger = run->enter(1, 0);  // was on its way already
  auto confused = run->enter(0, 0);
  run->hop(confused, 0, 2);
  run->hop(stranger, 0, 3);
  EXPECT_EQ(figure("followed_through.n-1"), 0);
  auto own = inject_own(0);
  auto known = run->enter(0, 0);
  run->hop(known, 0, 2);
  run->pass(mix(0), gw(0), FrameKind::packet, own);
  EXPECT_EQ(figure("followed_through.n-1"), 0.5);
  EXPECT_EQ(figure("linked"), 0) << "one mixnode is not the route";
}

TEST_F(AloneInAMix, TargetsAlongTheRouteLinkSenderAndReceiver) {
  attack("mix1,mix3,mix5");
  auto inside = run->hop(run->hop(run->enter(0, 0), 0, 2), 2, 4);
  EXPECT_EQ(run->interception.delay, Duration()) << "it lets through what it knows for the victim's";
  run->leave(inside, 4, 3);
  EXPECT_EQ(figure("linked"), 1);
}

TEST_F(AloneInAMix, LoopsOfTheMixnodeConfuseIt) {
  attack("mix1,mix3,mix5");
  auto inside = run->enter(0, 0);
  run->pass(mix(0), mix(2), FrameKind::packet);  // a loop: peeled from nothing
  run->leave(run->hop(run->hop(inside, 0, 2), 2, 4), 4, 3);
  EXPECT_EQ(figure("linked"), 0);
}

class Windows : public AdversaryTest {
 protected:
  void write_to(std::uint32_t receiver) {
    attacker().on_message(run->now, {{1, {}}, MessageStep::submitted, 0, receiver, 100});
    run->leave(run->enter(0, 0), 0, receiver);
  }
  void at(int seconds) { run->now = kRunStart + Duration::seconds(seconds); }
};

TEST_F(Windows, LeaveThePartnerWhenTheOthersGetNothingWhileTheVictimSends) {
  make(Intersection{nodes("c1"), Duration::seconds(1)});
  for (int second = 0; second < 40; second += 4) {
    at(second);
    write_to(3);
    run->leave(run->enter(1, 0), 0, second % 8 == 0 ? 1 : 2);
  }
  EXPECT_EQ(figure("linked"), 1);
  EXPECT_EQ(figure("candidates.intersection"), 1);
  Measurements measurements;
  attacker().add_to(measurements);
  EXPECT_EQ(measurements.series.at(0).points.front().value, 3);
}

TEST_F(Windows, LeaveEverybodyWhereCoverNeverStops) {
  make(Intersection{nodes("c1"), Duration::seconds(1)});
  for (int second = 0; second < 40; ++second) {
    at(second);
    write_to(3);
    for (std::uint32_t i = 1; i < 4; ++i) run->leave(run->enter(i, 0, kCover), 0, i);
  }
  EXPECT_EQ(figure("linked"), 0);
  EXPECT_EQ(figure("candidates.intersection"), 3);
}

TEST(Adversaries, HaveAllDifferentNames) {
  auto plan = test::small_plan(3, 2);
  plan.adversaries = {
      {"", {}, {}, PassiveObserver{}}, {"", {}, {}, PassiveObserver{}}, {"eve", {}, {}, PassiveObserver{}}};
  SeededRandom random(1);
  auto attackers = make_adversaries(plan, random);
  EXPECT_EQ(attackers[0]->name(), "passive-observer");
  EXPECT_EQ(attackers[1]->name(), "passive-observer.2");
  EXPECT_EQ(attackers[2]->name(), "eve");
}

TEST(Adversaries, TheLargestShareCounts) {
  auto plan = test::small_plan(3, 4);
  plan.adversaries = {{"all", {}, {}, PassiveObserver{}}, {"none", {}, {}, CorruptMixes{*parse_node_set("mix2"), {}}}};
  SeededRandom random(1);
  auto attackers = make_adversaries(plan, random);
  for (auto& attacker : attackers) {
    FakeRun run(*attacker);
    run.leave(run.enter(0, 0), 0, 1);
  }
  Measurements measurements;
  add_achievements(attackers, measurements);
  EXPECT_EQ(measurements.find_figure("linked")->value, 1);
  EXPECT_EQ(measurements.find_figure("linked.none")->value, 0);
}

}  // namespace
}  // namespace nym::sim
