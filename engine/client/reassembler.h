#pragma once

#include <deque>
#include <set>

#include "engine/client/set_assembler.h"
#include "engine/wire/message.h"

namespace nym::client {

/// Puts messages together from fragments in any order (02 §7). Duplicates and fragments of finished sets are dropped;
/// links in a circle and positions beyond the set are refused (02 §19).
class Reassembler {
 public:
  explicit Reassembler(ReassemblyLimits limits) : limits_(limits), assembler_(limits) {}

  /// The message once its last fragment came in; nothing before. `fragment` is header and data.
  /// Errors: malformed_fragment; malformed_message (its sets count as finished); reassembly_full.
  Result<std::optional<wire::Message>> insert(TimePoint now, ByteView fragment);

  /// Forgets sets without progress for the time to live; returns how many.
  std::size_t expire(TimePoint now) { return assembler_.expire(now); }
  /// When the next set would expire; that may turn out to be postponed.
  std::optional<TimePoint> next_expiry() const { return assembler_.next_expiry(); }

  /// With an allowance for bookkeeping.
  std::size_t buffered_bytes() const { return assembler_.buffered_bytes(); }
  std::size_t open_sets() const { return assembler_.open_sets(); }
  std::uint64_t duplicates() const { return late_ + assembler_.duplicates(); }

 private:
  void remember_finished(wire::SetId set);

  ReassemblyLimits limits_;
  SetAssembler assembler_;
  std::set<wire::SetId> finished_;
  std::deque<wire::SetId> finished_order_;
  std::uint64_t late_ = 0;  ///< fragments of finished sets
};

}  // namespace nym::client
