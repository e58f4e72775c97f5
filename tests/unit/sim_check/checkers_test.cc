#include "sim/check/checkers.h"

#include <gtest/gtest.h>

#include "sim/check/replay_watch.h"

namespace nym::sim {
namespace {

using client::PacketKind;

constexpr Duration kSecond = Duration::seconds(1);

TimePoint at(std::int64_t ms) {
  return kRunStart + Duration::milliseconds(ms);
}

/// Two mixnodes a layer, two gateways, two clients.
Plan small_plan() {
  Plan plan;
  plan.network.mixnodes = 6;
  plan.clients = {{{}, 2}};
  return plan;
}

NodeName mix(std::uint32_t number) {
  return {NodeKind::mixnode, number - 1};
}
constexpr NodeName kGateway{NodeKind::gateway, 0};

/// One client's status, the same for all.
class View : public NetworkView {
 public:
  explicit View(std::optional<client::Status> status) : status_(status) {}
  std::optional<std::size_t> held_packets(std::uint32_t) const override { return 0; }
  std::size_t inbox_messages(std::uint32_t) const override { return 0; }
  std::optional<client::Status> client_status(std::uint32_t) const override { return status_; }

 private:
  std::optional<client::Status> status_;
};

client::Status ready() {
  client::Status status;
  status.gateway = client::GatewayState::ready;
  status.topology_usable = true;
  return status;
}

/// A checker and what it said.
class Checked {
 public:
  using Make = std::unique_ptr<Observer> (*)(const Plan&, Complaints&);
  explicit Checked(Make make, Plan plan = small_plan()) : plan_(std::move(plan)), checker_(make(plan_, complaints_)) {}

  Observer* operator->() { return checker_.get(); }
  bool is_content() const { return !complaints_.first(); }
  std::string text() const { return is_content() ? "" : complaints_.first()->text; }

