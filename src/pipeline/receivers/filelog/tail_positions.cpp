#include "pipeline/receivers/filelog/tail_positions.h"

#include <charconv>

#include <fmt/format.h>

#include "base/json_value.h"

namespace clew::pipeline {
namespace {

constexpr uint64_t kMostBytes = uint64_t{64} << 20;

std::optional<uint64_t> hex_number(const JsonValue* value) {
  if (value == nullptr || !value->string()) return std::nullopt;
  const std::string& text = *value->string();
  uint64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number, 16);
  return error == std::errc() && end == text.data() + text.size() ? std::optional(number) : std::nullopt;
}

std::optional<TailPosition> position_of(const JsonValue& value) {
  const JsonValue* path = value.find("path");
  const JsonValue* offset = value.find("offset");
  const auto head = hex_number(value.find("head")), tail = hex_number(value.find("tail"));
  if (!path || !path->string() || !offset || !offset->integer() || *offset->integer() < 0 || !head || !tail)
    return std::nullopt;
  return TailPosition{*path->string(), {static_cast<uint64_t>(*offset->integer()), *head, *tail}};
}

}  // namespace

Result<TailPositions> TailPositions::open(const std::string& directory, FileSystem& files) {
  TailPositions positions(join_path(directory, "positions.json"), files);
  CLEW_ASSIGN(const bool there, files.exists(positions.path_));
  if (!there) return positions;
  CLEW_ASSIGN(const std::string text, files.read_file(positions.path_, kMostBytes));
  const auto json = parse_json(text);
  const JsonValue* list = json.ok() ? json->find("files") : nullptr;
  const auto damaged = [&] {
    return Status(
        ErrorKind::corrupt,
        fmt::format("damaged; remove it, and the files are read as start_at says: {}", positions.path_));
  };
  if (list == nullptr || !list->array()) return damaged();
  for (const JsonValue& item : *list->array()) {
    auto position = position_of(item);
    if (!position) return damaged();
    positions.saved_.push_back(std::move(*position));
  }
  return positions;
}

Status TailPositions::save(std::vector<TailPosition> positions) {
  if (positions == saved_) return {};
  JsonValue::Array list;
  for (const TailPosition& one : positions) {
    JsonValue item{JsonValue::Object{}};
    item["path"] = JsonValue(one.path);
    item["offset"] = JsonValue(static_cast<int64_t>(one.landmark.offset));
    item["head"] = JsonValue(fmt::format("{:x}", one.landmark.head_hash));
    item["tail"] = JsonValue(fmt::format("{:x}", one.landmark.tail_hash));
    list.push_back(std::move(item));
  }
  JsonValue document{JsonValue::Object{}};
  document["version"] = JsonValue(1);
  document["files"] = JsonValue(std::move(list));
  CLEW_TRY(files_->publish_file(path_, document.text() + "\n"));
  saved_ = std::move(positions);
  return {};
}

}  // namespace clew::pipeline
