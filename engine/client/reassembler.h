#pragma once

#include <set>

#include "engine/base/fifo.h"
#include "engine/client/set_assembler.h"
#include "engine/wire/message.h"

namespace nym::client {

/// Puts messages together from fragments in any order (02 §7). Duplicates and fragments of finished sets are dropped;
/// links in a circle and positions beyond the set are refused (02 §19).
class Reassembler {
 public:
  /// `spool` outlives the reassembler.
  Reassembler(ReassemblyLimits limits, Spool& spool) : limits_(limits), assembler_(limits, spool) {}
  /// Sets that were finished before the program was started.
  void remember(TimePoint now, std::span<const wire::SetId> finished);

  /// The message once its last fragment came in; nothing before. `fragment` is header and data.
  /// Errors: malformed_fragment; malformed_message (its sets count as finished); reassembly_full.
  Result<std::optional<wire::Message>> insert(TimePoint now, ByteView fragment);

  /// The sets that the last insertion finished.
  const std::vector<wire::SetId>& just_finished() const { return just_finished_; }

  /// Forgets messages without progress for the time to live, and sets finished long ago; returns the former.
  std::vector<SetAssembler::GivenUp> expire(TimePoint now);
  /// When the next set would expire; that may turn out to be postponed.
  std::optional<TimePoint> next_expiry() const { return assembler_.next_expiry(); }

  /// With an allowance for bookkeeping.
  std::size_t buffered_bytes() const { return assembler_.buffered_bytes(); }
  std::size_t spooled_bytes() const { return assembler_.spooled_bytes(); }
  std::size_t finished_sets() const { return finished_.size(); }
  std::size_t open_sets() const { return assembler_.open_sets(); }
  std::uint64_t duplicates() const { return late_ + assembler_.duplicates(); }

 private:
  void remember_finished(TimePoint now, wire::SetId set);
  void forget_finished_before(TimePoint now);

  ReassemblyLimits limits_;
  SetAssembler assembler_;
  std::set<wire::SetId> finished_;
  Fifo<std::pair<TimePoint, wire::SetId>> finished_order_;
  std::vector<wire::SetId> just_finished_;
  std::uint64_t late_ = 0;  ///< fragments of finished sets
};

}  // namespace nym::client
