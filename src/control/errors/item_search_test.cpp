#include "control/errors/item_search.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace clew::control::errors {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

ItemQuery searched(std::string_view text) {
  ItemQuery query;
  add_search(text, query);
  return query;
}

TEST(ItemSearch, words_and_phrases) {
  EXPECT_THAT(searched("").words, IsEmpty());
  EXPECT_THAT(searched("  declined \"no such price\"  in ").words,
              ElementsAre("declined", "no such price", "in"));
  EXPECT_THAT(searched("\"unclosed one").words, ElementsAre("unclosed one"));
}

TEST(ItemSearch, facts_by_name) {
  const ItemQuery query = searched(
      "level:error level:critical status:muted environment:\"on trial\" service:shop code_version:1.4 "
      "email:ada@example.com assigned:grace exception:TypeError framework:flask #12 is:snoozed cart.py");
  EXPECT_THAT(query.levels, ElementsAre(Level::error, Level::critical));
  EXPECT_THAT(query.states, ElementsAre(State::muted));
  EXPECT_THAT(query.deployments, ElementsAre("on trial"));
  EXPECT_THAT(query.frameworks, ElementsAre("flask"));
  EXPECT_THAT(query.ids, ElementsAre(12));
  EXPECT_EQ(query.service, "shop");
  EXPECT_EQ(query.version, "1.4");
  EXPECT_EQ(query.person, "ada@example.com");
  EXPECT_EQ(query.assignee, "grace");
  EXPECT_EQ(query.type, "TypeError");
  EXPECT_EQ(query.snoozed, true);
  EXPECT_THAT(query.words, ElementsAre("cart.py"));
  EXPECT_EQ(searched("is:unassigned").is_assigned, false);
}

TEST(ItemSearch, what_is_no_fact_is_a_word) {
  EXPECT_THAT(searched("TypeError: price level:loud status: #x is:great http://shop").words,
              ElementsAre("TypeError:", "price", "level:loud", "status:", "#x", "is:great", "http://shop"));
}

}  // namespace
}  // namespace clew::control::errors
