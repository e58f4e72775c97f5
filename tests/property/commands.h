#pragma once

#include <gtest/gtest.h>
#include <rapidcheck.h>
#include <rapidcheck/state.h>

#include <atomic>

namespace nym::test {

/// What RapidCheck itself needs to know of the state: nothing. The simple model stands beside the real object in the
/// system under test, since some outcomes (which lane is served) are the real object's choice.
struct NoState {};

/// `Both` is the real object and its simple model; a command does the same to both and compares.
template <class Both>
using Command = rc::state::Command<NoState, Both>;

/// Runs random sequences of the commands, each from a fresh `Both`, until at least 10,000 were executed.
template <class Both, class... Commands>
void check_commands() {
  constexpr std::size_t kCommands = 10'000;
  Both::executed = 0;
  for (int round = 0; round < 100 && Both::executed < kCommands; ++round) {
    ASSERT_TRUE(rc::check([] {
      Both both;
      rc::state::check(NoState{}, both, rc::state::gen::execOneOfWithArgs<Commands...>());
    }));
  }
  EXPECT_GE(Both::executed, kCommands);
}

}  // namespace nym::test
