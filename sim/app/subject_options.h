#pragma once

#include <CLI/CLI.hpp>

#include "sim/sweep/subject.h"

namespace nym::sim {

/// The arguments that name what is run: a plan or a profile, and settings.
struct SubjectOptions {
  std::string plan;
  std::string profile;
  std::vector<std::string> settings;
  std::string fidelity;  ///< empty: as the plan says
};
void add_subject_options(CLI::App& command, SubjectOptions& options);
/// Error: bad_text.
Result<Subject> read_subject(const SubjectOptions& options);

/// Prints it and returns the exit code: 1, or 70 for what is not the user's doing.
int refuse(const Error& error);

inline constexpr int kInterruptedExit = 130;
inline constexpr int kHarnessExit = 70;

}  // namespace nym::sim
