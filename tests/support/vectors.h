#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

#include "engine/base/bytes.h"

namespace nym::test {

using Json = nlohmann::ordered_json;

/// A file of recorded data: from the folder NYM_VECTORS names, else tests/vectors/data. A missing file fails loudly.
const Json& vectors(const std::string& file);

/// Binary values: a hex string, or {"pattern":{"len","mul","add","mod"},"sha256"} with byte i = (i*mul + add) mod
/// `mod`, whose hash is checked.
Bytes bytes_of(const Json& value);
template <std::size_t N>
ByteArray<N> array_of(const Json& value) {
  Bytes bytes = bytes_of(value);
  if (bytes.size() != N) throw std::runtime_error("vector value has " + std::to_string(bytes.size()) + " bytes");
  return to_array<N>(bytes);
}
/// 64-bit numbers are decimal strings; small ones plain numbers.
std::uint64_t u64_of(const Json& value);

/// Whether `bytes` is what the vector says: hex, pattern, or {len, sha256, first32, last32}.
bool matches(const Json& expected, ByteView bytes);

}  // namespace nym::test
