#include <array>

#include "engine/base/bytes.h"
#include "sim/record/start.h"
#include "sim/trace/forms.h"

namespace nym::sim {
namespace {

constexpr std::uint32_t kSectionHeader = 0x0a0d0d0a;
constexpr std::uint32_t kInterfaceDescription = 1;
constexpr std::uint32_t kEnhancedPacket = 6;
constexpr std::uint32_t kByteOrderMagic = 0x1a2b3c4d;
constexpr std::uint16_t kLinkTypeUser0 = 147;
constexpr std::uint8_t kPseudoHeaderVersion = 1;

/// Numbers in one byte order, blocks padded to four bytes.
class Block {
 public:
  void u8(std::uint8_t value) { bytes_.push_back(static_cast<char>(value)); }
  void little(std::uint64_t value, unsigned size) {
    for (unsigned i = 0; i < size; ++i) u8(static_cast<std::uint8_t>(value >> (8 * i)));
  }
  void big(std::uint64_t value, unsigned size) {
    for (unsigned i = size; i-- > 0;) u8(static_cast<std::uint8_t>(value >> (8 * i)));
  }
  void raw(ByteView bytes) { bytes_.append(bytes.begin(), bytes.end()); }
  void text_option(std::uint16_t code, std::string_view text) {
    little(code, 2);
    little(text.size(), 2);
    bytes_ += text;
    pad();
  }
  void end_of_options() { little(0, 4); }
  void pad() { bytes_.resize((bytes_.size() + 3) / 4 * 4); }
  std::size_t size() const { return bytes_.size(); }

  void write_to(OutputFile& file, std::uint32_t type) {
    pad();
    Block frame;
    auto length = bytes_.size() + 12;
    frame.little(type, 4);
    frame.little(length, 4);
    frame.bytes_ += bytes_;
    frame.little(length, 4);
    file.write(frame.bytes_);
  }

 private:
  std::string bytes_;
};

/// What precedes the bytes of each frame: docs/simulator.md lists the fields. All numbers big-endian.
struct PseudoHeader {
  static constexpr std::uint32_t kBytes = 36;
  enum class Event : std::uint8_t { sent = 0, lost = 1 };

  Event event{};
  FrameId id;
  NodeName from;
  NodeName to;
  FrameKind kind{};
  std::uint8_t reason = 0;   ///< LossReason + 1; 0: none
  std::uint8_t content = 0;  ///< client::PacketKind + 1; 0: unknown
  Duration arrives{};        ///< since the start
  std::uint32_t bytes = 0;

  void append_to(Block& block) const {
    block.u8(kPseudoHeaderVersion);
    block.u8(static_cast<std::uint8_t>(event));
    block.u8(static_cast<std::uint8_t>(kind));
    block.u8(reason);
    block.u8(content);
    append(block, from);
    append(block, to);
    block.u8(0);
    block.big(id.value, 8);
    block.big(static_cast<std::uint64_t>(arrives.ns()), 8);
    block.big(bytes, 4);
  }

 private:
  static void append(Block& block, NodeName node) {
    block.u8(static_cast<std::uint8_t>(node.kind));
    block.big(node.index + 1, 4);
  }
};

/// What is put on links, and what is lost there. Of bytes that end in zeros which are not stored, those are left out.
class PcapngTrace : public Trace {
 public:
  explicit PcapngTrace(OutputFile file) : file_(std::move(file)) {
    Block section;
    section.little(kByteOrderMagic, 4);
    section.little(1, 2);  // version 1.0
    section.little(0, 2);
    section.little(UINT64_MAX, 8);  // length of the section: not given
    section.text_option(4, "nym-sim");
    section.end_of_options();
    section.write_to(file_, kSectionHeader);
    Block interface;
    interface.little(kLinkTypeUser0, 2);
    interface.little(0, 2);
    interface.little(0, 4);  // frames of any length
    interface.text_option(2, "simulated links");
    interface.text_option(9, "\x09");  // timestamps in nanoseconds
    interface.end_of_options();
    interface.write_to(file_, kInterfaceDescription);
  }
  Result<void> finish() override { return file_.finish(); }

  void on_frame_sent(TimePoint now, const FrameSent& frame) override {
    PseudoHeader header{PseudoHeader::Event::sent, frame.id, frame.from, frame.to, frame.kind};
    if (frame.content) header.content = static_cast<std::uint8_t>(static_cast<std::uint8_t>(*frame.content) + 1);
    header.arrives = frame.arrives - kRunStart;
    header.bytes = frame.bytes;
    write(now, header, frame.bytes_on_link);
  }
  void on_frame_lost(TimePoint now, const FrameLost& frame) override {
    PseudoHeader header{PseudoHeader::Event::lost, frame.id, frame.from, frame.to, frame.kind};
    header.reason = static_cast<std::uint8_t>(static_cast<std::uint8_t>(frame.reason) + 1);
    write(now, header, nullptr);
  }

 private:
  void write(TimePoint now, const PseudoHeader& header, const Blob* content) {
    ByteView stored = content == nullptr ? ByteView() : content->stored();
    std::size_t whole = content == nullptr ? 0 : content->size();
    auto time = static_cast<std::uint64_t>((now - kRunStart).ns());
    Block block;
    block.little(0, 4);  // the interface
    block.little(time >> 32U, 4);
    block.little(time & 0xffffffffU, 4);
    block.little(PseudoHeader::kBytes + stored.size(), 4);
    block.little(PseudoHeader::kBytes + whole, 4);
    header.append_to(block);
    block.raw(stored);
    block.write_to(file_, kEnhancedPacket);
  }

  OutputFile file_;
};

}  // namespace

std::unique_ptr<Trace> make_pcapng_trace(OutputFile file) {
  return std::make_unique<PcapngTrace>(std::move(file));
}

}  // namespace nym::sim
