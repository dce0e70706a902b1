// What makes two occurrences the same error. docs/errors.md describes the rules; grouped things must not
// change their groups, so a change here is a new kFingerprintVersion.
#pragma once

#include <string>
#include <string_view>

#include "control/errors/occurrence.h"

namespace clew::control::errors {

struct Fingerprint {
  std::string group;   // 32 hex digits
  std::string hashed;  // the text they are the hash of, for people
  std::string reason;  // "stack", "message", "custom fingerprint", "rule …"
};

constexpr int kFingerprintVersion = 1;

Fingerprint fingerprint_of(const Occurrence& occurrence);
// Of a text that a sender or a rule chose; the deployment environment still keeps groups apart.
Fingerprint fingerprint_of_text(const Occurrence& occurrence, std::string_view text, std::string_view reason);

// The parts, without what changes from one occurrence to the next.
std::string normalised_file(std::string_view file);
std::string normalised_method(std::string_view method);
std::string normalised_message(std::string_view message);

}  // namespace clew::control::errors
