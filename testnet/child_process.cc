#include "testnet/child_process.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstring>

extern char** environ;

namespace nym::testnet {
namespace {

constexpr int kSignalBase = 128;

std::vector<std::string> merged_environment(const std::map<std::string, std::string>& added) {
  std::vector<std::string> merged;
  for (char** entry = environ; *entry != nullptr; ++entry) {
    std::string text = *entry;
    if (!added.contains(text.substr(0, text.find('=')))) merged.push_back(std::move(text));
  }
  for (const auto& [name, value] : added) merged.push_back(name + "=" + value);
  return merged;
}

std::vector<char*> pointers(std::vector<std::string>& texts) {
  std::vector<char*> out;
  for (auto& text : texts) out.push_back(text.data());
  out.push_back(nullptr);
  return out;
}

}  // namespace

Result<ChildProcess> ChildProcess::start(const std::vector<std::string>& command, const Options& options) {
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  constexpr int kFlags = O_WRONLY | O_CREAT | O_TRUNC;
  if (options.output_file) {
    posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, options.output_file->c_str(), kFlags, S_IRUSR | S_IWUSR);
  }
  if (options.error_file) {
    posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, options.error_file->c_str(), kFlags, S_IRUSR | S_IWUSR);
  }
  // Sockets of this process are not the child's: a port would stay in use as long as it lives.
  posix_spawn_file_actions_addclosefrom_np(&actions, STDERR_FILENO + 1);
  auto arguments = command;
  auto environment = merged_environment(options.environment);
  pid_t pid = -1;
  int error = posix_spawnp(&pid, command.front().c_str(), &actions, nullptr, pointers(arguments).data(),
                           pointers(environment).data());
  posix_spawn_file_actions_destroy(&actions);
  if (error != 0) {
    return fail(net::NetError::file_failed, fmt::format("cannot start {}: {}", command.front(), std::strerror(error)));
  }
  return ChildProcess(pid);
}

ChildProcess::ChildProcess(ChildProcess&& other) noexcept
    : pid_(std::exchange(other.pid_, -1)), exit_code_(other.exit_code_) {}

ChildProcess& ChildProcess::operator=(ChildProcess&& other) noexcept {
  std::swap(pid_, other.pid_);
  std::swap(exit_code_, other.exit_code_);
  return *this;
}

ChildProcess::~ChildProcess() {
  if (pid_ < 0 || poll_exit()) return;
  kill(pid_, SIGTERM);
  waitpid(pid_, nullptr, 0);
}

std::optional<int> ChildProcess::poll_exit() {
  if (exit_code_ || pid_ < 0) return exit_code_;
  int status = 0;
  if (waitpid(pid_, &status, WNOHANG) != pid_) return std::nullopt;
  exit_code_ = WIFEXITED(status) ? WEXITSTATUS(status) : kSignalBase + WTERMSIG(status);
  return exit_code_;
}

void ChildProcess::interrupt() const {
  if (pid_ >= 0 && !exit_code_) kill(pid_, SIGTERM);
}

Result<TemporaryDirectory> TemporaryDirectory::make() {
  std::string name = std::filesystem::temp_directory_path() / "nym-testnet.XXXXXX";
  if (mkdtemp(name.data()) == nullptr) {
    return fail(net::NetError::file_failed,
                fmt::format("cannot make a directory like {}: {}", name, std::strerror(errno)));
  }
  return TemporaryDirectory(name);
}

TemporaryDirectory::~TemporaryDirectory() {
  std::error_code ignored;
  if (!path_.empty()) std::filesystem::remove_all(path_, ignored);
}

}  // namespace nym::testnet
