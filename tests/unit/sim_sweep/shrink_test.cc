#include "sim/sweep/shrink.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "sim/plan/generate.h"
#include "sim/plan/load.h"
#include "sim/plan/nodes.h"
#include "sim/plan/validate.h"
#include "sim/sweep/plan_edits.h"

namespace nym::sim {
namespace {

const FailureKind kFailure{RunVerdict::safety, "it failed"};

Plan plan_from(const char* text) {
  auto plan = parse_plan(text, "p.toml", Syntax::toml);
  EXPECT_TRUE(plan) << plan.error().text();
  return *plan;
}

const std::vector<PlannedMessage>& schedule_of(const Plan& plan) {
  return std::get<ScheduleWorkload>(plan.workloads.at(0).kind).messages;
}

bool crashes(const Plan& plan, NodeName node) {
  return std::ranges::any_of(plan.faults, [&](const Fault& fault) {
    const auto* crash = std::get_if<Crash>(&fault.action);
    if (crash == nullptr) return false;
    auto nodes = *resolve(plan, crash->nodes);
    return std::ranges::find(nodes, node) != nodes.end();
  });
}

bool is_at(const Plan& plan, std::size_t client, std::uint32_t gateway) {
  return gateway_of(plan, static_cast<std::uint32_t>(client)) == gateway;
}

bool sends(const Plan& plan, const std::function<bool(const PlannedMessage&)>& which) {
  return std::ranges::any_of(plan.workloads, [&](const Workload& workload) {
    const auto* schedule = std::get_if<ScheduleWorkload>(&workload.kind);
    return schedule != nullptr && std::ranges::any_of(schedule->messages, which);
  });
}

Shrunk shrunk(Plan plan, std::function<bool(const Plan&)> fails, ListMessages list = nullptr) {
  ShrinkOptions options;
  options.fails = [&](const Plan& one, std::uint64_t) -> std::optional<FailureKind> {
    EXPECT_FALSE(first_problem(one)) << first_problem(one)->text;
    if (!fails(one)) return std::nullopt;
    return kFailure;
  };
  options.list_messages = list ? list : [](const Plan&) { return std::nullopt; };
  auto result = shrink(std::move(plan), options);
  EXPECT_TRUE(result);
  return result ? *std::move(result) : Shrunk{};
}

constexpr const char* kLarge = R"toml(
time_limit = "60s"
faults = ["at 3s for 2s crash gw2", "at 4s restart mix5", "at 5s for 4s crash gw1,gw3", "at 7s every 2s 8 times restart c4",
          "at 9s for 1s mix1->mix4 loss 5% latency normal(40ms,10ms)", "at 2s for 1s partition c9 | gw*"]
[network]
mixnodes = 9
gateways = 3
clients = 10
[links]
loss = "2%"
latency = "normal(20ms,5ms)"
[client]
journal = true
[[workload]]
kind = "schedule"
messages = [
  { at = "2s", from = "c1", to = "c2", text = "one" }, { at = "2500ms", from = "c3", to = "c7", text = "two", reply_surbs = 9, reply = "r" },
  { at = "3s", from = "c4", to = "c5", bytes = 20000 }, { at = "3s", from = "c10", to = "c9", bytes = 100 },
  { at = "4s", from = "c7", to = "c3", text = "back" }]
[[workload]]
kind = "messages"
count = 20
[[adversary]]
kind = "passive-observer"
)toml";

// Fails if and only if gw1 crashes and a client of gw3 writes to a client of gw1 (c3 to c7 in the beginning).
TEST(Shrinking, FindsTheTwoThingsThatMatterTogether) {
  auto large = plan_from(kLarge);
  auto result = shrunk(large, [](const Plan& plan) {
    return crashes(plan, {NodeKind::gateway, 0}) && sends(plan, [&](const PlannedMessage& message) {
             return message.text == "two" && is_at(plan, message.to, 0);
           });
  });
  EXPECT_EQ(describe_size(result.plan), "2 clients, 1 message, 1 fault");
  EXPECT_EQ(to_text(result.plan.faults.at(0)), "for 0s crash gw1");
  EXPECT_EQ(result.plan.network.mixnodes, 3U);
  EXPECT_EQ(result.plan.network.gateways, 1U);
  EXPECT_EQ(result.plan.client.journal, client::Switch::off);
  EXPECT_EQ(result.plan.links.loss.parts, 0U);
  EXPECT_FALSE(schedule_of(result.plan).at(0).reply);
  EXPECT_LT(result.tries, 300U);
  EXPECT_EQ(result.kind, kFailure);
}

TEST(Shrinking, IsTheSameEachTime) {
  auto fails = [](const Plan& plan) { return listed_messages(plan) >= 2 && client_count(plan) >= 3; };
  auto first = shrunk(plan_from(kLarge), fails);
  auto second = shrunk(plan_from(kLarge), fails);
  EXPECT_EQ(print_plan(first.plan, Syntax::toml), print_plan(second.plan, Syntax::toml));
  EXPECT_EQ(first.tries, second.tries);
  EXPECT_EQ(describe_size(first.plan), "3 clients, 2 messages, 0 faults");
}

TEST(Shrinking, LetsTheSameTwoClientsSendAllThatIsLeft) {
  auto result = shrunk(plan_from(kLarge), [](const Plan& plan) { return listed_messages(plan) >= 2; });
  EXPECT_EQ(describe_size(result.plan), "2 clients, 2 messages, 0 faults");
}

TEST(Shrinking, DoesNotTakeAnotherFailureForThisOne) {
  ShrinkOptions options;
  options.fails = [](const Plan& plan, std::uint64_t) -> std::optional<FailureKind> {
    if (plan.faults.size() >= 3) return kFailure;
    return FailureKind{RunVerdict::safety, "another"};
  };
  options.list_messages = [](const Plan&) { return std::nullopt; };
  auto result = shrink(plan_from(kLarge), options);
  ASSERT_TRUE(result);
  EXPECT_EQ(result->plan.faults.size(), 3U);
  options.fails = [](const Plan&, std::uint64_t) { return std::nullopt; };
  EXPECT_FALSE(shrink(plan_from(kLarge), options)) << "what does not fail can not be shrunk";
}

TEST(Shrinking, TurnsDrawnWorkloadsIntoMessagesAndLeavesTheseOut) {
  auto plan = plan_from("[network]\nclients = 4\n[[workload]]\nkind = \"messages\"\ncount = 50\n");
  std::vector<PlannedMessage> drawn;
  for (std::size_t i = 0; i < 50; ++i) {
    drawn.push_back(
        {Duration::milliseconds(2'000 + 10 * static_cast<std::int64_t>(i)), i % 4, (i + 1) % 4, {}, 0, {}, 500 + i});
  }
  auto fails = [](const Plan& one) {
    bool as_drawn = has_drawn_workloads(one) && std::get<MessageWorkload>(one.workloads.at(0).kind).reply_surbs == 0;
    return (as_drawn && one.workloads.at(0).count == 50) ||
           sends(one, [](const PlannedMessage& message) { return message.bytes == 517; });
  };
  auto result = shrunk(plan, fails, [&](const Plan&) { return drawn; });
  EXPECT_EQ(describe_size(result.plan), "2 clients, 1 message, 0 faults");
  EXPECT_EQ(schedule_of(result.plan).at(0).bytes, 517U);
}

TEST(Shrinking, ShortensWhatCanNotBeListed) {
  auto plan = plan_from("[network]\nclients = 4\n[[workload]]\nkind = \"messages\"\ncount = 50\nlength = \"9s\"\n");
  auto result =
      shrunk(plan, [](const Plan& one) { return has_drawn_workloads(one) && one.workloads.at(0).count >= 5; });
  EXPECT_EQ(result.plan.workloads.at(0).count, 6U) << "50, 25, 12, 6";
  EXPECT_EQ(client_count(result.plan), 2U);
}

TEST(Shrinking, EndsWhenItsTimeIsOver) {
  ShrinkOptions options;
  int asked = 0;
  options.fails = [](const Plan&, std::uint64_t) { return kFailure; };
  options.list_messages = [](const Plan&) { return std::nullopt; };
  options.is_over = [&] { return ++asked > 3; };
  auto result = shrink(plan_from(kLarge), options);
  ASSERT_TRUE(result);
  EXPECT_LE(result->tries, 4U);
}

TEST(Shrinking, GetsEveryGeneratedPlanDownToNextToNothing) {
  for (std::uint64_t seed = 1; seed <= 5; ++seed) {
    auto plan = generate_plan(Profile::everything, seed);
    auto result = shrunk(plan, [](const Plan&) { return true; });
    EXPECT_EQ(client_count(result.plan), 1U) << seed;
    EXPECT_EQ(result.plan.faults.size() + result.plan.workloads.size() + result.plan.adversaries.size(), 0U) << seed;
    EXPECT_EQ(result.plan.network.mixnodes, 3U);
    EXPECT_EQ(result.plan.network.gateways, 1U);
  }
}

TEST(Renumbering, MovesEverythingThatNamesAClient) {
  auto plan = plan_from(R"(
faults = ["at 1s restart c1", "at 1s restart c2", "at 1s restart c3..c4", "at 1s restart late", "at 1s restart c*"]
[[clients]]
name = "early"
count = 3
[[clients]]
name = "late"
count = 2
[[workload]]
kind = "schedule"
messages = [{ from = "c1", to = "c3", text = "a" }, { from = "c2", to = "c5", text = "b" }, { from = "c4", to = "c5", text = "c" }]
)");
  auto smaller = without_client(plan, 1);
  EXPECT_FALSE(first_problem(smaller));
  ASSERT_EQ(smaller.faults.size(), 4U) << "nothing is left of the one of c2";
  EXPECT_EQ(to_text(smaller.faults[1]), "at 1s restart c2..c3");
  EXPECT_EQ(to_text(smaller.faults[2]), "at 1s restart c3..c4");
  EXPECT_EQ(to_text(smaller.faults[3]), "at 1s restart c*");
  ASSERT_EQ(schedule_of(smaller).size(), 2U);
  EXPECT_EQ(schedule_of(smaller)[0].to, 1U);
  EXPECT_EQ(schedule_of(smaller)[1].from, 2U);
  EXPECT_EQ(smaller.clients[0].count, 2U);
}

TEST(Renumbering, KeepsPinnedClientsAtTheirGateways) {
  auto plan = plan_from("[network]\nclients = 5\ngateways = 2\n");
  auto smaller = without_client(with_pinned_clients(plan), 0);
  for (std::uint32_t i = 0; i < 4; ++i) EXPECT_EQ(gateway_of(smaller, i), gateway_of(plan, i + 1)) << i;
}

TEST(Renumbering, PutsMixnodesIntoTheirLayers) {
  auto plan = plan_from("faults = [\"at 1s restart mix5\", \"at 1s restart layer3\"]\n[network]\nmixnodes = 9\n");
  auto smaller = with_three_mixnodes(plan);
  EXPECT_FALSE(first_problem(smaller));
  EXPECT_EQ(to_text(smaller.faults.at(0)), "at 1s restart mix2");
  EXPECT_EQ(to_text(smaller.faults.at(1)), "at 1s restart layer3");
}

TEST(BriefPlans, SayOnlyWhatIsNotAsByDefaultAndReadTheSame) {
  auto brief = print_briefly(plan_from("faults = [\"at 1s restart c1\"]\n[network]\nclients = 3\n"));
  EXPECT_EQ(brief, "name = \"p\"\nfaults = [\"at 1s restart c1\"]\n\n[[clients]]\ncount = 3\n");
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    auto plan = generate_plan(Profile::everything, seed);
    auto short_one = print_briefly(plan);
    auto again = parse_plan(short_one, plan.name, Syntax::toml);
    ASSERT_TRUE(again) << again.error().text();
    EXPECT_EQ(print_plan(*again, Syntax::toml), print_plan(plan, Syntax::toml));
    EXPECT_LT(short_one.size(), print_plan(plan, Syntax::toml).size() * 2 / 3) << seed;
  }
}

}  // namespace
}  // namespace nym::sim
