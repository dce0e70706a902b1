// What a key looks like, and what of it is kept.
//
//   hcaik_ + 26 characters   the id: public, shown in lists      the shape Honeycomb's clients know as an
//   + 32 characters          the secret, shown once              "environment ingest key"; no separator
//   between
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"

namespace clew::control {

using KeyHash = std::array<uint8_t, 32>;

// SHA-256. Enough for keys that clew made: nobody guesses 165 random bits, however fast they can try.
KeyHash hash_of_key(std::string_view value);

// A new id, later ones sorting after earlier ones.
std::string new_key_id();
std::string new_key_secret();

// For AWS clients, in the shapes that they know: "AKIA" and 16 capitals and digits, 40 characters.
std::string new_aws_access_key();
std::string new_aws_secret();

// The id part of a value in the shape above; of any other value a new id.
std::string id_for_value(std::string_view value);
// Refuses what could never arrive in a header: empty, too long, blanks, control characters, not ASCII.
Status check_key_value(std::string_view value);
// Without the blanks, line ends and quotes that come along when a key is pasted or read from a file.
std::string_view trim_key_value(std::string_view value);

}  // namespace clew::control
