// The document a Rollbar client sends for each error, and the OTLP log record it becomes.
#pragma once

#include <string>
#include <string_view>

#include "base/json_value.h"
#include "base/result.h"
#include "base/time.h"
#include "protocols/rollbar/scrubbing.h"

namespace clew::rollbar {

struct ItemDocument {
  std::string uuid;      // the client's, or one made here
  std::string platform;  // "browser", "linux", …; may be empty
  std::string otlp;      // one ExportLogsServiceRequest
};

struct ItemContext {
  UnixNanos now;
  std::string_view peer;  // "127.0.0.1:51234", for $remote_ip
};

constexpr size_t kDeepestDocument = 64;

// `data` is the member of that name. bad_input says which member is missing or wrong; Rollbar answers 422.
Result<ItemDocument> read_item(JsonValue data, const Scrubber& scrubber, const ItemContext& context);

}  // namespace clew::rollbar
