#include "engine/base/bytes.h"
#include "engine/base/check.h"
#include "sim/sweep/record.h"
#include "sim/sweep/vary.h"

// Records of runs: what is read is printed so that it reads the same. And what is varied, from the command line.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace nym::sim;
  auto text = nym::as_text({data, size});
  (void)parse_axis(text);
  auto record = parse_record(text);
  if (!record) return 0;
  auto printed = print_record(*record);
  auto again = parse_record(printed);
  NYM_CHECK(again);
  NYM_CHECK(print_record(*again) == printed);
  return 0;
}
