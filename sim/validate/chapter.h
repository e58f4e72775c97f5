#pragma once

#include "sim/validate/compare.h"

namespace nym::sim {

/// A plan of the chapter on validation, and what theory says of it.
struct ChapterSection {
  std::string title;
  std::string plan;  ///< TOML
};
const std::vector<ChapterSection>& chapter_sections();
Result<Validation> validate(const ChapterSection& section, const ValidationSettings& settings);

/// Entropy of one and of three memoryless mixes against the closed form.
Validation validate_entropy(const ValidationSettings& settings);

/// Seeds of the swarm profile whose runs in model and real fidelity have the same fingerprint.
struct Agreement {
  std::uint64_t equal = 0;
  std::uint64_t all = 0;
  /// The lower end of the 99 % confidence interval of the share that is equal (Clopper and Pearson).
  double least_share() const;
};
Result<Agreement> compare_fidelities(std::uint64_t first_seed, std::uint64_t count);

/// docs/simulator-validation.md, but for what needs sockets.
Result<std::string> validation_chapter(const ValidationSettings& settings, std::uint64_t agreement_seeds);

}  // namespace nym::sim
