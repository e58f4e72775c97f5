#include "testnet/fault_book.h"

#include <gtest/gtest.h>

#include "net/clock.h"

namespace nym::testnet {
namespace {

/// A node that only remembers what was done to it.
class NotedNode final : public Node {
 public:
  explicit NotedNode(std::vector<std::string>& notes, std::string name) : notes_(notes), name_(std::move(name)) {}
  void start(Done done) override {
    notes_.push_back("start " + name_);
    done({});
  }
  void kill() override { notes_.push_back("kill " + name_); }
  void stop() override {}
  void pause() override { notes_.push_back("pause " + name_); }
  void resume() override { notes_.push_back("resume " + name_); }
  NodeState state() const override { return NodeState::ready; }
  std::string why() const override { return {}; }
  void set_detours(const net::Detours&, Done done) override { done({}); }
  void set_known_hops(const KnownHops&) override {}
  void watch(const ByteArray<32>&, Seen) override {}

 private:
  std::vector<std::string>& notes_;
  std::string name_;
};

class FaultBookTest : public testing::Test, public FaultGround {
 protected:
  FaultBookTest() {
    add({Role::mixnode, 0, "mix1", 1});
    add({Role::mixnode, 1, "mix2", 2});
    add({Role::gateway, 0, "gw1"});
    add({Role::client, 0, "c1"});
  }
  void add(NodePlan plan) {
    nodes_.push_back(std::make_unique<NotedNode>(notes, plan.name));
    plans_.push_back(std::move(plan));
  }
  std::vector<const NodePlan*> plans() const override {
    std::vector<const NodePlan*> out;
    for (const auto& plan : plans_) out.push_back(&plan);
    return out;
  }
  Node& node(std::size_t place) override { return *nodes_[place]; }
  void forget_state(std::size_t place) override { notes.push_back("forget " + plans_[place].name); }
  void cut_sessions(std::size_t gateway) override { notes.push_back("cut " + plans_[gateway].name); }
  void set_rules(const std::vector<LinkRule>& given, Node::Done done) override {
    rules = given;
    done({});
  }

  std::string add_fault(const std::string& line) {
    std::string answer;
    book.add(line,
             [&](Result<std::uint64_t> number) { answer = number ? std::to_string(*number) : number.error().text(); });
    return answer;
  }
  bool wait(const std::function<bool()>& done) { return runtime.run_until(done, net::now() + Duration::seconds(10)); }

  net::Runtime runtime;
  std::vector<std::string> notes;
  std::vector<LinkRule> rules;
  FaultBook book{runtime, *this};

 private:
  std::vector<NodePlan> plans_;
  std::vector<std::unique_ptr<NotedNode>> nodes_;
};

using Notes = std::vector<std::string>;

TEST_F(FaultBookTest, ChangesLinksUntilItIsCleared) {
  EXPECT_EQ(add_fault("mix1->mix2 loss 5%"), "1");
  EXPECT_EQ(add_fault("partition gw1 | mix*"), "2");
  ASSERT_EQ(rules.size(), 2U);
  EXPECT_TRUE(rules[0].concerns(0, 1));
  EXPECT_FALSE(rules[0].concerns(1, 0));
  EXPECT_TRUE(rules[1].cuts && rules[1].concerns(2, 0) && rules[1].concerns(1, 2));
  EXPECT_EQ(book.list().size(), 2U);
  book.clear(1, [](const Result<void>& done) { EXPECT_TRUE(done); });
  EXPECT_EQ(rules.size(), 1U);
  book.clear(1, [](const Result<void>& done) { EXPECT_FALSE(done); });
  book.clear(std::nullopt, [](const Result<void>& done) { EXPECT_TRUE(done); });
  EXPECT_TRUE(rules.empty());
}

TEST_F(FaultBookTest, CrashesComeBackAndKilledNodesDoNot) {
  EXPECT_EQ(add_fault("for 20ms crash without state gw1"), "1");
  EXPECT_EQ(notes, (Notes{"kill gw1", "forget gw1"}));
  ASSERT_TRUE(wait([&] { return notes.size() == 3; }));
  EXPECT_EQ(notes.back(), "start gw1");
  EXPECT_TRUE(book.list().empty());
  notes.clear();
  EXPECT_EQ(add_fault("kill mix1"), "2");
  EXPECT_EQ(add_fault("restart mix2"), "3");
  EXPECT_EQ(add_fault("cut sessions gw1"), "4");
  EXPECT_EQ(notes, (Notes{"kill mix1", "kill mix2", "start mix2", "cut gw1"}));
  EXPECT_TRUE(book.list().empty());
}

TEST_F(FaultBookTest, ComesAgainAsOftenAsItSays) {
  EXPECT_EQ(add_fault("at 10ms every 40ms 3 times for 10ms pause mix1"), "1");
  EXPECT_TRUE(notes.empty());
  ASSERT_TRUE(wait([&] { return notes.size() == 6; }));
  EXPECT_EQ(notes, (Notes{"pause mix1", "resume mix1", "pause mix1", "resume mix1", "pause mix1", "resume mix1"}));
  EXPECT_TRUE(book.list().empty());
}

TEST_F(FaultBookTest, RefusesInOneLineWhatCannotBeDone) {
  for (const char* line :
       {"slow 3x mix1", "clock jump 10s c1", "clock drift 200ppm c1", "disk full c1", "disk error gw1",
        "disk slow 50ms gw1", "fail the 7th persist c1", "leave app c1", "swizzle mix*", "c1->gw1 reorder 5%",
        "gw1->c1 duplicate 5%", "mix1->mix2 latency matrix(\"a.csv\")", "mix9->mix2 loss 5%", "crash alice", "nonsense",
        ""}) {
    auto answer = add_fault(line);
    EXPECT_GT(answer.size(), 10U) << line;
    EXPECT_EQ(answer.find('\n'), std::string::npos) << line;
  }
  EXPECT_TRUE(notes.empty());
  EXPECT_TRUE(book.list().empty());
}

}  // namespace
}  // namespace nym::testnet
