#include "tests/support/vectors.h"

#include <cstdlib>
#include <fstream>
#include <map>

#include "engine/base/text_encoding.h"
#include "engine/crypto/hash.h"

namespace nym::test {
namespace {

std::string folder() {
  const char* named = std::getenv("NYM_VECTORS");
  return named != nullptr ? named : NYM_DEFAULT_VECTORS;
}

Json load(const std::string& file) {
  std::string path = folder() + "/" + file;
  std::ifstream in(path);
  if (!in) throw std::runtime_error("cannot read test vectors " + path);
  return Json::parse(in);
}

Bytes pattern(const Json& p) {
  Bytes out(p.at("len").get<std::size_t>());
  auto mul = p.at("mul").get<std::uint64_t>();
  auto add = p.at("add").get<std::uint64_t>();
  auto mod = p.at("mod").get<std::uint64_t>();
  for (std::size_t i = 0; i < out.size(); ++i) out[i] = static_cast<std::uint8_t>((i * mul + add) % mod);
  return out;
}

std::string sha256_hex(ByteView bytes) {
  return to_hex(crypto::sha256(bytes));
}

}  // namespace

const Json& vectors(const std::string& file) {
  static std::map<std::string, Json> loaded;
  auto found = loaded.find(file);
  if (found == loaded.end()) found = loaded.emplace(file, load(file)).first;
  return found->second;
}

Bytes bytes_of(const Json& value) {
  if (value.is_object()) {
    Bytes out = pattern(value.at("pattern"));
    if (value.contains("sha256") && sha256_hex(out) != value.at("sha256").get<std::string>()) {
      throw std::runtime_error("pattern does not have its own hash: " + value.dump());
    }
    return out;
  }
  auto bytes = from_hex(value.get<std::string>());
  if (!bytes) throw std::runtime_error("no hex: " + value.dump());
  return *bytes;
}

std::uint64_t u64_of(const Json& value) {
  return value.is_string() ? std::stoull(value.get<std::string>()) : value.get<std::uint64_t>();
}

bool matches(const Json& expected, ByteView bytes) {
  if (!expected.is_object() || expected.contains("pattern")) return bytes_of(expected) == to_bytes(bytes);
  if (expected.contains("len") && expected.at("len").get<std::size_t>() != bytes.size()) return false;
  if (expected.contains("first32")) {
    auto first = bytes_of(expected.at("first32"));
    if (bytes.size() < first.size() || to_bytes(bytes.first(first.size())) != first) return false;
  }
  if (expected.contains("last32")) {
    auto last = bytes_of(expected.at("last32"));
    if (bytes.size() < last.size() || to_bytes(bytes.last(last.size())) != last) return false;
  }
  return expected.at("sha256").get<std::string>() == sha256_hex(bytes);
}

}  // namespace nym::test
