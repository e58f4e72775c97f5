#include "cli/environment.h"
#include "engine/base/bytes.h"
#include "engine/base/check.h"

// Files given with -c: any bytes, and what comes out can be put into an environment.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace nym;
  auto variables = cli::parse_env_file(as_text({data, size}), "fuzz.env");
  if (!variables) return 0;
  for (const auto& [key, value] : *variables) {
    NYM_CHECK(!key.empty() && key.find('=') == std::string::npos && value.find('\0') == std::string::npos);
  }
  return 0;
}
