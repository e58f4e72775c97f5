#include "sim/sweep/summary.h"

#include <gtest/gtest.h>

#include "tests/unit/sim_sweep/records.h"

namespace nym::sim {
namespace {

using test::a_failure;
using test::a_record;

TEST(Summaries, TellTheWorstVerdictAndTheCommandsThatRepeatFailures) {
  Summary summary;
  for (std::uint64_t seed = 1; seed <= 7; ++seed) summary.add(a_record(seed));
  EXPECT_EQ(summary.worst(), RunVerdict::pass);
  summary.add(a_failure(8, RunVerdict::safety, "c1 got message 3 twice"));
  summary.add(a_failure(9, RunVerdict::liveness, "nothing came"));
  EXPECT_EQ(summary.worst(), RunVerdict::safety) << "liveness is less bad";
  summary.add(a_failure(10, RunVerdict::crash, "died"));
  EXPECT_EQ(exit_code_of(summary.worst()), 4);
  auto text = summary.text();
  EXPECT_NE(text.find("seed 8: safety: c1 got message 3 twice\n    repeat with: nym-sim run hello --seed 8"),
            std::string::npos)
      << text;
  EXPECT_NE(text.find("\nverdict=crash runs=10 pass=7 liveness=1 safety=1 crash=1 nondeterminism=0 packets=50 "),
            std::string::npos)
      << text;
}

TEST(Summaries, CountARunThatIsToldTwiceOnce) {
  Summary summary;
  summary.add(a_record(1));
  summary.add(a_record(1));
  EXPECT_EQ(summary.runs(), 1U);
  EXPECT_EQ(summary.worst(), RunVerdict::pass);
}

TEST(Summaries, FindRunsThatCameOutDifferently) {
  Summary summary;
  summary.add(a_record(1));
  auto other = a_record(1);
  other.fingerprint = "ffffffffffffffff";
  summary.add(other);
  EXPECT_EQ(summary.worst(), RunVerdict::nondeterminism);
  EXPECT_NE(summary.text().find("'0000000000000001' and 'ffffffffffffffff'"), std::string::npos) << summary.text();
}

TEST(Summaries, GroupFailuresThatDifferOnlyInNumbers) {
  EXPECT_EQ(normalised("c3 got 12.5 kB from c17 at 3.25s, fingerprint 00ff12ab34cd56ef"),
            "c# got # kB from c# at #s, fingerprint #");
  EXPECT_EQ(normalised("a decade of deadbeef. 1."), "a decade of deadbeef. #.");
  Summary forth;
  Summary back;
  for (std::uint64_t seed = 1; seed <= 9; ++seed) {
    forth.add(a_failure(seed, RunVerdict::safety, fmt::format("c{} got it twice", seed)));
    back.add(a_failure(10 - seed, RunVerdict::safety, fmt::format("c{} got it twice", 10 - seed)));
  }
  EXPECT_EQ(forth.text(), back.text()) << "the order does not matter";
  EXPECT_NE(forth.text().find("9 times safety: c# got it twice\n    nym-sim run hello --seed 1 "), std::string::npos)
      << forth.text();
}

TEST(Summaries, NameTheProbesThatWereNeverReached) {
  Summary summary;
  auto record = a_record(1);
  record.probes.add(Probe::inbox_message_stored);
  summary.add(record);
  auto text = summary.text();
  EXPECT_EQ(text.find("  inbox.message_stored\n"), std::string::npos);
  EXPECT_NE(text.find("  takeover.won\n"), std::string::npos);
  EXPECT_EQ(text.find("  inbox.full\n"), std::string::npos) << "rare";
}

TEST(Summaries, GiveMeanDeviationAndIntervalAtEachPoint) {
  Summary summary;
  for (int loss = 0; loss < 2; ++loss) {
    for (std::uint64_t seed = 1; seed <= 3; ++seed) {
      auto record = a_record(seed);
      record.settings = {{"links.loss", std::to_string(loss)}};
      record.figures = {{"latency", "s", static_cast<double>(seed) + 10 * loss}};
      summary.add(record);
    }
  }
  EXPECT_TRUE(summary.has_points());
  auto csv = summary.csv();
  EXPECT_TRUE(csv.starts_with("links.loss,figure,unit,runs,mean,deviation,confidence_95\n")) << csv;
  EXPECT_NE(csv.find("\n0,latency,s,3,2,1,2.48434\n"), std::string::npos) << csv;
  EXPECT_NE(csv.find("\n1,latency,s,3,12,1,2.48434\n"), std::string::npos) << csv;
  EXPECT_NE(summary.table().find("1           latency       s        3    12          1        2.48434\n"),
            std::string::npos)
      << summary.table();
}

TEST(Summaries, AreJsonToo) {
  Summary summary;
  summary.add(a_failure(8, RunVerdict::safety, "c1 got \"it\" twice"));
  auto printed = print_document(summary.json(), Syntax::json);
  auto read = parse_json(printed, "summary");
  ASSERT_TRUE(read) << to_error(read.error()).text();
  const auto& table = std::get<Node::Table>(read->content);
  EXPECT_EQ(*find_entry(table, "verdict")->value.as<std::string>(), "safety");
  EXPECT_EQ(find_entry(table, "failures")->value.as<Node::Array>()->size(), 1U);
}

TEST(Statistics, FollowStudent) {
  Statistics values;
  for (double value : {4.0, 7.0, 13.0, 16.0}) values.add(value);
  EXPECT_DOUBLE_EQ(values.mean(), 10);
  EXPECT_NEAR(values.deviation(), 5.477226, 1e-6);
  EXPECT_NEAR(values.confidence(), 3.182 * 5.477226 / 2, 1e-4);
  EXPECT_NEAR(student_quantile(31), 2.0395, 1e-4);
  EXPECT_NEAR(student_quantile(100), 1.9840, 1e-4);
  EXPECT_NEAR(student_quantile(1'000'000), 1.95996, 1e-4);
  Statistics one;
  one.add(3);
  EXPECT_EQ(one.confidence(), 0);
}

}  // namespace
}  // namespace nym::sim
