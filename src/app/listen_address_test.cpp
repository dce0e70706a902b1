#include "app/listen_address.h"

#include <gtest/gtest.h>

namespace clew::app {
namespace {

using Addresses = std::vector<ListenAddress>;

TEST(ListenAddress, Parses) {
  struct Case {
    const char* text;
    Addresses doors;  // empty: refused
  };
  for (const Case& c :
       {Case{"127.0.0.1:4318", {{"127.0.0.1", 4318}}}, Case{"localhost:0", {{"localhost", 0}}},
        Case{"[::1]:4318", {{"::1", 4318}}}, Case{"4318", {{"127.0.0.1", 4318}}},
        Case{"0.0.0.0", {{"0.0.0.0", 2539}, {"0.0.0.0", 4317}, {"0.0.0.0", 4318}}},
        Case{"[::]", {{"::", 2539}, {"::", 4317}, {"::", 4318}}},
        Case{"::", {{"::", 2539}, {"::", 4317}, {"::", 4318}}}, Case{"", {}}, Case{":4318", {}},
        Case{"host:", {}}, Case{"host:65536", {}}, Case{"host:-1", {}}, Case{"host:http", {}},
        Case{"http://localhost:4318", {}}, Case{"localhost/x", {}}, Case{"[::1", {}}, Case{"[::1]4318", {}},
        Case{"[::1]:", {}}, Case{"a b", {}}}) {
    const Result<Addresses> parsed = parse_listen_address(c.text);
    ASSERT_EQ(parsed.ok(), !c.doors.empty()) << c.text;
    if (parsed.ok()) {
      EXPECT_EQ(*parsed, c.doors) << c.text;
    }
  }
}

TEST(ListenAddress, KnowsWhatOthersCanReach) {
  struct Case {
    const char* host;
    bool loopback, any;
  };
  for (const Case& c :
       {Case{"127.0.0.1", true, false}, Case{"127.5.5.5", true, false}, Case{"::1", true, false},
        Case{"localhost", true, false}, Case{"0.0.0.0", false, true}, Case{"::", false, true},
        Case{"192.0.2.7", false, false}, Case{"no-such-host.invalid", false, false}}) {
    const ListenAddress address{c.host, 4318};
    EXPECT_EQ(address.is_loopback(), c.loopback) << c.host;
    EXPECT_EQ(address.is_any(), c.any) << c.host;
  }
}

TEST(ListenAddress, IsPrintedTheWayItIsRead) {
  EXPECT_EQ((ListenAddress{"127.0.0.1", 4318}).text(), "127.0.0.1:4318");
  EXPECT_EQ((ListenAddress{"::1", 4318}).text(), "[::1]:4318");
}

}  // namespace
}  // namespace clew::app
