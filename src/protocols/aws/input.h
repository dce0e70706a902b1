// Input: the members of a request to an AWS service, checked as AWS checks them. The first that is wrong is
// remembered, so that an operation reads all of them and asks once.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/json_value.h"
#include "protocols/aws/errors.h"

namespace clew::aws {

struct Length {
  size_t least = 0;
  size_t most = SIZE_MAX;
};

class Input {
 public:
  // `violation`: the type of error for a broken constraint ("InvalidParameterException"). Both must outlive
  // this.
  Input(const JsonValue& json, std::string_view violation) : json_(json), violation_(violation) {}

  // Absent and null are the same.
  std::optional<std::string> text(std::string_view name, Length length = {});
  std::string required_text(std::string_view name, Length length = {});
  std::vector<std::string> texts(std::string_view name, Length count = {});
  std::vector<std::string> required_texts(std::string_view name, Length count = {});
  std::optional<int64_t> integer(std::string_view name, int64_t least, int64_t most);
  std::optional<bool> flag(std::string_view name);
  // nullptr when it is not there.
  const JsonValue* object(std::string_view name);
  const JsonValue* list(std::string_view name);
  bool has(std::string_view name) const { return find(name) != nullptr; }

  bool ok() const { return !error_; }
  // Only when not ok().
  const Error& error() const { return *error_; }
  void refuse(Error error);
  void refuse(std::string message);
  void require(std::string_view name);

 protected:
  const JsonValue* find(std::string_view name) const;
  void violates(std::string_view name, std::string_view constraint, std::string_view value = {});

 private:
  const JsonValue& json_;
  std::string_view violation_;
  std::optional<Error> error_;
};

// The place where a list goes on, as an opaque text that clients send back. `list` keeps tokens of different
// lists apart.
std::string page_token(std::string_view list, std::string_view place);
// Nothing when it is not one of ours.
std::optional<std::string> place_in(std::string_view list, std::string_view token);

}  // namespace clew::aws
