#pragma once

#include <optional>

#include "engine/base/blob.h"
#include "engine/wire/error.h"
#include "engine/wire/packet_size.h"

namespace nym::wire {

/// One packet on a link between nodes (02 §13).
struct MixFrame {
  PacketSize size = PacketSize::regular;
  PacketType type = PacketType::mix;
  Blob packet;  ///< packet_bytes(size) bytes
};

/// 2-byte header as v1.1.29 writes by default, or 3 bytes with a version in front.
enum class FrameHeaderForm : std::uint8_t { legacy, versioned };
inline constexpr std::uint8_t kFrameVersion = 7;

/// Outfox frames are versioned whatever `form` says.
Bytes encode_frame_header(PacketSize size, PacketType type, FrameHeaderForm form);

/// Cuts a byte stream into frames; accepts both headers, mixed. Buffers at most one frame beyond what was fed.
/// After an error the connection is to be closed; the decoder yields nothing more.
class FrameDecoder {
 public:
  void feed(ByteView bytes);
  /// The next whole frame, nothing yet, or an error: bad_packet_size, bad_packet_type (checked in this order).
  Result<std::optional<MixFrame>> next();
  /// Whether the stream may end here.
  bool at_frame_boundary() const { return buffer_.size() == consumed_; }

 private:
  Bytes buffer_;
  std::size_t consumed_ = 0;
  bool failed_ = false;
};

}  // namespace nym::wire
