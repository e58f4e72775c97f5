#include <fmt/format.h>

#include <memory>

#include "sim/app/subject_options.h"
#include "sim/app/sweep_commands.h"
#include "sim/sweep/record_file.h"
#include "sim/sweep/summary.h"

namespace nym::sim {
namespace {

struct ReportArguments {
  std::vector<std::string> files;
  bool json = false;
};

int print_report(const ReportArguments& arguments) {
  Summary summary;
  for (const auto& file : arguments.files) {
    auto read = read_records(file, [&](const RunRecord& record) { summary.add(record); });
    if (!read) return refuse(read.error());
  }
  if (arguments.json) {
    fmt::print("{}", print_document(summary.json(), Syntax::json));
  } else {
    if (summary.has_points()) fmt::print("{}\n", summary.table());
    fmt::print("{}", summary.text());
  }
  return exit_code_of(summary.worst());
}

}  // namespace

Command report_command(CLI::App& app) {
  auto* command = app.add_subcommand("report", "sum up the records of sweeps, e.g. of all shards");
  auto arguments = std::make_shared<ReportArguments>();
  command->add_option("files", arguments->files, "files that sweeps wrote (--out)")->required();
  command->add_flag("--json", arguments->json, "as JSON");
  return {command, [arguments] { return print_report(*arguments); }};
}

}  // namespace nym::sim
