#include "engine/client/fragmenter.h"

#include <algorithm>
#include <set>

#include "engine/base/check.h"
#include "engine/wire/padding.h"

namespace nym::client {
namespace {

std::vector<wire::SetId> draw_ids(std::size_t count, RandomSource& random) {
  std::vector<wire::SetId> ids;
  ids.reserve(count);
  std::set<wire::SetId> taken;
  while (ids.size() < count) {
    wire::SetId id = wire::draw_set_id(random);
    if (taken.insert(id).second) ids.push_back(id);
  }
  return ids;
}

}  // namespace

std::size_t sets_needed(std::size_t serialised_length, wire::PacketSize size) {
  std::size_t fragment_size = wire::fragment_bytes(size);
  std::size_t terminated = serialised_length + 1;
  return wire::required_sets(terminated + wire::required_fragments(terminated, fragment_size).free_bytes,
                             fragment_size);
}

Fragmenter::Fragmenter(Bytes serialised, wire::PacketSize size, RandomSource& random)
    : padded_(std::move(serialised)),
      content_end_(padded_.size() + 1),
      fragment_size_(wire::fragment_bytes(size)),
      ids_(draw_ids(sets_needed(padded_.size(), size), random)) {
  split();
}

Fragmenter::Fragmenter(Bytes serialised, wire::PacketSize size, std::vector<wire::SetId> ids)
    : padded_(std::move(serialised)),
      content_end_(padded_.size() + 1),
      fragment_size_(wire::fragment_bytes(size)),
      ids_(std::move(ids)) {
  split();
}

void Fragmenter::split() {
  wire::pad_message(padded_, fragment_size_);
  NYM_CHECK(ids_.size() == wire::required_sets(padded_.size(), fragment_size_));
  slices_ = wire::split(padded_.size(), fragment_size_, ids_);
}

std::optional<PreparedFragment> Fragmenter::next() {
  if (next_ == slices_.size()) return std::nullopt;
  wire::FragmentSlice slice = slices_[next_++];
  wire::FragmentId id = slice.header.id();
  NYM_CHECK(slice.header.size() + slice.length == fragment_size_);
  // Only the padding behind the end of the message is left out, never zeros of the message itself.
  slice.length = std::min(slice.length, content_end_ - slice.offset);
  return PreparedFragment{id, Blob::with_zero_tail(wire::serialise_fragment(slice, padded_), fragment_size_)};
}

wire::PacketSize choose_packet_size(std::size_t serialised_length, wire::PacketSize primary,
                                    std::optional<wire::PacketSize> secondary) {
  if (!secondary) return primary;
  std::size_t by_primary = estimated_packets(serialised_length, primary);
  std::size_t by_secondary = estimated_packets(serialised_length, *secondary);
  return by_primary > by_secondary ? *secondary : primary;
}

std::size_t estimated_packets(std::size_t serialised_length, wire::PacketSize size) {
  return wire::required_fragments(serialised_length, wire::fragment_bytes(size) - 1).fragments;
}

}  // namespace nym::client
