#pragma once

#include <cstdint>
#include <expected>
#include <string>
#include <type_traits>
#include <utility>

namespace nym {

/// Whose code an error carries. Each layer has its own enum and names itself with `layer_of`.
enum class Layer : std::uint8_t { crypto, sphinx, wire, app_api, topology, client, gateway, mixnode, net, sim, cli };

template <class Code>
concept ErrorCode = std::is_enum_v<Code> && requires(Code code) {
  { layer_of(code) } -> std::same_as<Layer>;
};

/// What went wrong: a code to decide by and a short lower-case text to show.
class Error {
 public:
  template <ErrorCode Code>
  Error(Code code, std::string text)
      : layer_(layer_of(code)), code_(static_cast<std::uint16_t>(code)), text_(std::move(text)) {}

  template <ErrorCode Code>
  bool is(Code code) const {
    return layer_ == layer_of(code) && code_ == static_cast<std::uint16_t>(code);
  }
  const std::string& text() const { return text_; }

 private:
  Layer layer_;
  std::uint16_t code_;
  std::string text_;
};

template <class T>
using Result = std::expected<T, Error>;

template <ErrorCode Code>
std::unexpected<Error> fail(Code code, std::string text) {
  return std::unexpected(Error(code, std::move(text)));
}

}  // namespace nym

#define NYM_CONCAT_INNER(a, b) a##b
#define NYM_CONCAT(a, b) NYM_CONCAT_INNER(a, b)

/// `NYM_TRY(auto x, parse(bytes));` declares x, or returns the error of parse from the enclosing function.
#define NYM_TRY(declaration, expression)                                                                          \
  auto NYM_CONCAT(nym_try_, __LINE__) = (expression);                                                             \
  if (!NYM_CONCAT(nym_try_, __LINE__)) return std::unexpected(std::move(NYM_CONCAT(nym_try_, __LINE__)).error()); \
  declaration = *std::move(NYM_CONCAT(nym_try_, __LINE__))

/// As NYM_TRY for a `Result<void>`.
#define NYM_TRY_VOID(expression)                                                                   \
  do {                                                                                             \
    if (auto nym_try = (expression); !nym_try) return std::unexpected(std::move(nym_try).error()); \
  } while (false)
