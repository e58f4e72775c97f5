#include "engine/client/reassembler.h"

#include "engine/base/probe.h"
#include "engine/wire/padding.h"

namespace nym::client {
namespace {

Result<wire::Message> read_message(const Blob& padded) {
  NYM_TRY(auto bytes, wire::strip_padding(padded.stored()));
  return wire::parse_message(padded.slice(0, bytes.size()));
}

}  // namespace

Result<std::optional<wire::Message>> Reassembler::insert(TimePoint now, ByteView fragment) {
  just_finished_.clear();
  auto header = wire::FragmentHeader::parse(fragment);
  if (!header) return fail(ClientError::malformed_fragment, header.error().text());
  if (finished_.contains(header->set)) {
    reach(Probe::reassembly_late_fragment);
    ++late_;
    return std::nullopt;
  }
  NYM_TRY(auto assembled, assembler_.insert(now, *header, fragment.subspan(header->size())));
  if (!assembled) return std::nullopt;
  just_finished_ = std::move(assembled->sets);
  remember(now, just_finished_);
  auto message = read_message(assembled->padded);
  if (!message) return fail(ClientError::malformed_message, message.error().text());
  return *std::move(message);
}

void Reassembler::remember(TimePoint now, std::span<const wire::SetId> finished) {
  for (wire::SetId set : finished) remember_finished(now, set);
}

std::vector<SetAssembler::GivenUp> Reassembler::expire(TimePoint now) {
  forget_finished_before(now);
  return assembler_.expire(now);
}

void Reassembler::remember_finished(TimePoint now, wire::SetId set) {
  if (!finished_.insert(set).second) return;
  finished_order_.push_back({now + limits_.finished_time_to_live, set});
  forget_finished_before(now);
}

void Reassembler::forget_finished_before(TimePoint now) {
  while (!finished_order_.empty() &&
         (finished_order_.front().first <= now || finished_order_.size() > limits_.max_finished_sets)) {
    finished_.erase(finished_order_.front().second);
    finished_order_.pop_front();
  }
}

}  // namespace nym::client
