#include "sim/record/output_file.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <filesystem>
#include <system_error>
#include <utility>

namespace nym::sim {
namespace {

constexpr std::size_t kBufferBytes = 1U << 16U;

std::unexpected<Error> cannot_write(const std::string& path, int error) {
  auto reason = std::generic_category().message(error);
  for (auto& letter : reason)
    letter = static_cast<char>(letter >= 'A' && letter <= 'Z' ? letter + ('a' - 'A') : letter);
  return fail(SimError::cannot_write, fmt::format("can not write {}: {}", path, reason));
}

/// errno, or 0.
int write_all(int descriptor, std::string_view bytes) {
  while (!bytes.empty()) {
    auto written = ::write(descriptor, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) return written < 0 ? errno : EIO;
    bytes.remove_prefix(static_cast<std::size_t>(written));
  }
  return 0;
}

}  // namespace

Result<OutputFile> OutputFile::create(const std::string& path) {
  std::error_code ignored;
  auto target = std::filesystem::weakly_canonical(path, ignored);
  if (target.empty()) target = path;
  auto status = std::filesystem::status(target, ignored);
  if (std::filesystem::is_directory(status)) return cannot_write(path, EISDIR);
  bool is_special = std::filesystem::exists(status) && !std::filesystem::is_regular_file(status);
  auto temporary = is_special ? std::string() : fmt::format("{}.{}.part", target.string(), ::getpid());
  constexpr int kCommon = O_WRONLY | O_CLOEXEC;
  int descriptor = is_special ? ::open(target.c_str(), kCommon)  // NOLINT(cppcoreguidelines-pro-type-vararg)
                              : ::open(temporary.c_str(), kCommon | O_CREAT | O_TRUNC, 0666);  // NOLINT
  if (descriptor < 0) return cannot_write(path, errno);
  return OutputFile(path, target.string(), std::move(temporary), descriptor);
}

OutputFile::OutputFile(OutputFile&& other) noexcept
    : shown_(std::move(other.shown_)),
      target_(std::move(other.target_)),
      temporary_(std::exchange(other.temporary_, {})),
      descriptor_(std::exchange(other.descriptor_, -1)),
      error_(other.error_),
      buffer_(std::move(other.buffer_)) {}

OutputFile::~OutputFile() {
  discard();
}

void OutputFile::discard() {
  if (descriptor_ >= 0) ::close(std::exchange(descriptor_, -1));
  if (!temporary_.empty()) ::unlink(temporary_.c_str());
  temporary_.clear();
}

void OutputFile::write(std::string_view bytes) {
  if (failed()) return;
  buffer_ += bytes;
  if (buffer_.size() >= kBufferBytes) flush();
}

void OutputFile::flush() {
  if (!failed()) error_ = write_all(descriptor_, buffer_);
  buffer_.clear();
}

Result<void> OutputFile::finish() {
  flush();
  if (!failed() && !temporary_.empty() && ::fsync(descriptor_) != 0) error_ = errno;
  if (::close(std::exchange(descriptor_, -1)) != 0 && !failed()) error_ = errno;
  if (!failed() && !temporary_.empty() && std::rename(temporary_.c_str(), target_.c_str()) != 0) error_ = errno;
  if (!failed()) temporary_.clear();
  discard();
  if (failed()) return cannot_write(shown_, error_);
  return {};
}

Result<void> write_output_file(const std::string& path, std::string_view bytes) {
  NYM_TRY(auto file, OutputFile::create(path));
  file.write(bytes);
  return file.finish();
}

}  // namespace nym::sim
