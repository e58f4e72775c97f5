#pragma once

#include <fcntl.h>

#include <filesystem>
#include <fstream>
#include <sstream>

#include "net/clock.h"
#include "testnet/app_connection.h"
#include "testnet/client_process.h"
#include "testnet/network.h"

namespace nym::test {

inline std::filesystem::path program(const char* name) {
  return std::filesystem::path(NYM_PROGRAMS) / name;
}

inline std::string text_of(const std::filesystem::path& path) {
  std::ifstream in(path);
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

/// What a program did: its exit code and what it printed.
struct Ran {
  int exit_code = -1;
  std::string out;
  std::string err;
};

/// Runs a program of ours to its end.
inline Ran run_program(const std::vector<std::string>& command, const std::filesystem::path& folder,
                       std::map<std::string, std::string> environment = {}) {
  testnet::ChildProcess::Options options{std::move(environment), folder / "program.out", folder / "program.err"};
  auto child = testnet::ChildProcess::start(command, options);
  if (!child) return {};
  net::Runtime runtime;
  std::optional<net::Timer> look;
  look.emplace(runtime, [&] {
    if (!child->poll_exit()) look->arm_after(Duration::milliseconds(5));
  });
  look->arm_after(Duration());
  runtime.run_until([&] { return child->poll_exit().has_value(); }, net::now() + Duration::seconds(120));
  return {child->poll_exit().value_or(-1), text_of(*options.output_file), text_of(*options.error_file)};
}

/// The last line, without its end.
inline std::string last_line(std::string text) {
  while (!text.empty() && text.back() == '\n') text.pop_back();
  auto line = text.rfind('\n');
  return line == std::string::npos ? text : text.substr(line + 1);
}

}  // namespace nym::test
