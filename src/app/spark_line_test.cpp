#include "app/spark_line.h"

#include <cmath>
#include <limits>
#include <vector>

#include <gtest/gtest.h>

namespace clew::app {
namespace {

using Values = std::vector<std::optional<double>>;

TEST(SparkLine, DrawsFromZeroToTheLargest) {
  struct Case {
    Values values;
    const char* line;
  };
  constexpr double kInfinity = std::numeric_limits<double>::infinity();
  for (const Case& c :
       {Case{{}, ""}, Case{{0, 0}, "▁▁"}, Case{{0, 7}, "▁█"}, Case{{5}, "█"},
        Case{{0, 1, 2, 3, 4, 5, 6, 7}, "▁▂▃▄▅▆▇█"}, Case{{7, std::nullopt, 7}, "█ █"}, Case{{-7, 0}, "▁█"},
        Case{{std::nan(""), kInfinity, 1}, "  █"}, Case{{std::nullopt, std::nullopt}, "  "}}) {
    EXPECT_EQ(spark_line(c.values, 40), c.line);
  }
}

TEST(SparkLine, MoreValuesThanColumnsAreAveraged) {
  EXPECT_EQ(spark_line(Values{0, 0, 7, 7}, 2), "▁█");
  EXPECT_EQ(spark_line(Values{std::nullopt, std::nullopt, 7, std::nullopt}, 2), " █");
  EXPECT_EQ(spark_line(Values(1000, 1.0), 3), "███");
}

}  // namespace
}  // namespace clew::app
