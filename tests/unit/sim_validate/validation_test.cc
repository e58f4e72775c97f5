#include <gtest/gtest.h>

#include <algorithm>

#include "sim/plan/builtin.h"
#include "sim/plan/load.h"
#include "sim/validate/chapter.h"

namespace nym::sim {
namespace {

std::vector<std::string> names(const Theory& theory) {
  std::vector<std::string> list;
  for (const auto& one : theory.predictions) list.push_back(one.name);
  return list;
}

TEST(Validation, OfTheFirstSectionCoversLatencyOccupancyRatesAndEntropy) {
  auto plan = parse_plan(chapter_sections().front().plan, "first.toml", Syntax::toml);
  ASSERT_TRUE(plan);
  auto all = names(predict(*plan));
  for (const char* name : {"mix.held", "mix.delay", "sent.main", "sent.loop_cover", "sent.drop_cover", "latency.p50",
                           "latency.p99", "entropy.packets", "link.push"}) {
    EXPECT_NE(std::find(all.begin(), all.end(), name), all.end()) << name;
  }
}

TEST(Validation, NoticesAWrongPrediction) {
  Prediction predicted{"x", "s", 1.1, 0.001, ""};
  EXPECT_FALSE(compare(predicted, {1.0, 1.01, 0.99, 1.0}).is_within());
  EXPECT_TRUE(compare(predicted, {1.0, 1.2, 0.9, 1.3}).is_within());
}

TEST(Validation, SaysWhatTheoryIsSilentAbout) {
  auto lossy = predict(*find_builtin_plan("bad-links"));
  EXPECT_TRUE(lossy.predictions.empty());
  ASSERT_EQ(lossy.silent_about.size(), 1U);
}

TEST(Validation, ModelAndRealFidelityAgree) {
  auto agreement = compare_fidelities(1, 1);
  ASSERT_TRUE(agreement);
  EXPECT_EQ(agreement->equal, agreement->all);
}

// Of tables.
TEST(StudentQuantile, OfNinetyNinePercentIsTheTabulatedOne) {
  EXPECT_NEAR(student_quantile_99(2), 9.925, 0.001);
  EXPECT_NEAR(student_quantile_99(9), 3.250, 0.001);
  EXPECT_NEAR(student_quantile_99(30), 2.750, 0.002);
  EXPECT_NEAR(student_quantile_99(120), 2.617, 0.001);
}

}  // namespace
}  // namespace nym::sim
