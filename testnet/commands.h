#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "testnet/up.h"

namespace nym::testnet {

// What is done to a network that runs, by its directory. Each returns the exit code.

Result<int> show_status(const std::filesystem::path& directory, OutputFormat format);
/// Returns when it has ended.
Result<int> take_down(const std::filesystem::path& directory);
/// kill, restart, pause or resume.
Result<int> do_to_node(const std::filesystem::path& directory, const std::string& what, const std::string& node);
Result<int> add_fault(const std::filesystem::path& directory, const std::string& line, OutputFormat format);
Result<int> list_faults(const std::filesystem::path& directory, OutputFormat format);
Result<int> clear_faults(const std::filesystem::path& directory, std::optional<std::uint64_t> number);
enum class Follow : std::uint8_t { no, yes };
Result<int> show_log(const std::filesystem::path& directory, const std::string& node, Follow follow);
/// Becomes the command.
Result<int> exec_on(const std::filesystem::path& directory, const std::vector<std::string>& command);
Result<int> selftest(const std::filesystem::path& directory, OutputFormat format);

}  // namespace nym::testnet
