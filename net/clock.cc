#include "net/clock.h"

#include <ctime>

#include "engine/base/check.h"

namespace nym::net {
namespace {

timespec read_clock(clockid_t clock) {
  timespec time{};
  NYM_CHECK(::clock_gettime(clock, &time) == 0);
  return time;
}

}  // namespace

TimePoint now() {
  auto time = read_clock(CLOCK_BOOTTIME);
  return TimePoint::at(Duration::seconds(time.tv_sec) + Duration::nanoseconds(time.tv_nsec));
}

UnixSeconds wall_now() {
  return {read_clock(CLOCK_REALTIME).tv_sec};
}

}  // namespace nym::net
