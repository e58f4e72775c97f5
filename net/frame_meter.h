#pragma once

#include <array>
#include <cstdint>
#include <optional>

#include "engine/base/bytes.h"

namespace nym::net {

/// Watches the raw bytes of a websocket and finds the first message that announces more than it may have, before its
/// payload is read (RFC 6455 §5.2). It judges nothing else: frames may be as wrong as they like.
class FrameMeter {
 public:
  FrameMeter(std::uint64_t frame_max, std::uint64_t message_max) : frame_max_(frame_max), message_max_(message_max) {}

  struct Excess {
    enum class Form : std::uint8_t { text, binary } form = Form::binary;
    std::uint64_t bytes = 0;  ///< of the message as far as announced
  };
  /// Not to be fed any more after it found something.
  std::optional<Excess> feed(ByteView bytes);

 private:
  static constexpr std::size_t kLongestHeader = 14;
  std::size_t header_length() const;
  std::optional<Excess> on_header();

  std::uint64_t frame_max_;
  std::uint64_t message_max_;
  ByteArray<kLongestHeader> header_{};
  std::size_t header_size_ = 0;
  std::uint64_t payload_left_ = 0;
  Excess message_;  ///< the one that is coming in
};

}  // namespace nym::net
