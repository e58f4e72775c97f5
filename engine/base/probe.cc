#include "engine/base/probe.h"

#include <algorithm>
#include <array>

namespace nym {
namespace {

struct ProbeInfo {
  std::string_view name;
  ProbeKind kind;
};

constexpr std::array<ProbeInfo, kProbeCount> kProbes = {{
#define NYM_PROBE_INFO(enumerator, name, kind) {name, ProbeKind::kind},
    NYM_PROBES(NYM_PROBE_INFO)
#undef NYM_PROBE_INFO
}};

}  // namespace

std::string_view to_string(Probe probe) {
  return kProbes.at(static_cast<std::size_t>(probe)).name;
}

std::optional<Probe> probe_from(std::string_view name) {
  const auto* found = std::ranges::find(kProbes, name, &ProbeInfo::name);
  if (found == kProbes.end()) return std::nullopt;
  return static_cast<Probe>(found - kProbes.begin());
}

ProbeKind kind_of(Probe probe) {
  return kProbes.at(static_cast<std::size_t>(probe)).kind;
}

}  // namespace nym
