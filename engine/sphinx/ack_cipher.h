#pragma once

#include "engine/crypto/stream_ciphers.h"
#include "engine/sphinx/error.h"

namespace nym::sphinx {

/// Long-lived key of one client, under which its fragment ids travel in acknowledgements (02 §9).
using AckKey = Secret<16>;
inline constexpr std::size_t kAckPlaintext = 21;  ///< IV 16 ‖ encrypted id 5
using AckIdentifier = ByteArray<5>;               ///< a serialised wire::FragmentId

ByteArray<kAckPlaintext> seal_ack(const AckKey& key, const crypto::Iv& iv, const AckIdentifier& id);
/// Any 21 bytes open to something: there is no MAC.
AckIdentifier open_ack(const AckKey& key, FixedView<kAckPlaintext> sealed);

}  // namespace nym::sphinx
