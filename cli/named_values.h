#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "engine/client/config.h"

namespace nym::cli {

/// An enum whose values have names in configurations and on the command line.
template <class Enum>
struct NamedValue {
  Enum value;
  std::string_view name;
};

/// Specialised for every such enum: `static constexpr std::array kAll`.
template <class Enum>
struct NamesOf;

template <class Enum>
std::string_view name_of(Enum value) {
  for (const auto& named : NamesOf<Enum>::kAll) {
    if (named.value == value) return named.name;
  }
  return {};
}

template <class Enum>
std::optional<Enum> value_named(std::string_view name) {
  for (const auto& named : NamesOf<Enum>::kAll) {
    if (named.name == name) return named.value;
  }
  return std::nullopt;
}

template <class Enum>
std::vector<std::string_view> choices_of() {
  std::vector<std::string_view> names;
  for (const auto& named : NamesOf<Enum>::kAll) names.push_back(named.name);
  return names;
}

using app_api::Dialect;
template <>
struct NamesOf<Dialect> {
  static constexpr std::array kAll{NamedValue{Dialect::automatic, "auto"}, NamedValue{Dialect::strict, "strict"},
                                   NamedValue{Dialect::v0_7, "v0.7"}};
};

using client::DeliverTo;
template <>
struct NamesOf<DeliverTo> {
  static constexpr std::array kAll{NamedValue{DeliverTo::owner, "owner"}, NamedValue{DeliverTo::all, "all"},
                                   NamedValue{DeliverTo::newest, "newest"}};
};

enum class LogFormat : std::uint8_t { text, json };
template <>
struct NamesOf<LogFormat> {
  static constexpr std::array kAll{NamedValue{LogFormat::text, "text"}, NamedValue{LogFormat::json, "json"}};
};

/// `socket.socket_type`.
enum class SocketType : std::uint8_t { web_socket, none };
template <>
struct NamesOf<SocketType> {
  static constexpr std::array kAll{NamedValue{SocketType::web_socket, "WebSocket"},
                                   NamedValue{SocketType::none, "None"}};
};

}  // namespace nym::cli
