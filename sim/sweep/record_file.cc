#include "sim/sweep/record_file.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

namespace nym::sim {
namespace {

std::string why() {
  return std::strerror(errno);
}

std::unexpected<Error> harness(std::string text) {
  return fail(SimError::harness, std::move(text));
}

bool is_regular(int fd) {
  struct stat status{};
  return ::fstat(fd, &status) == 0 && S_ISREG(status.st_mode);
}

/// Calls `visit` with each line that has an end; memory is bounded by the longest line. Returns the bytes of them all.
Result<std::size_t> for_each_line(int fd, const std::string& path,
                                  const std::function<Result<void>(std::string_view)>& visit) {
  std::string rest;
  std::string block(std::size_t{1} << 16U, '\0');
  std::size_t complete = 0;
  for (;;) {
    auto count = ::read(fd, block.data(), block.size());
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return harness(fmt::format("can not read {}: {}", path, why()));
    if (count == 0) return complete;
    rest.append(block, 0, static_cast<std::size_t>(count));
    std::size_t begin = 0;
    for (auto end = rest.find('\n'); end != std::string::npos; end = rest.find('\n', begin)) {
      NYM_TRY_VOID(visit(std::string_view(rest).substr(begin, end - begin)));
      begin = end + 1;
    }
    complete += begin;
    rest.erase(0, begin);
    if (rest.size() > kLongestRecord) NYM_TRY_VOID(visit(rest));
  }
}

}  // namespace

OwnedFd::~OwnedFd() {
  if (fd_ >= 0) ::close(fd_);
}

Result<void> read_records(const std::string& path, const std::function<void(RunRecord)>& visit) {
  OwnedFd fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!fd.is_open()) return fail(SimError::no_such_file, fmt::format("can not read {}: {}", path, why()));
  std::size_t number = 0;
  auto on_line = [&](std::string_view line) -> Result<void> {
    ++number;
    auto record = parse_record(line);
    if (!record) {
      return fail(SimError::bad_record,
                  fmt::format("{}:{}: this is no record of a run: {}", path, number, record.error().text()));
    }
    visit(*std::move(record));
    return {};
  };
  NYM_TRY_VOID(for_each_line(fd.get(), path, on_line));
  return {};
}

Result<std::vector<RunRecord>> read_records(const std::string& path) {
  std::vector<RunRecord> records;
  NYM_TRY_VOID(read_records(path, [&](RunRecord record) { records.push_back(std::move(record)); }));
  return records;
}

Result<RecordFile> RecordFile::open(const std::string& path) {
  OwnedFd fd(::open(path.c_str(), O_RDWR | O_APPEND | O_CREAT | O_CLOEXEC, 0644));
  if (!fd.is_open()) return harness(fmt::format("can not write {}: {}", path, why()));
  if (!is_regular(fd.get())) return RecordFile(path, std::move(fd));
  if (::flock(fd.get(), LOCK_EX | LOCK_NB) != 0) {
    return harness(fmt::format("another sweep writes to {}; give each its own file", path));
  }
  NYM_TRY(auto complete, for_each_line(fd.get(), path, [](std::string_view) { return Result<void>(); }));
  if (::ftruncate(fd.get(), static_cast<off_t>(complete)) != 0) {
    return harness(fmt::format("can not write {}: {}", path, why()));
  }
  return RecordFile(path, std::move(fd));
}

Result<void> RecordFile::append(const RunRecord& record) {
  auto line = print_record(record);
  ssize_t written = 0;
  do {
    written = ::write(fd_.get(), line.data(), line.size());
  } while (written < 0 && errno == EINTR);
  if (written == static_cast<ssize_t>(line.size())) return {};
  auto reason = written < 0 ? why() : std::string("no space left on the device");
  auto size = ::lseek(fd_.get(), 0, SEEK_END);
  if (written > 0 && is_regular(fd_.get()) && ::ftruncate(fd_.get(), size - written) != 0) reason = why();
  return harness(
      fmt::format("can not write to {}: {}; all records before are there, run the same again to go on", path_, reason));
}

}  // namespace nym::sim
