#include "engine/app_api/json_number.h"

#include <array>
#include <charconv>
#include <cmath>
#include <cstdlib>
#include <limits>

namespace nym::app_api {
namespace {

constexpr std::string_view kEarlyEnd = "EOF while parsing a value";
constexpr std::string_view kInvalid = "invalid number";
constexpr std::string_view kOutOfRange = "number out of range";
constexpr int kLargestPower = 308;  // the largest power of ten that is a double
constexpr std::int64_t kExponentLimit = std::numeric_limits<std::int32_t>::max();

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

double power_of_ten(int exponent) {
  std::array<char, 8> text{'1', 'e'};
  auto end = std::to_chars(text.data() + 2, text.data() + text.size(), exponent);
  double value = 0;
  std::from_chars(text.data(), end.ptr, value);
  return value;
}

class NumberReader {
 public:
  explicit NumberReader(std::string_view text) : text_(text) {}

  std::expected<ScannedNumber, NumberFault> read() {
    if (next_is('-')) {
      negative_ = true;
      ++at_;
    }
    if (at_ == text_.size()) return fault_here(kEarlyEnd);
    if (!is_digit(text_[at_])) return fault_after_next(kInvalid);
    if (next_is('0') && at_ + 1 < text_.size() && is_digit(text_[at_ + 1])) {
      ++at_;
      return fault_after_next(kInvalid);
    }
    bool is_whole = true;
    read_whole_digits(is_whole);
    if (next_is('.')) {
      is_whole = false;
      if (auto fault = read_fraction()) return std::unexpected(*fault);
    }
    if (next_is('e') || next_is('E')) return read_exponent();
    if (!is_whole) return scaled();
    return whole();
  }

 private:
  bool next_is(char c) const { return at_ < text_.size() && text_[at_] == c; }
  bool next_is_digit() const { return at_ < text_.size() && is_digit(text_[at_]); }
  std::unexpected<NumberFault> fault_here(std::string_view what) const {
    return std::unexpected(NumberFault{what, at_});
  }
  std::unexpected<NumberFault> fault_after_next(std::string_view what) const {
    return std::unexpected(NumberFault{what, at_ + 1});
  }
  ScannedNumber done(JsonValue value) const { return {.value = std::move(value), .length = at_}; }

  // False when the digit no longer fits.
  bool take_digit() {
    auto digit = static_cast<std::uint64_t>(text_[at_] - '0');
    constexpr auto kMax = std::numeric_limits<std::uint64_t>::max();
    if (significand_ > (kMax - digit) / 10) return false;
    significand_ = significand_ * 10 + digit;
    ++at_;
    return true;
  }

  void read_whole_digits(bool& is_whole) {
    while (next_is_digit() && take_digit()) {
    }
    for (; next_is_digit(); ++at_) {
      is_whole = false;
      ++exponent_;
    }
  }

  std::optional<NumberFault> read_fraction() {
    ++at_;
    if (at_ == text_.size()) return NumberFault{kEarlyEnd, at_};
    if (!next_is_digit()) return NumberFault{kInvalid, at_ + 1};
    while (next_is_digit() && take_digit()) --exponent_;
    while (next_is_digit()) ++at_;
    return std::nullopt;
  }

  std::expected<ScannedNumber, NumberFault> read_exponent() {
    ++at_;
    bool is_negative = next_is('-');
    if (is_negative || next_is('+')) ++at_;
    if (at_ == text_.size()) return fault_here(kEarlyEnd);
    if (!next_is_digit()) return fault_after_next(kInvalid);
    std::int64_t given = 0;
    for (; next_is_digit(); ++at_) {
      given = given * 10 + (text_[at_] - '0');
      if (given > kExponentLimit) return read_huge_exponent(is_negative);
    }
    exponent_ += is_negative ? -given : given;
    return scaled();
  }

  std::expected<ScannedNumber, NumberFault> read_huge_exponent(bool is_negative) {
    ++at_;
    if (significand_ != 0 && !is_negative) return fault_here(kOutOfRange);
    while (next_is_digit()) ++at_;
    return done(negative_ ? -0.0 : 0.0);
  }

  std::expected<ScannedNumber, NumberFault> scaled() const {
    auto value = static_cast<double>(significand_);
    std::int64_t exponent = exponent_;
    while (exponent < -kLargestPower && value != 0) {
      value /= power_of_ten(kLargestPower);
      exponent += kLargestPower;
    }
    if (value != 0) {
      if (exponent > kLargestPower) return fault_here(kOutOfRange);
      double power = power_of_ten(static_cast<int>(std::abs(exponent)));
      value = exponent < 0 ? value / power : value * power;
      if (std::isinf(value)) return fault_here(kOutOfRange);
    }
    return done(negative_ ? -value : value);
  }

  ScannedNumber whole() const {
    if (!negative_) return done(significand_);
    constexpr auto kLowest = std::uint64_t{1} << 63U;
    if (significand_ == 0 || significand_ > kLowest) return done(-static_cast<double>(significand_));
    return done(static_cast<std::int64_t>(0 - significand_));
  }

  std::string_view text_;
  std::size_t at_ = 0;
  bool negative_ = false;
  std::uint64_t significand_ = 0;
  std::int64_t exponent_ = 0;
};

}  // namespace

std::expected<ScannedNumber, NumberFault> scan_number(std::string_view text) {
  return NumberReader(text).read();
}

}  // namespace nym::app_api
