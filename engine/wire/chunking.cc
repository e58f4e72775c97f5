#include "engine/wire/chunking.h"

#include <algorithm>

#include "engine/base/check.h"

namespace nym::wire {
namespace {

/// Bytes that fragments and whole sets carry (02 §6.2).
struct Capacities {
  std::size_t unlinked;
  std::size_t linked;
  std::size_t lone_set;
  std::size_t end_set;  ///< the first or the last of several
  std::size_t middle_set;

  explicit Capacities(std::size_t fragment_size)
      : unlinked(fragment_size - kUnlinkedHeader),
        linked(fragment_size - kLinkedHeader),
        lone_set(kMaxFragmentsPerSet * unlinked),
        end_set(lone_set - unlinked + linked),
        middle_set(lone_set - 2 * (unlinked - linked)) {}
};

Capacities capacities(std::size_t fragment_size) {
  NYM_CHECK(fragment_size > kLinkedHeader);
  return Capacities(fragment_size);
}

constexpr std::size_t divide_up(std::size_t value, std::size_t by) {
  return value / by + (value % by == 0 ? 0 : 1);
}

/// Fragments of the last set, given what it carries and what fits into its first fragment.
FragmentCount count_in_last_set(std::size_t bytes, std::size_t first_capacity, std::size_t unlinked) {
  if (bytes <= first_capacity) return {1, first_capacity - bytes};
  std::size_t more = divide_up(bytes - first_capacity, unlinked);
  return {1 + more, first_capacity + more * unlinked - bytes};
}

/// Cuts one set after the other off the message.
class Splitter {
 public:
  Splitter(std::size_t length, std::size_t fragment_size, std::span<const SetId> ids)
      : fragment_size_(fragment_size), capacities_(capacities(fragment_size)), ids_(ids), length_(length) {
    slices_.reserve(required_fragments(length, fragment_size).fragments);
  }

  std::vector<FragmentSlice> run() && {
    for (std::size_t index = 0; index < ids_.size(); ++index) cut_set(index);
    NYM_CHECK(offset_ == length_);
    return std::move(slices_);
  }

 private:
  void cut_set(std::size_t index) {
    bool is_last = index + 1 == ids_.size();
    auto previous = index == 0 ? std::nullopt : std::optional(ids_[index - 1]);
    std::size_t first_capacity = previous ? capacities_.linked : capacities_.unlinked;
    std::size_t total = kMaxFragmentsPerSet;
    if (is_last) total = count_in_last_set(length_ - offset_, first_capacity, capacities_.unlinked).fragments;
    NYM_CHECK(total <= kMaxFragmentsPerSet);
    for (std::size_t position = 1; position <= total; ++position) {
      FragmentHeader header{ids_[index], static_cast<std::uint8_t>(total), static_cast<std::uint8_t>(position), {}};
      if (position == 1) header.linked = previous;
      if (position == kMaxFragmentsPerSet && !is_last) header.linked = ids_[index + 1];
      cut_fragment(header);
    }
  }

  void cut_fragment(const FragmentHeader& header) {
    std::size_t capacity = header.linked ? capacities_.linked : capacities_.unlinked;
    std::size_t taken = std::min(capacity, length_ - offset_);
    NYM_CHECK(keeps_sender_rules(header, taken, fragment_size_));
    slices_.push_back({header, offset_, taken});
    offset_ += taken;
  }

  std::size_t fragment_size_;
  Capacities capacities_;
  std::span<const SetId> ids_;
  std::size_t length_;
  std::size_t offset_ = 0;
  std::vector<FragmentSlice> slices_;
};

}  // namespace

std::size_t required_sets(std::size_t length, std::size_t fragment_size) {
  auto fits = capacities(fragment_size);
  if (length <= fits.lone_set) return 1;
  if (length <= 2 * fits.end_set) return 2;
  return 2 + divide_up(length - 2 * fits.end_set, fits.middle_set);
}

FragmentCount required_fragments(std::size_t length, std::size_t fragment_size) {
  auto fits = capacities(fragment_size);
  std::size_t sets = required_sets(length, fragment_size);
  if (sets == 1) return count_in_last_set(length, fits.unlinked, fits.unlinked);
  std::size_t rest = length - fits.end_set - (sets - 2) * fits.middle_set;
  auto last = count_in_last_set(rest, fits.linked, fits.unlinked);
  return {kMaxFragmentsPerSet * (sets - 1) + last.fragments, last.free_bytes};
}

bool keeps_sender_rules(const FragmentHeader& header, std::size_t payload, std::size_t fragment_size) {
  if (!header.is_well_formed()) return false;
  std::size_t capacity = fragment_size - header.size();
  bool may_be_short = header.position == header.total && !header.next_set();
  return may_be_short ? payload <= capacity : payload == capacity;
}

std::vector<FragmentSlice> split(std::size_t length, std::size_t fragment_size, std::span<const SetId> ids) {
  NYM_CHECK(ids.size() == required_sets(length, fragment_size));
  return Splitter(length, fragment_size, ids).run();
}

Bytes serialise_fragment(const FragmentSlice& slice, ByteView padded_message) {
  NYM_CHECK(slice.offset <= padded_message.size() && slice.length <= padded_message.size() - slice.offset);
  Bytes out = slice.header.to_bytes();
  out.reserve(out.size() + slice.length);
  append(out, padded_message.subspan(slice.offset, slice.length));
  return out;
}

}  // namespace nym::wire
