#include "app/text_table.h"

#include <gtest/gtest.h>

namespace clew::app {
namespace {

TEST(TextTable, AlignsColumnsByWhatIsSeen) {
  EXPECT_EQ(text_table({{"name"}, {"COUNT", Alignment::right}}, {{"käse", "7"}, {"a", "12345678"}}),
            "name     COUNT\n"
            "käse         7\n"
            "a     12345678\n");
}

TEST(TextTable, WithoutRowsIsAHeader) {
  EXPECT_EQ(text_table({{"a"}, {"b"}}, {}), "a  b\n");
}

TEST(TextTable, CellsCannotCommandTheTerminal) {
  struct Case {
    const char *cell, *shown;
  };
  for (const Case& c : {Case{"\x1b[2J", "\\x1b[2J"}, Case{"two\nlines", "two\\nlines"}, Case{"a\tb", "a\\tb"},
                        Case{"\x7f", "\\x7f"}, Case{"\xc2\x9b", "\\x9b"}, Case{"\xc2\xa0", "\xc2\xa0"}}) {
    EXPECT_EQ(without_control_characters(c.cell), c.shown);
  }
}

}  // namespace
}  // namespace clew::app
