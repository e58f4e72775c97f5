#include "engine/app_api/dialogue.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "engine/base/text_encoding.h"
#include "tests/support/addresses.h"

namespace nym::app_api {
namespace {

using namespace std::string_literals;

Bytes length_field(std::uint64_t length) {
  return std::move(ByteWriter().put_be(length)).finish();
}

// Glues bytes together; texts are taken as they are.
Bytes bytes_of(std::initializer_list<Bytes> parts) {
  Bytes all;
  for (const auto& part : parts) append(all, part);
  return all;
}
Bytes raw(std::string_view text) {
  return to_bytes(as_bytes(text));
}

class Talk : public testing::Test {
 protected:
  static inline const wire::Recipient kOwn = test::address(1);
  static inline const wire::SenderTag kTag{{8, 8, 8, 8, 8, 8, 8, 8, 8, 8, 8, 8, 8, 8, 8, 8}};

  /// The request read, or the error text that answers it.
  static std::string said(Dialogue& dialogue, const std::string& text) {
    return shown(dialogue.read(Format::text, as_bytes(text)));
  }
  static std::string said(Dialogue& dialogue, const Bytes& bytes) {
    return shown(dialogue.read(Format::binary, bytes));
  }

  static std::string shown(const std::variant<AppRequest, Frame>& read) {
    if (const auto* frame = std::get_if<Frame>(&read)) return shown(*frame);
    const auto& asked = std::get<AppRequest>(read);
    return shown(asked.request) + (asked.message_id ? " id=" + *asked.message_id : "");
  }
  static std::string shown(const Frame& frame) {
    return frame.format == Format::text ? std::string(as_text(frame.data)) : to_hex(frame.data);
  }
  static std::string shown(const Request& request) {
    if (const auto* send = std::get_if<Send>(&request)) {
      return fmt::format("send {} to {}{}", as_text(send->data), name(send->recipient), lane(send->lane));
    }
    if (const auto* send = std::get_if<SendAnonymous>(&request)) {
      return fmt::format("anonymous {} to {} with {}{}", as_text(send->data), name(send->recipient), send->reply_surbs,
                         lane(send->lane));
    }
    if (const auto* reply = std::get_if<Reply>(&request)) {
      return fmt::format("reply {} to {}{}", as_text(reply->data), to_hex(reply->to.bytes), lane(reply->lane));
    }
    if (const auto* closed = std::get_if<ClosedConnection>(&request))
      return fmt::format("close {}", closed->lane.value);
    if (const auto* get = std::get_if<GetLaneQueueLength>(&request)) return fmt::format("length {}", get->lane.value);
    if (const auto* wish = std::get_if<Subscribe>(&request)) {
      return fmt::format("subscribe {} {}", wish->events.delivery, wish->events.gateway);
    }
    return std::holds_alternative<GetStatus>(request) ? "status" : "address";
  }
  static std::string name(const wire::Recipient& recipient) { return recipient == kOwn ? "self" : "another"; }
  static std::string lane(const std::optional<LaneId>& id) { return id ? fmt::format(" on {}", id->value) : ""; }

