#include "testnet/child_process.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/prctl.h>
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

std::unexpected<Error> cannot_start(const std::string& program, int error) {
  return fail(net::NetError::file_failed, fmt::format("cannot start {}: {}", program, std::strerror(error)));
}

void put(int target, const std::optional<std::filesystem::path>& file, ChildProcess::Write write) {
  if (!file) return;
  int mode = write == ChildProcess::Write::append ? O_APPEND : O_TRUNC;
  int opened = ::open(file->c_str(), O_WRONLY | O_CREAT | O_CLOEXEC | mode, S_IRUSR | S_IWUSR);
  if (opened >= 0) ::dup2(opened, target);
}

// In the child. Sockets of its parent are not its own: a port would stay in use as long as it lives.
[[noreturn]] void become(const ChildProcess::Options& options, char** argv, char** envp, pid_t parent, int report) {
  ::prctl(PR_SET_PDEATHSIG, SIGTERM);
  if (::getppid() != parent) ::_exit(1);
  if (options.terminal == ChildProcess::Terminal::none) ::setpgid(0, 0);
  sigset_t none;
  sigemptyset(&none);
  ::sigprocmask(SIG_SETMASK, &none, nullptr);
  put(STDOUT_FILENO, options.output_file, options.write);
  put(STDERR_FILENO, options.error_file, options.write);
  int kept = ::fcntl(report, F_DUPFD_CLOEXEC, STDERR_FILENO + 1);
  if (kept > STDERR_FILENO + 1) ::close_range(STDERR_FILENO + 1, static_cast<unsigned>(kept - 1), 0);
  ::close_range(static_cast<unsigned>(kept + 1), ~0U, 0);
  ::execvpe(argv[0], argv, envp);
  int error = errno;
  if (::write(kept, &error, sizeof(error)) < 0) ::_exit(1);
  ::_exit(1);
}

}  // namespace

Result<ChildProcess> ChildProcess::start(const std::vector<std::string>& command, const Options& options) {
  auto arguments = command;
  auto environment = merged_environment(options.environment);
  auto argv = pointers(arguments);
  auto envp = pointers(environment);
  int report[2] = {-1, -1};
  if (::pipe2(report, O_CLOEXEC) != 0) return cannot_start(command.front(), errno);
  auto us = ::getpid();
  pid_t pid = ::fork();
  if (pid == 0) become(options, argv.data(), envp.data(), us, report[1]);
  int failure = pid < 0 ? errno : 0;
  ::close(report[1]);
  if (pid > 0 && ::read(report[0], &failure, sizeof(failure)) > 0) ::waitpid(pid, nullptr, 0);
  ::close(report[0]);
  if (failure != 0) return cannot_start(command.front(), failure);
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
  ::kill(pid_, SIGCONT);
  ::kill(pid_, SIGTERM);
  ::waitpid(pid_, nullptr, 0);
}

std::optional<int> ChildProcess::poll_exit() {
  if (exit_code_ || pid_ < 0) return exit_code_;
  int status = 0;
  if (waitpid(pid_, &status, WNOHANG) != pid_) return std::nullopt;
  exit_code_ = WIFEXITED(status) ? WEXITSTATUS(status) : kSignalBase + WTERMSIG(status);
  return exit_code_;
}

void ChildProcess::interrupt() const {
  signal(SIGTERM);
}

void ChildProcess::signal(int number) const {
  if (pid_ >= 0 && !exit_code_) ::kill(pid_, number);
}

std::filesystem::path beside_us(const char* name) {
  std::error_code failed;
  auto self = std::filesystem::read_symlink("/proc/self/exe", failed);
  return failed ? std::filesystem::path(name) : self.parent_path() / name;
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
