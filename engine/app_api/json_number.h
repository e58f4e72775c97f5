#pragma once

#include "engine/app_api/json_scanner.h"

namespace nym::app_api {

/// Why a number could not be read; the position is just after the byte `consumed`.
struct NumberFault {
  std::string_view what;
  std::size_t consumed = 0;
};

struct ScannedNumber {
  JsonValue value;
  std::size_t length = 0;
};

/// The JSON number that `text` begins with (a digit or `-`). Fractions and exponents are rounded as the original does:
/// the first 19 or 20 digits, scaled by a power of ten.
std::expected<ScannedNumber, NumberFault> scan_number(std::string_view text);

}  // namespace nym::app_api
