#pragma once

#include <functional>
#include <memory>

#include "engine/base/bytes.h"
#include "engine/base/time.h"

namespace boost::asio {
class io_context;
}

namespace nym::net {

/// An event loop: one thread runs it, and every callback of this folder is called by it, never from inside a call into
/// an object of this folder. Must outlive everything made with it.
class Runtime {
 public:
  /// A loop of its own.
  Runtime();
  /// That of somebody else's loop, made when first asked for; it lives as long as the loop does. Whoever runs the loop
  /// runs this, and only one thread may.
  static Runtime& of(boost::asio::io_context& outside);
  Runtime(const Runtime&) = delete;
  Runtime& operator=(const Runtime&) = delete;
  ~Runtime();

  /// Until stop().
  void run();
  /// Until `done` holds (checked between callbacks), stop() or the deadline; returns whether it holds.
  bool run_until(const std::function<bool()>& done, TimePoint deadline);
  /// Callbacks that are due may or may not run any more.
  void stop();

  /// Calls `work` soon; from any thread.
  void post(std::function<void()> work);

  /// SIGINT, SIGTERM and SIGQUIT: `graceful` at the first, `immediate` at the second. Once a process.
  void on_signals(std::function<void()> graceful, std::function<void()> immediate);

  /// Owns something that nobody else does until it is released, at the latest until the loop is gone.
  void keep(std::shared_ptr<void> object);
  void release(const void* object);

  boost::asio::io_context& context();
  /// limits::kReadBytes bytes to read into; valid until the current callback returns.
  MutableByteView scratch();

 private:
  struct Parts;
  class Service;
  explicit Runtime(std::unique_ptr<Parts> parts);
  std::unique_ptr<Parts> parts_;
};

/// Calls back once when its time has come, at most about a second late after the machine slept.
class Timer {
 public:
  /// The timer may be destroyed inside `on_due`.
  Timer(Runtime& runtime, std::function<void()> on_due);
  Timer(const Timer&) = delete;
  Timer& operator=(const Timer&) = delete;
  /// Disarms.
  ~Timer();

  /// Replaces what it was armed for. A time in the past is due at once.
  void arm(TimePoint due);
  /// From now.
  void arm_after(Duration delay);
  void cancel();

 private:
  struct State;
  std::shared_ptr<State> state_;
};

}  // namespace nym::net
