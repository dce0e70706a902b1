// KeyAccess: Access by the keys of the control database. Answers from memory; keys that another process makes
// or disables count within half a second.
#pragma once

#include <memory>
#include <string>

#include "control/access.h"

namespace clew::control {

class KeyAccess : public Access {
 public:
  static Result<std::unique_ptr<KeyAccess>> open(const std::string& data_directory);

  // True as soon as there is a key, even a disabled one: disabling the last key must not open the door to
  // everyone.
  virtual bool keys_required() const = 0;
  // Empty when there is none of that number.
  virtual std::string environment_name(EnvironmentId environment) const = 0;
};

}  // namespace clew::control
