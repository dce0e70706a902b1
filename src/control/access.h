// Access: who may send and ask, and for which environment. Answers from memory; keys live in the control
// database.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "control/permissions.h"
#include "telemetry/batch.h"

namespace clew::control {

// What an AWS client signs its requests with.
struct AwsCredential {
  std::string secret;
  EnvironmentId environment;
};

// What a key stands for.
struct Grant {
  EnvironmentId environment = kDefaultEnvironment;
  KeyKind kind = KeyKind::configuration;
  Permissions permissions = Permissions::all();
  std::string key_id;    // empty: no key was asked for
  std::string key_name;  // as the above
};

class Access {
 public:
  virtual ~Access() = default;
  // The environment that a request with this key (x-honeycomb-team) belongs to.
  // Without any key configured, every key and none is admitted to the default environment. With keys
  // configured: unauthenticated "missing 'x-honeycomb-team' header", or unauthenticated "unknown API key -
  // check your credentials, region, and API URL".
  virtual Result<EnvironmentId> admit(std::optional<std::string_view> key) const = 0;
  // The same, with what the key may do. A key that was disabled is told as such.
  virtual Result<Grant> grant(std::optional<std::string_view> key) const {
    Result<EnvironmentId> environment = admit(key);
    if (!environment.ok()) return std::move(environment).status();
    Grant granted;
    granted.environment = *environment;
    return granted;
  }
  // Of an access key ("AKIA…") that was made for AWS clients; nothing for any other.
  virtual std::optional<AwsCredential> aws_credential(std::string_view /*access_key*/) const {
    return std::nullopt;
  }
};

}  // namespace clew::control
