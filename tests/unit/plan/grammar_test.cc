#include <gtest/gtest.h>

#include "sim/grammar/fault.h"

namespace nym::sim {
namespace {

template <class T>
std::string text_of(const Result<T>& value) {
  return value ? to_text(*value) : "error: " + value.error().text();
}

TEST(Quantity, DurationsAreReadInEveryUnitAndPrintedInTheLargestThatFits) {
  const std::pair<const char*, const char*> kCases[] = {{"50ms", "50ms"}, {"1.5s", "1500ms"}, {"1m 30s", "90s"},
                                                        {"0s", "0s"},     {"0.5us", "500ns"}, {"24h", "1d"},
                                                        {"7ns", "7ns"},   {"-10s", "-10s"},   {"90m", "90m"}};
  for (auto [given, printed] : kCases) EXPECT_EQ(text_of(parse_duration(given)), printed);
}

TEST(Quantity, WhatIsNoDurationIsRefused) {
  for (const auto* text :
       {"", "5", "ms", "5 ms", "1.5ns", "1e3s", "5sec", "--1s", "1s-", "99999999999999999999s", "36501d", "1s1"}) {
    EXPECT_FALSE(parse_duration(text)) << text;
  }
}

TEST(Quantity, RatesKeepTheirCountAndTheirTime) {
  EXPECT_EQ(text_of(parse_rate("10/s")), "10/s");
  EXPECT_EQ(text_of(parse_rate("1/20ms")), "1/20ms");
  EXPECT_EQ(text_of(parse_rate("0.5/s")), "5/10s");
  for (const auto* text : {"", "10", "-1/s", "0/s", "1/0s", "1/", "/s", "1/-1s", "99999999999999999999/s"}) {
    EXPECT_FALSE(parse_rate(text)) << text;
  }
}

TEST(Quantity, SizesAreReadInDecimalAndBinaryUnits) {
  EXPECT_EQ(*parse_size("512"), 512U);
  EXPECT_EQ(*parse_size("1.5kB"), 1'500U);
  EXPECT_EQ(*parse_size("2MiB"), 2U << 20U);
  EXPECT_EQ(size_text(2'000'000), "2MB");
  EXPECT_EQ(size_text(1'536), "1536B");
  EXPECT_EQ(size_text(65'536), "64KiB");
  EXPECT_EQ(size_text(0), "0B");
  for (const auto* text : {"", "kB", "-1", "1.5B", "1 kB", "1XB", "99999999GB"}) EXPECT_FALSE(parse_size(text)) << text;
  EXPECT_EQ(*parse_byte_rate("1MB/s"), 1'000'000U);
  EXPECT_FALSE(parse_byte_rate("0B/s"));
  EXPECT_FALSE(parse_byte_rate("1MB"));
}

TEST(Quantity, FractionsAreExactToNineDigits) {
  EXPECT_EQ(text_of(parse_fraction("5%")), "5%");
  EXPECT_EQ(text_of(parse_fraction("0.05")), "5%");
  EXPECT_EQ(text_of(parse_fraction("0.123456789")), "12.3456789%");
  EXPECT_EQ(parse_fraction("100%")->parts, std::uint64_t{1} << 32U);
  for (const auto* text : {"", "%", "101%", "1.1", "-5%", "5 %", "0.1234567891"})
    EXPECT_FALSE(parse_fraction(text)) << text;
}

TEST(NodeSet, IsReadAndPrinted) {
  for (const auto* text : {"mix1", "gw*", "c1..c20", "layer2", "alice", "*", "mix1,gw2,c*"}) {
    EXPECT_EQ(text_of(parse_node_set(text)), text);
  }
  EXPECT_EQ(text_of(parse_node_set(" mix1 , gw2 ")), "mix1,gw2");
  for (const auto* text : {"", "mix0", "c5..c2", "c1..gw2", "mix1,,gw1", "a b", "-x", "c99999999999"}) {
    EXPECT_FALSE(parse_node_set(text)) << text;
  }
}

TEST(NodeSet, PathsHaveADirection) {
  EXPECT_EQ(text_of(parse_link_path("mix1 -> gw*")), "mix1->gw*");
  EXPECT_EQ(text_of(parse_link_path("c1<->gw1,gw2")), "c1<->gw1,gw2");
  EXPECT_FALSE(parse_link_path("mix1"));
  EXPECT_FALSE(parse_link_path("->mix1"));
}

TEST(Distribution, IsASumOfTerms) {
  for (const auto* text : {"1ms + exponential(2ms)", "uniform(1ms,5ms)", "normal(40ms,10ms)", "log-normal(40ms,0.5)",
                           "matrix(\"cities, and more.csv\")", "7ms"}) {
    EXPECT_EQ(text_of(parse_time_distribution(text)), text);
  }
  EXPECT_EQ(text_of(parse_time_distribution("1ms+exponential( 2ms )")), "1ms + exponential(2ms)");
  for (const auto* text : {"", "fast", "uniform(5ms,1ms)", "normal(1ms)", "exponential(-1ms)", "-1ms", "1ms +",
                           "exponential(1ms", "log-normal(1ms,11)", "matrix(file.csv)", "uniform(1ms,2ms)x"}) {
    EXPECT_FALSE(parse_time_distribution(text)) << text;
  }
}

TEST(Distribution, SizesAndArrivalsAreReadAndPrinted) {
  for (const auto* text : {"1kB", "uniform(100B,10kB)", "exponential(2kB)", "list(100B,1kB)"}) {
    EXPECT_EQ(text_of(parse_size_distribution(text)), text);
  }
  for (const auto* text :
       {"poisson(10/s)", "constant(1/20ms)", "burst(20,5s)", "on-off(10/s,2s,8s)", "diurnal(1/s,10/s,1d)"}) {
    EXPECT_EQ(text_of(parse_arrivals(text)), text);
  }
  for (const auto* text : {"poisson(-1/s)", "poisson()", "burst(0,5s)", "burst(1,0s)", "often"}) {
    EXPECT_FALSE(parse_arrivals(text)) << text;
  }
}

TEST(LatencyMatrix, NamesItsFaultyLine) {
  auto good = parse_latency_matrix("# one way\n,a,b\na,0.5,12\nb,12ms,1\n");
  ASSERT_TRUE(good) << good.error().text();
  EXPECT_EQ(good->times[0][1], Duration::milliseconds(12));
  EXPECT_EQ(good->times[1][0], Duration::milliseconds(12));
  const std::pair<const char*, const char*> kBad[] = {{"", "line 1: expected the names of the sites"},
                                                      {",a,b\na,1\n", "line 2: 1 times instead of 2"},
                                                      {",a,b\nb,1,2\n", "line 2: expected the row of 'a'"},
                                                      {",a\na,-1\n", "line 2: '-1' is negative"},
                                                      {",a,b\na,1,2\n", "line 2: fewer rows than sites"}};
  for (auto [text, error] : kBad) {
    auto parsed = parse_latency_matrix(text);
    ASSERT_FALSE(parsed) << text;
    EXPECT_EQ(parsed.error().text(), error);
  }
}

TEST(FaultLine, EveryKindIsReadAndPrintedTheSame) {
  for (const auto* line : {"mix1->mix2 loss 5%",
                           "at 3s for 2s mix1<->gw* latency 1ms + exponential(2ms) loss 5% rate 10kB/s clog",
                           "at 5s for 1s partition gw1 | mix*",
                           "for 1s partition one-way gw1,gw2 | c*",
                           "at 1s for 4s swizzle mix*",
                           "at 3s for 2s crash mix1",
                           "at 3s for 2s crash without state gw1",
                           "at 3s kill mix1",
                           "at 3s restart gw1",
                           "at 3s restart without state gw1",
                           "at 3s for 1s pause gw1",
                           "at 3s for 1s suspend c1",
                           "at 3s for 1s slow 3.5x mix1",
                           "at 3s clock jump -10s c1",
                           "clock drift -200ppm c1",
                           "at 3s for 1s silence gw1",
                           "at 3s every 2s 20 times cut sessions gw1",
                           "at 3s for 1s disk full c1",
                           "at 3s for 1s disk error gw1",
                           "at 3s for 1s disk slow 50ms gw1",
                           "at 3s fail the 1st persist c1",
                           "at 3s fail the 11th dial gw1",
                           "at 3s fail the 22nd fetch c1",
                           "at 3s every 2s 3 times for 1s leave app c1"}) {
    EXPECT_EQ(text_of(parse_fault(line)), line);
  }
}

TEST(FaultLine, SaysWhatIsWrong) {
  const std::pair<const char*, const char*> kCases[] = {
      {"", "nothing goes wrong in this line"},
      {"crash", "which node? write it like mix1, gw*, c1..c20"},
      {"at 3 crash mix1", "'3' is no duration; write it like 50ms, 1.5s or 1m 30s"},
      {"at -3s crash mix1", "'at' can not be negative"},
      {"partition gw1", "a partition has two sides; write it like gw1 | mix*"},
      {"mix1->mix2", "nothing changes on these links"},
      {"mix1->mix2 loss 500%", "'500%' is no part of a whole; write it like 5% or 0.05, at most 100%"},
      {"mix1->mix2 los 5%",
       "'los 5%' changes no link; use latency, jitter, loss, duplicate, reorder, corrupt, rate, clog"},
      {"slow mix1", "'mix1' is no factor; write it like 3x"},
      {"slow 0.5x mix1", "slow takes a factor between 1x and 1000x"},
      {"clock drift 5 c1", "'5' is no drift; write it like 200ppm"},
      {"fail the 2th persist c1", "'2th' is no ordinal; write it like 7th"},
      {"fail the 2nd sneeze c1", "'sneeze' can not be made to fail; persist, dial and fetch can"},
      {"for 3s kill mix1", "this fault has no length; leave out 'for'"},
      {"every 3s 2 times crash mix1", "a fault that comes again must end before; say for how long"},
      {"every 3s crash mix1", "'crash' is no whole number of at most 100000"},
      {"crash without c1", "expected 'without state'"}};
  for (auto [line, error] : kCases) {
    auto fault = parse_fault(line);
    ASSERT_FALSE(fault) << line;
    EXPECT_EQ(fault.error().text(), error) << line;
  }
  EXPECT_TRUE(
      parse_fault("explode mix1").error().text().starts_with("'explode mix1' is no fault; there are partition,"));
}

}  // namespace
}  // namespace nym::sim
