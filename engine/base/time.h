#pragma once

#include <compare>
#include <cstdint>
#include <limits>

namespace nym {

/// A span of time in nanoseconds, from -max() to max(); making one and computing with it saturate there.
class Duration {
 public:
  constexpr Duration() = default;
  static constexpr Duration nanoseconds(std::int64_t ns) { return Duration(ns); }
  static constexpr Duration microseconds(std::int64_t us) { return Duration(1'000) * us; }
  static constexpr Duration milliseconds(std::int64_t ms) { return Duration(1'000'000) * ms; }
  static constexpr Duration seconds(std::int64_t s) { return Duration(1'000'000'000) * s; }
  static constexpr Duration minutes(std::int64_t m) { return seconds(60) * m; }
  static constexpr Duration hours(std::int64_t h) { return seconds(3'600) * h; }
  static constexpr Duration max() { return Duration(kMax); }

  constexpr std::int64_t ns() const { return ns_; }
  constexpr std::int64_t whole_ms() const { return ns_ / 1'000'000; }
  constexpr std::int64_t whole_seconds() const { return ns_ / 1'000'000'000; }

  friend constexpr auto operator<=>(Duration, Duration) = default;
  friend constexpr Duration operator+(Duration a, Duration b) { return Duration(saturating_add(a.ns_, b.ns_)); }
  friend constexpr Duration operator-(Duration a, Duration b) { return Duration(saturating_add(a.ns_, -b.ns_)); }
  friend constexpr Duration operator*(Duration a, std::int64_t factor) {
    std::int64_t product = 0;
    if (!__builtin_mul_overflow(a.ns_, factor, &product)) return Duration(product);
    return ((a.ns_ < 0) == (factor < 0)) ? max() : Duration(-kMax);
  }
  friend constexpr Duration operator/(Duration a, std::int64_t divisor) { return Duration(a.ns_ / divisor); }
  constexpr Duration& operator+=(Duration other) { return *this = *this + other; }

 private:
  friend class TimePoint;
  static constexpr std::int64_t kMax = std::numeric_limits<std::int64_t>::max();
  explicit constexpr Duration(std::int64_t ns) : ns_(ns < -kMax ? -kMax : ns) {}
  static constexpr std::int64_t saturating_add(std::int64_t a, std::int64_t b) {
    std::int64_t sum = 0;
    if (!__builtin_add_overflow(a, b, &sum)) return sum;
    return a < 0 ? -kMax : kMax;
  }

  std::int64_t ns_ = 0;
};

/// An instant of the driver's monotonic clock, in nanoseconds since an origin that only the driver knows.
class TimePoint {
 public:
  constexpr TimePoint() = default;
  static constexpr TimePoint at(Duration since_origin) { return TimePoint(since_origin); }

  constexpr Duration since_origin() const { return since_origin_; }
  constexpr std::int64_t ns() const { return since_origin_.ns(); }

  friend constexpr auto operator<=>(TimePoint, TimePoint) = default;
  friend constexpr TimePoint operator+(TimePoint t, Duration d) { return TimePoint(t.since_origin_ + d); }
  friend constexpr TimePoint operator-(TimePoint t, Duration d) { return TimePoint(t.since_origin_ - d); }
  friend constexpr Duration operator-(TimePoint a, TimePoint b) { return a.since_origin_ - b.since_origin_; }

 private:
  explicit constexpr TimePoint(Duration since_origin) : since_origin_(since_origin) {}
  Duration since_origin_;
};

/// Wall-clock time in whole seconds since 1970; only where files or protocols need it.
struct UnixSeconds {
  std::int64_t value = 0;
  friend constexpr auto operator<=>(UnixSeconds, UnixSeconds) = default;
};

}  // namespace nym
