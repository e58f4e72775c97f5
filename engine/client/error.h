#pragma once

#include "engine/base/result.h"

namespace nym::client {

enum class ClientError : std::uint16_t {
  no_topology = 1,
  unroutable,
  not_enough_surbs,
  unknown_sender_tag,
  queue_full,
  too_large,
  malformed_fragment,
  malformed_message,
  reassembly_full,
  bad_gateway_answer,
};
constexpr Layer layer_of(ClientError) {
  return Layer::client;
}

}  // namespace nym::client
