#include <gtest/gtest.h>

#include "engine/app_api/codec.h"

namespace nym::app_api {
namespace {

std::string fault(std::string_view text) {
  auto request = parse_text_request(text);
  return request ? "no fault" : request.error().detail;
}

TEST(TextRequest, ADuplicateTypeIsPlacedAfterTheObjectOnlyIfThatEndsThere) {
  EXPECT_EQ(fault(R"({"type":"send","type"})"), "duplicate field `type` at line 1 column 22");
  EXPECT_EQ(fault(R"({"type":"send","type"  :1})"), "duplicate field `type` at line 1 column 23");
}

TEST(TextRequest, KeysAreComparedAfterUnescaping) {
  EXPECT_EQ(parse_text_request(R"({"\u0074ype":"self\u0041ddress"})").value(), Request(SelfAddress{}));
}

TEST(TextRequest, AShapeFaultIsReportedBeforeWhatFollowsTheObject) {
  EXPECT_EQ(fault(R"({"type":"send"} x)"), "missing field `message`");
  EXPECT_EQ(fault(R"({"type":"send","message":"m","recipient":"r"} x)"), "trailing characters at line 1 column 47");
}

TEST(TextRequest, ASyntaxFaultIsReportedBeforeAShapeFaultOfTheVariant) {
  EXPECT_EQ(fault(R"({"type":"send","message":5,"x":tru})"), "expected ident at line 1 column 35");
}

TEST(TextRequest, ArrayElementsAreCheckedBeforeTheirCount) {
  EXPECT_EQ(fault(R"(["send",5])"), "invalid type: integer `5`, expected a string");
  EXPECT_EQ(fault(R"(["send","m","r",-1,0])"), "invalid value: integer `-1`, expected u64");
  EXPECT_EQ(fault(R"(["sendAnonymous","r","m",1,2,3])"), "invalid length 5, expected 4 elements in sequence");
}

TEST(TextRequest, FieldsOfOtherVariantsAreIgnoredEvenWhenRepeated) {
  EXPECT_EQ(fault(R"({"type":"send","senderTag":1,"senderTag":2,"senderTag":3})"), "missing field `message`");
  EXPECT_EQ(fault(R"({"message":1,"message":2,"message":3,"type":"send"})"),
            "invalid type: integer `1`, expected a string");
  EXPECT_EQ(fault(R"({"message":"1","message":"2","message":3,"type":"send"})"), "duplicate field `message`");
}

TEST(TextRequest, ALongBase58AddressIsRefusedQuickly) {
  std::string text = R"({"type":"send","message":"m","recipient":")" + std::string(8'000'000, 'z') + R"(.a@b"})";
  EXPECT_NE(fault(text), "no fault");
}

}  // namespace
}  // namespace nym::app_api
