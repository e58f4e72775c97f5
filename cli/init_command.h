#pragma once

#include "cli/registrar.h"
#include "cli/settings.h"

namespace nym::cli {

enum class OutputFormat : std::uint8_t { text, json };

struct InitOptions {
  std::string id;
  GatewayChoice gateway;
  bool force_register_gateway = false;
  Overrides overrides;
  OutputFormat output = OutputFormat::text;
};

/// Makes keys, registers with a gateway, writes the client's files, prints its address (04 §1.5.2, §2.8).
Result<void> init(const InitOptions& options, const Environment& environment);

}  // namespace nym::cli
