#include "sim/trace/trace.h"

#include <fmt/format.h>

#include "sim/trace/forms.h"

namespace nym::sim {

Result<std::unique_ptr<Trace>> open_trace(const std::string& path) {
  bool is_pcapng = path.ends_with(".pcapng");
  if (!is_pcapng && !path.ends_with(".jsonl")) {
    return fail(SimError::bad_text, fmt::format("{}: the name of a trace ends with .jsonl or .pcapng", path));
  }
  NYM_TRY(auto file, OutputFile::create(path));
  return is_pcapng ? make_pcapng_trace(std::move(file)) : make_jsonl_trace(std::move(file));
}

}  // namespace nym::sim
