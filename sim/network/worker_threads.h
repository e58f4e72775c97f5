#pragma once

#include <condition_variable>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace nym::sim {

/// Runs one function on several threads at once and waits for all: work that decides nothing.
class WorkerThreads {
 public:
  /// `threads` counts the calling one.
  explicit WorkerThreads(unsigned threads);
  WorkerThreads(const WorkerThreads&) = delete;
  WorkerThreads& operator=(const WorkerThreads&) = delete;
  ~WorkerThreads();

  std::size_t size() const { return helpers_.size() + 1; }
  /// work(0) ... work(size() - 1), each once.
  void run(const std::function<void(std::size_t)>& work);

 private:
  void help(std::size_t index);

  std::mutex mutex_;
  std::condition_variable begun_;
  std::condition_variable done_;
  const std::function<void(std::size_t)>* work_ = nullptr;
  std::uint64_t round_ = 0;
  std::size_t busy_ = 0;
  bool is_over_ = false;
  std::vector<std::thread> helpers_;
};

}  // namespace nym::sim
