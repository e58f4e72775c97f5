#include "engine/base/check.h"
#include "engine/wire/pem.h"

// Key files: what is read is written so that it reads the same.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace nym;
  std::string_view text = as_text({data, size});
  for (std::string_view label : {wire::kPemEd25519Private, wire::kPemAckKey, std::string_view("A")}) {
    auto content = wire::from_pem(text, label);
    if (!content) continue;
    auto again = wire::from_pem(wire::to_pem(label, *content), label);
    NYM_CHECK(again && *again == *content);
  }
  return 0;
}
