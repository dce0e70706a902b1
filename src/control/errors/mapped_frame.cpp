#include "control/errors/mapped_frame.h"

#include <algorithm>
#include <vector>

#include "control/errors/function_at.h"

namespace clew::control::errors {
namespace {

constexpr size_t kLinesAround = 4;
constexpr size_t kLongestLine = 240;

std::string text_at(const JsonValue& object, std::string_view name) {
  const JsonValue* value = object.find(name);
  return value && value->string() ? *value->string() : std::string();
}

int64_t number_at(const JsonValue& object, std::string_view name) {
  const JsonValue* value = object.find(name);
  return value && value->integer() ? *value->integer() : 0;
}

std::string shortened(std::string_view line) {
  if (line.ends_with('\r')) line.remove_suffix(1);
  size_t end = std::min(line.size(), kLongestLine);
  while (end < line.size() && end > 0 && (static_cast<unsigned char>(line[end]) & 0xc0) == 0x80) --end;
  return std::string(line.substr(0, end));
}

struct Excerpt {
  JsonValue::Array before, after;
  std::optional<std::string> line;
};

Excerpt excerpt_of(std::string_view source, int64_t wanted) {
  Excerpt excerpt;
  size_t at = 0;
  for (int64_t line = 1; at < source.size() && line <= wanted + static_cast<int64_t>(kLinesAround); ++line) {
    const size_t end = std::min(source.find('\n', at), source.size());
    if (line + static_cast<int64_t>(kLinesAround) >= wanted) {
      std::string text = shortened(source.substr(at, end - at));
      if (line == wanted)
        excerpt.line = std::move(text);
      else
        (line < wanted ? excerpt.before : excerpt.after).emplace_back(std::move(text));
    }
    at = end + 1;
  }
  return excerpt;
}

bool is_own_source(std::string_view file) {
  return file.find("node_modules/") == std::string_view::npos && !file.starts_with("webpack/") &&
         file.find("(webpack)") == std::string_view::npos;
}

}  // namespace

std::optional<FrameMapper::Found> FrameMapper::find(const JsonValue& frame) {
  const int64_t line = number_at(frame, "line");
  // Once is enough: a source may be called like its script.
  if (line <= 0 || frame.find("minified")) return std::nullopt;
  std::shared_ptr<const SourceMap> map = find_(text_at(frame, "file"));
  if (!map) return std::nullopt;
  const auto place = map->find(line, number_at(frame, "column"));
  if (!place) return std::nullopt;
  return Found{.map = std::move(map), .place = *place};
}

std::string FrameMapper::function_of(const SourceMap::Place& place) {
  if (place.source.empty()) return {};
  const std::pair key{place.source.data(), place.line << 20 | std::min<int64_t>(place.column, (1 << 20) - 1)};
  const auto [known, is_new] = functions_.try_emplace(key);
  if (is_new) known->second = function_at(place.source, place.line, place.column);
  return known->second;
}

void FrameMapper::change(JsonValue& frame, const SourceMap::Place& place, std::string_view called_as) {
  JsonValue minified;
  for (const std::string_view name : {"file", "line", "column", "method"})
    if (const JsonValue* value = frame.find(name)) minified[name] = *value;
  frame["minified"] = std::move(minified);
  frame["file"] = place.file;
  frame["line"] = place.line;
  frame["column"] = place.column;
  frame["in_app"] = is_own_source(place.file);
  // Of the function it is in; else as its caller calls it: what the bundler made of its name changes with
  // each build.
  std::string method = function_of(place);
  if (method.empty()) method = called_as;
  frame["method"] = method.empty() ? "<anonymous>" : method;
  for (const std::string_view name : {"code", "pre", "post"}) frame.take(name);
  Excerpt excerpt = excerpt_of(place.source, place.line);
  if (!excerpt.line) return;
  frame["code"] = *std::move(excerpt.line);
  frame["pre"] = std::move(excerpt.before);
  frame["post"] = std::move(excerpt.after);
}

std::optional<JsonValue> FrameMapper::map(const JsonValue::Array& frames) {
  std::vector<std::optional<Found>> found;
  found.reserve(frames.size());
  for (const JsonValue& frame : frames) found.push_back(frame.object() ? find(frame) : std::nullopt);
  if (std::none_of(found.begin(), found.end(), [](const auto& one) { return one.has_value(); }))
    return std::nullopt;
  JsonValue::Array mapped = frames;
  for (size_t i = 0; i < mapped.size(); ++i) {
    if (!found[i]) continue;
    const bool has_caller = i + 1 < mapped.size() && found[i + 1];
    change(mapped[i], found[i]->place, has_caller ? found[i + 1]->place.name : std::string_view());
  }
  return JsonValue(std::move(mapped));
}

}  // namespace clew::control::errors
