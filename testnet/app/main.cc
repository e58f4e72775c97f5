#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>

#include "testnet/demo.h"
#include "testnet/up.h"

namespace nym::testnet {
namespace {

constexpr int kUsageError = 2;

std::filesystem::path beside_us(const char* name) {
  std::error_code failed;
  auto self = std::filesystem::read_symlink("/proc/self/exe", failed);
  return failed ? std::filesystem::path(name) : self.parent_path() / name;
}

int report(const Result<int>& done) {
  if (done) return *done;
  fmt::print(stderr, "nym-testnet: {}\n", done.error().text());
  return 1;
}

Result<int> demo() {
  NYM_TRY_VOID(run_demo(beside_us("nym-client")));
  return 0;
}

// Everything behind `--` is the command, whatever it looks like.
std::vector<std::string> cut_command(std::vector<std::string>& arguments) {
  auto separator = std::find(arguments.begin(), arguments.end(), "--");
  if (separator == arguments.end()) return {};
  std::vector<std::string> command(separator + 1, arguments.end());
  arguments.erase(separator, arguments.end());
  return command;
}

int main_of(int argc, char** argv) {
  std::vector<std::string> arguments(argv + 1, argv + argc);
  UpOptions options;
  options.command = cut_command(arguments);
  bool json = false;
  CLI::App app{"nym-testnet: a private mixnet on this machine", "nym-testnet"};
  app.require_subcommand(1);
  app.footer(
      "examples:\n  nym-testnet demo\n  nym-testnet up\n  nym-testnet up -- ./my-test.sh\n"
      "  nym-testnet up --json");
  auto* up =
      app.add_subcommand("up", "start a directory, 3 mixnodes and 2 gateways; run a command given after -- on them");
  up->add_flag("--json", json, "print the ready line for machines");
  auto* demo_command = app.add_subcommand("demo", "send a message and its reply between two real clients");
  std::reverse(arguments.begin(), arguments.end());  // as CLI11 wants them
  try {
    app.parse(arguments);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : kUsageError;
  }
  options.output = json ? OutputFormat::json : OutputFormat::text;
  return report(demo_command->parsed() ? demo() : run_up(options));
}

}  // namespace
}  // namespace nym::testnet

int main(int argc, char** argv) {
  return nym::testnet::main_of(argc, argv);
}
