#pragma once

#include <sys/types.h>

#include <chrono>
#include <list>

#include "sim/sweep/record_file.h"

namespace nym::sim {

/// What became of one request.
struct Answer {
  enum class End : std::uint8_t {
    answered,
    crashed,   ///< the process died: text says how
    timed_out  ///< and was killed
  };
  std::string request;
  End end = End::answered;
  std::string text;          ///< the answer, or why there is none
  std::int64_t wall_ms = 0;  ///< since it was asked
  std::string partial{};     ///< what was emitted before, if the process died
};

/// Work in processes of its own, so that the crash of a piece of it is only an answer. Each process does many pieces,
/// one after the other, and is replaced when it died. They die with this process. The process must have one thread.
class WorkerPool {
 public:
  /// Emitted text arrives with the answer, or without it when the process dies in between.
  using Emit = std::function<void(std::string_view)>;
  using Work = std::function<std::string(std::string_view request, const Emit& emit)>;

  /// `limit`: on the wall clock, for each piece.
  WorkerPool(std::size_t workers, Work work, std::chrono::milliseconds limit);
  ~WorkerPool();
  WorkerPool(const WorkerPool&) = delete;
  WorkerPool& operator=(const WorkerPool&) = delete;

  std::size_t busy() const;
  bool has_room() const { return busy() < most_; }
  /// Only while there is room. Error: harness, no process can be started.
  Result<void> ask(std::string request);
  /// Waits until there are answers, `interrupt` can be read, or the time is over.
  std::vector<Answer> wait(std::chrono::milliseconds at_most, int interrupt);

 private:
  struct Worker {
    pid_t pid = 0;
    OwnedFd requests;
    OwnedFd answers;
    OwnedFd errors;
    std::string buffered{};
    std::string emitted{};
    std::string complaints{};
    std::optional<std::string> request{};
    std::int64_t asked_at = 0;
  };
  using Workers = std::list<Worker>;

  Result<void> start();
  [[noreturn]] void serve(int requests, int answers);
  void read_answers(Workers::iterator worker, std::vector<Answer>& done);
  void end(Workers::iterator worker, Answer::End how, std::vector<Answer>& done);
  int time_left(std::chrono::milliseconds at_most) const;

  std::size_t most_;
  Work work_;
  std::chrono::milliseconds limit_;
  Workers workers_;
};

/// Readable once Ctrl-C was pressed or the process is to end; these signals do nothing else from then on.
Result<OwnedFd> watch_for_interrupts();
bool is_interrupted(int interrupt);

}  // namespace nym::sim
