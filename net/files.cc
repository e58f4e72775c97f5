#include "net/files.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <utility>

#include "net/error.h"

namespace nym::net {
namespace {

namespace fs = std::filesystem;

// An open file, closed when it goes.
class Descriptor {
 public:
  explicit Descriptor(int value) : value_(value) {}
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  ~Descriptor() {
    if (value_ >= 0) ::close(value_);
  }
  int get() const { return value_; }
  bool is_open() const { return value_ >= 0; }
  int release() { return std::exchange(value_, -1); }

 private:
  int value_;
};

std::unexpected<Error> system_failure(std::string_view doing, const fs::path& path) {
  int error = errno;
  auto code = error == ENOENT ? NetError::not_found : NetError::file_failed;
  return fail(code, fmt::format("cannot {} {}: {}", doing, path.string(), os_error_text(error)));
}

bool write_all(int descriptor, ByteView content) {
  while (!content.empty()) {
    auto count = ::write(descriptor, content.data(), content.size());
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) return false;
    content = content.subspan(static_cast<std::size_t>(count));
  }
  return true;
}

// So that the rename itself survives a stop of the machine; not every file system can.
void sync_directory(const fs::path& directory) {
  Descriptor opened(::open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (opened.is_open()) (void)::fsync(opened.get());
}

fs::path directory_of(const fs::path& path) {
  return path.has_parent_path() ? path.parent_path() : fs::path(".");
}

std::string holder_of(int descriptor) {
  ByteArray<32> text{};
  auto count = ::pread(descriptor, text.data(), text.size(), 0);
  if (count <= 0) return "another process";
  auto line = as_text(ByteView(text).first(static_cast<std::size_t>(count)));
  return fmt::format("process {}", line.substr(0, line.find('\n')));
}

}  // namespace

std::string os_error_text(int error) {
  return fmt::format("{} (os error {})", std::strerror(error), error);
}

Result<Bytes> read_file(const fs::path& path, std::size_t max_bytes) {
  Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!file.is_open()) return system_failure("read", path);
  Bytes content;
  ByteArray<16384> piece{};
  while (true) {
    auto count = ::read(file.get(), piece.data(), piece.size());
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return system_failure("read", path);
    if (count == 0) return content;
    append(content, ByteView(piece).first(static_cast<std::size_t>(count)));
    if (content.size() > max_bytes) {
      return fail(NetError::too_large, fmt::format("cannot read {}: more than {} bytes", path.string(), max_bytes));
    }
  }
}

Result<void> write_file_atomically(const fs::path& path, ByteView content, unsigned mode) {
  std::string temporary = path.string() + ".XXXXXX";
  Descriptor file(::mkostemp(temporary.data(), O_CLOEXEC));
  if (!file.is_open()) return system_failure("write", path);
  bool written = ::fchmod(file.get(), mode) == 0 && write_all(file.get(), content) && ::fsync(file.get()) == 0 &&
                 ::rename(temporary.c_str(), path.c_str()) == 0;
  if (!written) {
    auto failure = system_failure("write", path);
    ::unlink(temporary.c_str());
    return failure;
  }
  sync_directory(directory_of(path));
  return {};
}

Result<void> make_directories(const fs::path& path) {
  fs::path so_far;
  for (const auto& part : path) {
    so_far /= part;
    if (::mkdir(so_far.c_str(), 0700) == 0 || errno == EEXIST) continue;
    std::error_code ignored;
    if (fs::is_directory(so_far, ignored)) continue;
    return system_failure("create the directory", so_far);
  }
  struct stat found{};
  if (::stat(path.c_str(), &found) != 0) return system_failure("create the directory", path);
  if (S_ISDIR(found.st_mode)) return {};
  errno = ENOTDIR;
  return system_failure("create the directory", path);
}

Result<std::string> make_private(const fs::path& path) {
  struct stat found{};
  if (::stat(path.c_str(), &found) != 0) return system_failure("read", path);
  auto mode = found.st_mode & 07777U;
  if (mode == kPrivateFileMode) return std::string();
  if (::chmod(path.c_str(), kPrivateFileMode) != 0) {
    return fmt::format("{} has permissions {:04o} and can not be restricted ({}); as its owner run 'chmod 600 {}'",
                       path.string(), mode, os_error_text(errno), path.string());
  }
  return fmt::format("{} had permissions {:04o}; they are now {:04o}", path.string(), mode, kPrivateFileMode);
}

Result<DirectoryLock> DirectoryLock::take(const fs::path& directory) {
  auto path = directory / "lock";
  Descriptor file(::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, kPrivateFileMode));
  if (!file.is_open()) return system_failure("open", path);
  if (::flock(file.get(), LOCK_EX | LOCK_NB) != 0) {
    if (errno != EWOULDBLOCK) return system_failure("lock", path);
    return fail(NetError::locked, fmt::format("{} is in use by {}", directory.string(), holder_of(file.get())));
  }
  auto text = fmt::format("{}\n", ::getpid());
  if (::ftruncate(file.get(), 0) != 0 || !write_all(file.get(), as_bytes(text))) return system_failure("write", path);
  return DirectoryLock(file.release());
}

DirectoryLock::DirectoryLock(DirectoryLock&& other) noexcept : descriptor_(std::exchange(other.descriptor_, -1)) {}

DirectoryLock& DirectoryLock::operator=(DirectoryLock&& other) noexcept {
  std::swap(descriptor_, other.descriptor_);
  return *this;
}

// The file stays: removing it would let two processes lock two files of the same name.
DirectoryLock::~DirectoryLock() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

}  // namespace nym::net
