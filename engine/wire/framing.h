#pragma once

#include <optional>

#include "engine/base/blob.h"
#include "engine/base/generation.h"
#include "engine/wire/error.h"
#include "engine/wire/packet_size.h"

namespace nym::wire {

/// One packet on a link between nodes (02 §13).
struct MixFrame {
  PacketSize size = PacketSize::regular;
  PacketType type = PacketType::mix;
  Blob packet;                                  ///< packet_bytes(size) bytes
  KeyRotation rotation = KeyRotation::unknown;  ///< only a header with one says something else
};

/// What is written (09 §10): 2 bytes as v1.1.29 by default, 3 with version 7 in front, or 4 with version 8 in front and
/// the key rotation behind.
enum class FrameHeaderForm : std::uint8_t { legacy, versioned, with_rotation };
inline constexpr std::uint8_t kFrameVersion = 7;
inline constexpr std::uint8_t kRotationFrameVersion = 8;

/// Outfox frames have a version whatever `form` says.
Bytes encode_frame_header(PacketSize size, PacketType type, FrameHeaderForm form,
                          KeyRotation rotation = KeyRotation::unknown);

/// What is read (12 §2). y2023: 2 bytes, and 3 with any other first byte for a version. y2026: 3 bytes with version 7
/// and 4 with version 8. both: all three.
enum class FrameReading : std::uint8_t { y2023, y2026, both };

/// Cuts a byte stream into frames; all headers that are read may be mixed. Buffers at most one frame beyond what was
/// fed. After an error the connection is to be closed; the decoder yields nothing more.
class FrameDecoder {
 public:
  explicit FrameDecoder(FrameReading reading = FrameReading::y2023) : reading_(reading) {}

  void feed(ByteView bytes);
  /// The next whole frame, nothing yet, or an error: bad_frame_version, bad_key_rotation, bad_packet_size,
  /// bad_packet_type (checked in this order).
  Result<std::optional<MixFrame>> next();
  /// Whether the stream may end here.
  bool at_frame_boundary() const { return buffer_.size() == consumed_; }

 private:
  FrameReading reading_;
  Bytes buffer_;
  std::size_t consumed_ = 0;
  bool failed_ = false;
};

}  // namespace nym::wire
