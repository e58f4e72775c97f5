#pragma once

#include <vector>

#include "engine/wire/fragment.h"

namespace nym::wire {

/// 02 §6.2: how many fragments `length` bytes need and how many bytes stay free in the last one.
struct FragmentCount {
  std::size_t fragments = 0;
  std::size_t free_bytes = 0;
  friend bool operator==(const FragmentCount&, const FragmentCount&) = default;
};
FragmentCount required_fragments(std::size_t length, std::size_t fragment_size);
std::size_t required_sets(std::size_t length, std::size_t fragment_size);

/// Whether a sender may send this (02 §6.4): a well-formed header, and full but for the last fragment of the last set.
bool keeps_sender_rules(const FragmentHeader& header, std::size_t payload, std::size_t fragment_size);

/// One fragment of a split: its header and which bytes of the padded message it carries.
struct FragmentSlice {
  FragmentHeader header;
  std::size_t offset = 0;
  std::size_t length = 0;
};
/// 02 §6.3. `ids` are required_sets(length) distinct set ids; `length` is a padded length.
std::vector<FragmentSlice> split(std::size_t length, std::size_t fragment_size, std::span<const SetId> ids);

/// header ‖ data of one slice.
Bytes serialise_fragment(const FragmentSlice& slice, ByteView padded_message);

}  // namespace nym::wire
