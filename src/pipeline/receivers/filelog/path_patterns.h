// Files by patterns as people write them: *, ?, [a-z] within a name, ** for any number of directories.
#pragma once

#include <string>
#include <vector>

#include "base/result.h"

namespace clew::pipeline {

// bad_input with a sentence.
Status check_path_pattern(const std::string& pattern);
bool path_matches(const std::string& pattern, const std::string& path);
// The files that fit one of `include` and none of `exclude`, sorted. Directories that cannot be read have
// none.
std::vector<std::string> find_files(const std::vector<std::string>& include,
                                    const std::vector<std::string>& exclude);

}  // namespace clew::pipeline
