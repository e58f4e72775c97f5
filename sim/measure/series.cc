#include "sim/measure/series.h"

#include <algorithm>

#include "engine/base/check.h"

namespace nym::sim {
namespace {

double seconds_in(Duration duration) {
  return static_cast<double>(duration.ns()) / 1e9;
}

}  // namespace

WindowSums::WindowSums(Duration begin, Duration window, std::size_t most)
    : begin_(begin), window_(window), most_(most) {
  NYM_CHECK(window > Duration() && most >= 2);
}

void WindowSums::add(Duration at, double amount) {
  if (at < begin_) return;
  total_ += amount;
  auto index = static_cast<std::size_t>((at - begin_).ns() / window_.ns());
  while (index >= most_) {
    join_neighbours();
    index /= 2;
  }
  if (index >= sums_.size()) sums_.resize(index + 1);
  sums_[index] += amount;
}

void WindowSums::join_neighbours() {
  for (std::size_t i = 0; i < sums_.size(); i += 2) sums_[i / 2] = sums_[i] + at(i + 1);
  sums_.resize((sums_.size() + 1) / 2);
  window_ = window_ * 2;
}

std::size_t WindowSums::windows_until(Duration end) const {
  if (end <= begin_) return sums_.size();
  auto length = (end - begin_).ns();
  auto whole = static_cast<std::size_t>(length / window_.ns());
  bool counts_last = length % window_.ns() * 2 >= window_.ns();
  return std::max<std::size_t>(whole + (counts_last ? 1 : 0), 1);
}

std::vector<Series::Point> WindowSums::rates(Duration end) const {
  WindowSums whole = *this;
  whole.add(end, 0);  // the windows up to there, joined if they are too many
  std::vector<Series::Point> points;
  for (std::size_t i = 0; i < whole.windows_until(end); ++i) {
    auto from = whole.begin_of(i);
    auto length = std::min(whole.window_, end - from);
    if (length > Duration()) points.push_back({from, whole.at(i) / seconds_in(length)});
  }
  return points;
}

std::vector<Series::Point> ratio_of(WindowSums numerator, WindowSums denominator, Duration end) {
  numerator.add(end, 0);  // so that both are joined as often
  denominator.add(end, 0);
  std::vector<Series::Point> points;
  for (std::size_t i = 0; i < denominator.windows_until(end); ++i) {
    if (denominator.at(i) > 0) points.push_back({denominator.begin_of(i), numerator.at(i) / denominator.at(i)});
  }
  return points;
}

void Samplings::add(Duration at, double value) {
  largest_ = count_ == 0 ? value : std::max(largest_, value);
  sum_ += value;
  if (count_++ % stride_ != 0) return;
  points_.push_back({at, value});
  if (points_.size() < most_) return;
  for (std::size_t i = 0; i < points_.size(); i += 2) points_[i / 2] = points_[i];
  points_.resize((points_.size() + 1) / 2);
  stride_ *= 2;
}

void Samplings::add_to(Measurements& measurements, Metric metric, const std::string& name,
                       const std::string& unit) const {
  if (count_ == 0) return;
  measurements.figures.push_back({metric, name + ".max", unit, largest_});
  measurements.figures.push_back({metric, name + ".mean", unit, mean()});
  measurements.series.push_back({metric, name, unit, points_});
}

}  // namespace nym::sim
