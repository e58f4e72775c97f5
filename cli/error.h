#pragma once

#include "engine/base/result.h"

namespace nym::cli {

enum class CliError : std::uint16_t {
  bad_environment = 1,
  bad_config,
  not_initialised,
  already_initialised,
  network,
  usage
};
constexpr Layer layer_of(CliError) {
  return Layer::cli;
}

}  // namespace nym::cli
