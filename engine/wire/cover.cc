#include "engine/wire/cover.h"

#include <algorithm>

#include "engine/base/check.h"

namespace nym::wire {
namespace {

constexpr std::string_view kMarker = "The cake is a lie!";

}  // namespace

// Very many are on their way at a time: all share their stored bytes.
Blob cover_fragment(std::size_t fragment_size) {
  NYM_CHECK(fragment_size > kMarker.size());
  static const Blob kStored = [] {
    Bytes stored = to_bytes(as_bytes(kMarker));
    stored.push_back(1);
    return Blob(std::move(stored));
  }();
  return Blob::pending(kStored.source(), fragment_size);
}

bool is_cover(ByteView fragment) {
  return as_text(fragment).starts_with(kMarker);
}

bool is_drop_cover(PacketSize frame, std::size_t plaintext_size) {
  return !is_ack(frame) && plaintext_size == plaintext_bytes(PacketSize::ack);
}

}  // namespace nym::wire
