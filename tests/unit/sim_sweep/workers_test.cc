#include "sim/sweep/workers.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <csignal>
#include <set>

#include "engine/base/check.h"

namespace nym::sim {
namespace {

constexpr std::chrono::milliseconds kLong{60'000};

std::string do_as_told(std::string_view request, const WorkerPool::Emit& emit) {
  emit("began ");
  NYM_CHECK(request != "break");
  if (request == "kill") ::kill(::getpid(), SIGKILL);
  if (request == "leave") ::_exit(3);
  while (request == "hang") ::pause();
  if (request == "much") return std::string(3'000'000, 'x');
  return "pid " + std::to_string(::getpid());
}

std::vector<Answer> ask_all(WorkerPool& pool, std::vector<std::string> requests) {
  std::vector<Answer> all;
  while (!requests.empty() || pool.busy() > 0) {
    while (!requests.empty() && pool.has_room()) {
      EXPECT_TRUE(pool.ask(requests.back()));
      requests.pop_back();
    }
    for (auto& answer : pool.wait(kLong, -1)) all.push_back(std::move(answer));
  }
  return all;
}

TEST(Workers, DoManyPiecesInFewProcesses) {
  WorkerPool pool(2, do_as_told, kLong);
  std::set<std::string> processes;
  auto answers = ask_all(pool, std::vector<std::string>(100, "work"));
  EXPECT_EQ(answers.size(), 100U);
  for (const auto& answer : answers) {
    EXPECT_EQ(answer.end, Answer::End::answered);
    EXPECT_EQ(answer.partial, "began ");
    processes.insert(answer.text);
  }
  EXPECT_LE(processes.size(), 2U);
  EXPECT_FALSE(processes.contains("pid " + std::to_string(::getpid())));
}

TEST(Workers, ThatDieAreReplacedAndSayHow) {
  WorkerPool pool(1, do_as_told, kLong);
  auto answers = ask_all(pool, {"work", "leave", "kill", "break", "work"});
  ASSERT_EQ(answers.size(), 5U);
  EXPECT_EQ(answers[0].end, Answer::End::answered);
  EXPECT_EQ(answers[1].end, Answer::End::crashed);
  EXPECT_EQ(answers[1].request, "break");
  EXPECT_EQ(answers[1].partial, "began ");
  EXPECT_NE(answers[1].text.find("Aborted"), std::string::npos) << answers[1].text;
  EXPECT_NE(answers[1].text.find("broken invariant: request != \"break\""), std::string::npos) << answers[1].text;
  EXPECT_EQ(answers[2].text, "the run died of Killed");
  EXPECT_EQ(answers[3].text, "the run ended its process with code 3");
  EXPECT_EQ(answers[4].end, Answer::End::answered);
}

TEST(Workers, ThatHangAreKilled) {
  WorkerPool pool(1, do_as_told, std::chrono::milliseconds(300));
  auto answers = ask_all(pool, {"work", "hang"});
  ASSERT_EQ(answers.size(), 2U);
  EXPECT_EQ(answers[0].end, Answer::End::timed_out);
  EXPECT_EQ(answers[0].text, "the run did not come to an end within 300 ms");
  EXPECT_EQ(answers[1].end, Answer::End::answered);
}

TEST(Workers, AnswerAtLength) {
  WorkerPool pool(1, do_as_told, kLong);
  auto answers = ask_all(pool, {"much"});
  ASSERT_EQ(answers.size(), 1U);
  EXPECT_EQ(answers[0].text.size(), 3'000'000U);
}

TEST(Workers, AreLeftWhenSomebodyInterrupts) {
  auto interrupt = watch_for_interrupts();
  ASSERT_TRUE(interrupt);
  WorkerPool pool(1, do_as_told, kLong);
  ASSERT_TRUE(pool.ask("hang"));
  EXPECT_FALSE(is_interrupted(interrupt->get()));
  ::kill(::getpid(), SIGINT);
  EXPECT_TRUE(pool.wait(kLong, interrupt->get()).empty());
  EXPECT_TRUE(is_interrupted(interrupt->get()));
}

}  // namespace
}  // namespace nym::sim
