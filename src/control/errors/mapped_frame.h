// FrameMapper: the frames of one stack, led back through source maps.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/json_value.h"
#include "control/errors/source_map.h"

namespace clew::control::errors {

class FrameMapper {
 public:
  using Find = std::function<std::shared_ptr<const SourceMap>(std::string_view file)>;
  explicit FrameMapper(Find find) : find_(std::move(find)) {}

  // The frames with file, line, column, method, code, pre, post and in_app as they are in the sources, the
  // innermost call first as they came. Nothing when none could be led back.
  std::optional<JsonValue> map(const JsonValue::Array& frames);

 private:
  struct Found {
    std::shared_ptr<const SourceMap> map;
    SourceMap::Place place;
  };
  std::optional<Found> find(const JsonValue& frame);
  std::string function_of(const SourceMap::Place& place);
  void change(JsonValue& frame, const SourceMap::Place& place, std::string_view called_as);

  const Find find_;
  std::map<std::pair<const char*, int64_t>, std::string> functions_;  // by source, and place within
};

}  // namespace clew::control::errors
