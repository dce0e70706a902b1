#include "control/errors/fingerprint.h"

#include <gtest/gtest.h>

namespace clew::control::errors {
namespace {

TEST(Fingerprint, files_without_what_changes_with_every_deploy) {
  EXPECT_EQ(normalised_file("/srv/releases/20260301120000/shop/cart.py"), "shop/cart.py");
  EXPECT_EQ(normalised_file("/var/www/55d0a1b2c3/current/cart.js"), "cart.js");
  EXPECT_EQ(normalised_file("https://shop.example/static/main.3f2a1b9c.js?v=7"), "static/main.js");
  EXPECT_EQ(normalised_file("C:\\build\\shop\\Cart.cs"), "shop/Cart.cs");
  EXPECT_EQ(normalised_file(""), "");
}

TEST(Fingerprint, methods_without_what_compilers_count) {
  EXPECT_EQ(normalised_method("lambda$pay$3"), normalised_method("lambda$pay$4"));
  EXPECT_EQ(normalised_method("step1"), "step1");
  EXPECT_EQ(normalised_method("Proxy127.call"), "Proxy.call");
  EXPECT_EQ(normalised_method("?"), normalised_method("[anonymous]"));
}

TEST(Fingerprint, messages_without_what_changes_every_time) {
  const std::string_view same[] = {"order 1234 of ada@example.com at 10.0.0.7:5432 failed after 3.5s",
                                   "order 99 of bob@example.org at 10.1.0.9:80 failed after 12.25s"};
  EXPECT_EQ(normalised_message(same[0]), normalised_message(same[1]));
  EXPECT_EQ(normalised_message("answered 503"), "answered 503");
  EXPECT_NE(normalised_message("answered 503"), normalised_message("answered 404"));
  EXPECT_EQ(normalised_message("user 7f3a9c1e-1111-4222-8333-944455556666 is gone"), "user <n> is gone");
}

TEST(Fingerprint, what_counts_and_what_does_not) {
  Occurrence one;
  one.type = "E";
  one.message = "told 1";
  one.frames = {{.file = "/srv/shop/cart.py", .method = "pay", .line = 12}};
  Occurrence other = one;
  other.message = "told 2";
  other.frames[0].line = 99;
  EXPECT_EQ(fingerprint_of(one).group, fingerprint_of(other).group);
  other.frames.push_back(
      {.file = "/x/site-packages/lib.py", .method = "call", .line = 1, .column = 0, .in_app = false});
  EXPECT_EQ(fingerprint_of(one).group, fingerprint_of(other).group);
  other.frames[0].method = "refund";
  EXPECT_NE(fingerprint_of(one).group, fingerprint_of(other).group);
  other = one;
  other.deployment = "staging";
  EXPECT_NE(fingerprint_of(one).group, fingerprint_of(other).group);
  other = one;
  other.custom_fingerprint = "mine";
  one.custom_fingerprint = "mine";
  one.type = "F";
  EXPECT_EQ(fingerprint_of(one).group, fingerprint_of(other).group);
}

}  // namespace
}  // namespace clew::control::errors
