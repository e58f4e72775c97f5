#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace nym {

/// The candidate that somebody may have meant who wrote `name`: few letters added, lost, changed or swapped, or a
/// beginning of it. The first of several equally near ones.
std::optional<std::string_view> nearest_name(std::string_view name, std::span<const std::string_view> candidates);

/// `; did you mean 'x'?` for the end of an error, or nothing.
std::string did_you_mean(std::string_view name, std::span<const std::string_view> candidates);

}  // namespace nym
