#pragma once

#include <string>
#include <string_view>

#include "engine/base/random.h"
#include "engine/base/time.h"
#include "sim/grammar/error.h"

namespace nym::sim {

// Quantities as people write them. Each is an integer once it is read; what `to_text` prints reads as the same value.
// Errors: bad_text, saying what was expected.

/// `1ms`, `1.5s`, `1m 30s`: ns, us, ms, s, m, h, d.
Result<Duration> parse_duration(std::string_view text);
std::string to_text(Duration duration);

/// So many events in so long a time; never none.
struct Rate {
  std::uint64_t count = 1;
  Duration per = Duration::seconds(1);
  friend bool operator==(const Rate&, const Rate&) = default;
};
/// `10/s`, `0.5/s`, `1/20ms`.
Result<Rate> parse_rate(std::string_view text);
std::string to_text(Rate rate);

/// `512`, `1kB`, `1.5MiB`: B, kB, MB, GB, KiB, MiB, GiB.
Result<std::uint64_t> parse_size(std::string_view text);
std::string size_text(std::uint64_t bytes);

/// `1MB/s`; bytes in a second.
Result<std::uint64_t> parse_byte_rate(std::string_view text);
std::string byte_rate_text(std::uint64_t bytes_per_second);

/// `5%` or `0.05`, at most one; exact to nine digits.
Result<Probability> parse_fraction(std::string_view text);
std::string to_text(Probability fraction);

/// A decimal number of at most `digits` digits after the point, as a whole number of its smallest unit: `1.5` with
/// three digits is 1500.
Result<std::int64_t> parse_decimal(std::string_view text, int digits);
std::string decimal_text(std::int64_t value, int digits);

/// A whole number without a sign. Error: bad_text also when it is above `max`.
Result<std::uint64_t> parse_count(std::string_view text, std::uint64_t max);

}  // namespace nym::sim
