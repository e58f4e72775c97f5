#pragma once

#include <expected>
#include <optional>

#include "engine/app_api/json_value.h"

namespace nym::app_api {

/// A result, or the text of what is wrong, with its position where the protocol gives one.
template <class T>
using Scan = std::expected<T, std::string>;

/// Reads one JSON text piece by piece and fails with the texts and positions of 05 §7.2. Total over any bytes; memory
/// is bounded by the text: contents of nested values are checked, but not kept. After a failure it must not be used on.
class JsonScanner {
 public:
  /// Levels of arrays and objects that may be open at a time.
  static constexpr int kMaxDepth = 127;

  enum class Shape : std::uint8_t { scalar, array, object };
  /// Whether an element or key is the first one of its array or object; `next_element` and `next_key` move it on.
  enum class Place : std::uint8_t { first, later };
  enum class Keep : std::uint8_t { nothing, contents };

  /// `text` must outlive the scanner.
  explicit JsonScanner(std::string_view text) : text_(text) {}

  /// What kind of value comes next.
  Scan<Shape> peek_shape();
  /// The whole next value. With Keep::nothing strings come back empty.
  Scan<JsonValue> value(Keep keep);

  /// Into the array or object that comes next.
  Scan<void> enter();
  /// Whether the open array has another element, which then comes next.
  Scan<bool> next_element(Place& place);
  /// The next key of the open object, and whatever comes before its colon; nothing at the object's end.
  Scan<std::optional<std::string>> next_key(Place& place);
  Scan<void> colon();
  /// Out of the open array or object, whose end comes next.
  void leave();

  /// Bytes read so far.
  std::size_t position() const { return at_; }

  /// Only white space may follow.
  Scan<void> end_of_text();

  /// A fault in the shape of what was just read.
  std::unexpected<std::string> fault_here(std::string_view what) const;
  /// A fault in the shape of the open object as a whole: it is placed after the object's end if that comes next.
  std::unexpected<std::string> fault_after_object(std::string_view what);

 private:
  std::optional<char> peek() const;
  std::optional<char> peek_token();
  std::unexpected<std::string> fault_at_next(std::string_view what) const;
  std::unexpected<std::string> fault_at(std::size_t consumed, std::string_view what) const;

  Scan<JsonValue> word(std::string_view rest, JsonValue meaning);
  Scan<JsonValue> number();
  Scan<JsonValue> check_array();
  Scan<JsonValue> check_object();
  Scan<std::string> string(Keep keep);
  Scan<void> escape(std::string& out);
  Scan<char32_t> unicode_escape();
  Scan<std::uint32_t> four_hex_digits();

  std::string_view text_;
  std::size_t at_ = 0;  ///< bytes consumed
  int depth_ = 0;
};

}  // namespace nym::app_api
