#include "engine/client/set_assembler.h"

#include <algorithm>

#include "engine/base/probe.h"

namespace nym::client {
namespace {

// What a set and a fragment cost beside their bytes, generously.
constexpr std::size_t kSetOverhead = 512;
constexpr std::size_t kFragmentOverhead = 96;

std::unexpected<Error> circular_links() {
  return fail(ClientError::malformed_fragment, "sets linked in a circle");
}

}  // namespace

Result<std::optional<AssembledBytes>> SetAssembler::insert(TimePoint now, const wire::FragmentHeader& header,
                                                           ByteView data) {
  forget_stale_shortcuts();
  NYM_TRY(auto set, find_or_open(header, data.size()));
  if (set->second.present[header.position]) {
    nym::reach(Probe::reassembly_duplicate_fragment);
    ++duplicates_;
    return std::nullopt;
  }
  store(now, set, header, data);
  if (!set->second.complete()) return std::nullopt;
  if (set->second.is_linked()) {
    nym::reach(Probe::reassembly_linked_sets);
    move_to_spool(set->second);
  }
  return complete_message(set);
}

Result<SetAssembler::Sets::iterator> SetAssembler::find_or_open(const wire::FragmentHeader& header, std::size_t bytes) {
  auto set = sets_.find(header.set);
  bool is_new = set == sets_.end();
  // The first fragment that is seen decides how many there are (02 §7).
  if (!is_new && header.position > set->second.total) {
    return fail(ClientError::malformed_fragment, "fragment beyond the end of its set");
  }
  if (!is_new && set->second.present[header.position]) return set;

  std::size_t cost = bytes + kFragmentOverhead + (is_new ? kSetOverhead : 0);
  if (buffered_bytes_ + cost > limits_.max_buffered_bytes || (is_new && sets_.size() == limits_.max_sets)) {
    nym::reach(Probe::reassembly_full);
    return fail(ClientError::reassembly_full, "no room for another fragment");
  }
  if (!is_new) return set;
  FragmentSet opened;
  opened.total = header.total;
  opened.bytes = kSetOverhead;
  buffered_bytes_ += kSetOverhead;
  return sets_.emplace(header.set, std::move(opened)).first;
}

void SetAssembler::store(TimePoint now, Sets::iterator set, const wire::FragmentHeader& header, ByteView data) {
  FragmentSet& content = set->second;
  content.present.set(header.position);
  ++content.received;
  content.parts.push_back({header.position, to_bytes(data)});
  content.bytes += data.size() + kFragmentOverhead;
  buffered_bytes_ += data.size() + kFragmentOverhead;
  if (auto previous = header.previous_set()) content.ways[kPrevious].link = previous;
  if (auto next = header.next_set()) content.ways[kNext].link = next;
  content.last_progress = now;
  set_deadline(set, now + limits_.time_to_live);
}

std::size_t SetAssembler::FragmentSet::content_size() const {
  if (spooled) return spooled->bytes().size();
  std::size_t size = 0;
  for (const Part& part : parts) size += part.data.size();
  return size;
}

void SetAssembler::FragmentSet::copy_to(std::span<std::uint8_t> out) const {
  if (spooled) {
    std::ranges::copy(spooled->bytes(), out.begin());
    return;
  }
  std::vector<const Part*> ordered;
  for (const Part& part : parts) ordered.push_back(&part);
  std::ranges::sort(ordered, {}, &Part::position);
  auto position = out.begin();
  for (const Part* part : ordered) position = std::ranges::copy(part->data, position).out;
}

// Without room in the spool the set stays in main memory, whose bound holds all the same.
void SetAssembler::move_to_spool(FragmentSet& set) {
  std::size_t size = set.content_size();
  if (size == 0 || spooled_bytes_ + size > limits_.max_spooled_bytes) return;
  auto region = spool_.make(size);
  if (!region) return;
  set.copy_to(region->bytes());
  region->settle();
  set.spooled = std::move(region);
  set.parts.clear();
  set.parts.shrink_to_fit();
  spooled_bytes_ += size;
  buffered_bytes_ -= set.bytes - kSetOverhead;
  set.bytes = kSetOverhead;
}

/// A set can complete a message only by completing itself, so this is asked once a set.
Result<std::optional<AssembledBytes>> SetAssembler::complete_message(Sets::iterator completed) {
  wire::SetId id = completed->first;
  Reach back = reach(id, kPrevious);
  Reach forth = reach(id, kNext);
  if (back.circular || forth.circular) {
    nym::reach(Probe::reassembly_circle);
    drop(completed);
    return circular_links();
  }
  if (back.waiting_for || forth.waiting_for) return std::nullopt;
  // The order is that of the head's own links, which need not be those that led to it.
  if (reach(back.last, kNext).waiting_for) return std::nullopt;
  auto order = order_from(back.last);
  if (!order) return std::nullopt;
  return take(*std::move(order));
}

std::optional<std::vector<wire::SetId>> SetAssembler::order_from(wire::SetId head) const {
  std::vector<wire::SetId> order;
  for (std::optional<wire::SetId> id = head; id;) {
    const FragmentSet* set = find_complete(*id);
    if (set == nullptr) return std::nullopt;
    order.push_back(*id);
    id = set->ways[kNext].link;
  }
  return order;
}

// A message of several sets comes into one region of the spool, set by set.
Result<std::optional<AssembledBytes>> SetAssembler::take(std::vector<wire::SetId> order) {
  std::size_t size = 0;
  for (wire::SetId id : order) size += sets_.at(id).content_size();
  std::shared_ptr<SpoolRegion> region = order.size() > 1 ? spool_.make(size) : nullptr;
  Bytes in_memory(region || size > limits_.max_buffered_bytes ? 0 : size);
  bool has_room = region || in_memory.size() == size;
  std::span<std::uint8_t> out = region ? region->bytes() : std::span<std::uint8_t>(in_memory);
  for (wire::SetId id : order) {
    auto set = sets_.find(id);
    std::size_t length = set->second.content_size();
    if (has_room) {
      set->second.copy_to(out.first(length));
      out = out.subspan(length);
    }
    drop(set);
  }
  if (!has_room) return fail(ClientError::reassembly_full, "no room to put a large message together");
  if (region) region->settle();
  return AssembledBytes{region ? Blob::over(std::move(region)) : Blob(std::move(in_memory)), std::move(order)};
}

const SetAssembler::FragmentSet* SetAssembler::find_complete(wire::SetId id) const {
  auto set = sets_.find(id);
  return set != sets_.end() && set->second.complete() ? &set->second : nullptr;
}

/// Complete sets never form a circle: the one that would close it is refused. So the walk ends.
SetAssembler::Reach SetAssembler::reach(wire::SetId from, Direction direction) {
  std::vector<wire::SetId> walked;
  Reach result{from, std::nullopt, false};
  for (;;) {
    const Way& way = sets_.at(result.last).ways[direction];
    if (!way.link) break;
    bool has_shortcut = way.shortcut && way.age == shortcut_age_;
    wire::SetId target = has_shortcut ? *way.shortcut : *way.link;
    if (target == from) {
      result.circular = true;
      break;
    }
    if (find_complete(target) == nullptr) {
      result.waiting_for = target;
      break;
    }
    walked.push_back(result.last);
    result.last = target;
  }
  for (std::size_t i = 0; i < walked.size(); ++i) {
    FragmentSet& set = sets_.at(walked[i]);
    set.ways[direction].shortcut = result.last;
    set.ways[direction].age = shortcut_age_;
    set.passed_over = set.passed_over || i > 0;
  }
  return result;
}

void SetAssembler::set_deadline(Sets::iterator set, TimePoint deadline) {
  deadlines_.erase({set->second.deadline, set->first});
  set->second.deadline = deadline;
  deadlines_.insert({deadline, set->first});
}

void SetAssembler::forget_stale_shortcuts() {
  if (shortcuts_stale_) ++shortcut_age_;
  shortcuts_stale_ = false;
}

void SetAssembler::drop(Sets::iterator set) {
  shortcuts_stale_ = shortcuts_stale_ || set->second.passed_over;
  deadlines_.erase({set->second.deadline, set->first});
  buffered_bytes_ -= set->second.bytes;
  if (set->second.spooled) spooled_bytes_ -= set->second.content_size();
  sets_.erase(set);
}

/// A complete set lives as long as those that it waits for make progress.
TimePoint SetAssembler::last_progress_towards(wire::SetId set, Direction direction) {
  Reach found = reach(set, direction);
  TimePoint latest = sets_.at(found.last).last_progress;
  if (!found.waiting_for) return latest;
  auto waited = sets_.find(*found.waiting_for);
  return waited == sets_.end() ? latest : std::max(latest, waited->second.last_progress);
}

/// Without a set nothing that is linked with it can become a message any more.
SetAssembler::GivenUp SetAssembler::drop_chain(Sets::iterator set) {
  GivenUp dropped;
  auto drop_counted = [&](Sets::iterator one) {
    ++dropped.sets;
    dropped.fragments += one->second.received;
    dropped.bytes += one->second.content_size();
    drop(one);
  };
  auto ways = set->second.ways;
  drop_counted(set);
  for (Direction direction : {kPrevious, kNext}) {
    std::optional<wire::SetId> id = ways[direction].link;
    while (id && find_complete(*id) != nullptr) {
      auto linked = sets_.find(*id);
      id = linked->second.ways[direction].link;
      drop_counted(linked);
    }
  }
  return dropped;
}

std::vector<SetAssembler::GivenUp> SetAssembler::expire(TimePoint now) {
  forget_stale_shortcuts();
  std::vector<GivenUp> given_up;
  while (!deadlines_.empty() && deadlines_.begin()->first <= now) {
    auto set = sets_.find(deadlines_.begin()->second);
    TimePoint latest = set->second.last_progress;
    if (set->second.complete()) {
      latest = std::max(latest, last_progress_towards(set->first, kPrevious));
      latest = std::max(latest, last_progress_towards(set->first, kNext));
    }
    if (latest + limits_.time_to_live > now) {
      set_deadline(set, latest + limits_.time_to_live);
      continue;
    }
    nym::reach(Probe::reassembly_expired);
    given_up.push_back(drop_chain(set));
  }
  return given_up;
}

std::optional<TimePoint> SetAssembler::next_expiry() const {
  if (deadlines_.empty()) return std::nullopt;
  return deadlines_.begin()->first;
}

}  // namespace nym::client
