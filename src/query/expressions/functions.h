// The functions of calculated fields: one table for the parser and the documentation; functions.md tells what
// each of them gives.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

namespace clew::query {

enum class Function : uint8_t {
  if_,
  switch_,
  coalesce,
  less,
  less_or_equal,
  greater,
  greater_or_equal,
  equals,
  not_equals,  // written != only
  in,
  exists,
  not_,
  and_,
  or_,
  sum,
  subtract,
  multiply,
  divide,
  modulo,
  minimum,
  maximum,
  log10,
  bucket,
  to_int,
  to_float,
  to_bool,
  to_string,
  concat,
  starts_with,
  ends_with,
  contains,
  to_lower,
  length,
  reg_match,
  reg_value,
  reg_count,
  unix_timestamp,
  event_timestamp,
  ingest_timestamp,
  format_time,
  metro_hash,
};

// What an argument must be already in the text, not only when a row is at hand.
enum class Literally : uint8_t { anything, text, pattern };

struct FunctionInfo {
  std::string_view name;
  Function function;
  size_t least, most;                           // arguments
  std::optional<size_t> literal_argument = {};  // this one …
  Literally literally = Literally::anything;    // … is restricted
};

inline constexpr size_t kAnyNumber = 1000;

std::span<const FunctionInfo> all_functions();
// Case counts.
const FunctionInfo* find_function(std::string_view name);
// Why a name that Honeycomb knows is not offered; empty for others.
std::string_view why_not_offered(std::string_view name);

}  // namespace clew::query
