#pragma once

#include <memory>
#include <optional>
#include <variant>
#include <vector>

#include "sim/grammar/quantity.h"

namespace nym::sim {

/// One-way times between named sites, from a CSV file: its first row and first column name the sites.
struct LatencyMatrix {
  std::vector<std::string> sites;
  std::vector<std::vector<Duration>> times;  ///< from, to
};
/// Numbers without a unit are milliseconds. Error: bad_text with the line.
Result<LatencyMatrix> parse_latency_matrix(std::string_view csv);

// Terms of a distribution. What would be negative is zero.
struct FixedTime {
  Duration value;
  friend bool operator==(const FixedTime&, const FixedTime&) = default;
};
struct UniformTime {
  Duration min;
  Duration max;
  friend bool operator==(const UniformTime&, const UniformTime&) = default;
};
struct NormalTime {
  Duration mean;
  Duration deviation;
  friend bool operator==(const NormalTime&, const NormalTime&) = default;
};
struct LogNormalTime {
  Duration median;
  std::int64_t sigma_millionths = 0;
  friend bool operator==(const LogNormalTime&, const LogNormalTime&) = default;
};
struct ExponentialTime {
  Duration mean;
  friend bool operator==(const ExponentialTime&, const ExponentialTime&) = default;
};
/// The time between the sites of the two nodes.
struct MatrixTime {
  std::string file;
  std::shared_ptr<const LatencyMatrix> matrix{};  ///< set when the plan is loaded
  friend bool operator==(const MatrixTime& a, const MatrixTime& b) { return a.file == b.file; }
};
using TimeTerm = std::variant<FixedTime, UniformTime, NormalTime, LogNormalTime, ExponentialTime, MatrixTime>;

/// A time that is drawn anew each time: the sum of its terms. `1ms + exponential(2ms)`, `uniform(1ms,5ms)`,
/// `normal(40ms,10ms)`, `log-normal(40ms,0.5)`, `matrix("cities.csv")`.
struct TimeDistribution {
  std::vector<TimeTerm> terms;
  friend bool operator==(const TimeDistribution&, const TimeDistribution&) = default;

  static TimeDistribution fixed(Duration value) { return {{FixedTime{value}}}; }
  bool is_zero() const { return *this == fixed(Duration()) || terms.empty(); }
};
/// Error: bad_text.
Result<TimeDistribution> parse_time_distribution(std::string_view text);
std::string to_text(const TimeDistribution& distribution);

// Sizes of messages, in bytes.
struct FixedSize {
  std::uint64_t bytes = 0;
  friend bool operator==(const FixedSize&, const FixedSize&) = default;
};
struct UniformSize {
  std::uint64_t min = 0;
  std::uint64_t max = 0;
  friend bool operator==(const UniformSize&, const UniformSize&) = default;
};
struct ExponentialSize {
  std::uint64_t mean = 0;
  friend bool operator==(const ExponentialSize&, const ExponentialSize&) = default;
};
/// Each as likely as the others.
struct SizeList {
  std::vector<std::uint64_t> sizes;
  friend bool operator==(const SizeList&, const SizeList&) = default;
};
/// `1kB`, `uniform(100B,10kB)`, `exponential(2kB)`, `list(100B,1kB,10kB)`.
using SizeDistribution = std::variant<FixedSize, UniformSize, ExponentialSize, SizeList>;
Result<SizeDistribution> parse_size_distribution(std::string_view text);
std::string to_text(const SizeDistribution& sizes);

// When messages come; the rates are those of a whole workload.
struct PoissonArrivals {
  Rate rate;
  friend bool operator==(const PoissonArrivals&, const PoissonArrivals&) = default;
};
struct ConstantArrivals {
  Rate rate;
  friend bool operator==(const ConstantArrivals&, const ConstantArrivals&) = default;
};
/// So many at once, again and again.
struct BurstArrivals {
  std::uint64_t count = 1;
  Duration every;
  friend bool operator==(const BurstArrivals&, const BurstArrivals&) = default;
};
/// Poisson while on, nothing while off.
struct OnOffArrivals {
  Rate rate;
  Duration on;
  Duration off;
  friend bool operator==(const OnOffArrivals&, const OnOffArrivals&) = default;
};
/// Poisson with a rate that goes from low to high and back in each period, in straight lines.
struct DiurnalArrivals {
  Rate low;
  Rate high;
  Duration period;
  friend bool operator==(const DiurnalArrivals&, const DiurnalArrivals&) = default;
};
/// `poisson(10/s)`, `constant(1/20ms)`, `burst(20,5s)`, `on-off(10/s,2s,8s)`, `diurnal(1/s,10/s,24h)`.
using Arrivals = std::variant<PoissonArrivals, ConstantArrivals, BurstArrivals, OnOffArrivals, DiurnalArrivals>;
Result<Arrivals> parse_arrivals(std::string_view text);
std::string to_text(const Arrivals& arrivals);

}  // namespace nym::sim
