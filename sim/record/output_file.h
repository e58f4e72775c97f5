#pragma once

#include <string>
#include <string_view>

#include "sim/grammar/error.h"

namespace nym::sim {

/// A file that is there as a whole or not at all: written under another name in the same folder, renamed when it is
/// complete. What is not a regular file (a pipe, a terminal) is written as it comes.
class OutputFile {
 public:
  /// Error: cannot_write, naming file and reason.
  static Result<OutputFile> create(const std::string& path);
  OutputFile(OutputFile&& other) noexcept;
  OutputFile& operator=(OutputFile&&) = delete;
  OutputFile(const OutputFile&) = delete;
  OutputFile& operator=(const OutputFile&) = delete;
  /// Leaves nothing behind of a file that was not finished.
  ~OutputFile();

  /// The first failure is what finish returns; afterwards nothing is written any more.
  void write(std::string_view bytes);
  bool failed() const { return error_ != 0; }
  /// Once. Error: cannot_write.
  Result<void> finish();

 private:
  OutputFile(std::string shown, std::string target, std::string temporary, int descriptor)
      : shown_(std::move(shown)),
        target_(std::move(target)),
        temporary_(std::move(temporary)),
        descriptor_(descriptor) {}
  void flush();
  void discard();

  std::string shown_;      ///< as the user named it
  std::string target_;     ///< where that leads
  std::string temporary_;  ///< empty: none, or renamed already
  int descriptor_ = -1;
  int error_ = 0;  ///< errno of the first failure
  std::string buffer_;
};

/// All at once.
Result<void> write_output_file(const std::string& path, std::string_view bytes);

}  // namespace nym::sim
