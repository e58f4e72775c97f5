#pragma once

#include <sys/types.h>

#include <string_view>

namespace nym::bench {

/// What /proc says of a process; zeros when there is none.
/// User and system time, in seconds.
double processor_time(pid_t pid);
/// Kibibytes, by name: `RssAnon:`, `VmRSS:`, `VmHWM:`.
double memory(pid_t pid, std::string_view name);

}  // namespace nym::bench
