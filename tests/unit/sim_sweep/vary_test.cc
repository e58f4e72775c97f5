#include "sim/sweep/vary.h"

#include <gtest/gtest.h>

#include <map>
#include <set>

#include "sim/plan/load.h"

namespace nym::sim {
namespace {

using Values = std::vector<std::string>;

Values values_of(const char* text) {
  auto axis = parse_axis(text);
  return axis ? axis->values : Values{axis.error().text()};
}

Result<Plan> with(const char* text, std::vector<Setting> settings) {
  return parse_plan(text, "p.toml", Syntax::toml, read_plan_file, settings);
}

std::string error_of(const Result<Plan>& plan) {
  return plan ? "no error" : plan.error().text();
}

TEST(Settings, StandAboveWhatTheFileSays) {
  auto plan = with("[links]\nloss = 0.5\n", {{"links.loss", "25%"}, {"time_limit", "7s"}, {"network.clients", "5"}});
  ASSERT_TRUE(plan) << error_of(plan);
  EXPECT_EQ(plan->links.loss.parts, std::uint64_t{1} << 30U);
  EXPECT_EQ(plan->time_limit, Duration::seconds(7));
  EXPECT_EQ(plan->clients.at(0).count, 5U);
  auto listed = with("faults = [\"at 1s restart gw1\", \"at 2s restart gw1\"]\n", {{"faults.1", "at 3s restart c1"}});
  ASSERT_TRUE(listed) << error_of(listed);
  EXPECT_EQ(listed->faults.at(1).at, Duration::seconds(3));
}

TEST(Settings, OfTheClientHoldForAllGroups) {
  auto generated = print_plan(*with("description = \"d\"\n", {}), Syntax::toml);
  auto plan = with(generated.c_str(), {{"client.max_tries", "3"}});
  ASSERT_TRUE(plan) << error_of(plan);
  EXPECT_EQ(plan->clients.at(0).options.acks.max_tries, 3U);
}

TEST(Settings, AreReadAsStrictlyAsFiles) {
  const char* file = "faults = [\"at 1s restart gw1\"]\n";
  EXPECT_EQ(error_of(with(file, {{"links.los", "5%"}})), "setting:1:1: links: unknown key 'los'; did you mean 'loss'?");
  EXPECT_NE(error_of(with(file, {{"links.loss", "5"}})).find("setting:1:1: links.loss: "), std::string::npos);
  EXPECT_NE(error_of(with(file, {{"network.gateways", "0"}})).find("network.gateways"), std::string::npos);
  EXPECT_EQ(error_of(with(file, {{"faults.1", "at 1s kill c1"}})),
            "setting:1:1: faults.1: there is no element 1, the list has 1");
  EXPECT_EQ(error_of(with(file, {{"faults.x", "1"}})),
            "setting:1:1: faults.x: 'x' is no number of an element of a list");
  EXPECT_EQ(error_of(with(file, {{"faults.0.at", "1"}})), "setting:1:1: faults.0.at: there are no keys below a text");
}

TEST(Settings, AreAKeyAndAValue) {
  EXPECT_EQ(parse_setting("a.b=c=d")->value, "c=d");
  for (const char* bad : {"", "a", "=b", "a=", ".a=1", "a.=1", "a..b=1", "a=1\n2"})
    EXPECT_FALSE(parse_setting(bad)) << bad;
}

TEST(Axes, CountFromOneEndToTheOther) {
  EXPECT_EQ(values_of("links.loss=0:0.05:6"), (Values{"0", "0.01", "0.02", "0.03", "0.04", "0.05"}));
  EXPECT_EQ(values_of("n=3:9:3"), (Values{"3", "6", "9"}));
  EXPECT_EQ(values_of("t=10ms:20ms:3"), (Values{"10ms", "15ms", "20ms"}));
  EXPECT_EQ(values_of("t=0:2s:2"), (Values{"0s", "2s"}));
  EXPECT_EQ(values_of("r=5%:1%:2"), (Values{"5%", "1%"}));
}

TEST(Axes, ListValues) {
  EXPECT_EQ(values_of("a=x,y"), (Values{"x", "y"}));
  EXPECT_EQ(values_of("l=normal(1ms,2ms),5ms"), (Values{"normal(1ms,2ms)", "5ms"}));
  EXPECT_EQ(values_of("a=x"), (Values{"x"}));
  for (const char* bad : {"a", "a=1:2:1", "a=1ms:2s:3", "a=1,,2", "a=1:2:x", "a=9:8:99999999"}) {
    EXPECT_FALSE(parse_axis(bad)) << bad;
  }
}

TEST(Axes, MakeAGrid) {
  auto points = grid({{"a", {"1", "2"}}, {"b", {"x", "y", "z"}}});
  ASSERT_TRUE(points);
  EXPECT_EQ(points->size(), 6U);
  EXPECT_EQ(points->at(1), (Point{{"a", "1"}, {"b", "y"}}));
  EXPECT_EQ(grid({})->size(), 1U);
  Axis long_axis{"a", Values(1'000, "1")};
  EXPECT_FALSE(grid({long_axis, long_axis}));
}

TEST(Axes, MakeALatinHypercubeInWhichEachValueIsUsedEquallyOften) {
  std::vector<Axis> axes{{"a", {"1", "2", "3"}}, {"b", {"x", "y"}}};
  auto points = latin_hypercube(axes, 12, 7);
  ASSERT_TRUE(points);
  std::map<std::string, int> uses;
  std::set<Point> different;
  for (const auto& point : *points) {
    ASSERT_EQ(point.size(), 2U);
    ++uses[point[0].value];
    ++uses[point[1].value];
    different.insert(point);
  }
  EXPECT_EQ(uses, (std::map<std::string, int>{{"1", 4}, {"2", 4}, {"3", 4}, {"x", 6}, {"y", 6}}));
  EXPECT_GT(different.size(), 4U) << "the axes are in orders of their own";
  EXPECT_EQ(*points, *latin_hypercube(axes, 12, 7));
}

}  // namespace
}  // namespace nym::sim
