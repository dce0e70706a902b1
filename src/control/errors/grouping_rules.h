// Grouping rules: what people say about what belongs together, before the default fingerprint is asked. A
// JSON list in the form Rollbar's users know; the first rule whose condition holds counts.
//
//   [{"condition": {"all": [{"path": "exception.type", "eq": "TimeoutError"}, {"path": "service", "in": ["a",
//   "b"]}]},
//     "fingerprint": "timeouts of {{ service }}", "title": "Timeout in {{ service }}"}]
//
// docs/errors.md lists paths, operators and templates.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/json_value.h"
#include "base/result.h"
#include "control/errors/fingerprint.h"

namespace clew::control::errors {

class GroupingRules {
 public:
  // bad_input names the rule and what is wrong with it.
  static Result<GroupingRules> parse(const JsonValue& json);

  // The fingerprint of an occurrence under these rules: the sender's wish, then the rules, then the default.
  // A rule may also give `title`.
  Fingerprint apply(const Occurrence& occurrence, std::string* title = nullptr) const;
  bool empty() const { return rules_.empty(); }

 private:
  struct Rule {
    JsonValue condition;
    std::string fingerprint, title;
  };
  std::vector<Rule> rules_;
};

// What of an occurrence a path of a rule names; several for frames.
std::vector<std::string> values_at(const Occurrence& occurrence, std::string_view path);

}  // namespace clew::control::errors
