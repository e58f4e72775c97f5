#pragma once

#include <functional>

#include "sim/sweep/record.h"

namespace nym::sim {

/// A file descriptor that is closed with it.
class OwnedFd {
 public:
  explicit OwnedFd(int fd = -1) : fd_(fd) {}
  OwnedFd(OwnedFd&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  OwnedFd& operator=(OwnedFd&& other) noexcept {
    std::swap(fd_, other.fd_);
    return *this;
  }
  OwnedFd(const OwnedFd&) = delete;
  OwnedFd& operator=(const OwnedFd&) = delete;
  ~OwnedFd();

  int get() const { return fd_; }
  bool is_open() const { return fd_ >= 0; }
  void close() { *this = OwnedFd(); }

 private:
  int fd_;
};

/// All records of a file, in their order. A last line without an end was torn when its writer died, and does not count.
/// Errors: no_such_file; bad_record, `file:line: ...`.
Result<void> read_records(const std::string& path, const std::function<void(RunRecord)>& visit);
Result<std::vector<RunRecord>> read_records(const std::string& path);

/// Appends records to a file, of which it is the only writer. What was written is whole whenever the process dies.
class RecordFile {
 public:
  /// Removes a torn last line. Error: harness.
  static Result<RecordFile> open(const std::string& path);
  /// In one write; what can not be written whole is not there at all. Error: harness, e.g. the disk is full.
  Result<void> append(const RunRecord& record);

 private:
  RecordFile(std::string path, OwnedFd fd) : path_(std::move(path)), fd_(std::move(fd)) {}

  std::string path_;
  OwnedFd fd_;
};

}  // namespace nym::sim
