#pragma once

#include <memory>
#include <vector>

#include "engine/base/blob.h"
#include "engine/wire/chunking.h"
#include "engine/wire/packet_size.h"

namespace nym::client {

/// One fragment ready for a packet: fragment_bytes(size) long, its zero tail not stored.
struct PreparedFragment {
  wire::FragmentId id;
  Blob bytes;
};

/// How many sets a serialised message of that length takes.
std::size_t sets_needed(std::size_t serialised_length, wire::PacketSize size);

/// Cuts one message into fragments (02 §5, §6): pads it once, hands fragments out one by one in order.
class Fragmenter {
 public:
  /// Draws one set id a set, all different (a collision is drawn again, 02 §19).
  Fragmenter(Bytes serialised, wire::PacketSize size, RandomSource& random);
  /// Cuts the same fragments again: `ids` are those of the first time, as many as there are sets.
  Fragmenter(Bytes serialised, wire::PacketSize size, std::vector<wire::SetId> ids);

  /// The message without its padding.
  ByteView serialised() const { return ByteView(padded_).first(content_end_ - 1); }
  std::size_t padded_size() const { return padded_.size(); }
  const std::vector<wire::SetId>& set_ids() const { return ids_; }
  std::size_t total() const { return slices_.size(); }
  std::size_t remaining() const { return slices_.size() - next_; }
  /// Nothing after the last.
  std::optional<PreparedFragment> next();

 private:
  void split();

  Bytes padded_;
  std::size_t content_end_;  ///< behind the 0x01 that ends the message
  std::size_t fragment_size_;
  std::vector<wire::SetId> ids_;
  std::vector<wire::FragmentSlice> slices_;
  std::size_t next_ = 0;
};

/// 02 §6.7: packets by the original's estimate, at most one too many.
std::size_t estimated_packets(std::size_t serialised_length, wire::PacketSize size);

/// 02 §6.7: the secondary size iff it needs fewer packets by that estimate.
wire::PacketSize choose_packet_size(std::size_t serialised_length, wire::PacketSize primary,
                                    std::optional<wire::PacketSize> secondary);

}  // namespace nym::client
