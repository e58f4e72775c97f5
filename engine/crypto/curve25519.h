#pragma once

#include <span>

#include "engine/base/secret.h"

namespace nym::crypto {

/// A number modulo the group order l, canonical, little-endian (01 §3.2).
class Scalar {
 public:
  /// Any 256-bit little-endian number, reduced.
  static Scalar reduce(FixedView<32> bytes);
  /// a * b mod l for any 256-bit little-endian numbers, reduced or not.
  static Scalar product(FixedView<32> a, FixedView<32> b);

  FixedView<32> expose() const { return bytes_.expose(); }

 private:
  explicit Scalar(Secret<32> bytes) : bytes_(std::move(bytes)) {}
  Secret<32> bytes_;
};

/// Clears the lowest three bits and the highest one, sets the second highest (01 §3.1).
void clamp(Secret<32>& scalar);

/// c below 2^255 for which u(c * P) is that of a * clamp(b) times P, at every point P of the curve, those of low order
/// included (09 §3.2). `a` is clamped, or itself such a c.
Secret<32> product_with_clamped(FixedView<32> a, FixedView<32> b);

/// Whether these are the coordinate of a point of the curve, and not of its twist. For public values only.
bool is_curve_coordinate(FixedView<32> u);

/// The base point G.
inline constexpr ByteArray<32> kBasePoint{9};

/// u(n * G) for a clamped n.
ByteArray<32> multiply_base(const Secret<32>& clamped);

/// u(n * P) by the Montgomery ladder without clamping, for n < 2^255 and any u: on the curve, on the twist,
/// non-canonical, of low order (01 §3.2). Constant time in both arguments. The result is canonical; infinity is 32 zero
/// bytes.
Secret<32> multiply_unclamped(FixedView<32> n, FixedView<32> u);

/// One of many multiplications: product = u(scalar * point). The views must outlive the call of multiply_all.
struct Multiplication {
  FixedView<32> scalar;  ///< clamped or not, below 2^255
  FixedView<32> point;   ///< where this views kBasePoint itself, tables of its multiples may be used
  Secret<32> product{};
};
/// Computes all products; independent of each other. The one place where several are computed side by side: how fast
/// depends on how many they are, what comes out does not. Constant time as multiply_unclamped.
void multiply_all(std::span<Multiplication> jobs);

}  // namespace nym::crypto
