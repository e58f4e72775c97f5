#pragma once

#include "engine/base/secret.h"

namespace nym::crypto {

/// An element of the field of RFC 8452 section 3, x^0 in the lowest bit of `low`.
struct PolyvalElement {
  std::uint64_t low = 0;
  std::uint64_t high = 0;
};

inline constexpr std::size_t kPolyvalBlock = 16;

/// sum <- (sum + block) * key * x^-128 for each whole block in turn. Constant time in key, sum and data.
using PolyvalStep = void (*)(const PolyvalElement& key, PolyvalElement& sum, ByteView blocks);

/// With integer multiplications only.
void polyval_portable(const PolyvalElement& key, PolyvalElement& sum, ByteView blocks);
/// With the processor's carry-less multiplication; null where it has none.
PolyvalStep polyval_carryless();

/// POLYVAL (RFC 8452 section 3) over what is added, each piece filled up with zeros to whole blocks.
class Polyval {
 public:
  explicit Polyval(FixedView<kPolyvalBlock> key);
  Polyval(FixedView<kPolyvalBlock> key, PolyvalStep step);
  Polyval(const Polyval&) = delete;
  Polyval& operator=(const Polyval&) = delete;
  ~Polyval();

  void add_padded(ByteView bytes);
  Secret<kPolyvalBlock> sum() const;

 private:
  PolyvalElement key_;
  PolyvalElement sum_;
  PolyvalStep step_;
};

}  // namespace nym::crypto
