#include "sim/app/progress.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>

#include "sim/app/terminal.h"
#include "sim/record/start.h"

namespace nym::sim {
namespace {

using Clock = std::chrono::steady_clock;
constexpr auto kBetweenLooks = std::chrono::milliseconds(100);
constexpr std::int64_t kCells = 30;
constexpr unsigned kFramesBetweenLooks = 1'000;

class Progress : public Observer {
 public:
  explicit Progress(Duration limit) : limit_(limit), started_(Clock::now()), shown_at_(started_) {}
  ~Progress() override {
    if (is_shown_) write("\r\x1b[K");
  }
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;

  void on_sample(TimePoint now, const NetworkView&) override { show(now); }
  void on_frame_sent(TimePoint now, const FrameSent&) override {
    if (++frames_ % kFramesBetweenLooks == 0) show(now);
  }
  void on_phase(TimePoint, Phase phase) override { is_calm_ = phase != Phase::work; }

 private:
  void show(TimePoint now) {
    auto wall = Clock::now();
    if (wall - shown_at_ < kBetweenLooks) return;
    shown_at_ = wall;
    is_shown_ = true;
    auto done = std::min(now - kRunStart, limit_);
    auto cells = limit_ > Duration() ? done.whole_ms() * kCells / std::max<std::int64_t>(limit_.whole_ms(), 1) : kCells;
    auto bar =
        std::string(static_cast<std::size_t>(cells), '#') + std::string(static_cast<std::size_t>(kCells - cells), '.');
    write(fmt::format("\r[{}] {} of {} s{}\x1b[K", in_color(Stream::error, Tint::good, bar),
                      (now - kRunStart).whole_seconds(), limit_.whole_seconds(),
                      is_calm_ ? ", calming down" : remaining(wall - started_, done)));
  }
  std::string remaining(Clock::duration spent, Duration done) const {
    if (done.whole_ms() <= 0) return {};
    auto spent_ms = std::chrono::duration_cast<std::chrono::milliseconds>(spent).count();
    auto left_ms = (limit_ - done).whole_ms() * spent_ms / done.whole_ms();
    return fmt::format(", {} s to go", left_ms / 1'000);
  }
  static void write(const std::string& text) {
    std::fwrite(text.data(), 1, text.size(), stderr);
    std::fflush(stderr);
  }

  Duration limit_;
  Clock::time_point started_;
  Clock::time_point shown_at_;
  bool is_shown_ = false;
  bool is_calm_ = false;
  unsigned frames_ = 0;
};

}  // namespace

std::unique_ptr<Observer> make_progress(Duration limit) {
  if (!is_terminal(Stream::error)) return nullptr;
  return std::make_unique<Progress>(limit);
}

}  // namespace nym::sim
