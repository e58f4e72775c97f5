#include "sim/app/terminal.h"

#include <unistd.h>

#include <cstdlib>
#include <string_view>

namespace nym::sim {
namespace {

std::string_view environment(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? std::string_view() : std::string_view(value);
}

}  // namespace

bool is_terminal(Stream stream) {
  int descriptor = stream == Stream::output ? STDOUT_FILENO : STDERR_FILENO;
  return environment("TERM") != "dumb" && ::isatty(descriptor) == 1;
}

std::string in_color(Stream stream, Tint tint, const std::string& text) {
  if (!is_terminal(stream) || !environment("NO_COLOR").empty()) return text;
  return (tint == Tint::good ? "\x1b[32m" : "\x1b[31m") + text + "\x1b[0m";
}

}  // namespace nym::sim
