#include "engine/app_api/text_grammar.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <limits>
#include <span>
#include <vector>

#include "engine/base/result.h"

namespace nym::app_api {
namespace {

using Kind = TextRequest::Kind;
constexpr std::string_view kTypeKey = "type";

enum class Field : std::uint8_t {
  message,
  recipient,
  sender_tag,
  reply_surbs,
  connection_id,
  // Only in the extended grammar.
  events,
  recipient_address,
  with_reply_surb,
  reply_surb,
  message_id
};
constexpr std::array<std::string_view, 10> kFieldNames{
    "message", "recipient",         "senderTag",     "replySurbs", "connectionId",
    "events",  "recipient_address", "withReplySurb", "replySurb",  "messageId"};
constexpr Field kLastStrictField = Field::connection_id;

std::string_view name_of(Field field) {
  return kFieldNames[static_cast<std::size_t>(field)];
}

std::optional<Field> field_named(std::string_view name, Grammar grammar) {
  const auto* found = std::find(kFieldNames.begin(), kFieldNames.end(), name);
  if (found == kFieldNames.end()) return std::nullopt;
  auto field = static_cast<Field>(found - kFieldNames.begin());
  if (grammar != Grammar::extended && field > kLastStrictField) return std::nullopt;
  return field;
}

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
constexpr std::array kLaneFields{Field::connection_id};
constexpr std::array kSubscribeFields{Field::events};
constexpr std::array<Form, 8> kForms{{
    {Kind::send, "send", "Send", kSendFields},
    {Kind::send_anonymous, "sendAnonymous", "SendAnonymous", kSendAnonymousFields},
    {Kind::reply, "reply", "Reply", kReplyFields},
    {Kind::self_address, "selfAddress", "SelfAddress", {}},
    // Only in the extended grammar.
    {Kind::closed_connection, "closedConnection", "ClosedConnection", kLaneFields},
    {Kind::get_lane_queue_length, "getLaneQueueLength", "GetLaneQueueLength", kLaneFields},
    {Kind::subscribe, "subscribe", "Subscribe", kSubscribeFields},
    {Kind::status, "status", "Status", {}},
}};
constexpr std::size_t kStrictForms = 4;

// 05 §9.2
constexpr std::array kFirstSendFields{Field::message, Field::recipient};
constexpr std::array<Form, 3> kFirstForms{{
    {Kind::send, "send", "Send", kFirstSendFields},
    {Kind::get_clients, "getClients", "GetClients", {}},
    {Kind::self_address, "selfAddress", "SelfAddress", {}},
}};

struct Language {
  std::span<const Form> forms;
  std::string_view name;
  std::string_view types;
};

Language language_of(Grammar grammar) {
  constexpr std::string_view kTypes = "`send`, `sendAnonymous`, `reply`, `selfAddress`";
  switch (grammar) {
    case Grammar::strict:
      return {std::span(kForms).first(kStrictForms), "ClientRequestText", kTypes};
    case Grammar::extended:
      return {kForms, "ClientRequestText", kTypes};
    case Grammar::v0_7:
      break;
  }
  return {kFirstForms, "ClientRequest", "`send`, `getClients`, `selfAddress`"};
}

bool has_field(const Form& form, Field field) {
  return std::find(form.fields.begin(), form.fields.end(), field) != form.fields.end();
}

bool is_optional(const Form& form, Field field) {
  return field == Field::connection_id && form.kind <= Kind::reply;
}

// A value, and how it was written.
struct Written {
  JsonValue value;
  std::string_view text;
};

// A request as written: its type and the values given for it.
struct FieldValue {
  Field field;
  Written written;
};
struct ObjectBody {
  std::vector<FieldValue> values;  // of known fields in document order, each field at most twice
};
struct ArrayBody {
  std::vector<Written> values;  // the first ones
  std::size_t count = 0;
};
struct Tagged {
  const Form* form = nullptr;
  std::variant<ObjectBody, ArrayBody> body;
};

// Reads the outer shape.
class TaggedScanner {
 public:
  TaggedScanner(std::string_view text, Grammar grammar)
      : scanner_(text), text_(text), grammar_(grammar), language_(language_of(grammar)) {}

  Scan<Tagged> scan();
  Scan<void> end_of_text() { return scanner_.end_of_text(); }

 private:
  Scan<const Form*> scan_type();
  Scan<Written> scan_value(JsonScanner::Keep keep);
  Scan<void> scan_field(std::string_view key, ObjectBody& body);
  Scan<Tagged> scan_object();
  Scan<Tagged> scan_array();

