#include "sim/validate/delay_curve.h"

#include <algorithm>
#include <cmath>

#include "engine/base/overloaded.h"
#include "sim/measure/timed_meter.h"

namespace nym::sim {
namespace {

constexpr double kNegligible = 1e-10;
constexpr std::size_t kMostCells = 400'000;  ///< a hundred seconds

double normal_distribution(double x) {
  return std::erfc(-x / std::sqrt(2.0)) / 2;
}

}  // namespace

DelayCurve DelayCurve::from(const std::function<double(double)>& distribution) {
  DelayCurve curve;
  double before = 0;
  for (std::size_t i = 0; i < kMostCells && (before < 1 - kNegligible || i == 0); ++i) {
    double now = distribution((static_cast<double>(i) + 0.5) * kStep);
    curve.mass_.push_back(now - before);
    before = now;
  }
  return curve;
}

DelayCurve DelayCurve::fixed(double seconds) {
  DelayCurve curve;
  curve.shift_ = seconds;
  curve.mass_ = {1};
  return curve;
}

DelayCurve DelayCurve::exponential(double mean) {
  if (mean <= 0) return fixed(0);
  return from([mean](double t) { return -std::expm1(-t / mean); });
}

std::optional<DelayCurve> DelayCurve::of(const TimeDistribution& distribution) {
  auto of_term = Overloaded{
      [](const FixedTime& time) { return std::optional(fixed(in_seconds(time.value))); },
      [](const UniformTime& time) {
        double low = in_seconds(time.min);
        double width = std::max(in_seconds(time.max) - low, 1e-12);
        auto curve = from([width](double t) { return std::min(1.0, t / width); });
        return std::optional(fixed(low).then(curve));
      },
      [](const NormalTime& time) {
        double mean = in_seconds(time.mean);
        double deviation = std::max(in_seconds(time.deviation), 1e-12);
        return std::optional(from([=](double t) { return normal_distribution((t - mean) / deviation); }));
      },
      [](const LogNormalTime& time) {
        double median = in_seconds(time.median);
        double sigma = std::max(static_cast<double>(time.sigma_millionths) / 1e6, 1e-12);
        return std::optional(from([=](double t) { return normal_distribution(std::log(t / median) / sigma); }));
      },
      [](const ExponentialTime& time) { return std::optional(exponential(in_seconds(time.mean))); },
      [](const MatrixTime&) { return std::optional<DelayCurve>(); },
  };
  auto sum = fixed(0);
  for (const auto& term : distribution.terms) {
    auto curve = std::visit(of_term, term);
    if (!curve) return std::nullopt;
    sum = sum.then(*curve);
  }
  return sum;
}

DelayCurve DelayCurve::then(const DelayCurve& next) const {
  DelayCurve sum;
  sum.shift_ = shift_ + next.shift_;
  sum.mass_.assign(mass_.size() + next.mass_.size() - 1, 0);
  for (std::size_t i = 0; i < mass_.size(); ++i) {
    for (std::size_t k = 0; k < next.mass_.size(); ++k) sum.mass_[i + k] += mass_[i] * next.mass_[k];
  }
  double tail = 0;
  while (sum.mass_.size() > 1 && (tail += sum.mass_.back()) < kNegligible) sum.mass_.pop_back();
  return sum;
}

DelayCurve DelayCurve::times(int count) const {
  auto sum = fixed(0);
  for (int i = 0; i < count; ++i) sum = sum.then(*this);
  return sum;
}

// P(D <= t) is that of its own delay, and that none of those before it, of which the one u earlier still needs more
// than t + u with its own probability, comes later.
DelayCurve DelayCurve::in_order(double rate) const {
  std::vector<double> later(mass_.size() + 1, 0);  // the integral of 1 - F from cell i on
  double above = 0;
  for (std::size_t i = mass_.size(); i > 0; --i) {
    later[i - 1] = later[i] + above * kStep;
    above += mass_[i - 1];
  }
  DelayCurve curve;
  curve.shift_ = shift_;
  double own = 0;
  double before = 0;
  for (std::size_t i = 0; i < mass_.size(); ++i) {
    own += mass_[i];
    double now = own * std::exp(-rate * later[i]);
    curve.mass_.push_back(now - before);
    before = now;
  }
  return curve;
}

double DelayCurve::mean() const {
  double sum = 0;
  for (std::size_t i = 0; i < mass_.size(); ++i) sum += static_cast<double>(i) * mass_[i];
  return shift_ + sum * kStep;
}

double DelayCurve::quantile(double share) const {
  double below = 0;
  for (std::size_t i = 0; i < mass_.size(); ++i) {
    if (below + mass_[i] >= share) {
      double inside = (share - below) / mass_[i] - 0.5;
      return shift_ + std::max(0.0, (static_cast<double>(i) + inside) * kStep);
    }
    below += mass_[i];
  }
  return shift_ + static_cast<double>(mass_.size()) * kStep;
}

double DelayCurve::entropy() const {
  double sum = 0;
  for (double mass : mass_) sum -= mass > 0 ? mass * std::log(mass / kStep) : 0;
  return sum;
}

}  // namespace nym::sim
