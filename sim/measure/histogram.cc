#include "sim/measure/histogram.h"

#include <algorithm>
#include <bit>
#include <cmath>

namespace nym::sim {
namespace {

// Numbers below 2^8 have buckets of their own; of the larger ones the first eight bits count.
constexpr unsigned kExactBits = 8;
constexpr std::uint64_t kExact = std::uint64_t{1} << kExactBits;
constexpr std::uint64_t kPerOctave = kExact / 2;
constexpr std::size_t kBuckets = kExact + (64 - kExactBits) * kPerOctave;

std::size_t bucket_of(std::uint64_t value) {
  if (value < kExact) return value;
  auto shift = static_cast<unsigned>(std::bit_width(value)) - kExactBits;
  return kExact + (shift - 1) * kPerOctave + ((value >> shift) - kPerOctave);
}

double middle_of(std::size_t bucket) {
  if (bucket < kExact) return static_cast<double>(bucket);
  std::uint64_t above = bucket - kExact;
  auto shift = static_cast<unsigned>(above / kPerOctave) + 1;
  std::uint64_t low = (kPerOctave + above % kPerOctave) << shift;
  return static_cast<double>(low) + (std::ldexp(1.0, static_cast<int>(shift)) - 1) / 2;
}

}  // namespace

Histogram::Histogram() : buckets_(kBuckets) {}

void Histogram::add(std::uint64_t value) {
  ++buckets_[bucket_of(value)];
  ++count_;
  sum_ += static_cast<double>(value);
  smallest_ = std::min(smallest_, value);
  largest_ = std::max(largest_, value);
}

double Histogram::mean() const {
  return count_ == 0 ? 0 : sum_ / static_cast<double>(count_);
}

double Histogram::value_at_rank(std::uint64_t rank) const {
  std::uint64_t below = 0;
  for (std::size_t i = 0; i < buckets_.size(); ++i) {
    below += buckets_[i];
    if (below >= rank) return std::clamp(middle_of(i), static_cast<double>(smallest_), static_cast<double>(largest_));
  }
  return static_cast<double>(largest_);
}

double Histogram::quantile(double q) const {
  if (count_ == 0) return 0;
  auto rank = static_cast<std::uint64_t>(std::ceil(q * static_cast<double>(count_)));
  return value_at_rank(std::clamp<std::uint64_t>(rank, 1, count_));
}

std::vector<double> Histogram::spread(std::size_t most) const {
  std::vector<double> values;
  auto wanted = std::min<std::uint64_t>(count_, most);
  values.reserve(wanted);
  std::uint64_t below = 0;
  for (std::size_t i = 0; i < buckets_.size(); ++i) {
    below += buckets_[i];
    auto value = std::clamp(middle_of(i), static_cast<double>(smallest()), static_cast<double>(largest_));
    // The k-th of `wanted` values has the rank in the middle of the k-th of as many equal parts of all ranks.
    while (values.size() < wanted && (2 * values.size() + 1) * count_ < 2 * wanted * below) values.push_back(value);
  }
  return values;
}

}  // namespace nym::sim
