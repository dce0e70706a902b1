// The errors of the short form show the place with a caret below the line; JSON tells it as a number.
#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

#include "base/result.h"

namespace clew::api {

struct PointedError {
  Status status;                   // the sentence alone
  std::optional<size_t> position;  // in bytes from the start of `text`
};

// `status` is a failure of reading `text`, the first `added` bytes of which are not the person's own.
PointedError point_out(const Status& status, std::string_view text, size_t added = 0);

}  // namespace clew::api
