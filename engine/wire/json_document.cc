#include "engine/wire/json_document.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

namespace nym::wire {
namespace {

using Library = nlohmann::json;

constexpr std::size_t kMaxDepth = 127;
constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

/// Builds the tree from the parser's events; false stops the parser.
class TreeBuilder final : public nlohmann::json_sax<Library> {
 public:
  explicit TreeBuilder(std::size_t max_values) : values_left_(max_values) {}

  JsonValue take_root() { return std::move(root_); }
  const std::string& problem() const { return problem_; }

  bool null() override { return add(JsonValue()) != nullptr; }
  bool boolean(bool value) override { return add(JsonValue(value)) != nullptr; }
  bool number_unsigned(std::uint64_t value) override { return add(JsonValue(value)) != nullptr; }
  bool number_integer(std::int64_t value) override {
    // Only "-0" arrives here as zero, and the original takes that for a floating-point number.
    return add(value == 0 ? JsonValue(JsonFraction{}) : JsonValue(value)) != nullptr;
  }
  bool number_float(double, const std::string&) override { return add(JsonValue(JsonFraction{})) != nullptr; }
  bool string(std::string& value) override { return add(JsonValue(std::move(value))) != nullptr; }
  bool binary(Library::binary_t&) override { return false; }
  bool start_object(std::size_t) override { return open(JsonValue(JsonObject{})); }
  bool start_array(std::size_t) override { return open(JsonValue(JsonArray{})); }
  bool end_object() override { return close(); }
  bool end_array() override { return close(); }
  bool key(std::string& name) override {
    key_ = std::move(name);
    return true;
  }
  bool parse_error(std::size_t position, const std::string&, const Library::exception&) override {
    return refuse(fmt::format("malformed at byte {}", position));
  }

 private:
  bool refuse(std::string why) {
    problem_ = std::move(why);
    return false;
  }

  JsonValue* add(JsonValue value) {
    if (values_left_ == 0) {
      refuse("too many values");
      return nullptr;
    }
    --values_left_;
    if (open_.empty()) {
      root_ = std::move(value);
      return &root_;
    }
    if (auto* members = open_.back()->get<JsonObject>()) {
      members->push_back({std::move(key_), std::move(value)});
      return &members->back().value;
    }
    auto& elements = *open_.back()->get<JsonArray>();
    elements.push_back(std::move(value));
    return &elements.back();
  }

  bool open(JsonValue container) {
    if (open_.size() == kMaxDepth) return refuse("nested too deeply");
    JsonValue* placed = add(std::move(container));
    // Stays valid: nothing is added beside a value while it is open.
    if (placed != nullptr) open_.push_back(placed);
    return placed != nullptr;
  }

  bool close() {
    open_.pop_back();
    return true;
  }

  JsonValue root_;
  std::vector<JsonValue*> open_;
  std::string key_;
  std::size_t values_left_;
  std::string problem_ = "malformed";
};

}  // namespace

Result<JsonValue> parse_json(std::string_view text, const JsonLimits& limits) {
  if (text.size() > limits.max_bytes) {
    return fail(WireError::bad_json, fmt::format("JSON text of {} bytes is too long", text.size()));
  }
  // The library would skip the one and take the other for the end of the text.
  if (text.starts_with(kByteOrderMark) || text.find('\0') != std::string_view::npos) {
    return fail(WireError::bad_json, "JSON text with a byte order mark or a zero byte");
  }
  TreeBuilder builder(limits.max_values);
  if (!Library::sax_parse(text, &builder)) {
    return fail(WireError::bad_json, fmt::format("JSON text: {}", builder.problem()));
  }
  return builder.take_root();
}

std::string json_quoted(std::string_view text) {
  return Library(text).dump(-1, ' ', false, Library::error_handler_t::replace);
}

JsonFields::JsonFields(const JsonValue* value, std::span<const std::string_view> names, UnknownKeys unknown,
                       JsonProblem& problem)
    : names_(names), values_(names.size(), nullptr), problem_(&problem) {
  if (value == nullptr) return;
  if (const auto* members = value->get<JsonObject>()) {
    take_members(*members, unknown);
  } else if (const auto* elements = value->get<JsonArray>()) {
    take_elements(*elements);
  } else {
    problem_->report("neither an object nor an array");
  }
}

void JsonFields::take_members(const JsonObject& members, UnknownKeys unknown) {
  for (const auto& member : members) {
    auto name = std::find(names_.begin(), names_.end(), member.key);
    if (name == names_.end()) {
      if (unknown == UnknownKeys::refused) report(member.key, "is not known");
      continue;
    }
    auto& slot = values_[static_cast<std::size_t>(name - names_.begin())];
    if (slot != nullptr) report(member.key, "appears twice");
    slot = &member.value;
  }
}

void JsonFields::take_elements(const JsonArray& elements) {
  if (elements.size() != names_.size()) {
    problem_->report(fmt::format("array of {} instead of {} elements", elements.size(), names_.size()));
    return;
  }
  std::transform(elements.begin(), elements.end(), values_.begin(), [](const JsonValue& value) { return &value; });
}

const JsonValue* JsonFields::find(std::string_view name) const {
  auto position = std::find(names_.begin(), names_.end(), name);
  return position == names_.end() ? nullptr : values_[static_cast<std::size_t>(position - names_.begin())];
}

const JsonValue* JsonFields::require(std::string_view name) const {
  const JsonValue* value = find(name);
  if (value == nullptr) report(name, "is missing");
  return value;
}

std::string JsonFields::text(std::string_view name) const {
  const JsonValue* value = require(name);
  if (value == nullptr) return {};
  if (const auto* content = value->get<std::string>()) return *content;
  report(name, "is not a string");
  return {};
}

bool JsonFields::boolean(std::string_view name) const {
  const JsonValue* value = require(name);
  if (value == nullptr) return false;
  if (const auto* content = value->get<bool>()) return *content;
  report(name, "is neither true nor false");
  return false;
}

Bytes JsonFields::byte_array(std::string_view name) const {
  const JsonValue* value = require(name);
  if (value == nullptr) return {};
  const auto* elements = value->get<JsonArray>();
  if (elements == nullptr) {
    report(name, "is not an array");
    return {};
  }
  Bytes bytes;
  bytes.reserve(elements->size());
  for (const auto& element : *elements) bytes.push_back(integer_of<std::uint8_t>(name, element));
  return bytes;
}

void JsonFields::optional_text(std::string_view name) const {
  const JsonValue* value = find(name);
  if (value != nullptr && !value->is_null() && value->get<std::string>() == nullptr) report(name, "is not a string");
}

void JsonFields::report(std::string_view name, std::string_view what) const {
  problem_->report(fmt::format("field {} {}", json_quoted(name), what));
}

}  // namespace nym::wire
