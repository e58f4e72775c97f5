#pragma once

#include <nlohmann/json.hpp>

#include "testnet/control.h"
#include "testnet/network.h"

namespace nym::testnet {

/// What `nym-testnet status --json` prints (docs/testnet.md).
nlohmann::ordered_json status_of(const Network& network, FaultBook& faults);
/// For people; with colours where they are wanted.
enum class Colours : std::uint8_t { none, ansi };
std::string status_text(const nlohmann::ordered_json& status, Colours colours);

/// What a program on the network finds in its environment, made from its status.
std::map<std::string, std::string> environment_of(const nlohmann::ordered_json& status);

/// Does what a line on the control socket asks for (docs/testnet.md); `stop` is called for `down`.
void answer_control(Network& network, const nlohmann::json& request, ControlAnswer answer,
                    const std::function<void()>& stop);

}  // namespace nym::testnet
