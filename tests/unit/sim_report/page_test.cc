#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "sim/report/report.h"
#include "tests/support/synthetic_run.h"

namespace nym::sim {
namespace {

RunFacts facts() {
  return {UINT64_MAX, Fidelity::model, "nym-sim run synthetic --seed 18446744073709551615 --fidelity model", 1'500,
          19'333};
}

std::size_t count_of(std::string_view text, std::string_view part) {
  std::size_t count = 0;
  for (auto at = text.find(part); at != std::string_view::npos; at = text.find(part, at + 1)) ++count;
  return count;
}

/// What stands in the element with the run's data.
std::string data_of(const std::string& page) {
  const std::string begin = R"(<script type="application/json" id="data">)";
  auto from = page.find(begin) + begin.size();
  return page.substr(from, page.find("</script>", from) - from);
}

TEST(ResultJson, HasAllOfARunOnOneLine) {
  auto plan = test::synthetic_plan();
  auto text = result_json(plan, test::synthetic_result(plan), facts());
  EXPECT_EQ(text.find('\n'), std::string::npos);
  auto json = nlohmann::json::parse(text);
  EXPECT_EQ(json["format"], kResultFormat);
  EXPECT_EQ(json["verdict"], "liveness");
  EXPECT_EQ(json["seed"], "18446744073709551615") << "more than a JavaScript number holds";
  EXPECT_EQ(json["violations"][0]["text"], "message 12 from c3 to c4 was never delivered");
  EXPECT_EQ(json["network"]["layers"], (std::vector<int>{2, 2, 2}));
  EXPECT_EQ(json["network"]["clients_of_gateways"], (std::vector<int>{4, 4}));
  EXPECT_EQ(json["delivered"], 440);
  EXPECT_EQ(json["simulated"], 62.0);
  EXPECT_GT(json["figures"].size(), 40U);
  EXPECT_GT(json["series"].size(), 20U);
  EXPECT_EQ(json["series"].size(), json["series_measured"]);
  EXPECT_GT(json["samples"][0]["values"].size(), 400U);
  EXPECT_GE(json["timelines"].size(), 1U + 2 + 6 + 2 + 8);
}

TEST(ReportPage, HoldsItsDataWhateverNamesAreLike) {
  auto plan = test::synthetic_plan();
  plan.name = "</script><script>alert(1)</script><!--";
  plan.description = std::string("not UTF-8: \xff\xfe, a line \xe2\x80\xa8 separator, \"quotes\" & 'more'");
  auto page = report_page(plan, test::synthetic_result(plan), facts());
  EXPECT_EQ(page.find("<script>alert"), std::string::npos);
  EXPECT_EQ(count_of(page, "</script>"), 3U) << "the data, the library and ours";
  EXPECT_EQ(count_of(page, "<!--"), 0U);
  auto json = nlohmann::json::parse(data_of(page));
  EXPECT_EQ(json["scenario"], plan.name);
}

TEST(ReportPage, NeedsNothingBesideIt) {
  auto plan = test::synthetic_plan();
  auto page = report_page(plan, test::synthetic_result(plan), facts());
  for (auto* loads : {" src=", "@import", "url(", "<link", "fetch(", "XMLHttpRequest"}) {
    EXPECT_EQ(page.find(loads), std::string::npos) << loads;
  }
  EXPECT_NE(page.find("default-src 'none'"), std::string::npos);
  EXPECT_EQ(page.find("@DATA@"), std::string::npos);
  EXPECT_EQ(page.find("@SCRIPT@"), std::string::npos);
}

TEST(ReportPage, KeepsTheLicenceOfTheChartingLibrary) {
  auto plan = test::synthetic_plan();
  auto page = report_page(plan, RunResult{}, facts());
  EXPECT_NE(page.find("Chart.js Contributors"), std::string::npos);
  EXPECT_NE(page.find("The above copyright notice and this permission notice shall be included"), std::string::npos);
}

TEST(ReportPage, ThinsLongSeriesAndSaysHowManyThereWere) {
  Plan plan;
  RunResult result;
  for (int i = 0; i < 1'000; ++i) {
    Series series{Metric::node_load, "load." + std::to_string(i), "1/s", {}};
    for (int k = 0; k < 1'000; ++k) series.points.push_back({Duration::seconds(k), 1.0});
    result.measurements.series.push_back(std::move(series));
  }
  auto page = report_page(plan, result, facts());
  auto json = nlohmann::json::parse(data_of(page));
  EXPECT_EQ(json["series"].size(), 200U);
  EXPECT_EQ(json["series_measured"], 1'000);
  EXPECT_LE(json["series"][0]["at"].size(), 200U);
  EXPECT_EQ(json["series"][0]["value"][3], 1.0);
  EXPECT_LT(page.size(), 2'000'000U);
}

TEST(ReportCsv, HasALineForEveryFigureSampleAndPoint) {
  Measurements measurements;
  measurements.figures.push_back({Metric::latency, "latency_p50", "s", 0.25});
  measurements.samples.push_back({Metric::latency, "latency", "s", {0.125, 0.5}});
  measurements.series.push_back({Metric::drops, "drops.link.loss", "1/s", {{Duration::milliseconds(1'500), 2}}});
  measurements.timelines.push_back(
      {Timeline::Kind::fault, R"(mix1,mix2 "down")", {{Duration::seconds(1), Duration::seconds(2), "active"}}});
  EXPECT_EQ(report_csv(measurements),
            "time,metric,series,unit,value\n"
            ",latency,latency_p50,s,0.25\n"
            ",latency,latency.sample,s,0.125\n"
            ",latency,latency.sample,s,0.5\n"
            "1.5,drops,drops.link.loss,1/s,2\n"
            "1,client-states,\"mix1,mix2 \"\"down\"\"\",state,active\n");
}

}  // namespace
}  // namespace nym::sim
