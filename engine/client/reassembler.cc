#include "engine/client/reassembler.h"

#include "engine/wire/padding.h"

namespace nym::client {
namespace {

Result<wire::Message> read_message(ByteView padded) {
  NYM_TRY(auto bytes, wire::strip_padding(padded));
  return wire::parse_message(bytes);
}

}  // namespace

Result<std::optional<wire::Message>> Reassembler::insert(TimePoint now, ByteView fragment) {
  auto header = wire::FragmentHeader::parse(fragment);
  if (!header) return fail(ClientError::malformed_fragment, header.error().text());
  if (finished_.contains(header->set)) {
    ++late_;
    return std::nullopt;
  }
  NYM_TRY(auto assembled, assembler_.insert(now, *header, fragment.subspan(header->size())));
  if (!assembled) return std::nullopt;
  for (wire::SetId set : assembled->sets) remember_finished(set);
  auto message = read_message(assembled->padded);
  if (!message) return fail(ClientError::malformed_message, message.error().text());
  return *std::move(message);
}

void Reassembler::remember_finished(wire::SetId set) {
  if (!finished_.insert(set).second) return;
  finished_order_.push_back(set);
  if (finished_order_.size() <= limits_.max_finished_sets) return;
  finished_.erase(finished_order_.front());
  finished_order_.pop_front();
}

}  // namespace nym::client
