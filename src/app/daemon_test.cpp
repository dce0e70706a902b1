#include "app/daemon.h"

#include <sstream>

#include <gtest/gtest.h>

namespace clew::app {
namespace {

TEST(DaemonCommand, TheProgramIsTheDaemonByItsNameOrItsFirstWord) {
  EXPECT_TRUE(is_daemon_call("xray", {}));
  EXPECT_TRUE(is_daemon_call("/usr/bin/xray", {"-o"}));
  EXPECT_TRUE(is_daemon_call("clew", {"xray -o -b xray-daemon:2000"}));
  EXPECT_TRUE(is_daemon_call("clew", {"xray", "-o"}));
  EXPECT_FALSE(is_daemon_call("clew", {}));
  EXPECT_FALSE(is_daemon_call("/opt/xray/clew", {"serve"}));
  EXPECT_FALSE(is_daemon_call("clew", {"xrays"}));
}

TEST(DaemonCommand, TellsItsVersionAndItsFlags) {
  std::ostringstream out, err;
  Surroundings surroundings{.out = out, .err = err, .environment = {}};
  EXPECT_TRUE(run_daemon({"-version"}, surroundings).ok());
  EXPECT_TRUE(run_daemon({"-h"}, surroundings).ok());
  EXPECT_NE(out.str().find("AWS X-Ray daemon version: "), std::string::npos);
  EXPECT_NE(out.str().find("--bind-tcp"), std::string::npos);
  EXPECT_FALSE(run_daemon({"-nonsense"}, surroundings).ok());
}

}  // namespace
}  // namespace clew::app
