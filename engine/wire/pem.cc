#include "engine/wire/pem.h"

#include <fmt/format.h>

#include <algorithm>

#include "engine/base/text_encoding.h"

namespace nym::wire {
namespace {

constexpr std::string_view kBegin = "-----BEGIN ";
constexpr std::string_view kEnd = "-----END ";
constexpr std::string_view kDashes = "-----";
constexpr std::string_view kBlanks = " \t\r\n";
constexpr std::string_view kLineEnds = "\r\n";
constexpr std::size_t kLine = 64;

struct Block {
  std::string_view begin_label;
  std::string_view data;
  std::string_view end_label;
};

/// The text up to `mark`, which `rest` then starts behind.
std::optional<std::string_view> take_until(std::string_view& rest, std::string_view mark) {
  auto at = rest.find(mark);
  if (at == std::string_view::npos) return std::nullopt;
  auto taken = rest.substr(0, at);
  rest.remove_prefix(at + mark.size());
  return taken;
}

std::optional<Block> find_block(std::string_view text) {
  if (!take_until(text, kBegin)) return std::nullopt;
  auto begin_label = take_until(text, kDashes);
  if (!begin_label) return std::nullopt;
  text.remove_prefix(std::min(text.find_first_not_of(kBlanks), text.size()));
  auto data = take_until(text, kEnd);
  if (!data) return std::nullopt;
  auto end_label = take_until(text, kDashes);
  if (!end_label) return std::nullopt;
  return Block{*begin_label, *data, *end_label};
}

/// The lines without what is blank at their ends, one behind the other.
std::string join_lines(std::string_view data) {
  std::string joined;
  while (!data.empty()) {
    auto line = data.substr(0, data.find_first_of(kLineEnds));
    data.remove_prefix(std::min(line.size() + 1, data.size()));
    joined += line.substr(0, line.find_last_not_of(kBlanks) + 1);
  }
  return joined;
}

}  // namespace

std::string to_pem(std::string_view label, ByteView content) {
  std::string out = fmt::format("-----BEGIN {}-----\r\n", label);
  std::string encoded = to_base64(content);
  std::string_view rest = encoded;
  while (!rest.empty()) {
    auto line = rest.substr(0, kLine);
    out += fmt::format("{}\r\n", line);
    rest.remove_prefix(line.size());
  }
  return out + fmt::format("-----END {}-----\r\n", label);
}

Result<Bytes> from_pem(std::string_view text, std::string_view expected_label) {
  auto block = find_block(text);
  if (!block) return fail(WireError::bad_pem, "malformedframing");
  if (block->begin_label.empty()) return fail(WireError::bad_pem, "missing BEGIN tag");
  if (block->end_label.empty()) return fail(WireError::bad_pem, "missing END tag");
  if (block->begin_label != block->end_label) {
    return fail(WireError::bad_pem,
                fmt::format("mismatching BEGIN (\"{}\") and END (\"{}\") tags", block->begin_label, block->end_label));
  }
  auto content = from_base64(join_lines(block->data));
  if (!content) return fail(WireError::bad_pem, fmt::format("invalid data: {}", content.error().text()));
  if (block->begin_label != expected_label) return fail(WireError::bad_pem, "unexpected key pem tag");
  return content;
}

}  // namespace nym::wire
