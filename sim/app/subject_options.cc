#include "sim/app/subject_options.h"

#include <fmt/format.h>

namespace nym::sim {

void add_subject_options(CLI::App& command, SubjectOptions& options) {
  command.add_option("plan", options.plan, "a scenario's name, or a file");
  command.add_option("--profile", options.profile, "instead: plans drawn from the seed")
      ->check(CLI::IsMember({"smoke", "swarm", "everything"}));
  command.add_option("--set", options.settings, "one key of the plan: links.loss=5%")->allow_extra_args(false);
  command
      .add_option("--fidelity", options.fidelity,
                  "real: all cryptography; model: only what it decides; default: the plan's")
      ->check(CLI::IsMember({"real", "model"}));
}

Result<Subject> read_subject(const SubjectOptions& options) {
  if (options.plan.empty() == options.profile.empty()) {
    return fail(SimError::bad_text, "name what to run: either a plan or --profile");
  }
  Subject subject{profile_from(options.profile), options.plan, {}};
  for (const auto& text : options.settings) {
    NYM_TRY(auto setting, parse_setting(text));
    subject.settings.push_back(std::move(setting));
  }
  return subject;
}

int refuse(const Error& error) {
  fmt::print(stderr, "nym-sim: {}\n", error.text());
  bool is_ours = error.is(SimError::harness) || error.is(SimError::cannot_write);
  return is_ours ? kHarnessExit : 1;
}

}  // namespace nym::sim
