#include "net/metrics/process_metrics.h"

#include <sys/resource.h>

#include <filesystem>
#include <fstream>
#include <limits>

namespace nym::net {
namespace {

constexpr double kKibibyte = 1'024;
constexpr double kMicro = 1e-6;

double seconds(const timeval& time) {
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) * kMicro;
}

std::size_t count_open_files() {
  std::error_code failed;
  std::filesystem::directory_iterator entries("/proc/self/fd", failed);
  std::size_t count = 0;
  for (const auto& entry : entries) count += entry.path().empty() ? 0U : 1U;
  return count == 0 ? 0 : count - 1;  // the listing itself has one open
}

}  // namespace

ProcessMetrics::ProcessMetrics(MetricSet& metrics)
    : cpu_seconds_(metrics.counter("process_cpu_seconds_total", "Processor time used, user and system, in seconds.")),
      resident_(metrics.gauge("process_resident_memory_bytes", "Memory held, shared files included.")),
      anonymous_(metrics.gauge("process_anonymous_memory_bytes", "Memory held that no file stands behind.")),
      open_files_(metrics.gauge("process_open_fds", "Open files and sockets.")) {}

void ProcessMetrics::refresh() {
  rusage used{};
  if (::getrusage(RUSAGE_SELF, &used) == 0) raise_to(cpu_seconds_, seconds(used.ru_utime) + seconds(used.ru_stime));
  std::ifstream status("/proc/self/status");
  for (std::string name; status >> name;) {
    double kibibytes = 0;
    if (name == "VmRSS:" && status >> kibibytes) resident_.Set(kibibytes * kKibibyte);
    if (name == "RssAnon:" && status >> kibibytes) anonymous_.Set(kibibytes * kKibibyte);
    status.ignore(std::numeric_limits<std::streamsize>::max(), '\n');
  }
  open_files_.Set(static_cast<double>(count_open_files()));
}

}  // namespace nym::net
