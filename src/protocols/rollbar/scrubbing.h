// Scrubbing: secrets are taken out of what Rollbar clients send before anything of it is kept.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/json_value.h"

namespace clew::rollbar {

class Scrubber {
 public:
  // Names beyond the usual ones, in lower case.
  explicit Scrubber(std::vector<std::string> more_names = {}) : more_names_(std::move(more_names)) {}

  // Values of members with a telling name become "********"; numbers of cards within any text too, and
  // secrets in the query of a URL.
  void scrub(JsonValue& value) const { scrub(value, 0); }
  std::string scrubbed_text(std::string text) const;
  // "password", "X-Auth-Token", "credit_card"
  bool is_secret_name(std::string_view name) const;

 private:
  void scrub(JsonValue& value, int depth) const;
  void scrub_queries(std::string& text) const;

  const std::vector<std::string> more_names_;
};

// 13 to 19 digits, with blanks or dashes between, whose checksum (Luhn) is that of a card.
void hide_card_numbers(std::string& text);

}  // namespace clew::rollbar
