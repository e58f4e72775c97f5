#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>

namespace nym::app_api {

struct JsonNull {
  friend bool operator==(const JsonNull&, const JsonNull&) = default;
};
struct JsonArray {
  friend bool operator==(const JsonArray&, const JsonArray&) = default;
};
struct JsonObject {
  friend bool operator==(const JsonObject&, const JsonObject&) = default;
};

/// A JSON value as far as requests need it: arrays and objects without their contents. Integers that fit are integers,
/// negative ones signed; all other numbers (`5.0`, `1e3`, `-0`, more than 64 bits) are floating point.
using JsonValue = std::variant<JsonNull, bool, std::uint64_t, std::int64_t, double, std::string, JsonArray, JsonObject>;

/// How error texts name a value: `null`, ``integer `5` ``, `string "x"`, `sequence` (05 §5).
std::string describe(const JsonValue& value);

/// In double quotes, with escapes for what is not printable.
std::string quote(std::string_view text);

}  // namespace nym::app_api
