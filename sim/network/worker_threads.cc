#include "sim/network/worker_threads.h"

namespace nym::sim {

WorkerThreads::WorkerThreads(unsigned threads) {
  for (unsigned i = 1; i < threads; ++i) {
    helpers_.emplace_back([this, i] { help(i); });
  }
}

WorkerThreads::~WorkerThreads() {
  {
    std::lock_guard lock(mutex_);
    is_over_ = true;
  }
  begun_.notify_all();
  for (auto& helper : helpers_) helper.join();
}

void WorkerThreads::run(const std::function<void(std::size_t)>& work) {
  {
    std::lock_guard lock(mutex_);
    work_ = &work;
    busy_ = helpers_.size();
    ++round_;
  }
  begun_.notify_all();
  work(0);
  std::unique_lock lock(mutex_);
  done_.wait(lock, [this] { return busy_ == 0; });
}

void WorkerThreads::help(std::size_t index) {
  std::uint64_t seen = 0;
  while (true) {
    const std::function<void(std::size_t)>* work = nullptr;
    {
      std::unique_lock lock(mutex_);
      begun_.wait(lock, [&] { return is_over_ || round_ != seen; });
      if (is_over_) return;
      seen = round_;
      work = work_;
    }
    (*work)(index);
    std::lock_guard lock(mutex_);
    if (--busy_ == 0) done_.notify_one();
  }
}

}  // namespace nym::sim
