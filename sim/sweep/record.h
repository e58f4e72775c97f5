#pragma once

#include <string>
#include <vector>

#include "engine/base/probe.h"
#include "sim/plan/setting.h"
#include "sim/run/run.h"

/// What is kept of each run: one line of JSON.
namespace nym::sim {

/// Of the lines; records of a later one are refused.
inline constexpr std::uint32_t kRecordFormat = 1;
inline constexpr std::size_t kLongestRecord = std::size_t{1} << 20U;  ///< bytes of a line; longer ones are refused
inline constexpr std::size_t kMostFindings = 20;                      ///< of a run; further ones are left out
inline constexpr std::size_t kMostFigures = 2'000;
inline constexpr std::size_t kLongestText = 2'000;  ///< bytes of one text; longer ones are cut

/// The version of the engine that runs here.
std::string engine_version();

/// What came of a run, ordered from good to bad.
enum class RunVerdict : std::uint8_t {
  pass,
  liveness,
  safety,
  crash,          ///< the process that ran it died, or did not come to an end
  nondeterminism  ///< the same run came out differently
};
inline constexpr std::size_t kRunVerdictCount = 5;
const char* to_string(RunVerdict verdict);
std::optional<RunVerdict> run_verdict_from(std::string_view name);
RunVerdict run_verdict_of(Verdict verdict);
/// 0 pass, 2 safety, 3 liveness, 4 crash, 5 nondeterminism.
int exit_code_of(RunVerdict verdict);

struct Finding {
  RunVerdict kind = RunVerdict::safety;
  Duration at;  ///< since the start of the simulation
  std::string text;
};

/// What was compared beside the run itself.
struct RunChecks {
  client::Switch twice = client::Switch::off;            ///< with a second run
  client::Switch both_fidelities = client::Switch::off;  ///< with one in the other fidelity
};

struct RecordedFigure {
  std::string name;
  std::string unit;
  double value = 0;
};

struct RunRecord {
  std::string engine;
  std::string profile;  ///< empty: it was a plan
  std::string plan;     ///< name or file; empty: a profile's
  std::string plan_hash;
  std::vector<Setting> settings;
  std::uint64_t seed = 0;
  Fidelity fidelity = Fidelity::model;
  RunChecks checks;
  RunVerdict verdict = RunVerdict::pass;
  std::vector<Finding> findings;
  std::uint64_t events = 0;
  std::uint64_t packets = 0;
  std::uint64_t delivered = 0;
  std::uint64_t acknowledged = 0;
  std::uint64_t failed = 0;
  std::uint64_t replays = 0;
  std::string fingerprint;
  Duration simulated;
  std::int64_t wall_ms = 0;
  ProbeSet probes;
  std::vector<RecordedFigure> figures;
  std::string repeat;  ///< the command that repeats exactly this run
};

/// One line with its end.
std::string print_record(const RunRecord& record);
/// Total over any bytes. Error: bad_record, what is wrong with it.
Result<RunRecord> parse_record(std::string_view line);

/// Runs with equal keys are the same run: engine, subject, settings, seed and fidelity. A profile's plans are told
/// apart by their seeds.
std::string run_key(const RunRecord& record);

}  // namespace nym::sim
