#pragma once

#include <string>

namespace nym::sim {

/// JSON Schema (2020-12) of plans in their JSON form, from the table that reads them: docs/simulator.schema.json.
std::string plan_schema();

/// Every key with type, default and meaning, in Markdown: part of docs/simulator.md.
std::string plan_reference();

}  // namespace nym::sim
