// Deeds: what is written into the journal about a request, whichever protocol it came by.
#pragma once

#include <string>
#include <string_view>

#include "control/access.h"
#include "control/journal.h"
#include "net/http.h"
#include "protocols/services.h"

namespace clew {

// Whose personal key was presented; otherwise what whoever asks calls himself: x-clew-person,
// percent-encoded. For that nobody vouches. Empty when there is none, or it is longer than 100 bytes or no
// plain text.
std::string person_of(const control::Grant& grant, const net::Request& request);

// A failure is logged: what was asked or changed has happened all the same. `detail` is a JSON object.
void note_deed(const Services& services, const control::Grant& grant, const net::Request& request,
               control::Deed deed, std::string what, std::string detail = "{}");

}  // namespace clew
