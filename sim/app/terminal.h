#pragma once

#include <cstdint>
#include <string>

namespace nym::sim {

enum class Stream : std::uint8_t { output, error };
enum class Tint : std::uint8_t { good, bad };

/// And one that can move its cursor.
bool is_terminal(Stream stream);
/// The text in a colour where the stream is a terminal and NO_COLOR is not set.
std::string in_color(Stream stream, Tint tint, const std::string& text);

}  // namespace nym::sim
