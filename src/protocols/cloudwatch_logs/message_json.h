// MessageJson: a message that is a JSON object, with its numbers as they are written.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace clew::cloudwatch_logs {

struct MessageJson {
  enum class Kind : uint8_t { null, truth, falsehood, number, text, array, object };
  Kind kind = Kind::null;
  std::string text;  // of a text, of a number as it is written
  std::vector<MessageJson> elements;
  std::vector<std::string> names;  // of an object, one for each element; the last of equal names counts

  const MessageJson* find(std::string_view name) const;
};

// Nothing unless it is one JSON object and nothing else, at most 128 deep.
std::optional<MessageJson> parse_message_json(std::string_view message);

}  // namespace clew::cloudwatch_logs
