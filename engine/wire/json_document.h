#pragma once

#include <concepts>
#include <limits>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "engine/base/bytes.h"
#include "engine/wire/error.h"

namespace nym::wire {

class JsonValue;
struct JsonMember;
using JsonArray = std::vector<JsonValue>;
using JsonObject = std::vector<JsonMember>;
struct JsonNull {};
/// A number with a fraction, an exponent or more than 64 bits; no document of ours has one where it matters.
struct JsonFraction {};

/// One value of a parsed text. Objects keep the order of their members, and duplicates.
class JsonValue {
 public:
  using Content =
      std::variant<JsonNull, bool, std::uint64_t, std::int64_t, JsonFraction, std::string, JsonArray, JsonObject>;
  JsonValue() = default;
  explicit JsonValue(Content content);

  template <class Kind>
  const Kind* get() const {
    return std::get_if<Kind>(&content_);
  }
  template <class Kind>
  Kind* get() {
    return std::get_if<Kind>(&content_);
  }
  bool is_null() const { return std::holds_alternative<JsonNull>(content_); }

 private:
  Content content_;
};

struct JsonMember {
  std::string key;
  JsonValue value;
};

// Here, because moving the content needs complete members.
inline JsonValue::JsonValue(Content content) : content_(std::move(content)) {}

/// What a text from outside may cost: a value takes about 50 bytes.
struct JsonLimits {
  std::size_t max_bytes = 0;
  std::size_t max_values = 0;
};
/// RFC 8259, nothing more: no byte order mark, no comments, valid UTF-8, at most 127 levels. Error: bad_json.
Result<JsonValue> parse_json(std::string_view text, const JsonLimits& limits);

/// The text as a JSON string with its quotes; bytes that are no UTF-8 are replaced.
std::string json_quoted(std::string_view text);

/// The first thing found wrong while a document is read; later ones are consequences.
class JsonProblem {
 public:
  void report(std::string text) {
    if (text_.empty()) text_ = std::move(text);
  }
  bool found() const { return !text_.empty(); }
  const std::string& text() const { return text_; }

 private:
  std::string text_;
};

enum class UnknownKeys : std::uint8_t { ignored, refused };

/// The named fields of one object, as the original reads its structures: in any order, each at most once; or an array
/// of all their values in the order of the names. After a problem every reader gives an empty value.
class JsonFields {
 public:
  /// `value` may be null after an earlier problem. `names` must outlive this.
  JsonFields(const JsonValue* value, std::span<const std::string_view> names, UnknownKeys unknown,
             JsonProblem& problem);

  /// The value if it is there, null included; nothing otherwise.
  const JsonValue* find(std::string_view name) const;
  /// As `find`, but a missing one is a problem.
  const JsonValue* require(std::string_view name) const;

  std::string text(std::string_view name) const;
  bool boolean(std::string_view name) const;
  /// Bytes written as an array of numbers 0 … 255.
  Bytes byte_array(std::string_view name) const;
  template <std::integral Number>
  Number integer(std::string_view name) const {
    const JsonValue* value = require(name);
    return value != nullptr ? integer_of<Number>(name, *value) : Number{};
  }
  /// Missing or null: nothing.
  template <std::integral Number>
  std::optional<Number> optional_integer(std::string_view name) const {
    const JsonValue* value = find(name);
    if (value == nullptr || value->is_null()) return std::nullopt;
    return integer_of<Number>(name, *value);
  }
  void optional_text(std::string_view name) const;

  void report(std::string_view name, std::string_view what) const;

 private:
  void take_members(const JsonObject& members, UnknownKeys unknown);
  void take_elements(const JsonArray& elements);

  template <std::integral Number>
  Number integer_of(std::string_view name, const JsonValue& value) const {
    if (const auto* number = value.get<std::uint64_t>(); number != nullptr && std::in_range<Number>(*number)) {
      return static_cast<Number>(*number);
    }
    if (const auto* number = value.get<std::int64_t>(); number != nullptr && std::in_range<Number>(*number)) {
      return static_cast<Number>(*number);
    }
    report(name, "is not a number of its range");
    return Number{};
  }

  std::span<const std::string_view> names_;
  std::vector<const JsonValue*> values_;  ///< one a name
  JsonProblem* problem_;
};

}  // namespace nym::wire
