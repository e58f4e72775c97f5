#include "sim/sweep/record.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <cmath>
#include <filesystem>
#include <fstream>

#include "sim/sweep/record_file.h"
#include "tests/unit/sim_sweep/records.h"

namespace nym::sim {
namespace {

using test::a_record;

class RecordFiles : public testing::Test {
 protected:
  RecordFiles() : folder_(testing::TempDir() + "/records-" + std::to_string(::getpid())) {
    std::filesystem::create_directories(folder_);
  }
  ~RecordFiles() override { std::filesystem::remove_all(folder_); }

  std::string write(const std::string& content) const {
    std::ofstream(path_of("runs.jsonl")) << content;
    return path_of("runs.jsonl");
  }
  std::string path_of(const char* name) const { return folder_ + "/" + name; }

  std::string folder_;
};

TEST(Records, ReadAsTheyWereWritten) {
  auto record = a_record(7);
  record.verdict = RunVerdict::safety;
  record.findings = {{RunVerdict::safety, Duration::milliseconds(5), "c1 got \"it\"\ttwice\n\\ \x01 ü"}};
  record.settings = {{"links.loss", "5%"}, {"links.latency", "normal(40ms,10ms)"}};
  record.checks = {client::Switch::on, client::Switch::on};
  record.probes.add(Probe::inbox_full);
  record.figures = {{"latency_p95", "s", 0.125}, {"load.mix1", "1/s", 12}, {"tiny", "", 1e-9}, {"large", "B", 1e30}};
  auto line = print_record(record);
  EXPECT_EQ(line.find('\n'), line.size() - 1) << "one line";
  auto again = parse_record(line);
  ASSERT_TRUE(again) << again.error().text();
  EXPECT_EQ(print_record(*again), line);
  EXPECT_EQ(again->findings.at(0).text, record.findings[0].text);
  EXPECT_EQ(again->settings, record.settings);
  EXPECT_EQ(again->probes, record.probes);
  EXPECT_EQ(again->figures.at(3).value, 1e30);
  EXPECT_EQ(again->checks.twice, client::Switch::on);
}

TEST(Records, KeepWhatIsNoTextAndNoNumberOut) {
  auto record = a_record(1);
  record.figures = {{"nothing", "", std::nan("")}, {"endless", "", HUGE_VAL}, {"one", "", 1}};
  record.findings = {{RunVerdict::crash, {}, "bytes \xff\xfe"}, {RunVerdict::crash, {}, std::string(9'000, 'x')}};
  auto again = parse_record(print_record(record));
  ASSERT_TRUE(again) << again.error().text();
  EXPECT_EQ(again->figures.size(), 1U);
  EXPECT_EQ(again->findings.at(1).text.size(), kLongestText);
  for (std::size_t length = 1'990; length < 2'010; ++length) {
    record.findings[0].text = std::string(length, 'x') + "üüüüüüüü";
    EXPECT_TRUE(parse_record(print_record(record))) << "cut inside a character";
  }
}

TEST(Records, OfAnotherFormOrWithOtherKeysAreRefused) {
  auto line = print_record(a_record(1));
  auto with = [&](const std::string& from, const std::string& to) {
    auto changed = line;
    changed.replace(changed.find(from), from.size(), to);
    auto record = parse_record(changed);
    return record ? std::string("accepted") : record.error().text();
  };
  EXPECT_EQ(with("\"format\":1", "\"format\":2"), "its format is 2, this version reads 1");
  EXPECT_EQ(with("\"seed\":1", "\"seed\":-1"), "'seed' can not be negative");
  EXPECT_EQ(with("\"seed\":1", "\"seed\":\"1\""), "'seed' can not be a text");
  EXPECT_EQ(with("\"seed\":1", "\"sead\":1"), "there is no 'seed'");
  EXPECT_EQ(with("\"seed\":1", "\"seed\":1,\"more\":1"), "there are unknown keys");
  EXPECT_EQ(with("\"pass\"", "\"fail\""), "'fail' is no verdict");
  EXPECT_EQ(with("\"plan\":\"hello\"", "\"plan\":\"\""), "it names not one of profile and plan");
  EXPECT_FALSE(parse_record(""));
  EXPECT_FALSE(parse_record("[]"));
  EXPECT_FALSE(parse_record(std::string(kLongestRecord + 1, ' ')));
}

TEST(Records, AreTheSameRunWhenSubjectSettingsSeedAndEngineAre) {
  auto record = a_record(1);
  auto key = run_key(record);
  record.fingerprint = "other";
  EXPECT_EQ(run_key(record), key);
  auto other = record;
  other.plan_hash = "changed";
  EXPECT_NE(run_key(other), key);
  other = record;
  other.settings = {{"links.loss", "1%"}};
  EXPECT_NE(run_key(other), key);
  other = record;
  other.engine = "9";
  EXPECT_NE(run_key(other), key);
}

TEST_F(RecordFiles, WithATornLastLineLoseOnlyThatAndGoOn) {
  auto torn = print_record(a_record(3));
  auto path = write(print_record(a_record(1)) + print_record(a_record(2)) + torn.substr(0, torn.size() / 2));
  auto before = read_records(path);
  ASSERT_TRUE(before) << before.error().text();
  EXPECT_EQ(before->size(), 2U);
  auto file = RecordFile::open(path);
  ASSERT_TRUE(file) << file.error().text();
  ASSERT_TRUE(file->append(a_record(4)));
  auto after = read_records(path);
  ASSERT_TRUE(after) << after.error().text();
  ASSERT_EQ(after->size(), 3U);
  EXPECT_EQ(after->back().seed, 4U);
}

TEST_F(RecordFiles, WithABadLineInTheMiddleNameIt) {
  auto path = write(print_record(a_record(1)) + "{\"format\":1}\n" + print_record(a_record(2)));
  auto records = read_records(path);
  ASSERT_FALSE(records);
  EXPECT_EQ(records.error().text(), path + ":2: this is no record of a run: there is no 'engine'");
  EXPECT_FALSE(read_records(path_of("nowhere.jsonl")));
}

TEST_F(RecordFiles, HaveLinesOfBoundedLength) {
  auto path = write(std::string(kLongestRecord + 70'000, 'x'));
  auto records = read_records(path);
  ASSERT_FALSE(records);
  EXPECT_NE(records.error().text().find(":1: "), std::string::npos) << records.error().text();
}

TEST_F(RecordFiles, HaveOneWriter) {
  auto first = RecordFile::open(path_of("runs.jsonl"));
  ASSERT_TRUE(first);
  auto second = RecordFile::open(path_of("runs.jsonl"));
  ASSERT_FALSE(second);
  EXPECT_NE(second.error().text().find("another sweep writes to"), std::string::npos) << second.error().text();
}

TEST_F(RecordFiles, OnAFullDiskSayThatItIsFull) {
  auto full = RecordFile::open("/dev/full");
  ASSERT_TRUE(full);
  auto written = full->append(a_record(1));
  ASSERT_FALSE(written);
  EXPECT_NE(written.error().text().find("No space left on device"), std::string::npos) << written.error().text();
}

}  // namespace
}  // namespace nym::sim
