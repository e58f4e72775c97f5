#include "sim/sweep/sweep.h"

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <map>
#include <set>

namespace nym::sim {
namespace {

class Sweeps : public testing::Test {
 protected:
  Sweeps() : out_(testing::TempDir() + "/sweep-" + std::to_string(::getpid()) + ".jsonl") {}
  ~Sweeps() override { std::filesystem::remove(out_); }

  SweepOptions hello(std::uint64_t seeds) const {
    SweepOptions options;
    options.subject.plan = "hello";
    options.seeds = seeds;
    options.fidelity = Fidelity::model;
    options.jobs = 2;
    return options;
  }
  std::map<std::uint64_t, RunRecord> run(const SweepOptions& options, SweepEnd expected = SweepEnd::complete) {
    std::map<std::uint64_t, RunRecord> records;
    auto note = [&](const RunRecord& record) { records.emplace(record.seed, record); };
    Sweep sweep(options, {}, {note, [](const Sweep::Progress&) {}});
    auto ready = sweep.prepare();
    EXPECT_TRUE(ready) << ready.error().text();
    if (!ready) return records;
    auto outcome = sweep.run(-1);
    EXPECT_EQ(outcome.end, expected) << outcome.why;
    return records;
  }

  std::string out_;
};

TEST_F(Sweeps, RunEverySeedAndCanBeResumed) {
  auto options = hello(2);
  options.out = out_;
  auto first = run(options);
  EXPECT_EQ(first.size(), 2U);
  EXPECT_EQ(first.at(1).repeat, "nym-sim run hello --seed 1 --fidelity model");
  EXPECT_NE(first.at(1).fingerprint, first.at(2).fingerprint);
  options.seeds = 3;
  auto second = run(options);
  EXPECT_EQ(second.size(), 3U);
  EXPECT_EQ(second.at(1).wall_ms, first.at(1).wall_ms) << "it was not run again";
  auto kept = read_records(out_);
  ASSERT_TRUE(kept);
  EXPECT_EQ(kept->size(), 3U);
}

TEST_F(Sweeps, AreDealtOverShards) {
  std::set<std::uint64_t> seeds;
  for (std::uint64_t index = 0; index < 3; ++index) {
    auto options = hello(4);
    options.shard = {index, 3};
    for (const auto& [seed, record] : run(options)) EXPECT_TRUE(seeds.insert(seed).second) << seed;
  }
  EXPECT_EQ(seeds, (std::set<std::uint64_t>{1, 2, 3, 4}));
}

TEST_F(Sweeps, CompareRunsAndFidelities) {
  auto options = hello(1);
  options.twice = 10'000;
  options.both_fidelities = client::Switch::on;
  auto records = run(options);
  EXPECT_EQ(records.at(1).verdict, RunVerdict::pass);
  EXPECT_EQ(records.at(1).checks.twice, client::Switch::on);
}

TEST_F(Sweeps, CallARunThatHangsACrashAndGoOn) {
  auto options = hello(12);
  options.run_limit = Duration::milliseconds(1);
  auto records = run(options, SweepEnd::enough_failures);
  EXPECT_GE(records.size(), kEnoughFailures);
  EXPECT_EQ(records.at(1).verdict, RunVerdict::crash);
  EXPECT_NE(records.at(1).findings.at(0).text.find("did not come to an end"), std::string::npos);
  EXPECT_EQ(records.at(1).repeat, "nym-sim run hello --seed 1 --fidelity model");
}

TEST_F(Sweeps, EndWithTheirBudget) {
  auto options = hello(0);
  options.seeds.reset();
  options.budget = Duration::milliseconds(1);
  run(options, SweepEnd::budget_over);
}

TEST_F(Sweeps, RefusePlansAndPointsThatCanNotBe) {
  auto options = hello(1);
  options.points = {{{"links.loss", "5%"}}, {{"links.loss", "no"}}};
  Sweep sweep(options, {}, {[](const RunRecord&) {}, [](const Sweep::Progress&) {}});
  EXPECT_FALSE(sweep.prepare());
}

Environment environment(std::map<std::string, std::string> variables) {
  return [variables = std::move(variables)](const std::string& name) {
    auto found = variables.find(name);
    return found == variables.end() ? std::nullopt : std::optional(found->second);
  };
}

std::string shard_text(const std::string& text, std::map<std::string, std::string> variables = {}) {
  auto shard = parse_shard(text, environment(std::move(variables)));
  return shard ? fmt::format("{} of {}", shard->index, shard->count) : shard.error().text();
}

TEST(Shards, AreNamedOrFollowFromTheScheduler) {
  EXPECT_EQ(shard_text("2/8"), "1 of 8");
  EXPECT_EQ(shard_text("auto",
                       {{"SLURM_ARRAY_TASK_ID", "3"}, {"SLURM_ARRAY_TASK_MIN", "1"}, {"SLURM_ARRAY_TASK_COUNT", "4"}}),
            "2 of 4");
  EXPECT_EQ(shard_text("auto/4", {{"JOB_COMPLETION_INDEX", "3"}}), "3 of 4");
  EXPECT_EQ(shard_text("auto/4", {{"PARALLEL_SEQ", "4"}}), "3 of 4");
  EXPECT_EQ(shard_text("auto", {{"PARALLEL_SEQ", "4"}}), "PARALLEL_SEQ does not tell how many there are: use auto/N");
  EXPECT_EQ(shard_text("9/8"), "there is no shard 9 of 8");
  EXPECT_EQ(shard_text("auto/4", {{"JOB_COMPLETION_INDEX", "4"}}), "there is no shard 5 of 4");
  for (const char* bad : {"", "0/3", "1/0", "x/2", "1", "1/x", "auto"}) {
    EXPECT_FALSE(parse_shard(bad, environment({}))) << bad;
  }
}

TEST(SeedRanges, IncludeBothEnds) {
  EXPECT_EQ(parse_seed_range("3..7")->first, 3U);
  EXPECT_EQ(parse_seed_range("3..7")->count, 5U);
  for (const char* bad : {"", "3", "7..3", "a..b", "1..", "-1..2", "1..99999999999999999999"}) {
    EXPECT_FALSE(parse_seed_range(bad)) << bad;
  }
}

TEST(SeedsDoneTwice, AreAboutAsManyAsAskedFor) {
  int count = 0;
  for (std::uint64_t seed = 1; seed <= 10'000; ++seed) count += is_done_twice(seed, 200) ? 1 : 0;
  EXPECT_NEAR(count, 200, 60);
  EXPECT_FALSE(is_done_twice(1, 0));
  EXPECT_TRUE(is_done_twice(1, 10'000));
}

TEST(Comparing, FindsARunThatComesOutDifferently) {
  RunOrder order{{{}, "hello", {}}, 1, Fidelity::model, {.twice = client::Switch::on}};
  Plan plan;
  auto record = begin_record(order, &plan);
  EXPECT_EQ(record.verdict, RunVerdict::crash) << "until it is over";
  int runs = 0;
  auto run = [&](const Plan&, const RunSettings&) {
    RunResult result;
    result.fingerprint = ++runs == 1 ? "a" : "b";
    return result;
  };
  perform(plan, record, run);
  EXPECT_EQ(record.verdict, RunVerdict::nondeterminism);
  EXPECT_EQ(record.findings.at(0).text, "a second run came out differently: fingerprint b (pass) instead of a (pass)");
  record = begin_record(order, &plan);
  auto by_fidelity = [&](const Plan&, const RunSettings& settings) {
    RunResult result;
    result.fingerprint = to_string(settings.fidelity);
    return result;
  };
  perform(plan, record, by_fidelity);
  EXPECT_EQ(record.verdict, RunVerdict::pass);
  record.checks.both_fidelities = client::Switch::on;
  perform(plan, record, by_fidelity);
  EXPECT_EQ(record.verdict, RunVerdict::nondeterminism);
}

TEST(RepeatCommands, CanBePastedIntoAShell) {
  Subject subject{Profile::swarm, {}, {{"links.latency", "normal(40ms,10ms)"}, {"a", "it's"}}};
  EXPECT_EQ(repeat_command(subject, 7, Fidelity::real),
            "nym-sim run --profile swarm --set 'links.latency=normal(40ms,10ms)' --set 'a=it'\\''s' --seed 7 "
            "--fidelity real");
  EXPECT_EQ(repeat_command({{}, "my plan.toml", {}}, 1, Fidelity::model),
            "nym-sim run 'my plan.toml' --seed 1 --fidelity model");
}

TEST(Subjects, OfAProfileAreDrawnAndThenSet) {
  auto plan = plan_of({Profile::swarm, {}, {{"links.loss", "0%"}, {"client.max_tries", "9"}}}, 3, {});
  ASSERT_TRUE(plan) << plan.error().text();
  auto drawn = generate_plan(Profile::swarm, 3);
  EXPECT_EQ(plan->name, drawn.name);
  EXPECT_EQ(plan->links.loss.parts, 0U);
  EXPECT_EQ(plan->clients.at(0).options.acks.max_tries, 9U);
  EXPECT_EQ(hash_of(*plan_of({Profile::swarm, {}, {}}, 3, {})), hash_of(drawn));
  EXPECT_NE(hash_of(drawn), hash_of(*plan));
}

}  // namespace
}  // namespace nym::sim
