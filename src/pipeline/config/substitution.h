// Substitution: ${env:NAME}, ${NAME}, ${env:NAME:-default}, ${file:path}, ${yaml:…} and $$ in the scalars of
// a configuration.
#pragma once

#include <functional>
#include <map>
#include <string>

#include "pipeline/config/value.h"

namespace clew::pipeline {

using Environment = std::map<std::string, std::string>;

// What a `file:` reference or a configuration file holds; the path is relative to the working directory.
using ReadFile = std::function<Result<std::string>(const std::string& path)>;

struct SubstitutionSources {
  const Environment& environment;
  ReadFile read_file;
};

// Replaces references in place. A scalar that is nothing but one reference takes the YAML that the reference
// stands for (a number, a list), as if it were written there. Variables that are unset or empty are noted in
// ConfigValue::empty_variables. bad_input names the place and the reference.
Status substitute(ConfigValue& value, const SubstitutionSources& sources);

}  // namespace clew::pipeline
