#include "control/errors/occurrence_document.h"

namespace clew::control::errors {
namespace {

void put(JsonValue& object, std::string_view name, const std::string& text) {
  if (!text.empty()) object[name] = text;
}

JsonValue frame_document(const Frame& frame) {
  JsonValue json;
  json["filename"] = frame.file;
  json["method"] = frame.method;
  json["lineno"] = frame.line;
  if (frame.column > 0) json["colno"] = frame.column;
  put(json, "code", frame.code);
  return json;
}

}  // namespace

JsonValue document_of(const Occurrence& occurrence) {
  JsonValue data;
  data["environment"] = occurrence.deployment;
  data["level"] = name_of(occurrence.level);
  data["timestamp"] = occurrence.at.count / 1'000'000'000;
  put(data, "language", std::string(name_of(occurrence.language)));
  put(data, "code_version", occurrence.version);
  put(data, "framework", occurrence.framework);
  put(data, "platform", occurrence.platform);
  put(data, "context", occurrence.context);
  put(data, "uuid", occurrence.uuid);
  if (!occurrence.host.empty()) data["server"]["host"] = occurrence.host;
  if (!occurrence.trace_id.empty()) data["custom"]["trace_id"] = occurrence.trace_id;
  if (!occurrence.service.empty()) data["custom"]["service.name"] = occurrence.service;
  if (!occurrence.person.id.empty()) {
    data["person"]["id"] = occurrence.person.id;
    put(data["person"], "username", occurrence.person.name);
    put(data["person"], "email", occurrence.person.email);
  }
  if (occurrence.frames.empty() && occurrence.type.empty()) {
    data["body"]["message"]["body"] = occurrence.message;
    return data;
  }
  JsonValue& trace = data["body"]["trace"];
  trace["exception"]["class"] = occurrence.type;
  trace["exception"]["message"] = occurrence.message;
  JsonValue::Array frames;
  for (auto frame = occurrence.frames.rbegin(); frame != occurrence.frames.rend(); ++frame)
    frames.push_back(frame_document(*frame));
  trace["frames"] = std::move(frames);
  return data;
}

}  // namespace clew::control::errors
