#include "protocols/aws/input.h"

#include <cctype>

#include <fmt/format.h>

#include "base/base64.h"

namespace clew::aws {
namespace {

constexpr size_t kLongestToken = 2000;

// As AWS names members in its messages: "startTime".
std::string member_name(std::string_view name) {
  std::string member(name);
  if (!member.empty()) member[0] = static_cast<char>(std::tolower(static_cast<unsigned char>(member[0])));
  return member;
}

}  // namespace

const JsonValue* Input::find(std::string_view name) const {
  const JsonValue* value = json_.find(name);
  return value == nullptr || value->is_null() ? nullptr : value;
}

void Input::refuse(Error error) {
  if (!error_) error_ = std::move(error);
}

void Input::refuse(std::string message) {
  refuse({.type = std::string(violation_), .message = std::move(message), .status = 400, .resource = {}});
}

void Input::require(std::string_view name) {
  if (find(name) == nullptr) violates(name, "not be null");
}

void Input::violates(std::string_view name, std::string_view constraint, std::string_view value) {
  refuse(fmt::format(
      "1 validation error detected: Value {}at '{}' failed to satisfy constraint: Member must {}",
      value.empty() ? std::string() : fmt::format("'{}' ", value), member_name(name), constraint));
}

std::optional<std::string> Input::text(std::string_view name, Length length) {
  const JsonValue* value = find(name);
  if (value == nullptr) return std::nullopt;
  if (value->string() == nullptr) {
    refuse(serialization_failed(fmt::format("{} must be a text", name)));
    return std::nullopt;
  }
  if (value->string()->size() < length.least)
    violates(name, fmt::format("have length greater than or equal to {}", length.least));
  if (value->string()->size() > length.most)
    violates(name, fmt::format("have length less than or equal to {}", length.most));
  return *value->string();
}

std::string Input::required_text(std::string_view name, Length length) {
  require(name);
  return text(name, length).value_or("");
}

std::vector<std::string> Input::texts(std::string_view name, Length count) {
  std::vector<std::string> texts;
  const JsonValue* value = find(name);
  if (value == nullptr) return texts;
  if (value->array() == nullptr) {
    refuse(serialization_failed(fmt::format("{} must be a list", name)));
    return texts;
  }
  for (const JsonValue& one : *value->array()) {
    if (one.string() == nullptr) {
      refuse(serialization_failed(fmt::format("{} must be a list of texts", name)));
      return texts;
    }
    texts.push_back(*one.string());
  }
  if (texts.size() < count.least)
    violates(name, fmt::format("have length greater than or equal to {}", count.least));
  if (texts.size() > count.most)
    violates(name, fmt::format("have length less than or equal to {}", count.most));
  return texts;
}

std::vector<std::string> Input::required_texts(std::string_view name, Length count) {
  require(name);
  return texts(name, count);
}

std::optional<int64_t> Input::integer(std::string_view name, int64_t least, int64_t most) {
  const JsonValue* value = find(name);
  if (value == nullptr) return std::nullopt;
  if (value->integer() == nullptr) {
    refuse(serialization_failed(fmt::format("{} must be a whole number", name)));
    return std::nullopt;
  }
  const int64_t number = *value->integer();
  if (number < least)
    violates(name, fmt::format("have value greater than or equal to {}", least), std::to_string(number));
  if (number > most)
    violates(name, fmt::format("have value less than or equal to {}", most), std::to_string(number));
  return number < least || number > most ? std::nullopt : std::optional(number);
}

std::optional<bool> Input::flag(std::string_view name) {
  const JsonValue* value = find(name);
  if (value == nullptr) return std::nullopt;
  if (value->boolean() == nullptr) {
    refuse(serialization_failed(fmt::format("{} must be true or false", name)));
    return std::nullopt;
  }
  return *value->boolean();
}

const JsonValue* Input::object(std::string_view name) {
  const JsonValue* value = find(name);
  if (value == nullptr) return nullptr;
  if (value->object() == nullptr) {
    refuse(serialization_failed(fmt::format("{} must be an object", name)));
    return nullptr;
  }
  return value;
}

const JsonValue* Input::list(std::string_view name) {
  const JsonValue* value = find(name);
  if (value == nullptr) return nullptr;
  if (value->array() == nullptr) {
    refuse(serialization_failed(fmt::format("{} must be a list", name)));
    return nullptr;
  }
  return value;
}

std::string page_token(std::string_view list, std::string_view place) {
  return base64_encode(fmt::format("{}\n{}", list, place));
}

std::optional<std::string> place_in(std::string_view list, std::string_view token) {
  if (token.size() > kLongestToken) return std::nullopt;
  const auto text = base64_decode(token);
  if (!text || !text->starts_with(fmt::format("{}\n", list))) return std::nullopt;
  return text->substr(list.size() + 1);
}

}  // namespace clew::aws
