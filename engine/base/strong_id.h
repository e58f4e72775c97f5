#pragma once

#include <compare>
#include <cstddef>
#include <functional>

namespace nym {

/// A number that can not be confused with another kind of number.
template <class Tag, class Number>
struct StrongId {
  Number value{};

  friend constexpr auto operator<=>(const StrongId&, const StrongId&) = default;
};

}  // namespace nym

template <class Tag, class Number>
struct std::hash<nym::StrongId<Tag, Number>> {
  std::size_t operator()(const nym::StrongId<Tag, Number>& id) const noexcept { return std::hash<Number>{}(id.value); }
};
