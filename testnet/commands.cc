#include "testnet/commands.h"

#include <fmt/format.h>
#include <unistd.h>

#include <cstring>
#include <fstream>

#include "net/clock.h"
#include "testnet/control.h"
#include "testnet/error.h"
#include "testnet/network_status.h"
#include "testnet/selftest.h"

namespace nym::testnet {
namespace {

constexpr unsigned kPollMicroseconds = 20'000;

Colours wanted_colours() {
  const char* refused = std::getenv("NO_COLOR");
  bool is_refused = refused != nullptr && *refused != '\0';
  return ::isatty(STDOUT_FILENO) != 0 && !is_refused ? Colours::ansi : Colours::none;
}

}  // namespace

Result<int> show_status(const std::filesystem::path& directory, OutputFormat format) {
  NYM_TRY(auto status, ask_network(directory, {{"command", "status"}}));
  fmt::print("{}{}", format == OutputFormat::json ? status.dump() : status_text(status, wanted_colours()),
             format == OutputFormat::json ? "\n" : "");
  return status.value("ready", false) ? 0 : 3;
}

Result<int> take_down(const std::filesystem::path& directory) {
  NYM_TRY(auto told, ask_network(directory, {{"command", "down"}}));
  auto give_up_at = net::now() + limits::kStop + limits::kStop;
  while (net::now() < give_up_at) {
    // The lock goes last.
    if (net::DirectoryLock::take(directory)) return 0;
    ::usleep(kPollMicroseconds);
  }
  return fail(TestnetError::control_failed, "the network was told to stop and still runs; see its log");
}

Result<int> do_to_node(const std::filesystem::path& directory, const std::string& what, const std::string& node) {
  NYM_TRY(auto done, ask_network(directory, {{"command", what}, {"node", node}}));
  return 0;
}

Result<int> add_fault(const std::filesystem::path& directory, const std::string& line, OutputFormat format) {
  NYM_TRY(auto added, ask_network(directory, {{"command", "fault-add"}, {"line", line}}));
  if (format == OutputFormat::json) {
    fmt::print("{}\n", added.dump());
  } else {
    fmt::print("fault {}\n", added.value("number", 0));
  }
  return 0;
}

Result<int> list_faults(const std::filesystem::path& directory, OutputFormat format) {
  NYM_TRY(auto faults, ask_network(directory, {{"command", "fault-list"}}));
  if (format == OutputFormat::json) {
    fmt::print("{}\n", faults.dump());
    return 0;
  }
  for (const auto& fault : faults) {
    fmt::print("{:>4}  {}{}\n", fault.value("number", 0), fault.value("line", ""),
               fault.value("active", false) ? "" : "  (not now)");
  }
  return 0;
}

Result<int> clear_faults(const std::filesystem::path& directory, std::optional<std::uint64_t> number) {
  nlohmann::json request{{"command", "fault-clear"}};
  if (number) request["number"] = *number;
  NYM_TRY(auto cleared, ask_network(directory, request));
  return 0;
}

Result<int> show_log(const std::filesystem::path& directory, const std::string& node, Follow follow) {
  auto file = log_file(directory, node);
  std::ifstream log(file);
  bool is_name = node.find('/') == std::string::npos;
  if (!is_name || !log) {
    return fail(TestnetError::no_such_node,
                fmt::format("there is no log of '{}' in {}; nodes have names like mix1, gw1, c1, and the network's own "
                            "is testnet",
                            node, directory.string()));
  }
  for (;;) {
    for (std::string line; std::getline(log, line);) fmt::print("{}\n", line);
    std::fflush(stdout);
    if (follow == Follow::no) return 0;
    log.clear();
    ::usleep(kPollMicroseconds * 5);
  }
}

Result<int> exec_on(const std::filesystem::path& directory, const std::vector<std::string>& command) {
  NYM_TRY(auto status, ask_network(directory, {{"command", "ready"}}));
  for (const auto& [name, value] : environment_of(status)) ::setenv(name.c_str(), value.c_str(), 1);
  auto arguments = command;
  std::vector<char*> pointers;
  for (auto& argument : arguments) pointers.push_back(argument.data());
  pointers.push_back(nullptr);
  ::execvp(pointers[0], pointers.data());
  return fail(TestnetError::bad_usage, fmt::format("cannot start {}: {}", command.front(), std::strerror(errno)));
}

Result<int> selftest(const std::filesystem::path& directory, OutputFormat format) {
  NYM_TRY(auto status, ask_network(directory, {{"command", "ready"}}));
  NYM_TRY(auto report, run_selftest(status, beside_us("nym-client")));
  fmt::print("{}{}", format == OutputFormat::json ? report.to_json().dump() : report.to_text(),
             format == OutputFormat::json ? "\n" : "");
  return report.passed() ? 0 : 1;
}

}  // namespace nym::testnet
