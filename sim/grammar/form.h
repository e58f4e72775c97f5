#pragma once

#include <fmt/format.h>

#include <span>

#include "sim/grammar/error.h"
#include "sim/grammar/text_reader.h"

namespace nym::sim {

/// One form of a value that is written as `name(a,b)`.
template <class T>
struct Form {
  static constexpr std::size_t kAny = 1'000;  ///< arguments, but at least one

  std::string_view name;
  std::size_t arguments;
  Result<T> (*read)(const Call&);
};

/// Error: bad_text; `expected` lists the forms for people.
template <class T>
Result<T> read_form(std::string_view text, std::span<const Form<T>> forms, std::string_view expected) {
  auto call = read_call(text);
  for (const auto& form : forms) {
    if (form.name != call.name || !call.is_well_formed) continue;
    bool fits = form.arguments == call.arguments.size() || (form.arguments == Form<T>::kAny && !call.arguments.empty());
    if (fits) return form.read(call);
    return fail(SimError::bad_text,
                fmt::format("{} has {} arguments, not {}", form.name, form.arguments, call.arguments.size()));
  }
  return fail(SimError::bad_text, fmt::format("'{}' is none of {}", text, expected));
}

}  // namespace nym::sim