  AddressBook book{kOwn};
  Dialogue strict{Dialect::strict, book};
  Dialogue automatic{Dialect::automatic, book};
  Dialogue old{Dialect::v0_7, book};
  std::string own = kOwn.to_string();
  Bytes own_bytes = to_bytes(kOwn.to_bytes());
  std::string two_parts = two_part_form(kOwn);
};

// 05 §9.5, text

TEST_F(Talk, TheOlderNameOfTheRecipientIsUnderstood) {
  auto text = fmt::format(R"({{"type":"send","message":"m","recipient_address":"{}"}})", own);
  EXPECT_EQ(said(automatic, text), "send m to self");
  EXPECT_EQ(said(strict, text), R"({"type":"error","message":"malformed request:missing field `recipient`"})");
  EXPECT_EQ(said(automatic, R"({"type":"send","message":"m","recipient_address":5})"s),
            R"({"type":"error","message":"malformed request:missing field `recipient`"})");
}

TEST_F(Talk, ARecipientCountsBeforeItsOlderName) {
  auto text = fmt::format(R"({{"type":"send","recipient_address":"x","message":"m","recipient":"{}"}})", own);
  EXPECT_EQ(said(automatic, text), "send m to self");
}

TEST_F(Talk, ObjectsAndArraysAreMessagesInTheirShortestForm) {
  auto text = fmt::format(
      "{{\"type\":\"send\",\"recipient\":\"{}\",\"message\": {{ \"b\" : \"x \\\" y\",\n\"a\":[ 1.50, true ] }} }}",
      own);
  EXPECT_EQ(said(automatic, text), R"(send {"b":"x \" y","a":[1.50,true]} to self)");
  EXPECT_EQ(said(strict, text),
            R"({"type":"error","message":"malformed request:invalid type: map, expected a string"})");
  auto anonymous = fmt::format(R"({{"type":"sendAnonymous","recipient":"{}","message":[ ],"replySurbs":1}})", own);
  EXPECT_EQ(said(automatic, anonymous), "anonymous [] to self with 1");
  EXPECT_EQ(said(automatic, fmt::format(R"({{"type":"send","recipient":"{}","message":5}})", own)),
            R"({"type":"error","message":"malformed request:invalid type: integer `5`, expected a string"})");
}

TEST_F(Talk, TwoPartAddressesThatAreKnownAreUnderstood) {
  auto to = [](const std::string& address) {
    return fmt::format(R"({{"type":"send","message":"m","recipient":"{}"}})", address);
  };
  EXPECT_EQ(said(automatic, to(two_parts)), "send m to self");
  auto peer = test::address(2);
  auto unknown = said(automatic, to(two_part_form(peer)));
  EXPECT_NE(unknown.find("does not contain exactly a single '.' character"), std::string::npos) << unknown;
  book.learn(peer);
  EXPECT_EQ(said(automatic, to(two_part_form(peer))), "send m to another");
  EXPECT_NE(said(strict, to(two_parts)).find("error"), std::string::npos);
}

TEST_F(Talk, WithReplySurbMakesAMessageAnonymousAndNamesTheTagTwice) {
  auto text = [this](const char* flag) {
    return fmt::format(R"({{"type":"send","message":"m","recipient":"{}","withReplySurb":{}}})", own, flag);
  };
  Received received{raw("hi"), kTag};
  EXPECT_EQ(said(strict, text("true")), "send m to self");
  EXPECT_EQ(shown(strict.push(received)),
            R"({"type":"received","message":"hi","senderTag":")" + kTag.to_string() + R"("})");
  EXPECT_EQ(said(automatic, text("5")), "send m to self");
  EXPECT_EQ(shown(automatic.push(received)), shown(strict.push(received)));
  EXPECT_EQ(said(automatic, text("true")), "anonymous m to self with 20");
  EXPECT_EQ(said(automatic, text("false")), "send m to self");
  EXPECT_EQ(shown(automatic.push(received)), R"({"type":"received","message":"hi","senderTag":")" + kTag.to_string() +
                                                 R"(","replySurb":")" + kTag.to_string() + R"("})");
  EXPECT_EQ(shown(automatic.push(Received{raw("\"senderTag\":"), std::nullopt})),
            R"({"type":"received","message":"\"senderTag\":","senderTag":null,"replySurb":null})");
}

TEST_F(Talk, AReplyMayNameItsTagAsTheSurb) {
  auto text = fmt::format(R"({{"type":"reply","message":"m","replySurb":"{}"}})", kTag.to_string());
  EXPECT_EQ(said(automatic, text), "reply m to 08080808080808080808080808080808");
  EXPECT_EQ(said(strict, text), R"({"type":"error","message":"malformed request:missing field `senderTag`"})");
  EXPECT_EQ(said(automatic, R"({"type":"reply","message":"m","replySurb":null})"s),
            R"({"type":"error","message":"malformed request:missing field `senderTag`"})");
}

TEST_F(Talk, LanesHaveTextFormsToo) {
  EXPECT_EQ(said(automatic, R"({"type":"closedConnection","connectionId":7})"s), "close 7");
  EXPECT_EQ(said(automatic, R"({"type":"getLaneQueueLength","connectionId":0})"s), "length 0");
  EXPECT_EQ(said(automatic, R"(["getLaneQueueLength",3])"s), "length 3");
  EXPECT_EQ(said(automatic, R"({"type":"getLaneQueueLength"})"s),
            R"({"type":"error","message":"malformed request:missing field `connectionId`"})");
  EXPECT_EQ(said(automatic, R"({"type":"closedConnection","connectionId":null})"s),
            R"({"type":"error","message":"malformed request:invalid type: null, expected u64"})");
  EXPECT_NE(said(strict, R"({"type":"closedConnection","connectionId":7})"s).find("unknown variant"),
            std::string::npos);
}

