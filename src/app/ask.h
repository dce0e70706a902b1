// Asks a question of a server, or of a data directory that no server uses.
#pragma once

#include <iosfwd>
#include <string>

#include "base/result.h"

namespace clew::app {

struct AskRequest {
  std::string question;
  std::string from;  // empty: the server's default, as below
  std::string to;
  std::string signal;
  std::string server;                // "http://127.0.0.1:2539"
  std::string key;                   // empty: none
  std::string tls_ca;                // empty: the system's authorities
  std::ostream* progress = nullptr;  // a terminal; nullptr: say nothing
};

// The answer as JSON.
Result<std::string> ask_server(const AskRequest& request);
// Opens the directory for as long as it takes. `environment` by name or slug.
Result<std::string> ask_directory(const std::string& directory, const std::string& environment,
                                  AskRequest request);

}  // namespace clew::app
