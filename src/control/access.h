// Access: who may send and ask, and for which environment. Answers from memory; keys live in the control
// database.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "telemetry/batch.h"

namespace clew::control {

// What an AWS client signs its requests with.
struct AwsCredential {
  std::string secret;
  EnvironmentId environment;
};

class Access {
 public:
  virtual ~Access() = default;
  // The environment that a request with this key (x-honeycomb-team) belongs to.
  // Without any key configured, every key and none is admitted to the default environment. With keys
  // configured: unauthenticated "missing 'x-honeycomb-team' header", or unauthenticated "unknown API key -
  // check your credentials, region, and API URL".
  virtual Result<EnvironmentId> admit(std::optional<std::string_view> key) const = 0;
  // Of an access key ("AKIA…") that was made for AWS clients; nothing for any other.
  virtual std::optional<AwsCredential> aws_credential(std::string_view /*access_key*/) const {
    return std::nullopt;
  }
};

}  // namespace clew::control
