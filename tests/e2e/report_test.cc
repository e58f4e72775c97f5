// The page of a run in a real browser, and its trace in Wireshark's own reader (scripts/install-dependencies --test).

#include "sim/report/report.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <csignal>
#include <nlohmann/json.hpp>

#include "sim/trace/trace.h"
#include "tests/e2e/programs.h"
#include "tests/support/synthetic_run.h"

namespace nym {
namespace {

constexpr const char* kPython = "/usr/bin/python3";
constexpr const char* kBrowser = "/usr/bin/chromium";
constexpr const char* kTshark = "/usr/bin/tshark";
const std::filesystem::path kSource = NYM_SOURCE;

class Reports : public ::testing::Test {
 protected:
  Reports() : folder_(testnet::TemporaryDirectory::make()) {}

  std::filesystem::path path(const char* name) const { return folder_->path() / name; }

  /// What a browser shows of a page: tests/e2e/look_at_page.py.
  nlohmann::json look_at(const std::filesystem::path& page, const char* scheme, const char* width) {
    auto looked = test::run_program({kPython, (kSource / "tests/e2e/look_at_page.py").string(), kBrowser, page.string(),
                                     folder_->path().string(), scheme, width},
                                    folder_->path());
    EXPECT_EQ(looked.exit_code, 0) << looked.err;
    return looked.exit_code == 0 ? nlohmann::json::parse(looked.out) : nlohmann::json::object();
  }
  /// No complaint of the browser; every chart is drawn in colours and has a label, every other card says something.
  static void expect_drawn(const nlohmann::json& seen, std::size_t fewest_charts) {
    ASSERT_TRUE(seen.contains("cards"));
    EXPECT_EQ(seen["console"], nlohmann::json::array());
    std::size_t charts = 0;
    for (const auto& card : seen["cards"]) {
      std::string name = card["name"];
      if (name == "page") {
        EXPECT_TRUE(card["text"].get<std::string>().ends_with(" yes")) << "the script came to its end";
      }
      if (!card["chart"].get<bool>()) {
        EXPECT_GT(card["text"].get<std::string>().size(), 20U) << name;
        continue;
      }
      ++charts;
      EXPECT_GT(card["colors"], 30) << name << ": letters alone have fewer";
      EXPECT_GT(card["drawn"], 0.02) << name;
      EXPECT_GT(card["label"].get<std::string>().size(), 20U) << name;
      EXPECT_GE(card["box"][0], 0) << name;
    }
    EXPECT_GE(charts, fewest_charts);
  }
  /// Nothing is wider than the window.
  static void expect_to_fit(const nlohmann::json& seen, int width) {
    for (const auto& card : seen["cards"])
      EXPECT_LE(card["box"][0].get<double>() + card["box"][2].get<double>(), width);
  }
  std::vector<std::string> run_hello(const std::vector<std::string>& options) {
    std::vector<std::string> command = {test::program("nym-sim"), "run", "hello", "--seed", "3", "--fidelity", "model"};
    command.insert(command.end(), options.begin(), options.end());
    auto ran = test::run_program(command, folder_->path());
    EXPECT_EQ(ran.exit_code, 0) << ran.err;
    return {ran.out, ran.err};
  }
  /// Fields of a trace, a line a frame, as tshark reads them with our Lua file.
  std::string decode(const std::filesystem::path& trace, const std::vector<std::string>& fields,
                     const std::string& filter = "nym_sim") {
    auto lua = "lua_script:" + (kSource / "sim/trace/nym_sim.lua").string();
    std::vector<std::string> command = {kTshark, "-X", lua, "-r", trace.string(), "-Y", filter, "-T", "fields"};
    for (const auto& field : fields) command.insert(command.end(), {"-e", field});
    auto decoded = test::run_program(command, folder_->path(), {{"HOME", folder_->path().string()}});
    EXPECT_EQ(decoded.exit_code, 0) << decoded.err;
    return decoded.out;
  }
  static std::size_t lines_with(const std::string& text, const std::string& part) {
    std::istringstream in(text);
    std::size_t count = 0;
    for (std::string line; std::getline(in, line);) count += line.find(part) != std::string::npos ? 1U : 0U;
    return count;
  }

