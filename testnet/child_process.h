#pragma once

#include <sys/types.h>

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "engine/base/result.h"
#include "net/error.h"

namespace nym::testnet {

/// A program of ours or of the user's that runs beside us; told to stop when this goes, and by the system should we go
/// without a word.
class ChildProcess {
 public:
  /// Whether the keys of our terminal that stop programs (ctrl-c) reach it too.
  enum class Terminal : std::uint8_t { shared, none };
  enum class Write : std::uint8_t { anew, append };
  struct Options {
    std::map<std::string, std::string> environment;    ///< added to our own
    std::optional<std::filesystem::path> output_file;  ///< stdout goes there, else to ours
    std::optional<std::filesystem::path> error_file;
    Write write = Write::anew;
    Terminal terminal = Terminal::shared;
  };
  /// Error: file_failed, naming the program.
  static Result<ChildProcess> start(const std::vector<std::string>& command, const Options& options);
  ChildProcess(ChildProcess&& other) noexcept;
  ChildProcess& operator=(ChildProcess&& other) noexcept;
  ~ChildProcess();

  /// Its exit code once it has ended (128 + signal when a signal ended it).
  std::optional<int> poll_exit();
  void interrupt() const;
  /// Not after its end was noticed.
  void signal(int number) const;
  pid_t pid() const { return pid_; }

 private:
  explicit ChildProcess(pid_t pid) : pid_(pid) {}
  pid_t pid_ = -1;
  std::optional<int> exit_code_;
};

/// A program that was installed beside this one, or just its name.
std::filesystem::path beside_us(const char* name);

/// A directory that goes with everything in it when this goes.
class TemporaryDirectory {
 public:
  /// Error: file_failed.
  static Result<TemporaryDirectory> make();
  TemporaryDirectory(TemporaryDirectory&& other) noexcept : path_(std::exchange(other.path_, {})) {}
  TemporaryDirectory& operator=(TemporaryDirectory&&) = delete;
  ~TemporaryDirectory();
  const std::filesystem::path& path() const { return path_; }

 private:
  explicit TemporaryDirectory(std::filesystem::path path) : path_(std::move(path)) {}
  std::filesystem::path path_;
};

}  // namespace nym::testnet
