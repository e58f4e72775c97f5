#include "net/websocket_frames.h"

#include <gtest/gtest.h>

#include "engine/base/text_encoding.h"

namespace nym::net {
namespace {

std::string frame_head(WebSocketForm form, std::size_t size, std::size_t head) {
  Bytes out;
  append_frame(out, form, Bytes(size), std::nullopt);
  EXPECT_EQ(out.size(), size + head);
  return to_hex(ByteView(out).first(head));
}

// RFC 6455 §5.2: the shortest of three forms of a length.
TEST(WebSocketFrames, BeginWithTheirFormAndLength) {
  EXPECT_EQ(frame_head(WebSocketForm::text, 0, 2), "8100");
  EXPECT_EQ(frame_head(WebSocketForm::binary, 125, 2), "827d");
  EXPECT_EQ(frame_head(WebSocketForm::binary, 126, 4), "827e007e");
  EXPECT_EQ(frame_head(WebSocketForm::binary, 65'535, 4), "827effff");
  EXPECT_EQ(frame_head(WebSocketForm::binary, 65'536, 10), "827f0000000000010000");
}

// RFC 6455 §5.7: its example of a masked text.
TEST(WebSocketFrames, OfAClientAreMasked) {
  Bytes out{0xff};
  append_frame(out, WebSocketForm::text, as_bytes("Hello"), FrameMask{0x37, 0xfa, 0x21, 0x3d});
  EXPECT_EQ(to_hex(out), "ff818537fa213d7f9f4d5158");
}

}  // namespace
}  // namespace nym::net
