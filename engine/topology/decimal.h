#pragma once

#include <string_view>

namespace nym::topology {

// Numbers as the directory writes them, in strings (03 §13.2).

/// Digits, a plus sign in front allowed, below 2^128.
bool is_u128(std::string_view text);

/// Whole part, and up to 18 digits behind a point; in units of 10^-18 below 2^128.
bool is_decimal(std::string_view text);

/// A decimal of at most 1.
bool is_fraction_of_one(std::string_view text);

}  // namespace nym::topology
