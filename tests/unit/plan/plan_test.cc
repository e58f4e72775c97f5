#include <gtest/gtest.h>

#include <fstream>
#include <set>

#include "sim/plan/builtin.h"
#include "sim/plan/describe.h"
#include "sim/plan/find.h"
#include "sim/plan/nodes.h"

namespace nym::sim {
namespace {

Plan plan_of(const std::string& toml) {
  auto plan = parse_plan(toml, "p.toml", Syntax::toml);
  EXPECT_TRUE(plan) << (plan ? "" : plan.error().text());
  return plan ? *plan : Plan{};
}

std::string source_file(const std::string& name) {
  std::ifstream file(std::string(NYM_SOURCE) + "/" + name, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

TEST(Plan, WithoutKeysHasTheDefaultsOfTheEngine) {
  auto plan = plan_of("name = \"x\"\n");
  EXPECT_EQ(plan.network.mixnodes, 3U);
  EXPECT_EQ(plan.network.gateways, 2U);
  EXPECT_EQ(client_count(plan), 2U);
  EXPECT_EQ(plan.client.traffic.average_packet_delay, client::TrafficConfig{}.average_packet_delay);
  EXPECT_EQ(to_text(plan.links.latency), "1ms + exponential(2ms)");
  EXPECT_EQ(plan.fidelity, Fidelity::real);
}

TEST(Plan, GroupsBeginWithWhatAllClientsAreLike) {
  auto plan = plan_of(
      "[client]\nmax_tries = 7\n[[clients]]\nname = \"a\"\ncount = 2\n[[clients]]\nname = \"b\"\nmax_tries = "
      "9\njournal "
      "= true\ngateways = \"gw2\"\n");
  EXPECT_EQ(group_of(plan, 1).options.acks.max_tries, 7U);
  EXPECT_EQ(group_of(plan, 2).options.acks.max_tries, 9U);
  EXPECT_EQ(group_of(plan, 2).options.journal, client::Switch::on);
  EXPECT_EQ(gateway_of(plan, 0), 0U);
  EXPECT_EQ(gateway_of(plan, 1), 1U);
  EXPECT_EQ(gateway_of(plan, 2), 1U);
  EXPECT_EQ(*resolve(plan, *parse_node_set("b,c1"), NodeKind::client), (std::vector<std::uint32_t>{0, 2}));
}

TEST(Plan, ShorthandsSetWhatTheyStandFor) {
  auto plan = plan_of(
      "[network]\nmixnodes_per_layer = 4\nclients = 9\n[mix]\nmean_hop_delay = \"7ms\"\n[client]\nno_cover = "
      "true\naverage_ack_delay = \"8ms\"\n");
  EXPECT_EQ(plan.network.mixnodes, 12U);
  EXPECT_EQ(client_count(plan), 9U);
  EXPECT_EQ(plan.clients[0].options.traffic.average_packet_delay, Duration::milliseconds(7));
  EXPECT_EQ(plan.clients[0].options.acks.average_ack_delay, Duration::milliseconds(8));
  EXPECT_EQ(plan.clients[0].options.traffic.main_poisson_stream, client::Switch::off);
}

TEST(Plan, LayersAreNumberedOneAfterTheOther) {
  NetworkPlan network;
  network.mixnodes = 7;
  EXPECT_EQ(layer_sizes(network), (std::array<std::uint32_t, 3>{3, 2, 2}));
  EXPECT_EQ(layer_of(network, 2), 1U);
  EXPECT_EQ(layer_of(network, 3), 2U);
  EXPECT_EQ(layer_of(network, 6), 3U);
  Plan plan;
  plan.network = network;
  auto nodes = resolve(plan, *parse_node_set("layer2"));
  ASSERT_TRUE(nodes);
  EXPECT_EQ(*nodes, (std::vector<NodeName>{{NodeKind::mixnode, 3}, {NodeKind::mixnode, 4}}));
}

TEST(Plan, ExtendsAnotherJoinsTablesAndReplacesLists) {
  FileReader files = [](const std::string& path) -> Result<std::string> {
    EXPECT_EQ(path, "plans/base.toml");
    return "description = \"base\"\nfaults = [\"at 1s restart mix1\"]\n[network]\ngateways = 5\nmixnodes = 6\n";
  };
  auto plan = parse_plan("extends = \"base.toml\"\nfaults = []\n[network]\nmixnodes = 9\n", "plans/own.toml",
                         Syntax::toml, files);
  ASSERT_TRUE(plan) << plan.error().text();
  EXPECT_EQ(plan->name, "own");
  EXPECT_EQ(plan->description, "base");
  EXPECT_EQ(plan->network.gateways, 5U);
  EXPECT_EQ(plan->network.mixnodes, 9U);
  EXPECT_TRUE(plan->faults.empty());
}

TEST(Plan, FaultsAsLinesAndAsTablesAreTheSame) {
  const std::pair<const char*, const char*> kPairs[] = {
      {"at 1s for 2s crash without state mix1", "kind='crash'\nat='1s'\nfor='2s'\nnodes='mix1'\nstate='lost'"},
      {"at 1s restart gw1", "kind='restart'\nat='1s'\nnodes='gw1'"},
      {"kill mix1", "kind='kill'\nnodes='mix1'"},
      {"for 1s pause gw1", "kind='pause'\nfor='1s'\nnodes='gw1'"},
      {"for 1s suspend c1", "kind='suspend'\nfor='1s'\nnodes='c1'"},
      {"for 1s slow 3x mix1", "kind='slow'\nfor='1s'\nnodes='mix1'\nfactor=3"},
      {"clock jump -1s c1", "kind='clock jump'\nnodes='c1'\nby='-1s'"},
      {"clock drift -5ppm c1", "kind='clock drift'\nnodes='c1'\nppm=-5"},
      {"for 1s silence gw1", "kind='silence'\nfor='1s'\nnodes='gw1'"},
      {"every 2s 3 times cut sessions gw1", "kind='cut sessions'\nevery='2s'\ntimes=3\nnodes='gw1'"},
      {"for 1s disk full c1", "kind='disk full'\nfor='1s'\nnodes='c1'"},
      {"for 1s disk error c1", "kind='disk error'\nfor='1s'\nnodes='c1'"},
      {"for 1s disk slow 5ms c1", "kind='disk slow'\nfor='1s'\nnodes='c1'\ncommit='5ms'"},
      {"fail the 7th dial c1", "kind='fail'\nnodes='c1'\noperation='dial'\nn=7"},
      {"for 1s leave app c1", "kind='leave app'\nfor='1s'\nnodes='c1'"},
      {"for 1s swizzle mix*", "kind='swizzle'\nfor='1s'\nnodes='mix*'"},
      {"for 1s partition one-way gw1 | mix*", "kind='partition'\nfor='1s'\nfrom='gw1'\nto='mix*'\ndirection='one-way'"},
      {"for 1s gw1<->mix* loss 5% rate 1kB/s clog",
       "kind='link'\nfor='1s'\npath='gw1<->mix*'\nloss=0.05\nrate='1kB/s'\nclog=true"}};
  std::set<std::size_t> kinds;
  for (auto [line, table] : kPairs) {
    auto from_line = plan_of(std::string("faults = [\"") + line + "\"]\n");
    auto from_table = plan_of(std::string("[[fault]]\n") + table + "\n");
    EXPECT_EQ(from_line.faults, from_table.faults) << line;
    ASSERT_EQ(from_line.faults.size(), 1U);
    kinds.insert(from_line.faults[0].action.index());
  }
  EXPECT_EQ(kinds.size(), std::variant_size_v<FaultAction>);
}

TEST(BuiltinScenarios, AreTwentyOrMoreAndHaveNoErrors) {
  std::size_t count = 0;
  for (const auto& file : builtin_files()) {
    if (!file.name.ends_with(".toml")) continue;
    ++count;
    auto plan = load_plan("builtin:" + std::string(file.name));
    EXPECT_TRUE(plan) << plan.error().text();
    EXPECT_TRUE(file.text.starts_with("#")) << file.name << " is not explained";
    if (!plan) continue;
    EXPECT_FALSE(plan->description.empty()) << file.name;
    EXPECT_FALSE(plan->tags.empty()) << file.name;
  }
  EXPECT_GE(count, 20U);
}

TEST(BuiltinScenarios, CoverEveryKindOfFaultWorkloadAdversaryAndMetric) {
  std::set<std::size_t> faults;
  std::set<std::size_t> workloads;
  std::set<std::size_t> adversaries;
  std::set<Metric> metrics;
  std::set<std::size_t> mixes;
  std::set<Topology> topologies;
  for (const auto& plan : builtin_plans()) {
    for (const auto& fault : plan.faults) faults.insert(fault.action.index());
    for (const auto& workload : plan.workloads) workloads.insert(workload.kind.index());
    for (const auto& adversary : plan.adversaries) adversaries.insert(adversary.kind.index());
    metrics.insert(plan.measure.metrics.begin(), plan.measure.metrics.end());
    mixes.insert(plan.mix.strategy.index());
    topologies.insert(plan.network.topology);
  }
  EXPECT_EQ(faults.size(), std::variant_size_v<FaultAction>);
  EXPECT_EQ(workloads.size(), std::variant_size_v<WorkloadKind>);
  EXPECT_EQ(adversaries.size(), std::variant_size_v<AdversaryKind>);
  EXPECT_EQ(metrics.size(), kMetricCount);
  EXPECT_EQ(mixes.size(), std::variant_size_v<MixStrategy>);
  EXPECT_EQ(topologies.size(), 3U);
}

TEST(BuiltinScenarios, ParseToTheSamePlanWhenTheyArePrinted) {
  for (const auto& plan : builtin_plans()) {
    for (auto syntax : {Syntax::toml, Syntax::json}) {
      auto printed = print_plan(plan, syntax);
      auto again = parse_plan(printed, "elsewhere/p", syntax);
      ASSERT_TRUE(again) << plan.name << ": " << again.error().text();
      EXPECT_EQ(print_plan(*again, syntax), printed) << plan.name;
    }
  }
}

TEST(FindScenario, SuggestsTheNearestName) {
  EXPECT_TRUE(find_scenario("hello", {}));
  auto missing = find_scenario("helo", {});
  ASSERT_FALSE(missing);
  EXPECT_EQ(missing.error().text(),
            "no scenario is called 'helo' ('nym-sim list' shows those there are); did you mean 'hello'?");
  auto no_file = find_scenario("./nowhere.toml", {});
  ASSERT_FALSE(no_file);
  EXPECT_EQ(no_file.error().text(), "can not read ./nowhere.toml: there is no such file");
}

TEST(FindScenario, LooksIntoTheFolderOfFurtherScenarios) {
  ScenarioFolder folder{std::string(NYM_SOURCE) + "/sim/scenarios"};
  EXPECT_TRUE(find_scenario("cities", folder));
  auto all = list_scenarios(folder);
  ASSERT_TRUE(all);
  EXPECT_EQ(all->size(), 2 * builtin_plans().size());
}

TEST(PlanSchema, IsTheFileInTheDocumentation) {
  EXPECT_EQ(plan_schema(), source_file("docs/simulator.schema.json")) << "write it anew: nym-sim schema";
}

TEST(PlanReference, IsPartOfTheDocumentation) {
  EXPECT_NE(source_file("docs/simulator.md").find(plan_reference()), std::string::npos)
      << "write it anew: nym-sim reference";
}

}  // namespace
}  // namespace nym::sim
