#include "engine/wire/control_messages.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "engine/wire/json_document.h"

namespace nym::wire {
namespace {

constexpr std::size_t kMaxControlBytes = std::size_t{1} << 20U;
constexpr JsonLimits kLimits{kMaxControlBytes, kMaxControlBytes};

// The answer to every packet has a short way of its own.
constexpr std::string_view kSendHead = R"({"type":"send","remaining_bandwidth":)";
constexpr std::size_t kLongestNumber = 20;

// ---- Writing: `type` first, then the fields in the order of 03 §4, no blanks.

class JsonLine {
 public:
  explicit JsonLine(std::string_view type) : text_(fmt::format(R"({{"type":"{}")", type)) {}

  JsonLine& version(std::optional<std::uint8_t> value) {
    return raw("protocol_version", value ? fmt::to_string(*value) : "null");
  }
  JsonLine& text(std::string_view name, std::string_view value) { return raw(name, json_quoted(value)); }
  JsonLine& boolean(std::string_view name, bool value) { return raw(name, value ? "true" : "false"); }
  JsonLine& number(std::string_view name, std::int64_t value) { return raw(name, fmt::to_string(value)); }
  JsonLine& bytes(std::string_view name, const Bytes& value) {
    return raw(name, fmt::format("[{}]", fmt::join(value, ",")));
  }
  std::string finish() { return std::move(text_) + "}"; }

 private:
  JsonLine& raw(std::string_view name, std::string_view value) {
    text_ += fmt::format(R"(,"{}":{})", name, value);
    return *this;
  }
  std::string text_;
};

std::string write(const HandshakePayload& message) {
  return JsonLine("handshakePayload").version(message.protocol_version).bytes("data", message.data).finish();
}
std::string write(const HandshakeFailure& message) {
  return JsonLine("handshakeError").text("message", message.message).finish();
}
std::string write(const AuthenticateRequest& message) {
  return JsonLine("authenticate")
      .version(message.protocol_version)
      .text("address", message.address)
      .text("enc_address", message.enc_address)
      .text("iv", message.iv)
      .finish();
}
std::string write(const RegisterRequest& message) {
  return write(HandshakePayload{message.protocol_version, message.data});
}
std::string write(const BandwidthCredential& message) {
  return JsonLine("bandwidthCredential")
      .bytes("enc_credential", message.enc_credential)
      .bytes("iv", message.iv)
      .finish();
}
std::string write(const ClaimFreeBandwidth&) {
  return JsonLine("claimFreeTestnetBandwidth").finish();
}
std::string write(const AuthenticateResponse& message) {
  return JsonLine("authenticate")
      .version(message.protocol_version)
      .boolean("status", message.status)
      .number("bandwidth_remaining", message.bandwidth_remaining)
      .finish();
}
std::string write(const RegisterResponse& message) {
  return JsonLine("register").version(message.protocol_version).boolean("status", message.status).finish();
}
std::string write(const BandwidthResponse& message) {
  return JsonLine("bandwidth").number("available_total", message.available_total).finish();
}
std::string write(const SendResponse& message) {
  std::array<char, kSendHead.size() + kLongestNumber + 1> text;
  auto* end = std::ranges::copy(kSendHead, text.data()).out;
  end = std::to_chars(end, end + kLongestNumber, message.remaining_bandwidth).ptr;
  *end++ = '}';
  return {text.data(), end};
}
std::string write(const ErrorResponse& message) {
  return JsonLine("error").text("message", message.message).finish();
}

template <class Variant>
std::string write_any(const Variant& message) {
  return std::visit([](const auto& kind) { return write(kind); }, message);
}

// ---- Reading.

using Names = std::span<const std::string_view>;
constexpr std::array<std::string_view, 3> kDataNames = {"type", "protocol_version", "data"};
constexpr std::array<std::string_view, 2> kMessageNames = {"type", "message"};
constexpr std::array<std::string_view, 5> kAuthenticateNames = {"type", "protocol_version", "address", "enc_address",
                                                                "iv"};
constexpr std::array<std::string_view, 3> kCredentialNames = {"type", "enc_credential", "iv"};
constexpr std::array<std::string_view, 1> kTypeNames = {"type"};
constexpr std::array<std::string_view, 4> kAuthenticatedNames = {"type", "protocol_version", "status",
                                                                 "bandwidth_remaining"};
constexpr std::array<std::string_view, 3> kRegisteredNames = {"type", "protocol_version", "status"};
constexpr std::array<std::string_view, 2> kBandwidthNames = {"type", "available_total"};
constexpr std::array<std::string_view, 2> kSendNames = {"type", "remaining_bandwidth"};

/// A document that names its type: a member `type`, or the first element of an array.
class TypedDocument {
 public:
  static Result<TypedDocument> parse(std::string_view json) {
    NYM_TRY(auto root, parse_json(json, kLimits));
    const std::string* type = type_of(root);
    if (type == nullptr) return fail(WireError::bad_json, "control message without a type");
    std::string copy = *type;
    return TypedDocument(std::move(root), std::move(copy));
  }

  const std::string& type() const { return type_; }

