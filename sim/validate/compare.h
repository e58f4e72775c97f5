#pragma once

#include "sim/run/run.h"
#include "sim/validate/predict.h"

namespace nym::sim {

/// A predicted figure and what simulations of several seeds show.
struct Comparison {
  Prediction predicted;
  std::uint64_t runs = 0;
  double mean = 0;
  double interval =
      0;  ///< half the width of the 99 % confidence interval of the mean, and the calculation's resolution
  bool is_within() const { return predicted.value >= mean - interval && predicted.value <= mean + interval; }
};
struct Validation {
  std::vector<Comparison> comparisons;
  std::vector<std::string> silent_about;
  bool is_all_within() const;
};
struct ValidationSettings {
  std::uint64_t first_seed = 1;
  std::uint64_t runs = 10;  ///< at least 2
  const std::atomic<bool>* interrupt = nullptr;
};

/// Of at least two runs.
Comparison compare(const Prediction& predicted, const std::vector<double>& values);
/// In model fidelity, which makes the same events as real fidelity. Error: harness, when a run fails.
Result<Validation> validate(const Plan& plan, const ValidationSettings& settings);

/// The 99.5 % quantile of Student's t distribution, by its degrees of freedom (from 1).
double student_quantile_99(std::uint64_t degrees_of_freedom);

/// A Markdown table.
std::string to_markdown(const Validation& validation);
/// One object.
std::string to_json(const Validation& validation);

}  // namespace nym::sim
