#include "protocols/cloudwatch_logs/message_json.h"

#include <simdjson.h>

namespace clew::cloudwatch_logs {
namespace {

namespace ondemand = simdjson::ondemand;
constexpr size_t kDeepest = 128;

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && std::string_view(" \t\r\n,:").find(text.back()) != std::string_view::npos)
    text.remove_suffix(1);
  return text;
}

bool read(ondemand::value value, MessageJson& into, size_t depth) {
  if (depth > kDeepest) return false;
  ondemand::json_type type;
  if (value.type().get(type) != simdjson::SUCCESS) return false;
  switch (type) {
    case ondemand::json_type::object: {
      into.kind = MessageJson::Kind::object;
      ondemand::object object;
      if (value.get_object().get(object) != simdjson::SUCCESS) return false;
      for (auto field : object) {
        std::string_view key;
        ondemand::value child;
        if (field.unescaped_key().get(key) != simdjson::SUCCESS) return false;
        into.names.emplace_back(key);
        if (field.value().get(child) != simdjson::SUCCESS) return false;
        if (!read(child, into.elements.emplace_back(), depth + 1)) return false;
      }
      return true;
    }
    case ondemand::json_type::array: {
      into.kind = MessageJson::Kind::array;
      ondemand::array array;
      if (value.get_array().get(array) != simdjson::SUCCESS) return false;
      for (auto element : array) {
        ondemand::value child;
        if (element.get(child) != simdjson::SUCCESS) return false;
        if (!read(child, into.elements.emplace_back(), depth + 1)) return false;
      }
      return true;
    }
    case ondemand::json_type::number: {
      into.kind = MessageJson::Kind::number;
      into.text = trimmed(value.raw_json_token());
      // Looked at, so that what is no number is refused.
      ondemand::number number;
      return value.get_number().get(number) == simdjson::SUCCESS || into.text.size() > 15;
    }
    case ondemand::json_type::string: {
      into.kind = MessageJson::Kind::text;
      std::string_view text;
      if (value.get_string().get(text) != simdjson::SUCCESS) return false;
      into.text = text;
      return true;
    }
    case ondemand::json_type::boolean: {
      bool truth = false;
      if (value.get_bool().get(truth) != simdjson::SUCCESS) return false;
      into.kind = truth ? MessageJson::Kind::truth : MessageJson::Kind::falsehood;
      return true;
    }
    case ondemand::json_type::null: {
      into.kind = MessageJson::Kind::null;
      return value.is_null();
    }
  }
  return false;
}

}  // namespace

const MessageJson* MessageJson::find(std::string_view name) const {
  for (size_t i = names.size(); i-- > 0;)
    if (names[i] == name) return &elements[i];
  return nullptr;
}

std::optional<MessageJson> parse_message_json(std::string_view message) {
  const size_t first = message.find_first_not_of(" \t\r\n");
  if (first == std::string_view::npos || message[first] != '{') return std::nullopt;
  thread_local ondemand::parser parser;
  const simdjson::padded_string padded(message);
  ondemand::document document;
  ondemand::value value;
  if (parser.iterate(padded).get(document) != simdjson::SUCCESS) return std::nullopt;
  if (document.get_value().get(value) != simdjson::SUCCESS) return std::nullopt;
  MessageJson json;
  if (!read(value, json, 0) || json.kind != MessageJson::Kind::object) return std::nullopt;
  if (document.current_location().error() != simdjson::OUT_OF_BOUNDS) return std::nullopt;
  return json;
}

}  // namespace clew::cloudwatch_logs