// What no dialect understands is answered as the original answers it.
TEST_F(Talk, FaultsReadAsInTheOriginal) {
  for (const auto& text :
       {R"({"type":"foo"})"s, R"({"type":"send"})"s, R"({"type":"send","message":"m","message":"n","recipient":"r"})"s,
        R"({"type":"send","message":"m","recipient":"r"})"s, "{"s, R"(["send",1])"s, R"({"type":"reply"})"s,
        R"({"type":"selfAddress","connectionId":5.5})"s}) {
    EXPECT_EQ(said(automatic, text), said(strict, text)) << text;
  }
}

// 05 §9.5, binary

TEST_F(Talk, ASingleByteTwoIsTheOlderSelfAddress) {
  EXPECT_EQ(said(automatic, Bytes{2}), "address");
  EXPECT_EQ(shown(automatic.answer(Format::binary, OwnAddress{kOwn})), "02" + to_hex(own_bytes));
  EXPECT_EQ(said(strict, Bytes{2}), to_hex(bytes_of({{0, 2}, length_field(43)})) +
                                        to_hex(as_bytes("not enough data provided to recover 'reply'")));
}

TEST_F(Talk, TheOlderBinarySendsAreUnderstood) {
  auto first = [this](std::uint8_t flag) { return bytes_of({{0, flag}, own_bytes, length_field(5), raw("foomp")}); };
  auto second = bytes_of({{0, 1}, own_bytes, length_field(9), length_field(5), raw("foomp")});
  EXPECT_EQ(said(automatic, first(1)), "anonymous foomp to self with 20");
  EXPECT_EQ(said(automatic, first(0)), "send foomp to self");
  EXPECT_EQ(said(automatic, second), "anonymous foomp to self with 20 on 9");
}

TEST_F(Talk, OlderBinaryProgramsGetTheTagAsAShortSurb) {
  Received received{raw("foomp"), kTag};
  EXPECT_EQ(shown(automatic.push(received)), to_hex(to_binary(received)));
  said(automatic, Bytes{2});
  EXPECT_EQ(shown(automatic.push(received)),
            to_hex(bytes_of({{1, 1}, length_field(16), to_bytes(kTag.bytes), length_field(5), raw("foomp")})));
  auto reply = bytes_of({{1}, length_field(16), to_bytes(kTag.bytes), length_field(5), raw("foomp")});
  EXPECT_EQ(said(automatic, reply), "reply foomp to 08080808080808080808080808080808");
  EXPECT_EQ(said(automatic, bytes_of({{3}, length_field(6)})), "close 6");
  EXPECT_EQ(said(automatic, bytes_of({{4}, length_field(6)})), "length 6");
}

TEST_F(Talk, AnOlderReplyWithARealSurbIsRefused) {
  auto reply = bytes_of({{1}, length_field(20), Bytes(20), length_field(1), raw("x")});
  auto answer = said(automatic, reply);
  EXPECT_TRUE(answer.starts_with("0004")) << answer;
  EXPECT_NE(answer.find(to_hex(as_bytes("malformed reply surb: "))), std::string::npos);
}

TEST_F(Talk, OlderBinaryFaultsHaveTheirTexts) {
  said(automatic, Bytes{2});
  auto expect_fault = [this](const Bytes& request, std::uint8_t kind, std::string_view text) {
    auto frame = bytes_of({{0, kind}, length_field(text.size()), raw(text)});
    EXPECT_EQ(said(automatic, request), to_hex(frame)) << text;
  };
  expect_fault({9}, 3, "type 9");
  expect_fault({}, 1, "no data provided");
  expect_fault({0, 0}, 2, "not enough data provided to recover 'send'");
  expect_fault({1, 0}, 2, "not enough data provided to recover 'reply'");
  expect_fault(bytes_of({{0, 7}, own_bytes, length_field(0)}), 4, "invalid reply surb flag 7");
  expect_fault(bytes_of({{0, 0}, own_bytes, length_field(3)}), 4,
               "data len has inconsistent length. specified: 3 got: 0");
  expect_fault(bytes_of({{3}, {1, 2}}), 4, "The received closed connection has invalid length");
}

