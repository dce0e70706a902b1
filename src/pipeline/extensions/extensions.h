// The extensions: how each reads its settings. list.cpp says what they are.
#pragma once

#include "pipeline/component.h"

namespace clew::pipeline {

MakeExtension configure_basicauth(Section& section);
MakeExtension configure_bearertokenauth(Section& section);
MakeExtension configure_file_storage(Section& section);
MakeExtension configure_headers_setter(Section& section);
MakeExtension configure_health_check(Section& section);
MakeExtension configure_oauth2client(Section& section);
MakeExtension configure_zpages(Section& section);

}  // namespace clew::pipeline
