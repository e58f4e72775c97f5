#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <optional>
#include <random>
#include <set>
#include <sstream>
#include <string>
#include <vector>

namespace nym {
namespace {

namespace fs = std::filesystem;

std::string text_of(const fs::path& path) {
  std::ifstream in(path);
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

struct Ran {
  int exit_code = -1;
  std::string output;  ///< both streams
};

/// A process that ends with this object.
class Daemon {
 public:
  Daemon(const std::vector<std::string>& command, const fs::path& log) {
    pid_ = ::fork();
    if (pid_ != 0) return;
    std::vector<char*> words;
    for (const auto& word : command) words.push_back(const_cast<char*>(word.c_str()));
    words.push_back(nullptr);
    auto* out = std::freopen(log.c_str(), "a", stdout);
    ::dup2(::fileno(out), STDERR_FILENO);
    ::execv(words[0], words.data());
    ::_exit(127);
  }
  ~Daemon() { stop(SIGTERM); }
  Daemon(const Daemon&) = delete;
  Daemon& operator=(const Daemon&) = delete;

  /// Its exit code.
  int stop(int signal) {
    if (pid_ <= 0) return -1;
    ::kill(pid_, signal);
    int status = 0;
    ::waitpid(std::exchange(pid_, -1), &status, 0);
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  }

 private:
  pid_t pid_ = -1;
};

class SweepProgram : public testing::Test {
 protected:
  void SetUp() override {
    std::string name = testing::TempDir() + "/sweep-XXXXXX";
    ASSERT_NE(::mkdtemp(name.data()), nullptr);
    folder_ = name;
  }
  void TearDown() override { fs::remove_all(folder_); }

  /// In a shell, in the folder of the test, where $NYM_SIM is the program.
  Ran shell(const std::string& command) const {
    auto line = "cd " + folder_.string() + " && export NYM_SIM=" + sim() + " && { " + command + " ; } 2>&1";
    Ran ran;
    auto* pipe = ::popen(line.c_str(), "r");
    if (pipe == nullptr) return ran;
    char block[4'096];
    for (std::size_t count = 0; (count = std::fread(block, 1, sizeof(block), pipe)) > 0;)
      ran.output.append(block, count);
    int status = ::pclose(pipe);
    ran.exit_code = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
    return ran;
  }
  static std::string sim() { return NYM_PROGRAMS "/nym-sim"; }

  /// Records without what differs from run to run.
  std::multiset<std::string> records(const std::string& files) const {
    auto ran = shell("sed 's/\"wall_ms\":[0-9]*//' " + files);
    std::multiset<std::string> lines;
    std::istringstream in(ran.output);
    for (std::string line; std::getline(in, line);) lines.insert(line);
    return lines;
  }
  /// Fails: its only message has no time to arrive.
  void write_failing_plan() const {
    std::ofstream(folder_ / "late.toml")
        << "extends = \"builtin:hello.toml\"\ntime_limit = \"2s\"\ncalm_limit = \"0s\"\n";
  }
  template <class Condition>
  static bool wait_until(Condition holds) {
    auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(60);
    while (!holds()) {
      if (std::chrono::steady_clock::now() > deadline) return false;
      ::usleep(20'000);
    }
    return true;
  }

  fs::path folder_;
};

TEST_F(SweepProgram, WritesOneRecordARunAndGoesOnWhereItEnded) {
  auto first = shell("$NYM_SIM sweep hello --fidelity model --count 2 --out runs.jsonl");
  EXPECT_EQ(first.exit_code, 0) << first.output;
  auto second = shell("$NYM_SIM sweep hello --fidelity model --count 3 --out runs.jsonl");
  EXPECT_NE(second.output.find("\nverdict=pass runs=3 pass=3 "), std::string::npos) << second.output;
  EXPECT_EQ(records("runs.jsonl").size(), 3U);
  auto report = shell("$NYM_SIM report runs.jsonl runs.jsonl");
  EXPECT_NE(report.output.find("\nverdict=pass runs=3 pass=3 "), std::string::npos) << report.output;
}

TEST_F(SweepProgram, RepeatsFailuresExactlyAndShrinksThem) {
  write_failing_plan();
  auto swept = shell("$NYM_SIM sweep ./late.toml --fidelity model --count 1 --out runs.jsonl");
  EXPECT_EQ(swept.exit_code, 3) << swept.output;
  auto at = swept.output.find("repeat with: nym-sim ");
  ASSERT_NE(at, std::string::npos) << swept.output;
  auto command = swept.output.substr(at + 21, swept.output.find('\n', at) - at - 21);
  auto repeated = shell("$NYM_SIM " + command);
  EXPECT_EQ(repeated.exit_code, 3) << repeated.output;
  auto replayed = shell("$NYM_SIM replay runs.jsonl");
  EXPECT_EQ(replayed.exit_code, 3) << replayed.output;
  EXPECT_TRUE(replayed.output.starts_with("as recorded\n")) << replayed.output;
  auto shrunk = shell("$NYM_SIM shrink ./late.toml --fidelity model --seed 1 --out small.toml");
  EXPECT_EQ(shrunk.exit_code, 0) << shrunk.output;
  EXPECT_NE(shrunk.output.find("left: 2 clients, 1 message, 0 faults; verdict=liveness"), std::string::npos)
      << shrunk.output;
  auto small = shell("$NYM_SIM run small.toml --fidelity model --seed 1");
  EXPECT_EQ(small.exit_code, 3) << small.output;
}

TEST_F(SweepProgram, SaysWhenAReplayIsNotAsRecorded) {
  shell("$NYM_SIM sweep hello --fidelity model --count 1 --out runs.jsonl");
  shell(
      "sed -i -e 's/\"fingerprint\":\"..../\"fingerprint\":\"ffff/' -e 's/\"engine\":\"/\"engine\":\"old/' runs.jsonl");
  auto replayed = shell("$NYM_SIM replay runs.jsonl --seed 1");
  EXPECT_EQ(replayed.exit_code, 5) << replayed.output;
  EXPECT_NE(replayed.output.find("the record is of engine old"), std::string::npos) << replayed.output;
  EXPECT_NE(replayed.output.find("not as recorded"), std::string::npos) << replayed.output;
}

TEST_F(SweepProgram, ReportsAFullDiskInOneLineAndLosesNoFinishedRun) {
  auto full = shell("$NYM_SIM sweep hello --fidelity model --count 1 --out /dev/full > /dev/null");
  EXPECT_EQ(full.exit_code, 70);
  EXPECT_EQ(std::count(full.output.begin(), full.output.end(), '\n'), 1) << full.output;
  EXPECT_NE(full.output.find("No space left on device"), std::string::npos) << full.output;
  // A limit of the shell for files, in KiB, that the second or third record goes beyond.
  auto limited =
      shell("trap '' XFSZ; (ulimit -f 2; $NYM_SIM sweep hello --fidelity model --count 12 --jobs 1 --out runs.jsonl)");
  EXPECT_EQ(limited.exit_code, 70) << limited.output;
  auto kept = records("runs.jsonl").size();
  EXPECT_GT(kept, 0U);
  EXPECT_LT(kept, 12U);
  auto rest = shell("$NYM_SIM sweep hello --fidelity model --count 12 --out runs.jsonl");
  EXPECT_EQ(rest.exit_code, 0) << rest.output;
  EXPECT_EQ(records("runs.jsonl").size(), 12U);
}

TEST_F(SweepProgram, EndsCleanlyOnCtrlC) {
  auto out = folder_ / "runs.jsonl";
  Daemon sweep({sim(), "sweep", "hello", "--fidelity", "model", "--count", "1000000", "--jobs", "1", "--out", out},
               folder_ / "log");
  ASSERT_TRUE(wait_until([&] { return !text_of(out).empty(); }));
  EXPECT_EQ(sweep.stop(SIGINT), 130);
  auto log = text_of(folder_ / "log");
  EXPECT_NE(log.find("interrupted; the runs that were over are kept"), std::string::npos) << log;
  EXPECT_EQ(shell("$NYM_SIM report runs.jsonl").exit_code, 0);
}

TEST_F(SweepProgram, VariesAParameterAndGivesIntervals) {
  auto ran = shell(
      "$NYM_SIM sweep hello --fidelity model --vary client.average_packet_delay=10ms,50ms --replications 2 "
      "--csv points.csv");
  EXPECT_EQ(ran.exit_code, 0) << ran.output;
  auto csv = text_of(folder_ / "points.csv");
  EXPECT_TRUE(csv.starts_with("client.average_packet_delay,figure,unit,runs,mean,deviation,confidence_95\n")) << csv;
  EXPECT_NE(csv.find("\n50ms,simulated,s,2,"), std::string::npos) << csv;
}

TEST_F(SweepProgram, RefusesWhatItCanNotDo) {
  for (const char* bad :
       {"sweep hello", "sweep --count 1", "sweep hello --profile swarm --count 1", "sweep nothing --count 1",
        "sweep hello --count 1 --vary links.loss", "sweep hello --count 1 --shard 3/2", "report nowhere.jsonl",
        "replay hello", "shrink hello --fidelity model", "run", "sweep hello --count 1 --set links.los=1"}) {
    auto ran = shell(std::string("$NYM_SIM ") + bad);
    EXPECT_EQ(ran.exit_code, 1) << bad << ": " << ran.output;
    EXPECT_TRUE(ran.output.starts_with("nym-sim: ")) << bad << ": " << ran.output;
    EXPECT_EQ(std::count(ran.output.begin(), ran.output.end(), '\n'), 1) << ran.output;
  }
}

TEST_F(SweepProgram, InTwoShardsComesToTheSameRecordsAsInOneProcess) {
  auto arguments = std::string("hello --fidelity model --seeds 5..8");
  ASSERT_EQ(shell("$NYM_SIM sweep " + arguments + " --out whole.jsonl").exit_code, 0);
  auto expected = records("whole.jsonl");
  ASSERT_EQ(expected.size(), 4U);
  auto ran = shell(NYM_SOURCE "/scripts/sweep-parallel 2 shards " + arguments);
  EXPECT_EQ(ran.exit_code, 0) << ran.output;
  EXPECT_NE(ran.output.find("\nverdict=pass runs=4 pass=4 "), std::string::npos) << ran.output;
  EXPECT_EQ(records("shards/shard-1.jsonl shards/shard-2.jsonl"), expected);
  // Without GNU parallel.
  shell("mkdir bin; for tool in bash seq xargs mkdir rm cat tail env; do ln -s $(command -v $tool) bin/; done");
  auto plain = shell("PATH=$PWD/bin " NYM_SOURCE "/scripts/sweep-parallel 2 others " + arguments);
  EXPECT_EQ(plain.exit_code, 0) << plain.output;
  EXPECT_EQ(records("others/shard-1.jsonl others/shard-2.jsonl"), expected);
}

TEST_F(SweepProgram, AsAKubernetesJobDealsAllSeedsToItsPods) {
  auto job = text_of(NYM_SOURCE "/scripts/sweep-k8s.yaml");
  auto completions = job.find("completions: ");
  ASSERT_NE(completions, std::string::npos);
  auto count = job.substr(completions + 13, job.find('\n', completions) - completions - 13);
  EXPECT_NE(job.find("--shard auto/" + count + "\n"), std::string::npos) << count;
  auto pod =
      shell("JOB_COMPLETION_INDEX=1 $NYM_SIM sweep hello --fidelity model --seeds 5..6 --shard auto/2 --out pod.jsonl");
  EXPECT_EQ(pod.exit_code, 0) << pod.output;
  EXPECT_NE(text_of(folder_ / "pod.jsonl").find("\"seed\":6,"), std::string::npos);
}

/// A Slurm cluster of this machine alone, on loopback.
class Slurm : public SweepProgram {
 protected:
  void SetUp() override {
    SweepProgram::SetUp();
    auto tools = shell(
        "PATH=$PATH:/usr/sbin:/sbin; for one in munged slurmctld slurmd sbatch sinfo; do command -v $one || exit 1; "
        "done");
    std::istringstream in(tools.output);
    in >> munged_ >> slurmctld_ >> slurmd_;
    if (tools.exit_code != 0) GTEST_SKIP() << "slurm is not installed (packages slurm-wlm and munge)";
    if (::geteuid() != 0) GTEST_SKIP() << "slurmd starts jobs only as root";
    write_configuration();
    munge_.emplace(std::vector<std::string>{munged_, "-F", "--force", "--key-file=" + at("munge.key"),
                                            "--socket=" + at("munge.socket"), "--pid-file=" + at("munge.pid"),
                                            "--log-file=" + at("munge.log"), "--seed-file=" + at("munge.seed")},
                   folder_ / "munged.log");
    ASSERT_TRUE(wait_until([&] { return fs::exists(at("munge.socket")); })) << text_of(folder_ / "munged.log");
    controller_.emplace(std::vector<std::string>{slurmctld_, "-D", "-f", at("slurm.conf")}, folder_ / "slurmctld.log");
    node_.emplace(std::vector<std::string>{slurmd_, "-D", "-f", at("slurm.conf")}, folder_ / "slurmd.log");
    bool is_up = wait_until([&] { return slurm("sinfo -h -o %T").output.find("idle") != std::string::npos; });
    if (!is_up) GTEST_SKIP() << "slurm does not start here: " << text_of(folder_ / "slurmctld.log");
  }
  void TearDown() override {
    node_.reset();
    controller_.reset();
    munge_.reset();
    SweepProgram::TearDown();
  }

  std::string at(const char* name) const { return folder_ / name; }
  Ran slurm(const std::string& command) const {
    return shell("export SLURM_CONF=" + at("slurm.conf") + "; " + command);
  }

  static int free_port() {
    int fd = ::socket(AF_INET, SOCK_STREAM, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof(address);
    ::bind(fd, reinterpret_cast<sockaddr*>(&address), size);
    ::getsockname(fd, reinterpret_cast<sockaddr*>(&address), &size);
    ::close(fd);
    return ntohs(address.sin_port);
  }

  void write_configuration() const {
    for (const char* name : {"state", "spool"}) fs::create_directory(folder_ / name);
    std::random_device entropy;
    std::ofstream key(at("munge.key"), std::ios::binary);
    for (int i = 0; i < 1'024; ++i) key.put(static_cast<char>(entropy()));
    key.close();
    fs::permissions(at("munge.key"), fs::perms::owner_read | fs::perms::owner_write);
    auto host = shell("hostname -s").output;
    host.pop_back();
    auto user = shell("id -un").output;
    user.pop_back();
    std::ofstream(at("slurm.conf"))
        << "ClusterName=test\nSlurmctldHost=" << host << "(127.0.0.1)\nSlurmctldPort=" << free_port()
        << "\nSlurmdPort=" << free_port() << "\nAuthType=auth/munge\nAuthInfo=socket=" << at("munge.socket")
        << "\nCredType=cred/munge\nCommunicationParameters=NoCtldInAddrAny,NoInAddrAny\nSlurmUser=" << user
        << "\nSlurmdUser=" << user << "\nStateSaveLocation=" << at("state") << "\nSlurmdSpoolDir=" << at("spool")
        << "\nSlurmctldPidFile=" << at("slurmctld.pid") << "\nSlurmdPidFile=" << at("slurmd.pid")
        << "\nProctrackType=proctrack/pgid\nTaskPlugin=task/none\nJobAcctGatherType=jobacct_gather/none\n"
           "AccountingStorageType=accounting_storage/none\nSchedulerType=sched/builtin\nSelectType=select/linear\n"
           "MpiDefault=none\nReturnToService=2\nSchedulerParameters=sched_interval=1\nNodeName="
        << host << " NodeAddr=127.0.0.1 CPUs=2 State=UNKNOWN\nPartitionName=all Nodes=" << host
        << " Default=YES MaxTime=INFINITE State=UP\n";
  }

  std::string munged_;
  std::string slurmctld_;
  std::string slurmd_;
  std::optional<Daemon> munge_;
  std::optional<Daemon> controller_;
  std::optional<Daemon> node_;
};

TEST_F(Slurm, AnArrayComesToTheSameRecordsAsOneProcess) {
  ASSERT_EQ(shell("$NYM_SIM sweep hello --fidelity model --seeds 5..8 --out whole.jsonl").exit_code, 0);
  auto submitted =
      slurm("sbatch --wait --array=1-2 " NYM_SOURCE "/scripts/sweep.sbatch shards hello --fidelity model --seeds 5..8");
  ASSERT_EQ(submitted.exit_code, 0) << submitted.output << shell("cat nym-sweep-*.log").output;
  EXPECT_EQ(records("shards/shard-1.jsonl shards/shard-2.jsonl"), records("whole.jsonl"));
  auto report = shell("$NYM_SIM report shards/shard-*.jsonl");
  EXPECT_NE(report.output.find("\nverdict=pass runs=4 pass=4 "), std::string::npos) << report.output;
}

}  // namespace
}  // namespace nym
