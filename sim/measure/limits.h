#pragma once

#include <cstddef>

/// What measurements may take of the memory, however long a run is and however large its network.
namespace nym::sim {

inline constexpr std::size_t kMeasuredMessages = std::size_t{1} << 22U;  ///< whose latency is known, replies apart
inline constexpr std::size_t kSampleValues = 10'000;    ///< of one Samples; of more, evenly chosen ones
inline constexpr std::size_t kSeriesPoints = 4'096;     ///< of one series; then neighbouring windows are joined
inline constexpr std::size_t kFewestPoints = 64;        ///< of one series among very many
inline constexpr std::size_t kMeterPoints = 1'048'576;  ///< of all series of one meter, if each may have kFewestPoints
inline constexpr std::size_t kFollowedClients = 64;     ///< the first ones: have series and timelines of their own
inline constexpr std::size_t kSampledClients = 1'000;   ///< the first ones: are looked at for sums over clients
inline constexpr std::size_t kTimelineSpans = 1'000;    ///< of one timeline; then the last span is `not followed`

/// Of each of so many series of one meter.
constexpr std::size_t points_each(std::size_t series) {
  std::size_t share = kMeterPoints / (series == 0 ? 1 : series);
  if (share > kSeriesPoints) return kSeriesPoints;
  return share < kFewestPoints ? kFewestPoints : share;
}

}  // namespace nym::sim
