#include "sim/model/lazy_bytes.h"

#include "sim/model/mixing.h"

namespace nym::sim {

Bytes PacketUnderWay::compute() {
  ByteView stored = checked_.stored();
  return ByteWriter(stored.size())
      .put(ModelHeader(stored.first<sphinx::kHeader>()).at(progress_))
      .put(stored.subspan(sphinx::kHeader))
      .finish();
}

Bytes SealedEnvelope::compute() {
  ByteView stored = content_.stored();
  return ByteWriter(sphinx::kEnvelopeMac + stored.size()).put(envelope_tag(key_, content_)).put(stored).finish();
}

EnvelopeTag envelope_tag(std::uint64_t key, const Blob& content) {
  auto sum = checksum(mix(key, content.size()), content.stored());
  EnvelopeTag tag{};
  scramble(mix(seed(Purpose::envelope_word), sum), tag);
  return tag;
}

}  // namespace nym::sim
