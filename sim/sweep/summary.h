#pragma once

#include <map>

#include "sim/sweep/record.h"
#include "sim/sweep/statistics.h"

namespace nym::sim {

/// A statement about a run with its numbers left out: `c# received a message twice`. Equal for failures of one kind.
std::string normalised(std::string_view text);

/// What many runs come to, in whatever order they are told. A run that is told twice counts once; if it came out
/// differently, that is nondeterminism.
class Summary {
 public:
  void add(const RunRecord& record);
  /// How long they took together on the wall clock; without it the times of the runs are added up.
  void set_elapsed_ms(std::int64_t elapsed) { elapsed_ms_ = elapsed; }

  std::uint64_t runs() const { return runs_; }
  RunVerdict worst() const { return worst_; }

  /// Verdicts, failing runs with the commands that repeat them, groups of violations, probes never reached; the last
  /// line is for machines.
  std::string text() const;
  Node json() const;
  /// Figures at each point of a parameter sweep: mean, deviation and 95 % confidence interval.
  std::string table() const;
  std::string csv() const;
  bool has_points() const { return points_.size() > 1; }

 private:
  struct Failure {
    RunVerdict verdict{};
    std::string text;
    std::string repeat;
  };
  struct Group {
    std::uint64_t count = 0;
    std::map<std::pair<std::uint64_t, std::string>, RunVerdict> first;  ///< few, by seed and command
  };
  struct Measured {
    std::string unit;
    Statistics values;
  };
  using Figures = std::map<std::string, Measured>;

  void add_failure(const RunRecord& record);
  void add_figures(const RunRecord& record);
  double seconds() const;
  std::vector<Probe> missing_probes() const;
  std::string last_line() const;
  std::string failures_text() const;
  std::string groups_text() const;
  std::vector<std::vector<std::string>> rows() const;

  std::uint64_t runs_ = 0;
  std::array<std::uint64_t, kRunVerdictCount> verdicts_{};
  RunVerdict worst_ = RunVerdict::pass;
  std::uint64_t packets_ = 0;
  std::uint64_t events_ = 0;
  std::int64_t run_ms_ = 0;
  std::optional<std::int64_t> elapsed_ms_;
  ProbeSet probes_;
  std::map<std::string, std::string> fingerprints_;                    ///< by key
  std::map<std::pair<std::uint64_t, std::string>, Failure> failures_;  ///< by seed, then command
  std::map<std::pair<RunVerdict, std::string>, Group> groups_;
  std::map<std::vector<Setting>, Figures> points_;
};

}  // namespace nym::sim
