#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include "engine/base/bytes.h"
#include "engine/base/result.h"

namespace nym::net {

inline constexpr unsigned kPrivateFileMode = 0600;

/// Errors: not_found, too_large, file_failed; texts name the file, as in `cannot read a/b.pem: No such file or
/// directory (os error 2)`.
Result<Bytes> read_file(const std::filesystem::path& path, std::size_t max_bytes);

/// Either the old content or the new one is there afterwards, also if the machine stops meanwhile: written under
/// another name in the same folder, synced, renamed. Error: file_failed.
Result<void> write_file_atomically(const std::filesystem::path& path, ByteView content,
                                   unsigned mode = kPrivateFileMode);

/// With all parents; new ones for the owner only. Error: file_failed.
Result<void> make_directories(const std::filesystem::path& path);

/// Takes away what others may do with a file of secrets. Returns what to warn of, or nothing; where that is not
/// allowed, what to do. Errors: not_found, file_failed.
Result<std::string> make_private(const std::filesystem::path& path);

/// The sole right to use a directory, for as long as this lives. A crash gives it back.
class DirectoryLock {
 public:
  /// Makes the file `lock` in it. Errors: locked (naming the process that has it), file_failed.
  static Result<DirectoryLock> take(const std::filesystem::path& directory);
  DirectoryLock(DirectoryLock&& other) noexcept;
  DirectoryLock& operator=(DirectoryLock&& other) noexcept;
  ~DirectoryLock();

 private:
  explicit DirectoryLock(int descriptor) : descriptor_(descriptor) {}
  int descriptor_ = -1;
};

/// The name that v1.1.29's messages give an error of the system: `No such file or directory (os error 2)`.
std::string os_error_text(int error);

}  // namespace nym::net
