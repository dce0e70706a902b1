// Input: the members of a request to X-Ray.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/time.h"
#include "protocols/aws/input.h"

namespace clew::xray {

using aws::Length;
using aws::page_token;
using aws::place_in;

class Input final : public aws::Input {
 public:
  explicit Input(const JsonValue& json) : aws::Input(json, "InvalidRequestException") {}

  // Seconds since 1970, with a fraction, or milliseconds, or a text.
  std::optional<UnixNanos> time(std::string_view name);
  // StartTime and EndTime, both required.
  TimeRange range();
};

// Of NextToken; empty when there is none.
std::string next_place(Input& input, std::string_view list);

}  // namespace clew::xray
