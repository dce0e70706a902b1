#include "app/server_option.h"

namespace clew::app {
namespace {

constexpr const char* kThisMachine = "http://127.0.0.1:2539";

std::string or_variable(const std::string& flag, const Surroundings& surroundings, const char* variable,
                        const char* otherwise) {
  if (!flag.empty()) return flag;
  const auto found = surroundings.environment.find(variable);
  return found != surroundings.environment.end() && !found->second.empty() ? found->second : otherwise;
}

}  // namespace

ServerOption::ServerOption(CLI::App& command, const std::string& about) {
  command.add_option("--server", flags_.url, about + " (or CLEW_SERVER)")
      ->type_name("URL")
      ->default_str(kThisMachine);
  command.add_option("--key", flags_.key, "The API key, where keys are needed (or CLEW_KEY)")
      ->type_name("KEY");
  command.add_option("--tls-ca", flags_.tls_ca, "Trust certificates that this authority (PEM) signed")
      ->type_name("FILE");
}

ServerAddress ServerOption::resolve(const Surroundings& surroundings) const {
  ServerAddress address = flags_;
  address.url = or_variable(flags_.url, surroundings, "CLEW_SERVER", kThisMachine);
  while (address.url.ends_with('/')) address.url.pop_back();
  address.key = or_variable(flags_.key, surroundings, "CLEW_KEY", "");
  return address;
}

}  // namespace clew::app
