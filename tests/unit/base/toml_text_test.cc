#include "engine/base/toml_text.h"

#include <gtest/gtest.h>

namespace nym {
namespace {

TEST(TomlText, AllowsEveryCharacterInStringsAndComments) {
  for (const char* text : {
           "",
           "a = 1\n",
           "# é\n",
           "a = \"é\" # ў",
           "a = 'é'",
           "\"é\" = 1",
           "a.\"é\".'ü' = 1",
           "a = [\"é\",'ü']",
           "a = {\"é\"='ü'}",
           "a = \"\"\"é\n\"ü\" \"\"ö\"\" é\"\"\"\nb = 'ä'",
           "a = \"\"\"é\"\"\"\"\"\nb = 'ä'",
           "a = '''é\n''ü'' \\'''\nb = \"ä\"",
           "a = \"\\\"é\\\\\"",
           "a = 'é\\'\nb = 'ü'",
           "\xEF\xBB\xBF a = 1",
       }) {
    EXPECT_EQ(first_bare_non_ascii(text), std::nullopt) << text;
  }
}

TEST(TomlText, FindsTheFirstOneElsewhere) {
  EXPECT_EQ(first_bare_non_ascii("é = 1"), (TextPlace{1, 1}));
  EXPECT_EQ(first_bare_non_ascii("a = 1\nb = \"é\"é"), (TextPlace{2, 9}));
  EXPECT_EQ(first_bare_non_ascii("[ü]"), (TextPlace{1, 2}));
  EXPECT_EQ(first_bare_non_ascii("# é\n  ü"), (TextPlace{2, 3}));
  EXPECT_EQ(first_bare_non_ascii("a = \"x\nü\""), (TextPlace{2, 1})) << "a short string ends with its line";
  EXPECT_EQ(first_bare_non_ascii("a = b\"ü\""), (TextPlace{1, 7})) << "a quote within a word opens no string";
  EXPECT_EQ(first_bare_non_ascii("a = '''é''' ü"), (TextPlace{1, 14}));
  EXPECT_EQ(first_bare_non_ascii(" \xEF\xBB\xBF"), (TextPlace{1, 2})) << "a byte order mark stands at the beginning";
}

}  // namespace
}  // namespace nym
