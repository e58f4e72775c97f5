#include "cli/config_file.h"
#include "cli/config_migration.h"
#include "engine/base/check.h"

// Configuration files: what is read is written so that it reads the same.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace nym;
  std::string_view text = as_text({data, size});
  (void)cli::parse_old_config(text);
  auto read = cli::parse_config(text);
  if (!read) return 0;
  auto written = cli::render_config(read->settings, cli::ConfigExtent::complete);
  auto again = cli::parse_config(written);
  NYM_CHECK(again);
  NYM_CHECK(cli::render_config(again->settings, cli::ConfigExtent::complete) == written);
  return 0;
}
