#include "sim/validate/compare.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <map>

#include "sim/validate/watcher.h"

namespace nym::sim {
namespace {

using Figures = std::map<std::string, std::vector<double>>;

Result<Figures> simulate(const Plan& plan, const ValidationSettings& settings) {
  Figures figures;
  for (std::uint64_t i = 0; i < settings.runs; ++i) {
    Watcher watcher(plan);
    auto result = run_plan(plan, {.fidelity = Fidelity::model,
                                  .seed = settings.first_seed + i,
                                  .measuring = client::Switch::off,
                                  .observers = {&watcher},
                                  .interrupt = settings.interrupt});
    if (result.interrupted) return fail(SimError::harness, "interrupted");
    if (!result.violations.empty()) return fail(SimError::harness, result.violations.front().text);
    for (const auto& [name, value] : watcher.figures()) figures[name].push_back(value);
  }
  return figures;
}

const char* verdict_of(const Comparison& one) {
  return one.is_within() ? "within" : "outside";
}

}  // namespace

Comparison compare(const Prediction& predicted, const std::vector<double>& values) {
  Comparison one{predicted, values.size(), 0, 0};
  double count = static_cast<double>(values.size());
  for (double value : values) one.mean += value / count;
  double squares = 0;
  for (double value : values) squares += (value - one.mean) * (value - one.mean);
  double error = std::sqrt(squares / (count - 1) / count);
  one.interval = student_quantile_99(values.size() - 1) * error + predicted.resolution;
  return one;
}

bool Validation::is_all_within() const {
  return std::all_of(comparisons.begin(), comparisons.end(), [](const Comparison& one) { return one.is_within(); });
}

Result<Validation> validate(const Plan& plan, const ValidationSettings& settings) {
  auto theory = predict(plan);
  Validation validation{{}, theory.silent_about};
  if (theory.predictions.empty()) return validation;
  NYM_TRY(auto figures, simulate(plan, settings));
  for (const auto& predicted : theory.predictions) {
    auto found = figures.find(predicted.name);
    if (found == figures.end() || found->second.size() < 2) {
      validation.silent_about.push_back(predicted.name + ": nothing of it was simulated");
    } else {
      validation.comparisons.push_back(compare(predicted, found->second));
    }
  }
  return validation;
}

double student_quantile_99(std::uint64_t degrees_of_freedom) {
  constexpr std::array kTable{63.657, 9.925, 5.841, 4.604, 4.032, 3.707, 3.499, 3.355, 3.250, 3.169,
                              3.106,  3.055, 3.012, 2.977, 2.947, 2.921, 2.898, 2.878, 2.861, 2.845};
  if (degrees_of_freedom <= kTable.size()) return kTable.at(degrees_of_freedom - 1);
  // Cornish and Fisher's expansion around the normal quantile.
  double n = static_cast<double>(degrees_of_freedom);
  constexpr double kZ = 2.575829;
  constexpr double kCube = kZ * kZ * kZ;
  return kZ + (kCube + kZ) / (4 * n) + (5 * kCube * kZ * kZ + 16 * kCube + 3 * kZ) / (96 * n * n);
}

std::string to_markdown(const Validation& validation) {
  std::string text = "| figure | predicted | simulated | ± 99 % | | theory |\n|---|---:|---:|---:|---|---|\n";
  for (const auto& one : validation.comparisons) {
    const auto& predicted = one.predicted;
    text += fmt::format("| `{}` [{}] | {:.5g} | {:.5g} | {:.2g} | {} | {} |\n", predicted.name, predicted.unit,
                        predicted.value, one.mean, one.interval, verdict_of(one), predicted.theory);
  }
  for (const auto& what : validation.silent_about) text += fmt::format("\nNot predicted: {}.\n", what);
  return text;
}

std::string to_json(const Validation& validation) {
  std::string text = "{\"figures\":[";
  for (const auto& one : validation.comparisons) {
    const auto& predicted = one.predicted;
    text += fmt::format(
        R"({}{{"name":"{}","unit":"{}","predicted":{},"simulated":{},"interval_99":{},"runs":{},"within":{}}})",
        &one == validation.comparisons.data() ? "" : ",", predicted.name, predicted.unit, predicted.value, one.mean,
        one.interval, one.runs, one.is_within());
  }
  return text + "]}";
}

}  // namespace nym::sim
