#include "engine/base/check.h"
#include "sim/plan/load.h"

// Plans: what is read is printed so that it reads the same, in both forms.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace nym;
  using namespace nym::sim;
  if (size == 0) return 0;
  auto syntax = data[0] % 2 == 0 ? Syntax::toml : Syntax::json;
  std::string_view text = as_text({data + 1, size - 1});
  (void)parse_fault(text);
  FileReader no_files = [](const std::string&) -> Result<std::string> {
    return fail(SimError::no_such_file, "there are no files");
  };
  auto plan = parse_plan(text, "p", syntax, no_files);
  if (!plan) return 0;
  auto printed = print_plan(*plan, Syntax::toml);
  auto again = parse_plan(printed, "p", Syntax::toml, no_files);
  NYM_CHECK(again);
  NYM_CHECK(print_plan(*again, Syntax::toml) == printed);
  auto from_json = parse_plan(print_plan(*plan, Syntax::json), "p", Syntax::json, no_files);
  NYM_CHECK(from_json);
  NYM_CHECK(print_plan(*from_json, Syntax::toml) == printed);
  return 0;
}
