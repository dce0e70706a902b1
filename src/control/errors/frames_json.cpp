#include "control/errors/frames_json.h"

namespace clew::control::errors {
namespace {

std::string text_of(const JsonValue& object, std::string_view name) {
  const JsonValue* value = object.find(name);
  return value && value->string() ? *value->string() : std::string();
}

int64_t integer_of(const JsonValue& object, std::string_view name) {
  const JsonValue* value = object.find(name);
  return value && value->integer() && *value->integer() > 0 ? *value->integer() : 0;
}

}  // namespace

JsonValue to_json(const std::vector<Frame>& frames) {
  JsonValue::Array all;
  for (const Frame& frame : frames) {
    JsonValue one;
    one["file"] = frame.file;
    one["method"] = frame.method;
    one["line"] = frame.line;
    one["column"] = frame.column;
    one["in_app"] = frame.in_app;
    if (!frame.code.empty()) one["code"] = frame.code;
    all.push_back(std::move(one));
  }
  return all;
}

std::vector<Frame> frames_from_json(const JsonValue& json, Language language) {
  std::vector<Frame> frames;
  if (!json.array()) return frames;
  for (const JsonValue& one : *json.array()) {
    if (!one.object() || frames.size() == kMostFrames) continue;
    Frame frame;
    frame.file = text_of(one, "file");
    frame.method = text_of(one, "method");
    frame.line = integer_of(one, "line");
    frame.column = integer_of(one, "column");
    frame.code = text_of(one, "code");
    const JsonValue* in_app = one.find("in_app");
    frame.in_app = in_app && in_app->boolean() ? *in_app->boolean() : is_in_app(frame, language);
    frames.push_back(std::move(frame));
  }
  return frames;
}

Language language_named(std::string_view name) {
  for (const Language one : {Language::python, Language::javascript, Language::java, Language::go,
                             Language::ruby, Language::dotnet, Language::php, Language::cpp, Language::rust})
    if (name.starts_with(name_of(one))) return one;
  if (name == "nodejs" || name == "webjs" || name == "typescript") return Language::javascript;
  if (name == "kotlin" || name == "scala") return Language::java;
  if (name == "c#" || name == "csharp") return Language::dotnet;
  if (name == "c++") return Language::cpp;
  return Language::unknown;
}

}  // namespace clew::control::errors
