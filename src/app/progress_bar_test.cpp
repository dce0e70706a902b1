#include "app/progress_bar.h"

#include <sstream>

#include <gtest/gtest.h>

namespace clew::app {
namespace {

TEST(ProgressBar, TellsShareAmountAndSpeed) {
  EXPECT_EQ(progress_text("Copying", 50'000'000, 100'000'000, seconds(5)),
            "Copying  [############------------]  50 %  50 MB of 100 MB, 10 MB/s");
  EXPECT_EQ(progress_text("Sending", 2000, 0, seconds(2)), "Sending  2 kB, 1 kB/s");
  EXPECT_EQ(progress_text("Copying", 3, 3, seconds(3)),
            "Copying  [########################] 100 %  3 bytes of 3 bytes, 1 bytes/s");
}

TEST(ProgressBar, WhatIsQuickShowsNothing) {
  std::ostringstream terminal;
  {
    ProgressBar bar(&terminal, "Copying");
    bar.show(1, 2);
    bar.show(2, 2);
  }
  EXPECT_EQ(terminal.str(), "");
  ProgressBar nowhere(nullptr, "Copying");
  nowhere.show(1, 2);
}

}  // namespace
}  // namespace clew::app
