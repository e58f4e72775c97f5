#pragma once

#include "sim/adversary/attacker.h"
#include "sim/anonymity/origins.h"

namespace nym::sim {

/// Its mixnodes show which packet became which, and it sees all links. A packet is linked when all mixnodes on its way
/// are its own, from the client to the other: then nothing is left to guess.
class CorruptMixesAttacker final : public Attacker {
 public:
  CorruptMixesAttacker(std::string name, const Adversary& adversary, CorruptSet corrupt)
      : Attacker(std::move(name), adversary), origins_(std::move(corrupt)) {}

  void on_frame_sent(TimePoint now, const FrameSent& frame) override;
  Part linked() const override { return linked_; }

 private:
  Origins origins_;
  Part linked_;
};

}  // namespace nym::sim
