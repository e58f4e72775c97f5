#pragma once

#include <memory>
#include <set>

#include "sim/anonymity/corruption.h"
#include "sim/measure/measurements.h"
#include "sim/record/interceptor.h"

namespace nym::sim {

/// So many of so many.
struct Part {
  std::uint64_t done = 0;
  std::uint64_t of = 0;
};

/// An adversary of a plan at work. It acts in its time only, and not once calm has begun; it sees links from the
/// beginning. All its choices come from a stream of its own.
class Attacker : public Interceptor {
 public:
  Attacker(std::string name, const Adversary& adversary) : name_(std::move(name)), active_(adversary) {}

  const std::string& name() const { return name_; }
  bool wants_peeled_from() const final { return true; }
  void on_phase(TimePoint now, Phase phase) override;

  /// How many of the message packets (uploads with content `real`) that it went for in its time it linked: of which it
  /// knows both who sent them and who got them. Every attacker says what that takes. Nothing when it went for none.
  virtual Part linked() const = 0;
  /// What else it achieved, under its name.
  virtual void add_to(Measurements&) const {}

 protected:
  bool is_active(TimePoint now) const { return !stopped_ && active_.contains(now); }
  /// Its time is over, now or later.
  bool is_over(TimePoint now) const { return stopped_ || now >= active_.until; }
  const ActiveTime& time() const { return active_; }

 private:
  std::string name_;
  ActiveTime active_;
  bool stopped_ = false;
};

/// One for each adversary of the plan, in its order. The plan, which must have no problem, and `random` live longer
/// than the call only. They are called what their adversaries are called, or by their kinds, all differently.
std::vector<std::unique_ptr<Attacker>> make_adversaries(const Plan& plan, RandomSource& random);

/// What all of them achieved: `linked.<name>` each (nothing for those that went for nothing), `linked`, the largest of
/// these, and the figures of their own.
void add_achievements(std::span<const std::unique_ptr<Attacker>> attackers, Measurements& measurements);

}  // namespace nym::sim
