// --server, --key and --tls-ca, for commands that talk to a running server.
#pragma once

#include <string>

#include <CLI/CLI.hpp>

#include "app/surroundings.h"

namespace clew::app {

struct ServerAddress {
  std::string url;  // without a slash at its end
  std::string key;  // empty: none
  std::string tls_ca;
};

class ServerOption {
 public:
  ServerOption(CLI::App& command, const std::string& about);
  // The flags, else the variables, else the server on this machine.
  ServerAddress resolve(const Surroundings& surroundings) const;

 private:
  ServerAddress flags_;
};

}  // namespace clew::app
