#include "protocols/clew/pointed_error.h"

#include <gtest/gtest.h>

#include "query/short_form.h"

namespace clew::api {
namespace {

TEST(PointedError, the_place_is_told_as_a_number) {
  struct Case {
    const char* situation;
    const char* message;
    const char* text;
    size_t added;
    const char* sentence;
    std::optional<size_t> position;
  };
  const Case cases[] = {
      {"one line", "expected a name\n  COUNT WHERE =\n              ^", "COUNT WHERE =", 0, "expected a name",
       12},
      {"with words put in front", "expected a name\n  COUNT WHERE =\n              ^", "COUNT WHERE =", 12,
       "expected a name", 0},
      {"the second line", "bad\n  WHERE ?\n        ^", "COUNT\nWHERE ?", 0, "bad", 12},
      {"at the end", "bad\n  COUNT\n       ^", "COUNT", 0, "bad", 5},
      {"no caret", "too long", "COUNT", 0, "too long", std::nullopt},
      {"a line that is not there", "bad\n  other\n   ^", "COUNT", 0, "bad", std::nullopt},
  };
  for (const Case& c : cases) {
    const PointedError error = point_out(Status(ErrorKind::bad_input, c.message), c.text, c.added);
    EXPECT_EQ(error.status.message(), c.sentence) << c.situation;
    EXPECT_EQ(error.position, c.position) << c.situation;
  }
}

TEST(PointedError, as_the_short_form_really_says_it) {
  const std::string text = "COUNT WHERE = 5";
  const Status status = query::plan_of_short_form(text, UnixNanos{}).status();
  ASSERT_FALSE(status.ok());
  const PointedError error = point_out(status, text);
  EXPECT_EQ(error.status.message().find('\n'), std::string_view::npos) << error.status.message();
  EXPECT_EQ(error.position, std::optional<size_t>(text.find('=')));
}

}  // namespace
}  // namespace clew::api
