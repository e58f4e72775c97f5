#include "net/os_random.h"

#include <sys/random.h>

#include <cerrno>

#include "engine/base/check.h"

namespace nym::net {

void OsRandom::fill(MutableByteView out) {
  while (!out.empty()) {
    auto got = ::getrandom(out.data(), out.size(), 0);
    if (got < 0 && errno == EINTR) continue;
    NYM_CHECK(got > 0);
    out = out.subspan(static_cast<std::size_t>(got));
  }
}

std::unique_ptr<RandomSource> OsRandom::fork(std::string_view) {
  return std::make_unique<OsRandom>();
}

}  // namespace nym::net
