#pragma once

#include "sim/model/model_header.h"

namespace nym::sim {

/// A packet while it is written: header, then the payload: checksum 8, size of the plaintext 4, zeros 4, and the
/// plaintext in clear. Stored no further than what is put goes; the rest of the plaintext and of the payload are zeros.
class PacketWriter {
 public:
  /// `stored`: bytes of plaintext that will be put.
  PacketWriter(const sphinx::HeaderBytes& header, std::size_t plaintext_size, std::size_t stored);

  ByteWriter& plaintext() { return writer_; }
  /// A damaged one is made so that the last hop finds it out.
  Blob finish(std::size_t payload_size, PayloadState state);

 private:
  ByteWriter writer_;
};

/// What became of the payload of a packet with this header, in which earlier damage is recorded.
PayloadState payload_state(const ModelHeader& header, const Blob& packet);

/// Of a packet with an intact payload only.
Blob plaintext_of(const Blob& packet);

}  // namespace nym::sim
