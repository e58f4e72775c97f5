#pragma once

#include "sim/plan/document.h"

namespace nym::sim {

/// One key of a plan that has another value than its file says: `links.loss` is `5%`. The value is TOML, or else a text
/// without quotes. Numbers in the key count the elements of a list, from 0: `workload.0.count`.
struct Setting {
  std::string key;
  std::string value;
  friend auto operator<=>(const Setting&, const Setting&) = default;
};
/// `links.loss=5%`. Error: bad_text.
Result<Setting> parse_setting(std::string_view text);
std::string to_text(const Setting& setting);

/// Sets it in a document; tables on the way to it are made. What is set in [client] holds for all groups. The error
/// names the place `setting`.
Read<void> apply_setting(const Setting& setting, Node& root);

}  // namespace nym::sim
