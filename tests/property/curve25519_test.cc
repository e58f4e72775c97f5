// Products on Curve25519 do not depend on what they are computed together with.

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>
#include <sodium.h>

#include "engine/crypto/curve25519_lanes.h"
#include "sim/kernel/seeded_random.h"
#include "tests/unit/crypto/curve_samples.h"

namespace nym::test {
namespace {

using crypto::Fraction;
using crypto::Multiplication;

constexpr std::size_t kMostJobs = 40;

struct Batch {
  Numbers scalars;
  Numbers points;

  // Random numbers with extremes in random places.
  static Batch any() {
    sim::SeededRandom random(*rc::gen::arbitrary<std::uint64_t>());
    auto count = static_cast<std::size_t>(draw_below(random, kMostJobs + 1));
    Batch batch{draw_scalars(random, count), draw_numbers(random, count)};
    auto extremes = [&](const Numbers& from, Numbers& into) {
      auto share = draw_below(random, 4);
      for (auto& number : into) {
        if (draw_below(random, 4) >= share) continue;
        number = from[static_cast<std::size_t>(draw_below(random, from.size()))];
      }
    };
    extremes(extreme_scalars(), batch.scalars);
    extremes(extreme_points(), batch.points);
    return batch;
  }

  std::vector<Multiplication> jobs() const {
    std::vector<Multiplication> out;
    for (std::size_t i = 0; i < scalars.size(); ++i) out.push_back({.scalar = scalars[i], .point = points[i]});
    return out;
  }
};

ByteArray<32> product_alone(const ByteArray<32>& scalar, const ByteArray<32>& point) {
  Multiplication job{.scalar = scalar, .point = point};
  Fraction fraction = crypto::scalar_ladder(scalar, point);
  crypto::divide_all({&fraction, 1}, {&job, 1});
  return to_array<32>(job.product.expose());
}

RC_GTEST_PROP(CurveProperty, A_product_is_the_same_in_any_company, ()) {
  auto batch = Batch::any();
  auto jobs = batch.jobs();
  crypto::multiply_all(jobs);
  for (std::size_t i = 0; i < jobs.size(); ++i) {
    RC_ASSERT(to_array<32>(jobs[i].product.expose()) == product_alone(batch.scalars[i], batch.points[i]));
  }
}

RC_GTEST_PROP(CurveProperty, A_clamped_product_is_that_of_libsodium, ()) {
  auto batch = Batch::any();
  for (auto& scalar : batch.scalars) {
    scalar[0] &= 0xf8U;
    scalar[31] |= 0x40U;
  }
  auto jobs = batch.jobs();
  crypto::multiply_all(jobs);
  for (std::size_t i = 0; i < jobs.size(); ++i) {
    ByteArray<32> expected{};
    int refused = crypto_scalarmult_curve25519(expected.data(), batch.scalars[i].data(), batch.points[i].data());
    if (refused != 0) expected = {};  // a point of low order
    RC_ASSERT(to_array<32>(jobs[i].product.expose()) == expected);
  }
}

}  // namespace
}  // namespace nym::test