TEST_F(Talk, CurrentBinaryRequestsAreNeverTakenForOlderOnes) {
  for (const Request& request :
       {Request(Send{kOwn, raw("foomp"), LaneId{42}}), Request(SendAnonymous{kOwn, raw("foomp"), 1, LaneId{42}}),
        Request(Reply{kTag, raw("foomp"), {}}), Request(ClosedConnection{{4}}), Request(SelfAddress{})}) {
    EXPECT_EQ(said(automatic, to_binary(request)), shown(request));
  }
  EXPECT_EQ(shown(automatic.push(Received{{}, kTag})), to_hex(to_binary(Received{{}, kTag})));
}

// v0.7

TEST_F(Talk, InV07MessagesAreConfirmedAndArriveWithoutEnvelope) {
  EXPECT_EQ(said(old, R"({"type":"selfAddress"})"s), "address");
  EXPECT_EQ(shown(old.answer(Format::text, OwnAddress{kOwn})),
            R"({"type":"selfAddress","address":")" + two_parts + R"("})");
  EXPECT_EQ(old.push(Received{raw("x"), {}}).format, Format::binary);
  EXPECT_EQ(said(old, R"({"type":"send","message":"Hello Nym!","recipient":")" + two_parts + R"("})"),
            "send Hello Nym! to self");
  EXPECT_EQ(shown(old.confirmation().value()), R"({"type":"send"})");
  EXPECT_EQ(shown(old.push(Received{raw("x"), {}})), "x");
  EXPECT_EQ(old.push(Received{Bytes{0xff}, {}}).format, Format::binary);
  EXPECT_FALSE(automatic.confirmation());
}

TEST_F(Talk, InV07BinaryRequestsHaveNoTagAndAreAnsweredInText) {
  auto identity = to_bytes(kOwn.identity.bytes());
  auto gateway = to_bytes(kOwn.gateway.bytes());
  EXPECT_EQ(said(old, bytes_of({identity, gateway, raw("data")})), "send data to self");
  EXPECT_EQ(old.push(Received{raw("x"), {}}).format, Format::binary);
  EXPECT_EQ(said(old, Bytes(63)), R"({"type":"error","message":"invalid binary request"})");
  EXPECT_EQ(said(old, Bytes(64)), R"({"type":"error","message":"malformed recipient address"})");
}

TEST_F(Talk, InV07ErrorsAndClientsHaveTheirOwnForm) {
  auto fault = [](const char* text, int line, int column) {
    return fmt::format(
        R"x({{"type":"error","message":"received invalid request. err: Error(\"{}\", line: {}, column: {})"}})x", text,
        line, column);
  };
  EXPECT_EQ(said(old, R"({"type":"getClients"})"s),
            R"({"type":"getClients","clients":[")" + to_base58(kOwn.identity.bytes()) + R"("]})");
  EXPECT_EQ(said(old, R"({"type":"send","message":"m"})"s), fault("missing field `recipient`", 0, 0));
  EXPECT_EQ(said(old, "{"s), fault("EOF while parsing an object", 1, 1));
  EXPECT_EQ(said(old, R"({"type":"send","message":"m","recipient":"x@y"})"s),
            R"({"type":"error","message":"malformed recipient address"})");
  EXPECT_NE(said(old, R"({"type":"reply"})"s).find("unknown variant `reply`"), std::string::npos);
  EXPECT_EQ(shown(old.answer(Format::binary, RequestError{ErrorKind::other, "stopping"})),
            R"({"type":"error","message":"stopping"})");
}

// Our additions (docs/api.md)

TEST_F(Talk, SubscriptionsAndStatusAreNotPartOfStrict) {
  EXPECT_EQ(said(automatic, R"({"type":"subscribe","events":["gateway","delivery"]})"s), "subscribe true true");
  EXPECT_EQ(said(automatic, R"({"type":"subscribe","events":[]})"s), "subscribe false false");
  EXPECT_EQ(said(automatic, R"({"type":"status"})"s), "status");
  EXPECT_EQ(said(automatic, Bytes{0x40, 2}), "subscribe false true");
  EXPECT_EQ(said(automatic, Bytes{0x41}), "status");
  EXPECT_NE(said(strict, R"({"type":"status"})"s).find("unknown variant `status`"), std::string::npos);
  EXPECT_TRUE(said(strict, Bytes{0x41}).starts_with("0003"));
  EXPECT_EQ(
      said(automatic, R"({"type":"subscribe","events":["x"]})"s),
      R"({"type":"error","message":"malformed request:unknown event `x`, expected one of `delivery`, `gateway`"})");
  EXPECT_EQ(said(automatic, R"({"type":"subscribe","events":"delivery"})"s),
            "{\"type\":\"error\",\"message\":\"malformed request:invalid type: string \\\"delivery\\\", expected a "
            "sequence\"}");
}