  JsonScanner scanner_;
  std::string_view text_;
  Grammar grammar_;
  Language language_;
};

Scan<const Form*> TaggedScanner::scan_type() {
  NYM_TRY(auto shape, scanner_.peek_shape());
  if (shape != JsonScanner::Shape::scalar) {
    JsonValue seen = shape == JsonScanner::Shape::array ? JsonValue(JsonArray{}) : JsonValue(JsonObject{});
    return scanner_.fault_here(fmt::format("invalid type: {}, expected variant identifier", describe(seen)));
  }
  NYM_TRY(auto value, scanner_.value(JsonScanner::Keep::contents));
  const auto* name = std::get_if<std::string>(&value);
  if (name == nullptr) {
    return scanner_.fault_here(fmt::format("invalid type: {}, expected variant identifier", describe(value)));
  }
  auto found = std::find_if(language_.forms.begin(), language_.forms.end(),
                            [&](const Form& form) { return form.type == *name; });
  if (found != language_.forms.end()) return &*found;
  return scanner_.fault_here(fmt::format("unknown variant `{}`, expected one of {}", *name, language_.types));
}

Scan<Written> TaggedScanner::scan_value(JsonScanner::Keep keep) {
  NYM_TRY_VOID(scanner_.peek_shape());
  auto begin = scanner_.position();
  NYM_TRY(auto value, scanner_.value(keep));
  return Written{std::move(value), text_.substr(begin, scanner_.position() - begin)};
}

// A third value of a field can change nothing any more.
bool is_wanted(const ObjectBody& body, Field field) {
  return std::count_if(body.values.begin(), body.values.end(), [&](const auto& v) { return v.field == field; }) < 2;
}

Scan<void> TaggedScanner::scan_field(std::string_view key, ObjectBody& body) {
  NYM_TRY_VOID(scanner_.colon());
  auto field = field_named(key, grammar_);
  bool keep = field && is_wanted(body, *field);
  NYM_TRY(auto written, scan_value(keep ? JsonScanner::Keep::contents : JsonScanner::Keep::nothing));
  if (keep) body.values.push_back({*field, std::move(written)});
  return {};
}

Scan<Tagged> TaggedScanner::scan_object() {
  NYM_TRY_VOID(scanner_.enter());
  const Form* form = nullptr;
  ObjectBody body;
  for (auto place = JsonScanner::Place::first;;) {
    NYM_TRY(auto key, scanner_.next_key(place));
    if (!key) break;
    if (*key != kTypeKey) {
      NYM_TRY_VOID(scan_field(*key, body));
      continue;
    }
    if (form != nullptr) return scanner_.fault_after_object("duplicate field `type`");
    NYM_TRY_VOID(scanner_.colon());
    NYM_TRY(form, scan_type());
  }
  scanner_.leave();
  if (form == nullptr) return scanner_.fault_here("missing field `type`");
  return Tagged{form, std::move(body)};
}

Scan<Tagged> TaggedScanner::scan_array() {
  NYM_TRY_VOID(scanner_.enter());
  const Form* form = nullptr;
  ArrayBody body;
  for (auto place = JsonScanner::Place::first;;) {
    NYM_TRY(bool has_more, scanner_.next_element(place));
    if (!has_more) break;
    if (form == nullptr) {
      NYM_TRY(form, scan_type());
      continue;
    }
    bool keep = body.count++ < form->fields.size();
    NYM_TRY(auto written, scan_value(keep ? JsonScanner::Keep::contents : JsonScanner::Keep::nothing));
    if (keep) body.values.push_back(std::move(written));
  }
  scanner_.leave();
  if (form == nullptr) return scanner_.fault_here("missing field `type`");
  return Tagged{form, std::move(body)};
}

Scan<Tagged> TaggedScanner::scan() {
  NYM_TRY(auto shape, scanner_.peek_shape());
  if (shape == JsonScanner::Shape::object) return scan_object();
  if (shape == JsonScanner::Shape::array) return scan_array();
  NYM_TRY(auto value, scanner_.value(JsonScanner::Keep::contents));
  return scanner_.fault_here(
      fmt::format("invalid type: {}, expected internally tagged enum {}", describe(value), language_.name));
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

// Without the white space between its tokens.
std::string compact(std::string_view json) {
  std::string out;
  out.reserve(json.size());
  bool in_string = false;
  for (std::size_t i = 0; i < json.size(); ++i) {
    char c = json[i];
    if (in_string && c == '\\') {
      out.push_back(c);
      c = json[++i];
    } else if (c == '"') {
      in_string = !in_string;
    } else if (!in_string && (c == ' ' || c == '\t' || c == '\n' || c == '\r')) {
      continue;
    }
    out.push_back(c);
  }
  return out;
}

// 05 §9.5: the documents' examples give objects as messages.
Scan<std::string> as_message(Written&& written, Grammar grammar) {
  bool is_nested =
      std::holds_alternative<JsonObject>(written.value) || std::holds_alternative<JsonArray>(written.value);
  if (grammar == Grammar::extended && is_nested) return compact(written.text);
  return as_string(std::move(written.value));
}

Scan<EventKinds> as_events(const Written& written) {
  if (!std::holds_alternative<JsonArray>(written.value)) return wrong_type(written.value, "a sequence");
  EventKinds events;
  JsonScanner scanner(written.text);
  NYM_TRY_VOID(scanner.enter());
  for (auto place = JsonScanner::Place::first;;) {
    NYM_TRY(bool has_more, scanner.next_element(place));
    if (!has_more) return events;
    NYM_TRY(auto value, scanner.value(JsonScanner::Keep::contents));
    NYM_TRY(auto name, as_string(std::move(value)));
    if (name == "delivery") {
      events.delivery = true;
    } else if (name == "gateway") {
      events.gateway = true;
    } else {
      return std::unexpected(fmt::format("unknown event `{}`, expected one of `delivery`, `gateway`", name));
    }
  }
}

Scan<void> check_field(Field field, Written&& written, Grammar grammar, TextRequest& checked) {
  switch (field) {
    case Field::message: {
      NYM_TRY(checked.message, as_message(std::move(written), grammar));
      return {};
    }
    case Field::recipient: {
      NYM_TRY(checked.recipient, as_string(std::move(written.value)));
      return {};
    }
    case Field::sender_tag: {
      NYM_TRY(checked.sender_tag, as_string(std::move(written.value)));
      return {};
    }
    case Field::reply_surbs: {
      NYM_TRY(checked.reply_surbs, as_number<std::uint32_t>(written.value, "u32"));
      return {};
    }
    case Field::connection_id: {
      if (std::holds_alternative<JsonNull>(written.value)) return {};
      NYM_TRY(auto lane, as_number<std::uint64_t>(written.value, "u64"));
      checked.lane = LaneId{lane};
      return {};
    }
    case Field::events: {
      NYM_TRY(checked.events, as_events(written));
      return {};
    }
    case Field::recipient_address:
    case Field::with_reply_surb:
    case Field::reply_surb:
    case Field::message_id:
      return {};
  }
  return {};
}

// What v1.1.29 does not look at: values of another type than expected are passed over, as it passes over all.
void take_further_field(Field field, JsonValue&& value, const Form& form, TextRequest& checked) {
  auto* text = std::get_if<std::string>(&value);
  const auto* flag = std::get_if<bool>(&value);
  if (field == Field::recipient_address && form.kind == Kind::send && text != nullptr && !checked.recipient) {
    checked.recipient = std::move(*text);
  } else if (field == Field::reply_surb && form.kind == Kind::reply && text != nullptr && !checked.sender_tag) {
    checked.sender_tag = std::move(*text);
  } else if (field == Field::with_reply_surb && form.kind == Kind::send && flag != nullptr) {
    checked.with_reply_surb = *flag;
  } else if (field == Field::message_id && form.kind <= Kind::reply && !checked.message_id) {
    checked.message_id = std::move(value);
  }
}

bool is_given(Field field, const TextRequest& checked) {
  if (field == Field::recipient) return checked.recipient.has_value();
  return field == Field::sender_tag && checked.sender_tag.has_value();
}

Scan<TextRequest> check_body(const Form& form, Grammar grammar, ObjectBody&& body) {
  TextRequest checked{.kind = form.kind};
  std::vector<Field> seen;
  auto is_seen = [&seen](Field field) { return std::find(seen.begin(), seen.end(), field) != seen.end(); };
  for (auto& [field, written] : body.values) {
    if (!has_field(form, field)) continue;
    if (is_seen(field)) return std::unexpected(fmt::format("duplicate field `{}`", name_of(field)));
    NYM_TRY_VOID(check_field(field, std::move(written), grammar, checked));
    seen.push_back(field);
  }
  for (auto& [field, written] : body.values) {
    if (!has_field(form, field)) take_further_field(field, std::move(written.value), form, checked);
  }
  for (Field field : form.fields) {
    if (is_optional(form, field) || is_seen(field) || is_given(field, checked)) continue;
    return std::unexpected(fmt::format("missing field `{}`", name_of(field)));
  }
  return checked;
}

Scan<TextRequest> check_body(const Form& form, Grammar grammar, ArrayBody&& body) {
  TextRequest checked{.kind = form.kind};
  for (std::size_t i = 0; i < body.values.size(); ++i) {
    NYM_TRY_VOID(check_field(form.fields[i], std::move(body.values[i]), grammar, checked));
  }
  if (body.count < form.fields.size()) {
    return std::unexpected(fmt::format("invalid length {}, expected struct variant {}::{} with {} elements", body.count,
                                       language_of(grammar).name, form.error_name, form.fields.size()));
  }
  if (body.count > form.fields.size()) {
    return std::unexpected(
        fmt::format("invalid length {}, expected {} elements in sequence", body.count, form.fields.size()));
  }
  return checked;
}

}  // namespace

// The order of the stages decides which of several faults is reported: shape before what follows the value.
Scan<TextRequest> scan_text_request(std::string_view text, Grammar grammar) {
  TaggedScanner scanner(text, grammar);
  NYM_TRY(auto tagged, scanner.scan());
  auto check = [&](auto&& body) { return check_body(*tagged.form, grammar, std::forward<decltype(body)>(body)); };
  NYM_TRY(auto checked, std::visit(check, std::move(tagged.body)));
  NYM_TRY_VOID(scanner.end_of_text());
  bool names_a_lane = checked.kind == Kind::closed_connection || checked.kind == Kind::get_lane_queue_length;
  if (names_a_lane && !checked.lane) return wrong_type(JsonNull{}, "u64");
  return checked;
}

}  // namespace nym::app_api