  void packet(NodeName from, NodeName to) {
    checker_->on_frame_sent(at(1), {FrameId{1}, from, to, FrameKind::packet, 2'415, at(2)});
  }
  void sends(std::int64_t ms, PacketKind kind, std::uint32_t client = 0) {
    checker_->on_client_event(at(ms), client, client::PacketSent{kind});
  }
  void look(std::int64_t ms, std::optional<client::Status> status = ready()) {
    checker_->on_sample(at(ms), View(status));
  }

 private:
  Plan plan_;
  Complaints complaints_;
  std::unique_ptr<Observer> checker_;
};

TEST(Complaints, KeepTheFirst) {
  Complaints complaints;
  complaints.add(at(5), Verdict::safety, "one");
  complaints.add(at(6), Verdict::liveness, "two");
  EXPECT_EQ(complaints.first()->text, "one");
  EXPECT_EQ(complaints.first()->at, Duration::milliseconds(5));
}

TEST(Checkers, LookAtRoutesOnlyWhereThereAreLayersAndNobodyInterferes) {
  Complaints complaints;
  auto plan = small_plan();
  auto all = make_checkers(plan, complaints).size();
  plan.network.topology = Topology::free_route;
  EXPECT_EQ(make_checkers(plan, complaints).size(), all - 1);
}

TEST(Checkers, ExpectNoSecondPacketUnlessSomethingCopiesPackets) {
  auto plan = small_plan();
  EXPECT_FALSE(can_copy_packets(plan));
  plan.links.duplicate.parts = 1;
  EXPECT_TRUE(can_copy_packets(plan));
  plan = small_plan();
  LinkFault fault{{NodeSet::every(NodeKind::mixnode), NodeSet::every(NodeKind::mixnode), Direction::one_way}, {}};
  plan.faults.push_back({});
  plan.faults.back().action = fault;
  EXPECT_FALSE(can_copy_packets(plan));
  fault.change.duplicate = Probability{1};
  plan.faults.back().action = fault;
  EXPECT_TRUE(can_copy_packets(plan));
  auto with_crash = [&](NodeKind kind, DiskState disk) {
    plan.faults.back().action = Crash{NodeSet::every(kind), disk};
    return can_copy_packets(plan);
  };
  EXPECT_FALSE(with_crash(NodeKind::client, DiskState::kept));
  EXPECT_FALSE(with_crash(NodeKind::mixnode, DiskState::lost));
  EXPECT_TRUE(with_crash(NodeKind::client, DiskState::lost)) << "it uses SURBs again";
  plan = small_plan();
  plan.adversaries.push_back({"copier", {}, {}, ReplayingNodes{NodeSet::every(NodeKind::mixnode)}});
  EXPECT_TRUE(can_copy_packets(plan));
}

TEST(Checkers, ExpectAcknowledgementsInCalmOnlyWhereNearlyAllArrives) {
  Complaints complaints;
  auto plan = small_plan();
  auto all = make_checkers(plan, complaints).size();
  plan.links.loss.parts = std::uint64_t{1} << 31U;
  EXPECT_EQ(make_checkers(plan, complaints).size(), all - 1);
  plan = small_plan();
  plan.faults.push_back({});
  plan.faults.back().action = Kill{NodeSet::every(NodeKind::mixnode)};
  EXPECT_EQ(make_checkers(plan, complaints).size(), all - 1);
}

TEST(RouteCheck, LetsPacketsGoThroughTheLayersInOrder) {
  Checked check(make_route_check);
  check.packet(kGateway, mix(2));
  check.packet(mix(2), mix(3));
  check.packet(mix(3), mix(6));
  check.packet(mix(6), kGateway);
  EXPECT_TRUE(check.is_content()) << check.text();
}

TEST(RouteCheck, FindsEveryOtherStep) {
  const std::pair<NodeName, NodeName> steps[] = {{kGateway, mix(3)}, {mix(1), mix(2)},   {mix(1), mix(5)},
                                                 {mix(3), mix(1)},   {mix(4), kGateway}, {mix(5), mix(1)}};
  for (auto [from, to] : steps) {
    Checked check(make_route_check);
    check.packet(from, to);
    EXPECT_FALSE(check.is_content()) << to_text(from) << " to " << to_text(to);
  }
}

TEST(RouteCheck, LetsLoopsOfMixnodesGoOnFromTheLastLayerToTheFirst) {
  auto plan = small_plan();
  plan.mix.loop_cover_average_delay = kSecond;
  Checked check(make_route_check, plan);
  check.packet(mix(5), mix(1));
  EXPECT_TRUE(check.is_content()) << check.text();
}

TEST(CopyCheck, FindsThatANodeRefusedAReplay) {
  Checked mixnode(make_copy_check);
  mixnode->on_mixnode_event(at(1), 0, mixnode::PacketDropped{DropReason::bad_header_mac});
  EXPECT_TRUE(mixnode.is_content());
  mixnode->on_mixnode_event(at(1), 0, mixnode::PacketDropped{DropReason::replayed});
  EXPECT_FALSE(mixnode.is_content());
  Checked gateway(make_copy_check);
  gateway->on_gateway_event(at(1), 1, gateway::Dropped{DropReason::replayed});
  EXPECT_EQ(gateway.text().substr(0, 3), "gw2");
}

TEST(StreamCheck, FindsAStreamThatStops) {
  Checked check(make_stream_check);
  for (std::int64_t ms = 0; ms < 6'000; ms += 100) {
    for (std::uint32_t client : {0U, 1U}) check.sends(ms, PacketKind::main_cover, client);
    check.look(ms);
  }
  EXPECT_NE(check.text().find("loop cover"), std::string::npos) << check.text();
}

TEST(StreamCheck, CountsRealPacketsAsTheMainStreams) {
  Checked check(make_stream_check);
  const PacketKind kinds[] = {PacketKind::real, PacketKind::retransmission, PacketKind::main_cover};
  for (std::int64_t ms = 0; ms < 9'000; ms += 100) {
    for (std::uint32_t client : {0U, 1U}) {
      check.sends(ms, kinds[ms / 3'000], client);
      check.sends(ms, PacketKind::loop_cover, client);
    }
    check.look(ms);
  }
  EXPECT_TRUE(check.is_content()) << check.text();
}

TEST(StreamCheck, WaitsWhileAClientCannotSend) {
  auto is_content_with = [](std::optional<client::Status> status) {
    Checked check(make_stream_check);
    for (std::int64_t ms = 0; ms < 9'000; ms += 100) check.look(ms, status);
    return check.is_content();
  };
  EXPECT_FALSE(is_content_with(ready()));
  EXPECT_TRUE(is_content_with(std::nullopt));
  auto status = ready();
  status.topology_usable = false;
  EXPECT_TRUE(is_content_with(status));
  status = ready();
  status.gateway_frames = limits::kGatewayFramesInFlight;
  EXPECT_TRUE(is_content_with(status));
}

TEST(StreamCheck, WaitsWhileAClientStandsStill) {
  Checked check(make_stream_check);
  for (std::uint32_t client : {0U, 1U}) check->on_node_state(at(0), {NodeKind::client, client}, NodeState::paused);
  for (std::int64_t ms = 0; ms < 9'000; ms += 100) check.look(ms);
  EXPECT_TRUE(check.is_content()) << check.text();
}

TEST(StreamCheck, AsksNothingOfStreamsThatAreOff) {
  auto plan = small_plan();
  plan.clients[0].options.traffic.main_poisson_stream = client::Switch::off;
  plan.clients[0].options.traffic.loop_cover_stream = client::Switch::off;
  Checked check(make_stream_check, plan);
  for (std::int64_t ms = 0; ms < 90'000; ms += 100) check.look(ms);
  EXPECT_TRUE(check.is_content()) << check.text();
}

TEST(TopologyCheck, FindsAConnectedClientWithoutAMap) {
  auto lost = ready();
  lost.topology_usable = false;
  Checked check(make_topology_check);
  check.look(0, lost);
  check.look(119'000, lost);
  EXPECT_TRUE(check.is_content());
  check.look(119'100);
  check.look(119'200, lost);
  check.look(239'000, lost);
  EXPECT_TRUE(check.is_content());
  check.look(239'300, lost);
  EXPECT_FALSE(check.is_content());
}

TEST(SurbCheck, FindsASurbThatIsStillHeldAfterItWasUsed) {
  Checked check(make_surb_check);
  check->on_client_event(at(1), 0, client::SurbsReceived{10});
  check->on_client_event(at(1), 1, client::SurbsReceived{10});
  auto status = ready();
  status.surbs = 9;
  check->on_client_event(at(2), 0, client::SurbsUsed{1});
  check.look(3, status);
  EXPECT_TRUE(check.is_content()) << check.text();
  check->on_client_event(at(4), 0, client::SurbsUsed{1});
  check.look(5, status);
  EXPECT_EQ(check.text(), "c1 received 10 reply SURBs, has used 2 and still holds 9");
}

TEST(SurbCheck, FindsAKeyThatIsStillKeptAfterItsReplyCame) {
  Checked check(make_surb_check);
  check->on_client_event(at(1), 0, client::SurbsCreated{2});
  auto status = ready();
  status.reply_keys = 1;
  MessageMoved reply{{0, MessageRef::Part::reply}, MessageStep::delivered, 1, 0, 100};
  check->on_message(at(2), reply);
  check.look(3, status);
  EXPECT_TRUE(check.is_content()) << check.text();
  check->on_message(at(4), reply);
  check.look(5, status);
  EXPECT_FALSE(check.is_content());
}

TEST(SurbCheck, LeavesClientsThatCrashedAlone) {
  Checked check(make_surb_check);
  check->on_client_event(at(1), 0, client::SurbsUsed{5});
  check->on_client_event(at(1), 0, client::SurbsReceived{1});
  check->on_node_state(at(2), {NodeKind::client, 0}, NodeState::down);
  check.look(3);
  EXPECT_TRUE(check.is_content()) << check.text();
}

TEST(RetransmissionCheck, FindsWhatIsSentAgainAndNeverAcknowledgedInCalm) {
  Checked check(make_retransmission_check);
  for (std::int64_t n = 0; n < 40; ++n) check.sends(n * 3'000, PacketKind::retransmission);
  EXPECT_TRUE(check.is_content()) << check.text();
  check->on_phase(at(200'000), Phase::calm);
  for (std::int64_t n = 0; n < 11; ++n) check.sends(200'000 + n * 3'000, PacketKind::retransmission);
  EXPECT_TRUE(check.is_content()) << check.text();
  check.sends(240'000, PacketKind::retransmission);
  EXPECT_FALSE(check.is_content());
}

TEST(RetransmissionCheck, BeginsAnewWithEveryAcknowledgement) {
  Checked check(make_retransmission_check);
  check->on_phase(at(0), Phase::calm);
  for (std::int64_t n = 0; n < 40; ++n) {
    check.sends(n * 3'000, PacketKind::retransmission);
    if (n % 10 == 0) check->on_client_event(at(n * 3'000), 0, client::AckReceived{kSecond});
  }
  EXPECT_TRUE(check.is_content()) << check.text();
}

TEST(RetransmissionCheck, IsPatientWithAWindowThatIsSentAgainAtOnce) {
  Checked check(make_retransmission_check);
  check->on_phase(at(0), Phase::calm);
  for (std::int64_t n = 0; n < 200; ++n) check.sends(n * 20, PacketKind::retransmission);
  EXPECT_TRUE(check.is_content()) << check.text();
}

sphinx::ReplayTag tag(std::uint8_t number) {
  sphinx::ReplayTag made;
  made.bytes[0] = number;
  return made;
}

TEST(ReplayWatch, FindsAPacketThatIsTakenTwice) {
  Complaints complaints;
  ReplayWatch watch({NodeKind::mixnode, 0}, complaints);
  watch.on_peeled(tag(1));
  watch.settle(at(1));
  watch.on_peeled(tag(1));
  watch.on_refused();
  watch.settle(at(2));
  EXPECT_FALSE(complaints.first());
  watch.on_peeled(tag(1));
  watch.settle(at(3));
  ASSERT_TRUE(complaints.first());
  EXPECT_EQ(complaints.first()->text, "mix1 took a packet that it had taken before");
}

TEST(ReplayWatch, ForgetsWithTheNode) {
  Complaints complaints;
  ReplayWatch watch({NodeKind::mixnode, 0}, complaints);
  watch.on_peeled(tag(1));
  watch.forget();
  watch.on_peeled(tag(1));
  watch.settle(at(1));
  EXPECT_FALSE(complaints.first());
}

}  // namespace
}  // namespace nym::sim