TEST_F(Talk, MessageIdsCountOnlyForWhoWantsDeliveryEvents) {
  auto text = [this](const char* id) {
    return fmt::format(R"({{"type":"send","message":"m","messageId":{},"recipient":"{}"}})", id, own);
  };
  EXPECT_EQ(said(automatic, text("5")), "send m to self");
  automatic.expect_message_ids(true);
  EXPECT_EQ(said(automatic, text("\"a1\"")), "send m to self id=a1");
  EXPECT_NE(said(automatic, text("5")).find("messageId: expected a string of 1 to 64 bytes, got integer `5`"),
            std::string::npos);
  EXPECT_NE(said(automatic, text("\"\"")).find("error"), std::string::npos);
  EXPECT_NE(said(automatic, text(("\"" + std::string(65, 'x') + "\"").c_str())).find("error"), std::string::npos);
}

TEST_F(Talk, BinaryMessageIdsStandBeforeTheRequest) {
  AppRequest asked{Send{kOwn, raw("m"), LaneId{4}}, "a1"};
  auto bytes = to_binary(asked);
  EXPECT_EQ(to_hex(ByteView(bytes).first(5)),
            "42026131"
            "00");
  EXPECT_EQ(said(automatic, bytes), "send m to self on 4 id=a1");
  EXPECT_TRUE(said(automatic, Bytes{0x42, 0, 3}).starts_with("0004"));
  EXPECT_TRUE(said(automatic, Bytes{0x42, 9, 3}).starts_with("0002"));
  EXPECT_TRUE(said(automatic, Bytes{0x42, 1, 'x', 3}).starts_with("0004"));
  EXPECT_TRUE(said(automatic, Bytes{0x42, 1, 'x', 0}).starts_with("0002"));
}

TEST_F(Talk, AddedResponsesReadBackAsWritten) {
  for (const Response& response :
       {Response(Subscribed{{true, false}}), Response(Status{kOwn, LinkState::ready, 1, 2, 3, 4, 5, 6}),
        Response(DeliveryEvent{"a1", DeliveryOutcome::failed, "no route"}),
        Response(GatewayEvent{LinkState::waiting, "refused"})}) {
    auto bytes = to_binary(response);
    auto read = parse_binary_response(bytes);
    ASSERT_TRUE(read) << read.error().detail;
    EXPECT_EQ(*read, response);
    for (std::size_t size = 1; size < bytes.size(); ++size) {
      EXPECT_FALSE(parse_binary_response(ByteView(bytes).first(size))) << to_hex(bytes) << " cut to " << size;
    }
  }
}

TEST_F(Talk, AddedResponsesInTextAreAsDocumented) {
  EXPECT_EQ(to_text(Subscribed{{true, true}}), R"({"type":"subscribed","events":["delivery","gateway"]})");
  EXPECT_EQ(to_text(Subscribed{}), R"({"type":"subscribed","events":[]})");
  EXPECT_EQ(to_text(DeliveryEvent{"a\"1", DeliveryOutcome::acknowledged, ""}),
            R"({"type":"delivery","messageId":"a\"1","outcome":"acknowledged","why":""})");
  EXPECT_EQ(to_text(GatewayEvent{LinkState::waiting, "refused"}),
            R"({"type":"gateway","state":"waiting","why":"refused"})");
  EXPECT_EQ(to_text(Status{kOwn, LinkState::ready, 1, 2, 3, 4, 5, 6}),
            R"({"type":"status","address":")" + own +
                R"(","gateway":"ready","apps":1,"keptMessages":2,"queuedPackets":3,"openMessages":4,"maxMessage":5,)"
                R"("maxReplySurbs":6})");
}

// 05 §3: the form of pushes is that of the last data message, malformed or not; binary before the first.
TEST_F(Talk, PushesHaveTheFormOfTheLastDataMessage) {
  EXPECT_EQ(automatic.push(Received{}).format, Format::binary);
  said(automatic, "nonsense"s);
  EXPECT_EQ(automatic.push(Received{}).format, Format::text);
  said(automatic, Bytes{});
  EXPECT_EQ(automatic.push(Received{}).format, Format::binary);
}

}  // namespace
}  // namespace nym::app_api
