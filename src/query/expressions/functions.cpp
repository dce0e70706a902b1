#include "query/expressions/functions.h"

#include <algorithm>
#include <array>
#include <utility>

namespace clew::query {
namespace {

using F = Function;

constexpr FunctionInfo kFunctions[] = {
    {"IF", F::if_, 2, kAnyNumber},
    {"SWITCH", F::switch_, 3, kAnyNumber},
    {"COALESCE", F::coalesce, 1, kAnyNumber},
    {"LT", F::less, 2, 2},
    {"LTE", F::less_or_equal, 2, 2},
    {"GT", F::greater, 2, 2},
    {"GTE", F::greater_or_equal, 2, 2},
    {"EQUALS", F::equals, 2, 2},
    {"IN", F::in, 2, kAnyNumber},
    {"EXISTS", F::exists, 1, 1},
    {"NOT", F::not_, 1, 1},
    {"AND", F::and_, 1, kAnyNumber},
    {"OR", F::or_, 1, kAnyNumber},
    {"SUM", F::sum, 1, kAnyNumber},
    {"SUB", F::subtract, 2, 2},
    {"MUL", F::multiply, 1, kAnyNumber},
    {"DIV", F::divide, 2, 2},
    {"MOD", F::modulo, 2, 2},
    {"MIN", F::minimum, 1, kAnyNumber},
    {"MAX", F::maximum, 1, kAnyNumber},
    {"LOG10", F::log10, 1, 1},
    {"BUCKET", F::bucket, 2, 4},
    {"INT", F::to_int, 1, 1},
    {"FLOAT", F::to_float, 1, 1},
    {"BOOL", F::to_bool, 1, 1},
    {"STRING", F::to_string, 1, 1},
    {"CONCAT", F::concat, 1, kAnyNumber},
    {"STARTS_WITH", F::starts_with, 2, 2},
    {"ENDS_WITH", F::ends_with, 2, 2},
    {"CONTAINS", F::contains, 2, 2},
    {"TO_LOWER", F::to_lower, 1, 1},
    {"LENGTH", F::length, 1, 2, 1, Literally::text},
    {"REG_MATCH", F::reg_match, 2, 2, 1, Literally::pattern},
    {"REG_VALUE", F::reg_value, 2, 2, 1, Literally::pattern},
    {"REG_COUNT", F::reg_count, 2, 2, 1, Literally::pattern},
    {"UNIX_TIMESTAMP", F::unix_timestamp, 1, 1},
    {"EVENT_TIMESTAMP", F::event_timestamp, 0, 0},
    {"INGEST_TIMESTAMP", F::ingest_timestamp, 0, 0},
    {"FORMAT_TIME", F::format_time, 2, 2, 0, Literally::text},
    {"METRO_HASH", F::metro_hash, 1, kAnyNumber},
    // Older names.
    {"PREFIX", F::starts_with, 2, 2},
    {"SUFFIX", F::ends_with, 2, 2},
    {"HAS_VALUE", F::exists, 1, 1},
};

constexpr std::string_view kMetricsOnly =
    "is a calculation over the points of a metric, which calculated fields do not see";
constexpr std::pair<std::string_view, std::string_view> kNotOffered[] = {
    {"RAW_METRIC", kMetricsOnly}, {"LAST", kMetricsOnly},
    {"RATE", kMetricsOnly},       {"INCREASE", kMetricsOnly},
    {"SUMMARIZE", kMetricsOnly},  {"RAND", "would give another answer each time a question is asked"},
};

}  // namespace

std::span<const FunctionInfo> all_functions() {
  return kFunctions;
}

const FunctionInfo* find_function(std::string_view name) {
  const auto* found = std::find_if(std::begin(kFunctions), std::end(kFunctions),
                                   [&](const FunctionInfo& info) { return info.name == name; });
  return found == std::end(kFunctions) ? nullptr : found;
}

std::string_view why_not_offered(std::string_view name) {
  for (const auto& [known, reason] : kNotOffered) {
    if (known == name) return reason;
  }
  return {};
}

}  // namespace clew::query