  Result<testnet::TemporaryDirectory> folder_;
};

#define NYM_NEEDS(program)                \
  if (std::filesystem::exists(program)) { \
  } else /* NOLINT */                     \
    GTEST_SKIP() << program << " is missing: scripts/install-dependencies --test"

TEST_F(Reports, DrawEveryChartInTheDarkAndInTheLightOfAPhone) {
  NYM_NEEDS(kBrowser);
  auto plan = sim::test::synthetic_plan();
  ASSERT_TRUE(sim::write_report(path("report.html").string(), plan, sim::test::synthetic_result(plan), {}));
  expect_drawn(look_at(path("report.html"), "dark", "1280"), 15);
  auto phone = look_at(path("report.html"), "light", "500");
  expect_drawn(phone, 15);
  expect_to_fit(phone, 500);
}

TEST_F(Reports, OfARunThatToldNothingSayThatChartsAreEmpty) {
  NYM_NEEDS(kBrowser);
  auto plan = sim::test::synthetic_plan();
  ASSERT_TRUE(sim::write_report(path("report.html").string(), plan, {}, {}));
  auto seen = look_at(path("report.html"), "light", "1280");
  expect_drawn(seen, 0);
  std::size_t empty = 0;
  for (const auto& card : seen["cards"]) {
    empty += card["text"].get<std::string>().find("Nothing of this happened") != std::string::npos ? 1U : 0U;
  }
  EXPECT_GE(empty, 12U);
}

TEST_F(Reports, AreWrittenByNymSimAndOpenInABrowser) {
  NYM_NEEDS(kBrowser);
  run_hello({"--report", path("hello.html").string(), "--csv", path("hello.csv").string()});
  EXPECT_TRUE(test::text_of(path("hello.csv")).starts_with("time,metric,series,unit,value\n"));
  auto seen = look_at(path("hello.html"), "light", "1280");
  expect_drawn(seen, 4);
  EXPECT_TRUE(seen["cards"].back()["text"].get<std::string>().starts_with("hello: Passed (nym-sim)"));
}

TEST_F(Reports, AsJsonAreOneLineAndTheOnlyOne) {
  auto out = run_hello({"--json"})[0];
  EXPECT_EQ(std::count(out.begin(), out.end(), '\n'), 1);
  auto json = nlohmann::json::parse(out);
  EXPECT_EQ(json["scenario"], "hello");
  EXPECT_EQ(json["verdict"], "pass");
  EXPECT_EQ(json["repeat"], "nym-sim run hello --seed 3 --fidelity model");
}

TEST_F(Reports, TheLastLineSaysHowManyPacketsASecondThereWere) {
  auto printed = run_hello({"--quiet"});
  auto line = test::last_line(printed[0]);
  EXPECT_TRUE(line.starts_with("verdict=pass scenario=hello seed=3 fidelity=model events=")) << line;
  EXPECT_NE(line.find(" packets_per_s="), std::string::npos) << line;
  EXPECT_EQ(printed[1], "") << "no progress where there is no terminal";
  EXPECT_EQ(printed[0].find('\x1b'), std::string::npos) << "and no colours";
}

TEST_F(Reports, ThatCanNotBeWrittenEndNymSimWithOneLine) {
  auto run = [&](const std::vector<std::string>& options) {
    std::vector<std::string> command = {test::program("nym-sim"), "run", "hello", "--fidelity", "model"};
    command.insert(command.end(), options.begin(), options.end());
    return test::run_program(command, folder_->path());
  };
  auto full = run({"--report", "/dev/full"});
  EXPECT_EQ(full.exit_code, 70);
  EXPECT_EQ(full.err, "nym-sim: can not write /dev/full: no space left on device\n");
  EXPECT_NE(full.out.find("verdict=pass"), std::string::npos) << "the run is not lost";
  auto nowhere = run({"--csv", "/no/such/folder/a.csv"});
  EXPECT_EQ(nowhere.exit_code, 70);
  EXPECT_EQ(nowhere.err, "nym-sim: can not write /no/such/folder/a.csv: no such file or directory\n");
  EXPECT_EQ(nowhere.out, "") << "said before the run";
  auto form = run({"--trace", path("a.txt").string()});
  EXPECT_EQ(form.exit_code, 1);
  EXPECT_EQ(std::count(form.err.begin(), form.err.end(), '\n'), 1) << form.err;
}

TEST_F(Reports, OfAnInterruptedRunAreWrittenAndValid) {
  std::ofstream(path("long.toml")) << R"toml(time_limit = "1000h"
[[workload]]
kind = "messages"
arrivals = "constant(20/s)"
length = "999h"
)toml";
  auto trace = path("long.jsonl");
  testnet::ChildProcess::Options options{{}, path("long.out"), path("long.err")};
  auto child =
      testnet::ChildProcess::start({test::program("nym-sim"), "run", path("long.toml").string(), "--fidelity", "model",
                                    "--report", path("long.html").string(), "--trace", trace.string()},
                                   options);
  ASSERT_TRUE(child);
  auto has_begun = [&] {
    for (const auto& entry : std::filesystem::directory_iterator(folder_->path())) {
      bool is_trace = entry.path().filename().string().starts_with("long.jsonl.");
      if (is_trace && entry.file_size() > 0) return true;
    }
    return false;
  };
  net::Runtime runtime;
  std::optional<net::Timer> look;
  look.emplace(runtime, [&] { look->arm_after(Duration::milliseconds(5)); });
  look->arm_after(Duration());
  ASSERT_TRUE(runtime.run_until(has_begun, net::now() + Duration::seconds(60)));
  ::kill(child->pid(), SIGINT);
  runtime.run_until([&] { return child->poll_exit().has_value(); }, net::now() + Duration::seconds(60));
  EXPECT_EQ(child->poll_exit(), 130) << test::text_of(path("long.err"));
  EXPECT_TRUE(test::last_line(test::text_of(path("long.out"))).starts_with("verdict=interrupted scenario=long "));
  auto page = test::text_of(path("long.html"));
  EXPECT_TRUE(page.ends_with("</html>\n"));
  EXPECT_NE(page.find(R"("interrupted":true)"), std::string::npos);
  auto last = nlohmann::json::parse(test::last_line(test::text_of(trace)));
  EXPECT_EQ(last["phase"], "over");
}

TEST_F(Reports, TracesAreDecodedByWireshark) {
  NYM_NEEDS(kTshark);
  auto file = path("made-up.pcapng");
  auto trace = sim::open_trace(file.string());
  ASSERT_TRUE(trace);
  sim::FrameSent sent{sim::FrameId{77}, {sim::NodeKind::mixnode, 2}, {sim::NodeKind::gateway, 0}};
  sent.kind = sim::FrameKind::packet;
  sent.bytes = 388;
  sent.arrives = sim::kRunStart + Duration::microseconds(2'500);
  Bytes framed = {2, 0};  // 02 section 13: an acknowledgement
  for (std::size_t i = 0; i < 386; ++i)
    framed.push_back(static_cast<std::uint8_t>(i < 32 ? 0xaa : i < 48 ? 0xbb : 0xcc));
  Blob bytes(framed);
  sent.bytes_on_link = &bytes;
  (*trace)->on_frame_sent(sim::kRunStart + Duration::milliseconds(1), sent);
  (*trace)->on_frame_lost(sim::kRunStart + Duration::milliseconds(2),
                          {sent.id, sent.from, sent.to, sent.kind, sim::LossReason::partition});
  ASSERT_TRUE((*trace)->finish());
  auto decoded =
      decode(file, {"frame.time_epoch", "nym_sim.from", "nym_sim.to", "nym_sim.kind", "nym_sim.event", "nym_sim.id",
                    "nym_sim.size", "nym_sim.reason", "nym_sphinx.class", "nym_sphinx.alpha", "nym_sphinx.gamma"});
  EXPECT_EQ(decoded, "0.001000000\tmix3\tgw1\t0\t0\t77\t388\t\tack\t" + std::string(64, 'a') + "\t" +
                         std::string(32, 'b') + "\n0.002000000\tmix3\tgw1\t0\t1\t77\t\t2\t\t\t\n");
}

TEST_F(Reports, TracesOfARunHaveTheSameFramesInBothForms) {
  NYM_NEEDS(kTshark);
  run_hello({"--trace", path("hello.pcapng").string()});
  run_hello({"--trace", path("hello.jsonl").string()});
  auto json = test::text_of(path("hello.jsonl"));
  auto decoded = decode(path("hello.pcapng"), {"nym_sim.from", "nym_sphinx.class"}, "nym_sim.event == 0");
  EXPECT_EQ(lines_with(decoded, "\t"), lines_with(json, R"("what":"sent")"));
  auto packets =
      decode(path("hello.pcapng"), {"nym_sim.kind", "nym_sphinx.class"}, "nym_sim.kind == 0 && nym_sim.event == 0");
  EXPECT_EQ(lines_with(packets, "0\tregular") + lines_with(packets, "0\tack"), lines_with(packets, "0\t"))
      << "every packet between nodes is taken apart";
}

}  // namespace
}  // namespace nym
