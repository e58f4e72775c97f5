#pragma once

#include <cstdint>
#include <string>

#include "sim/app/subject_options.h"

namespace nym::sim {

// What the commands of nym-sim do. Each returns the exit code: 0 pass, 1 usage, 2 safety, 3 liveness, 70 its own
// failure (a full disk, say), 130 interrupted.

enum class OutputForm : std::uint8_t { text, json };

int list_command(OutputForm form);
/// Prints the effective plan.
int check_command(const std::string& plan, OutputForm form);
int schema_command();
/// The chapter of docs/simulator.md that describes all keys.
int reference_command();

enum class Talk : std::uint8_t { usual, quiet };
inline constexpr unsigned kMostThreads = 256;
struct RunOptions {
  SubjectOptions subject;
  std::uint64_t seed = 1;
  unsigned threads = 1;
  std::string report;  ///< files to write; empty: none
  std::string csv;
  std::string trace;
  OutputForm form = OutputForm::text;
  Talk talk = Talk::usual;  ///< quiet: no progress is shown
};
int run_command(const RunOptions& options);

}  // namespace nym::sim
