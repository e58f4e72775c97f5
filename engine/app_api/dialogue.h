#pragma once

#include "engine/app_api/address_book.h"
#include "engine/app_api/codec.h"

namespace nym::app_api {

/// Which generations of the API applications may speak (05 §9.5): v1.1.29 alone; that, older forms as far as they can
/// be told apart, and our additions; v0.7.0 alone.
enum class Dialect : std::uint8_t { automatic, strict, v0_7 };

/// One websocket message of the application socket.
struct Frame {
  Format format{};
  Bytes data;
  friend bool operator==(const Frame&, const Frame&) = default;
};

/// The language that one application and its client speak: reads requests, writes answers and pushes. Text is always
/// UTF-8. The address book outlives it.
class Dialogue {
 public:
  Dialogue(Dialect dialect, const AddressBook& book) : dialect_(dialect), book_(&book) {}

  /// A request, or the answer to one that needs nobody else: an error, mostly. Total over any bytes.
  std::variant<AppRequest, Frame> read(Format format, ByteView frame);

  Frame answer(Format asked, const Response& response) const;
  /// What is said unasked, in the form of the last data message; binary before the first (05 §3).
  Frame push(const Response& response) const;
  /// What follows every accepted message: nothing since v0.8.0 (05 §9.6).
  std::optional<Frame> confirmation() const;

  /// From now on text requests may name their messages.
  void expect_message_ids(bool expected) { expects_message_ids_ = expected; }

 private:
  using Read = std::expected<AppRequest, RequestError>;
  Read read_text(std::string_view text);
  Read read_binary(ByteView bytes);
  std::variant<AppRequest, Frame> read_v0_7(Format format, ByteView frame);
  Frame push_v0_7(const Response& response) const;

  Dialect dialect_;
  const AddressBook* book_;
  Format push_format_ = Format::binary;
  bool is_legacy_text_ = false;    ///< showed that it is of v0.8.0 to v1.1.3
  bool is_legacy_binary_ = false;  ///< as above
  bool expects_message_ids_ = false;
};

}  // namespace nym::app_api