  /// Reads one kind of message: `read` gets its fields.
  template <class Message, class Read>
  Result<Message> as(Names names, Read read) const {
    JsonProblem problem;
    JsonFields fields(&root_, names, UnknownKeys::ignored, problem);
    auto message = read(fields);
    if (problem.found()) return fail(WireError::bad_json, fmt::format("{}: {}", type_, problem.text()));
    return Message(std::move(message));
  }

  Error unknown_type() const { return {WireError::bad_json, fmt::format("unexpected type {}", json_quoted(type_))}; }

 private:
  TypedDocument(JsonValue root, std::string type) : root_(std::move(root)), type_(std::move(type)) {}

  static const std::string* type_of(const JsonValue& root) {
    if (const auto* elements = root.get<JsonArray>()) {
      return elements->empty() ? nullptr : elements->front().get<std::string>();
    }
    JsonProblem problem;
    const JsonValue* type = JsonFields(&root, kTypeNames, UnknownKeys::ignored, problem).find("type");
    return problem.found() || type == nullptr ? nullptr : type->get<std::string>();
  }

  JsonValue root_;
  std::string type_;
};

/// Of a text that is letter for letter what `write` gives; nothing for all others, whatever they mean.
std::optional<SendResponse> read_plain_send(std::string_view json) {
  bool has_number = json.starts_with(kSendHead) && json.size() > kSendHead.size() + 1;
  if (!has_number) return std::nullopt;
  const char* first = json.data() + kSendHead.size();
  const char* last = json.data() + json.size() - 1;
  SendResponse response;
  auto [end, error] = std::from_chars(first, last, response.remaining_bandwidth);
  bool has_odd_number = *first == '-' || (*first == '0' && last - first > 1);
  if (has_odd_number || error != std::errc() || end != last || *last != '}') return std::nullopt;
  return response;
}

std::optional<std::uint8_t> version(const JsonFields& fields) {
  return fields.optional_integer<std::uint8_t>("protocol_version");
}
AuthenticateRequest read_authenticate(const JsonFields& fields) {
  return {version(fields), fields.text("address"), fields.text("enc_address"), fields.text("iv")};
}
AuthenticateResponse read_authenticated(const JsonFields& fields) {
  return {version(fields), fields.boolean("status"), fields.integer<std::int64_t>("bandwidth_remaining")};
}

}  // namespace

std::string to_json(const ClientControl& message) {
  return write_any(message);
}
std::string to_json(const GatewayControl& message) {
  return write_any(message);
}
std::string to_json(const HandshakeControl& message) {
  return write_any(message);
}

Result<ClientControl> parse_client_control(std::string_view json) {
  NYM_TRY(auto document, TypedDocument::parse(json));
  const auto& type = document.type();
  if (type == "authenticate") return document.as<ClientControl>(kAuthenticateNames, read_authenticate);
  if (type == "handshakePayload" || type == "registerHandshakeInitRequest") {
    return document.as<ClientControl>(kDataNames, [](const JsonFields& fields) {
      return RegisterRequest{version(fields), fields.byte_array("data")};
    });
  }
  if (type == "bandwidthCredential") {
    return document.as<ClientControl>(kCredentialNames, [](const JsonFields& fields) {
      return BandwidthCredential{fields.byte_array("enc_credential"), fields.byte_array("iv")};
    });
  }
  if (type == "claimFreeTestnetBandwidth") {
    return document.as<ClientControl>(kTypeNames, [](const JsonFields&) { return ClaimFreeBandwidth{}; });
  }
  return std::unexpected(document.unknown_type());
}

Result<GatewayControl> parse_gateway_control(std::string_view json) {
  if (auto send = read_plain_send(json)) return *send;
  NYM_TRY(auto document, TypedDocument::parse(json));
  const auto& type = document.type();
  if (type == "authenticate") return document.as<GatewayControl>(kAuthenticatedNames, read_authenticated);
  if (type == "register") {
    return document.as<GatewayControl>(kRegisteredNames, [](const JsonFields& fields) {
      return RegisterResponse{version(fields), fields.boolean("status")};
    });
  }
  if (type == "bandwidth") {
    return document.as<GatewayControl>(kBandwidthNames, [](const JsonFields& fields) {
      return BandwidthResponse{fields.integer<std::int64_t>("available_total")};
    });
  }
  if (type == "send") {
    return document.as<GatewayControl>(kSendNames, [](const JsonFields& fields) {
      return SendResponse{fields.integer<std::int64_t>("remaining_bandwidth")};
    });
  }
  if (type == "error") {
    return document.as<GatewayControl>(kMessageNames,
                                       [](const JsonFields& fields) { return ErrorResponse{fields.text("message")}; });
  }
  return std::unexpected(document.unknown_type());
}

Result<HandshakeControl> parse_handshake_control(std::string_view json) {
  NYM_TRY(auto document, TypedDocument::parse(json));
  if (document.type() == "handshakePayload") {
    return document.as<HandshakeControl>(kDataNames, [](const JsonFields& fields) {
      return HandshakePayload{version(fields), fields.byte_array("data")};
    });
  }
  if (document.type() == "handshakeError") {
    return document.as<HandshakeControl>(
        kMessageNames, [](const JsonFields& fields) { return HandshakeFailure{fields.text("message")}; });
  }
  return std::unexpected(document.unknown_type());
}

}  // namespace nym::wire
