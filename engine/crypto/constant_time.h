#pragma once

#include "engine/base/secret.h"

namespace nym::crypto {

/// Takes the same time wherever the first difference is. Different lengths are unequal.
bool equal(ByteView a, ByteView b);
bool is_all_zero(ByteView bytes);

template <std::size_t N>
bool equal(const Secret<N>& a, const Secret<N>& b) {
  return equal(a.expose(), b.expose());
}

}  // namespace nym::crypto
