// Whether the time of what handles secrets tells something about them, after dudect (Reparaz, Balasch, Verbauwhede
// 2016): two classes of inputs take turns at random, and Welch's t-test looks for a difference of the means, of all
// measurements and of those below several percentiles, which cuts off what the machine did meanwhile.
#include "engine/crypto/constant_time.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <functional>
#include <iostream>

#include "engine/crypto/aes_gcm_siv.h"
#include "engine/crypto/curve25519_lanes.h"
#include "engine/crypto/polyval.h"
#include "sim/kernel/seeded_random.h"

#if defined(__x86_64__)
#include <x86intrin.h>
#endif

namespace nym::crypto {
namespace {

/// Beyond this a difference is beyond doubt; two equal classes stay below 5.
constexpr double kLeak = 10;
constexpr std::size_t kWarmUp = 50;  ///< measurements after inputs were drawn
constexpr double kPercentiles[] = {0.1, 0.25, 0.5, 0.75, 0.9, 0.99, 1};

std::uint64_t ticks() {
#if defined(__x86_64__)
  unsigned processor = 0;
  return __rdtscp(&processor);
#else
  return static_cast<std::uint64_t>(std::chrono::steady_clock::now().time_since_epoch().count());
#endif
}

/// Mean and variance as they come (Welford).
struct Moments {
  double count = 0;
  double mean = 0;
  double squares = 0;
  void add(double value) {
    count += 1;
    double distance = value - mean;
    mean += distance / count;
    squares += distance * (value - mean);
  }
  double variance_of_mean() const { return squares / (count - 1) / count; }
};

struct Sample {
  std::size_t of_class;
  std::uint64_t took;
};

double welch(const std::vector<Sample>& samples, std::uint64_t up_to) {
  std::array<Moments, 2> moments;
  for (const auto& sample : samples) {
    if (sample.took <= up_to) moments[sample.of_class].add(static_cast<double>(sample.took));
  }
  constexpr double kFewest = 100;
  if (moments[0].count < kFewest || moments[1].count < kFewest) return 0;
  double variance = moments[0].variance_of_mean() + moments[1].variance_of_mean();
  return variance > 0 ? std::abs(moments[0].mean - moments[1].mean) / std::sqrt(variance) : 0;
}

using Draw = std::function<Bytes(RandomSource&)>;

struct Input {
  std::size_t of_class;
  Bytes bytes;
};

/// Drawn before anything is measured: drawing itself is different for each class.
std::vector<Input> draw_inputs(RandomSource& random, const Draw& first, const Draw& second) {
  constexpr std::size_t kAhead = 1'000;
  std::vector<Input> inputs;
  for (std::size_t i = 0; i < kAhead; ++i) {
    std::size_t of_class = draw_below(random, 2);
    inputs.push_back({of_class, of_class == 0 ? first(random) : second(random)});
  }
  return inputs;
}

/// The largest t. `run` reads its input at one and the same place whatever the class.
double greatest_t(std::size_t measurements, const Draw& first, const Draw& second,
                  const std::function<void(ByteView)>& run) {
  sim::SeededRandom random(1);
  std::vector<Sample> samples;
  while (samples.size() < measurements) {
    auto inputs = draw_inputs(random, first, second);
    Bytes place(inputs.front().bytes.size());
    for (std::size_t i = 0; i < inputs.size(); ++i) {
      std::ranges::copy(inputs[i].bytes, place.begin());
      auto began = ticks();
      run(place);
      auto took = ticks() - began;
      if (i >= kWarmUp) samples.push_back({inputs[i].of_class, took});
    }
  }
  std::vector<std::uint64_t> times;
  for (const auto& sample : samples) times.push_back(sample.took);
  std::ranges::sort(times);
  double greatest = 0;
  for (double percentile : kPercentiles) {
    auto place = static_cast<std::size_t>(percentile * static_cast<double>(times.size() - 1));
    greatest = std::max(greatest, welch(samples, times[place]));
  }
  std::cout << "greatest t " << greatest << " of " << measurements << " measurements\n";
  return greatest;
}

void keep(const void* result) {
  asm volatile("" : : "g"(result) : "memory");
}

constexpr std::size_t kNumber = 32;
constexpr std::size_t kScalarAndPoint = 2 * kNumber;

Bytes random_bytes(RandomSource& random, std::size_t count) {
  Bytes bytes(count);
  random.fill(bytes);
  return bytes;
}
/// Scalar ‖ point.
Bytes random_pair(RandomSource& random) {
  auto bytes = random_bytes(random, kScalarAndPoint);
  bytes[kNumber - 1] &= 0x7fU;
  return bytes;
}
Bytes with_scalar_one(RandomSource& random) {
  auto bytes = random_pair(random);
  std::fill_n(bytes.begin(), kNumber, std::uint8_t{0});
  bytes[0] = 1;
  return bytes;
}
Bytes with_scalar_of_ones(RandomSource& random) {
  auto bytes = random_pair(random);
  std::fill_n(bytes.begin(), kNumber, std::uint8_t{0xff});
  bytes[kNumber - 1] = 0x7f;
  return bytes;
}
Bytes with_point_zero(RandomSource& random) {
  auto bytes = random_pair(random);
  std::fill_n(bytes.begin() + kNumber, kNumber, std::uint8_t{0});
  return bytes;
}

FixedView<32> scalar_in(ByteView input) {
  return input.first<kNumber>();
}
FixedView<32> point_in(ByteView input) {
  return input.subspan<kNumber, kNumber>();
}

/// Whether anything about scalar or point shows.
void expect_constant_time(std::size_t measurements, const std::function<void(ByteView)>& run) {
  EXPECT_LT(greatest_t(measurements, with_scalar_one, random_pair, run), kLeak) << "few bits in the scalar";
  EXPECT_LT(greatest_t(measurements, with_scalar_of_ones, random_pair, run), kLeak) << "many bits in the scalar";
  EXPECT_LT(greatest_t(measurements, with_point_zero, random_pair, run), kLeak) << "the point";
}

constexpr std::size_t kLadders = 20'000;

TEST(SlowConstantTime, OfTheLadderWithoutVectors) {
  expect_constant_time(kLadders, [](ByteView input) {
    auto result = scalar_ladder(scalar_in(input), point_in(input));
    keep(&result);
  });
}

/// As many jobs of the same input as the ladder has lanes for.
template <std::size_t jobs>
void expect_constant_time_of(Ladder ladder) {
  expect_constant_time(kLadders, [ladder](ByteView input) {
    auto job = [&] { return Multiplication{.scalar = scalar_in(input), .point = point_in(input)}; };
    std::vector<Multiplication> all;
    for (std::size_t i = 0; i < jobs; ++i) all.push_back(job());
    std::array<Fraction, jobs> results;
    ladder(all, results);
    keep(&results);
  });
}

TEST(SlowConstantTime, OfThePairLadder) {
  if (vector_ladders() == nullptr) GTEST_SKIP() << "this processor has no AVX-512 IFMA";
  expect_constant_time_of<VectorLadders::kPair>(vector_ladders()->pair);
}

TEST(SlowConstantTime, OfTheWideLadder) {
  if (vector_ladders() == nullptr) GTEST_SKIP() << "this processor has no AVX-512 IFMA";
  expect_constant_time_of<VectorLadders::kWide>(vector_ladders()->wide);
}

TEST(SlowConstantTime, OfTheCommonInversion) {
  expect_constant_time(kLadders, [](ByteView input) {
    std::array jobs{Multiplication{.scalar = scalar_in(input), .point = point_in(input)},
                    Multiplication{.scalar = scalar_in(input), .point = kBasePoint}};
    std::array fractions{Fraction{load_field(point_in(input)), load_field(scalar_in(input))},
                         Fraction{load_field(scalar_in(input)), load_field(point_in(input))}};
    divide_all(fractions, jobs);
    keep(&jobs);
  });
}

TEST(SlowConstantTime, OfTheTablesOfTheBasePoint) {
  expect_constant_time(kLadders, [](ByteView input) {
    auto result = multiply_base_by_tables(scalar_in(input));
    keep(&result);
  });
}

// --- AES-256-GCM-SIV --------------------------------------------------------

constexpr std::size_t kMessage = 256;

/// key ‖ plaintext, or what else a part of the cipher takes.
Bytes random_message(RandomSource& random) {
  return random_bytes(random, kNumber + kMessage);
}
Bytes with_key_zero(RandomSource& random) {
  auto bytes = random_message(random);
  std::fill_n(bytes.begin(), kNumber, std::uint8_t{0});
  return bytes;
}
Bytes with_message_of_ones(RandomSource& random) {
  auto bytes = random_message(random);
  std::fill(bytes.begin() + kNumber, bytes.end(), std::uint8_t{0xff});
  return bytes;
}

void expect_constant_time_of_message(const std::function<void(ByteView)>& run) {
  EXPECT_LT(greatest_t(kLadders, with_key_zero, random_message, run), kLeak) << "the key";
  EXPECT_LT(greatest_t(kLadders, with_message_of_ones, random_message, run), kLeak) << "the message";
}

void expect_constant_time_of_polyval(PolyvalStep step) {
  expect_constant_time_of_message([step](ByteView input) {
    Polyval hash(input.first<kPolyvalBlock>(), step);
    hash.add_padded(input.subspan(kNumber));
    auto sum = hash.sum();
    keep(&sum);
  });
}

TEST(SlowConstantTime, OfPolyvalWithoutCarrylessMultiplication) {
  expect_constant_time_of_polyval(polyval_portable);
}

TEST(SlowConstantTime, OfPolyvalWithCarrylessMultiplication) {
  if (polyval_carryless() == nullptr) GTEST_SKIP() << "this processor has no carry-less multiplication";
  expect_constant_time_of_polyval(polyval_carryless());
}

TEST(SlowConstantTime, OfSealingWithGcmSiv) {
  expect_constant_time_of_message([](ByteView input) {
    Bytes sealed(kMessage + kGcmSivTag);
    gcm_siv_seal(GcmSivKey(input.first<kNumber>()), {}, {}, input.subspan(kNumber), sealed);
    keep(sealed.data());
  });
}

// --- comparing MACs ---------------------------------------------------------

constexpr std::size_t kMacs = 100'000;
constexpr int kComparisons = 16;  // one alone is shorter than the clock's steps

Bytes equal_macs(RandomSource& random) {
  auto mac = random_bytes(random, kNumber);
  Bytes both = mac;
  both.insert(both.end(), mac.begin(), mac.end());
  return both;
}
Bytes macs_that_differ_at_once(RandomSource& random) {
  auto both = equal_macs(random);
  both[kNumber] ^= 1U;
  return both;
}

template <class Compare>
double t_of(Compare compare) {
  return greatest_t(kMacs, equal_macs, macs_that_differ_at_once, [compare](ByteView input) {
    for (int i = 0; i < kComparisons; ++i) {
      bool result = compare(input.first(kNumber), input.subspan(kNumber));
      keep(&result);
    }
  });
}

TEST(SlowConstantTime, OfComparingMacs) {
  EXPECT_LT(t_of([](ByteView a, ByteView b) { return equal(a, b); }), kLeak);
}

// --- the check itself -------------------------------------------------------

TEST(SlowConstantTime, FindsAComparisonThatStopsAtTheFirstDifference) {
  EXPECT_GT(t_of([](ByteView a, ByteView b) { return std::ranges::equal(a, b); }), kLeak);
}

TEST(SlowConstantTime, FindsALadderWithABranchOnABit) {
  auto run = [](ByteView input) {
    auto element = load_field(point_in(input));
    for (std::size_t position = 255; position-- > 0;) {
      element = square(element);
      if (((scalar_in(input)[position / 8] >> (position % 8)) & 1U) != 0) element = multiply(element, element);
    }
    keep(&element);
  };
  EXPECT_GT(greatest_t(kLadders, with_scalar_one, random_pair, run), kLeak);
}

TEST(SlowConstantTime, FindsATableThatIsReadAtASecretPlace) {
  // As large as several caches of the first level, so that what is read seldom is far away.
  static const std::vector<std::uint64_t> table(std::size_t{1} << 20U, 1);
  auto run = [](ByteView input) {
    std::uint64_t sum = 0;
    for (std::size_t i = 0; i < kNumber; i += 4) {
      sum += table[load_be<std::uint32_t>(input.subspan(i).first<4>()) % table.size()];
    }
    keep(&sum);
  };
  EXPECT_GT(greatest_t(kLadders, with_scalar_one, random_pair, run), kLeak);
}

TEST(SlowConstantTime, FindsNothingBetweenEqualClasses) {
  EXPECT_LT(greatest_t(kLadders, random_pair, random_pair,
                       [](ByteView input) {
                         auto result = scalar_ladder(scalar_in(input), point_in(input));
                         keep(&result);
                       }),
            kLeak);
}

}  // namespace
}  // namespace nym::crypto
