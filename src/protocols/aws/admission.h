// Admission: which environment a request of an AWS client belongs to, by its signature.
#pragma once

#include <string>
#include <string_view>
#include <variant>

#include "base/time.h"
#include "control/access.h"
#include "net/http.h"
#include "protocols/aws/errors.h"

namespace clew::aws {

inline constexpr std::string_view kUsualRegion = "us-east-1";

struct Admission {
  EnvironmentId environment;
  std::string region;       // that the request was signed for; kUsualRegion when it was not signed
  bool only_looks = false;  // a clew key that may ask, but neither send nor change anything
};

// Whether the operation of this name, "PutLogEvents", is nothing for whoever may only look.
bool changes_something(std::string_view operation);
Error access_denied(std::string_view operation);

// As long as no key is configured everyone is admitted, signed or not. Otherwise the signature of an access
// key made by `clew keys create --aws` is checked, with `service` in its scope ("xray", "logs"); a clew key
// in x-honeycomb-team will do too.
std::variant<Admission, Error> admit(const net::Request& request, const control::Access& access,
                                     std::string_view service, UnixNanos now);

}  // namespace clew::aws
