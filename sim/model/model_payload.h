#pragma once

#include "sim/model/model_header.h"

namespace nym::sim {

/// Appends a payload to a header: checksum 8, size of the plaintext 4, zeros 4, then the plaintext in clear. Stored no
/// further than `plaintext` goes; the rest of its `plaintext_size` bytes and of the payload are zeros.
/// A damaged one is made so that the last hop finds it out.
Blob join_packet(const ModelHeader& header, ByteView plaintext, std::size_t plaintext_size, std::size_t payload_size,
                 PayloadState state);

/// The state of a payload that came behind this header, in which earlier damage is recorded.
PayloadState payload_state(const ModelHeader& header, const Blob& payload);

/// Of an intact payload only.
Blob plaintext_of(const Blob& payload);

}  // namespace nym::sim
