#include "protocols/otlp/answers.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace clew::otlp {
namespace {

using ::testing::HasSubstr;

TEST(OtlpAnswers, ReasonPhrasesArePrintableAndShort) {
  EXPECT_EQ(reason_phrase_of("a\r\nb\tä"), "a??b???");
  EXPECT_EQ(reason_phrase_of(std::string(500, 'x')).size(), 120u);
}

TEST(OtlpAnswers, LongMessagesAreCutBetweenCharacters) {
  std::string text(1999, 'x');
  text += "ää";
  const net::Response response = http_failure(Encoding::json, Status(ErrorKind::bad_input, text));
  EXPECT_THAT(response.body, HasSubstr("xx\"}"));
}

}  // namespace
}  // namespace clew::otlp
