#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <limits>
#include <span>
#include <vector>

#include "engine/app_api/codec.h"
#include "engine/app_api/json_scanner.h"

namespace nym::app_api {
namespace {

constexpr std::string_view kTypeKey = "type";

enum class Field : std::uint8_t { message, recipient, sender_tag, reply_surbs, connection_id };
constexpr std::array<std::string_view, 5> kFieldNames{"message", "recipient", "senderTag", "replySurbs",
                                                      "connectionId"};

std::string_view name_of(Field field) {
  return kFieldNames[static_cast<std::size_t>(field)];
}

std::optional<Field> field_named(std::string_view name) {
  const auto* found = std::find(kFieldNames.begin(), kFieldNames.end(), name);
  if (found == kFieldNames.end()) return std::nullopt;
  return static_cast<Field>(found - kFieldNames.begin());
}

enum class Kind : std::uint8_t { send, send_anonymous, reply, self_address };

// A request type: its fields in the order of 05 §5, the order of array forms and of missing fields.
struct Form {
  Kind kind;
  std::string_view type;
  std::string_view error_name;
  std::span<const Field> fields;
};

constexpr std::array kSendFields{Field::message, Field::recipient, Field::connection_id};
constexpr std::array kSendAnonymousFields{Field::recipient, Field::message, Field::reply_surbs, Field::connection_id};
constexpr std::array kReplyFields{Field::sender_tag, Field::message, Field::connection_id};
constexpr std::array<Form, 4> kForms{{
    {Kind::send, "send", "Send", kSendFields},
    {Kind::send_anonymous, "sendAnonymous", "SendAnonymous", kSendAnonymousFields},
    {Kind::reply, "reply", "Reply", kReplyFields},
    {Kind::self_address, "selfAddress", "SelfAddress", {}},
}};

bool has_field(const Form& form, Field field) {
  return std::find(form.fields.begin(), form.fields.end(), field) != form.fields.end();
}

// A request as written: its type and the values given for it.
struct FieldValue {
  Field field;
  JsonValue value;
};
struct ObjectBody {
  std::vector<FieldValue> values;  // of known fields in document order, each field at most twice
};
struct ArrayBody {
  std::vector<JsonValue> values;  // the first ones
  std::size_t count = 0;
};
struct Tagged {
  const Form* form = nullptr;
  std::variant<ObjectBody, ArrayBody> body;
};

// The values of a request, each of the right type.
struct Checked {
  std::optional<std::string> message;
  std::optional<std::string> recipient;
  std::optional<std::string> sender_tag;
  std::uint32_t reply_surbs = 0;
  std::optional<LaneId> lane;
};

Scan<const Form*> scan_type(JsonScanner& scanner) {
  NYM_TRY(auto shape, scanner.peek_shape());
  if (shape != JsonScanner::Shape::scalar) {
    JsonValue seen = shape == JsonScanner::Shape::array ? JsonValue(JsonArray{}) : JsonValue(JsonObject{});
    return scanner.fault_here(fmt::format("invalid type: {}, expected variant identifier", describe(seen)));
  }
  NYM_TRY(auto value, scanner.value(JsonScanner::Keep::contents));
  const auto* name = std::get_if<std::string>(&value);
  if (name == nullptr) {
    return scanner.fault_here(fmt::format("invalid type: {}, expected variant identifier", describe(value)));
  }
  const auto* found = std::find_if(kForms.begin(), kForms.end(), [&](const Form& form) { return form.type == *name; });
  if (found != kForms.end()) return found;
  return scanner.fault_here(
      fmt::format("unknown variant `{}`, expected one of `send`, `sendAnonymous`, `reply`, `selfAddress`", *name));
}

// A third value of a field can change nothing any more.
bool is_wanted(const ObjectBody& body, Field field) {
  return std::count_if(body.values.begin(), body.values.end(), [&](const auto& v) { return v.field == field; }) < 2;
}

Scan<void> scan_field(JsonScanner& scanner, std::string_view key, ObjectBody& body) {
  NYM_TRY_VOID(scanner.colon());
  auto field = field_named(key);
  bool keep = field && is_wanted(body, *field);
  NYM_TRY(auto value, scanner.value(keep ? JsonScanner::Keep::contents : JsonScanner::Keep::nothing));
  if (keep) body.values.push_back({*field, std::move(value)});
  return {};
}

Scan<Tagged> scan_object(JsonScanner& scanner) {
  NYM_TRY_VOID(scanner.enter());
  const Form* form = nullptr;
  ObjectBody body;
  for (auto place = JsonScanner::Place::first;;) {
    NYM_TRY(auto key, scanner.next_key(place));
    if (!key) break;
    if (*key != kTypeKey) {
      NYM_TRY_VOID(scan_field(scanner, *key, body));
      continue;
    }
    if (form != nullptr) return scanner.fault_after_object("duplicate field `type`");
    NYM_TRY_VOID(scanner.colon());
    NYM_TRY(form, scan_type(scanner));
  }
  scanner.leave();
  if (form == nullptr) return scanner.fault_here("missing field `type`");
  return Tagged{form, std::move(body)};
}

Scan<Tagged> scan_array(JsonScanner& scanner) {
  NYM_TRY_VOID(scanner.enter());
  const Form* form = nullptr;
  ArrayBody body;
  for (auto place = JsonScanner::Place::first;;) {
    NYM_TRY(bool has_more, scanner.next_element(place));
    if (!has_more) break;
    if (form == nullptr) {
      NYM_TRY(form, scan_type(scanner));
      continue;
    }
    bool keep = body.count++ < form->fields.size();
    NYM_TRY(auto value, scanner.value(keep ? JsonScanner::Keep::contents : JsonScanner::Keep::nothing));
    if (keep) body.values.push_back(std::move(value));
  }
  scanner.leave();
  if (form == nullptr) return scanner.fault_here("missing field `type`");
  return Tagged{form, std::move(body)};
}

Scan<Tagged> scan_tagged(JsonScanner& scanner) {
  NYM_TRY(auto shape, scanner.peek_shape());
  if (shape == JsonScanner::Shape::object) return scan_object(scanner);
  if (shape == JsonScanner::Shape::array) return scan_array(scanner);
  NYM_TRY(auto value, scanner.value(JsonScanner::Keep::contents));
  return scanner.fault_here(
      fmt::format("invalid type: {}, expected internally tagged enum ClientRequestText", describe(value)));
}

std::unexpected<std::string> wrong_type(const JsonValue& value, std::string_view expected) {
  return std::unexpected(fmt::format("invalid type: {}, expected {}", describe(value), expected));
}

Scan<std::string> as_string(JsonValue&& value) {
  if (auto* text = std::get_if<std::string>(&value)) return std::move(*text);
  return wrong_type(value, "a string");
}

template <class Number>
Scan<Number> as_number(const JsonValue& value, std::string_view expected) {
  const auto* number = std::get_if<std::uint64_t>(&value);
  if (number != nullptr && *number <= std::numeric_limits<Number>::max()) return static_cast<Number>(*number);
  if (number == nullptr && !std::holds_alternative<std::int64_t>(value)) return wrong_type(value, expected);
  return std::unexpected(fmt::format("invalid value: {}, expected {}", describe(value), expected));
}

Scan<void> check_field(Field field, JsonValue&& value, Checked& checked) {
  switch (field) {
    case Field::message: {
      NYM_TRY(checked.message, as_string(std::move(value)));
      return {};
    }
    case Field::recipient: {
      NYM_TRY(checked.recipient, as_string(std::move(value)));
      return {};
    }
    case Field::sender_tag: {
      NYM_TRY(checked.sender_tag, as_string(std::move(value)));
      return {};
    }
    case Field::reply_surbs: {
      NYM_TRY(checked.reply_surbs, as_number<std::uint32_t>(value, "u32"));
      return {};
    }
    case Field::connection_id: {
      if (std::holds_alternative<JsonNull>(value)) return {};
      NYM_TRY(auto lane, as_number<std::uint64_t>(value, "u64"));
      checked.lane = LaneId{lane};
      return {};
    }
  }
  return {};
}

Scan<Checked> check_body(const Form& form, ObjectBody&& body) {
  Checked checked;
  std::vector<Field> seen;
  auto is_seen = [&seen](Field field) { return std::find(seen.begin(), seen.end(), field) != seen.end(); };
  for (auto& [field, value] : body.values) {
    if (!has_field(form, field)) continue;
    if (is_seen(field)) return std::unexpected(fmt::format("duplicate field `{}`", name_of(field)));
    NYM_TRY_VOID(check_field(field, std::move(value), checked));
    seen.push_back(field);
  }
  for (Field field : form.fields) {
    if (field == Field::connection_id || is_seen(field)) continue;
    return std::unexpected(fmt::format("missing field `{}`", name_of(field)));
  }
  return checked;
}

Scan<Checked> check_body(const Form& form, ArrayBody&& body) {
  Checked checked;
  for (std::size_t i = 0; i < body.values.size(); ++i) {
    NYM_TRY_VOID(check_field(form.fields[i], std::move(body.values[i]), checked));
  }
  if (body.count < form.fields.size()) {
    return std::unexpected(
        fmt::format("invalid length {}, expected struct variant ClientRequestText::{} with {} elements", body.count,
                    form.error_name, form.fields.size()));
  }
  if (body.count > form.fields.size()) {
    return std::unexpected(
        fmt::format("invalid length {}, expected {} elements in sequence", body.count, form.fields.size()));
  }
  return checked;
}

// Every field but the lane is there when `check_body` passed.
Scan<Request> build(const Form& form, Checked&& checked) {
  if (form.kind == Kind::self_address) return SelfAddress{};
  Bytes data = to_bytes(as_bytes(*checked.message));
  if (form.kind == Kind::reply) {
    auto tag = wire::SenderTag::parse(*checked.sender_tag);
    if (!tag) return std::unexpected(tag.error().text());
    return Reply{.to = *tag, .data = std::move(data), .lane = checked.lane};
  }
  auto recipient = wire::Recipient::parse(*checked.recipient);
  if (!recipient) return std::unexpected(recipient.error().text());
  if (form.kind == Kind::send) return Send{.recipient = *recipient, .data = std::move(data), .lane = checked.lane};
  return SendAnonymous{
      .recipient = *recipient, .data = std::move(data), .reply_surbs = checked.reply_surbs, .lane = checked.lane};
}

// The order of the stages decides which of several faults is reported: shape before what follows the value, and both
// before recipients and tags.
Scan<Request> scan_request(std::string_view text) {
  JsonScanner scanner(text);
  NYM_TRY(auto tagged, scan_tagged(scanner));
  auto check = [&tagged](auto&& body) { return check_body(*tagged.form, std::forward<decltype(body)>(body)); };
  NYM_TRY(auto checked, std::visit(check, std::move(tagged.body)));
  NYM_TRY_VOID(scanner.end_of_text());
  return build(*tagged.form, std::move(checked));
}

}  // namespace

std::expected<Request, RequestError> parse_text_request(std::string_view text) {
  auto request = scan_request(text);
  if (!request) return std::unexpected(RequestError{ErrorKind::malformed_request, std::move(request.error())});
  return *std::move(request);
}

}  // namespace nym::app_api
