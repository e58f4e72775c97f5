#include "engine/wire/pem.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace nym::wire {
namespace {

Bytes counted(std::size_t size) {
  Bytes bytes(size);
  for (std::size_t i = 0; i < size; ++i) bytes[i] = static_cast<std::uint8_t>(i);
  return bytes;
}

TEST(PemFiles, ContentOfAnyLengthSurvives) {
  for (std::size_t size : {0U, 1U, 2U, 3U, 47U, 48U, 49U, 200U}) {
    std::string pem = to_pem("LABEL", counted(size));
    EXPECT_EQ(from_pem(pem, "LABEL").value(), counted(size)) << size;
    EXPECT_FALSE(from_pem(pem, "OTHER").has_value());
  }
}

TEST(PemFiles, LinesHave64CharactersAndEndInCrLf) {
  std::string pem = to_pem("L", counted(100));
  std::size_t start = 0;
  for (int line = 0; start < pem.size(); ++line) {
    auto end = pem.find("\r\n", start);
    ASSERT_NE(end, std::string::npos);
    if (line == 1 || line == 2) {
      EXPECT_EQ(end - start, 64U);
    }
    start = end + 2;
  }
}

TEST(PemFiles, OtherLineEndsAreReadToo) {
  std::string pem = to_pem("L", counted(100));
  std::string lf = pem;
  std::erase(lf, '\r');
  EXPECT_EQ(from_pem(lf, "L").value(), counted(100));
  std::string cr = pem;
  std::erase(cr, '\n');
  EXPECT_EQ(from_pem(cr, "L").value(), counted(100));
}

TEST(PemFiles, EveryCutIsRefused) {
  std::string pem = to_pem("L", counted(32));
  for (std::size_t length = 0; length + 2 < pem.size(); ++length) {
    EXPECT_FALSE(from_pem(std::string_view(pem).substr(0, length), "L").has_value()) << length;
  }
}

TEST(PemFiles, LabelsMustBeThereAndAgree) {
  EXPECT_EQ(from_pem("-----BEGIN A-----\nAA==\n-----END -----", "A").error().text(), "missing END tag");
  EXPECT_EQ(from_pem("-----BEGIN -----\nAA==\n-----END -----", "").error().text(), "missing BEGIN tag");
  EXPECT_EQ(from_pem("-----BEGIN A-----\nAA==\n-----END B-----", "A").error().text(),
            "mismatching BEGIN (\"A\") and END (\"B\") tags");
}

}  // namespace
}  // namespace nym::wire
