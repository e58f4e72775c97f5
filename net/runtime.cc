#include "net/runtime.h"

#include <boost/asio/basic_waitable_timer.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/signal_set.hpp>
#include <csignal>
#include <map>
#include <optional>
#include <utility>

#include "net/clock.h"
#include "net/limits.h"

namespace nym::net {
namespace {

namespace asio = boost::asio;
using boost::system::error_code;

// The clock of net::now for Asio.
struct BootClock {
  using duration = std::chrono::nanoseconds;
  using rep = duration::rep;
  using period = duration::period;
  using time_point = std::chrono::time_point<BootClock>;
  static time_point now() { return time_point(duration(net::now().ns())); }
};

// The system's wait does not count time asleep, so a long one is cut into pieces, after each of which the clock is
// read.
struct BootWait {
  static constexpr BootClock::duration kLongest = std::chrono::seconds(1);
  static BootClock::duration to_wait_duration(const BootClock::duration& d) { return std::min(d, kLongest); }
  static BootClock::duration to_wait_duration(const BootClock::time_point& t) {
    return to_wait_duration(t - BootClock::now());
  }
};

using BootTimer = asio::basic_waitable_timer<BootClock, BootWait>;

constexpr BootClock::duration kCheckInterval = std::chrono::milliseconds(50);

}  // namespace

struct Runtime::Parts {
  Parts() : own(std::make_unique<asio::io_context>(1)), context(*own), work(context.get_executor()) {}
  explicit Parts(asio::io_context& outside) : context(outside) {}

  std::unique_ptr<asio::io_context> own;
  asio::io_context& context;
  std::optional<asio::executor_work_guard<asio::io_context::executor_type>> work;  ///< keeps our own loop going
  std::unique_ptr<asio::signal_set> signals;
  std::map<const void*, std::shared_ptr<void>> kept;
  Bytes scratch = Bytes(limits::kReadBytes);

  void wait_for_signal(std::function<void()> first, std::function<void()> second) {
    signals->async_wait([this, first = std::move(first), second = std::move(second)](error_code error, int) {
      if (error) return;
      first();
      if (second) wait_for_signal(second, second);
    });
  }
};

Runtime::Runtime() : parts_(std::make_unique<Parts>()) {}
Runtime::Runtime(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}
Runtime::~Runtime() = default;

// What is still queued on the outside loop when an object is gone may use the runtime: so the loop owns it.
class Runtime::Service : public asio::execution_context::service {
 public:
  static inline asio::execution_context::id id;
  explicit Service(asio::execution_context& owner)
      : service(owner), runtime(std::make_unique<Parts>(static_cast<asio::io_context&>(owner))) {}
  Runtime runtime;

 private:
  void shutdown() override { std::exchange(runtime.parts_->kept, {}).clear(); }
};

Runtime& Runtime::of(asio::io_context& outside) {
  return asio::use_service<Service>(outside).runtime;
}

void Runtime::run() {
  parts_->context.restart();
  parts_->context.run();
}

bool Runtime::run_until(const std::function<bool()>& done, TimePoint deadline) {
  parts_->context.restart();
  while (!done()) {
    auto left = deadline - now();
    if (left <= Duration() || parts_->context.stopped()) return false;
    parts_->context.run_one_for(std::min(BootClock::duration(left.ns()), kCheckInterval));
  }
  return true;
}

void Runtime::stop() {
  parts_->context.stop();
}

void Runtime::post(std::function<void()> work) {
  asio::post(parts_->context, std::move(work));
}

void Runtime::on_signals(std::function<void()> graceful, std::function<void()> immediate) {
  parts_->signals = std::make_unique<asio::signal_set>(parts_->context, SIGINT, SIGTERM, SIGQUIT);
  parts_->wait_for_signal(std::move(graceful), std::move(immediate));
}

void Runtime::keep(std::shared_ptr<void> object) {
  const void* address = object.get();
  parts_->kept.emplace(address, std::move(object));
}

void Runtime::release(const void* object) {
  auto released = parts_->kept.extract(object);
}

asio::io_context& Runtime::context() {
  return parts_->context;
}

MutableByteView Runtime::scratch() {
  return parts_->scratch;
}

struct Timer::State : std::enable_shared_from_this<Timer::State> {
  State(Runtime& runtime, std::function<void()> due) : timer(runtime.context()), on_due(std::move(due)) {}

  // A wait that ended just before it was replaced is recognised by its number.
  void arm(BootClock::time_point due) {
    auto number = ++current;
    timer.expires_at(due);
    timer.async_wait([self = shared_from_this(), number](error_code error) {
      if (error || number != self->current) return;
      ++self->current;
      self->on_due();
    });
  }

  void cancel() {
    ++current;
    timer.cancel();
  }

  BootTimer timer;
  std::function<void()> on_due;
  std::uint64_t current = 0;
};

Timer::Timer(Runtime& runtime, std::function<void()> on_due)
    : state_(std::make_shared<State>(runtime, std::move(on_due))) {}
Timer::~Timer() {
  state_->cancel();
}

void Timer::arm(TimePoint due) {
  state_->arm(BootClock::time_point(BootClock::duration(due.ns())));
}
void Timer::arm_after(Duration delay) {
  arm(now() + delay);
}
void Timer::cancel() {
  state_->cancel();
}

}  // namespace nym::net
