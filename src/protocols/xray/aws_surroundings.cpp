#include "protocols/xray/aws_surroundings.h"

#include <cstdlib>

namespace clew::xray {
namespace {

std::string variable(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? "" : value;
}

}  // namespace

std::string region_of_environment() {
  std::string region = variable("AWS_REGION");
  return region.empty() ? variable("AWS_DEFAULT_REGION") : region;
}

std::optional<aws::Credentials> credentials_of_environment() {
  aws::Credentials credentials{.access_key = variable("AWS_ACCESS_KEY_ID"),
                               .secret_key = variable("AWS_SECRET_ACCESS_KEY"),
                               .session_token = variable("AWS_SESSION_TOKEN")};
  if (credentials.access_key.empty() || credentials.secret_key.empty()) return std::nullopt;
  return credentials;
}

}  // namespace clew::xray
