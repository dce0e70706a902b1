#include "control/permissions.h"

#include <gtest/gtest.h>

namespace clew::control {
namespace {

TEST(Permissions, AsTextAndBack) {
  for (const PermissionName& one : all_permissions()) {
    const Permissions alone = Permissions().set(one.permission);
    EXPECT_EQ(alone.text(), one.name);
    const Result<Permissions> back = Permissions::of_text(one.name);
    ASSERT_TRUE(back.ok());
    EXPECT_EQ(*back, alone);
    EXPECT_TRUE(Permissions::all().has(one.permission));
    EXPECT_FALSE(Permissions::none().has(one.permission));
  }
  EXPECT_EQ(Permissions::to_send().text(), "send_events,create_datasets");
  EXPECT_EQ(*Permissions::of_text("run_queries,send_events"),
            Permissions().set(Permission::send_events).set(Permission::run_queries));
  EXPECT_EQ(*Permissions::of_text(""), Permissions::none());
}

TEST(Permissions, AnUnknownNameIsToldWithThoseThatExist) {
  const Result<Permissions> read = Permissions::of_text("send_events,boards");
  ASSERT_FALSE(read.ok());
  EXPECT_NE(read.status().message().find("'boards' is not a permission; there are send_events"),
            std::string_view::npos);
}

}  // namespace
}  // namespace clew::control
