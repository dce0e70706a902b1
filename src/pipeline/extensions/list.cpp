#include <array>

#include "pipeline/component_list.h"
#include "pipeline/extensions/extensions.h"

namespace clew::pipeline {
namespace {

constexpr std::array kExtensions = {
    ExtensionType{"basicauth", "User and password, of senders or for a backend", configure_basicauth,
                  "basic_auth"},
    ExtensionType{"bearertokenauth", "A token, of senders and for a backend", configure_bearertokenauth,
                  "bearer_token_auth"},
    ExtensionType{"file_storage", "A directory in which sending queues survive", configure_file_storage},
    ExtensionType{"headers_setter", "Headers for a backend, from those of the sender",
                  configure_headers_setter},
    ExtensionType{"health_check", "Says whether the collector runs", configure_health_check},
    ExtensionType{"oauth2client", "A token for a backend, by client credentials", configure_oauth2client},
    ExtensionType{"zpages", "Pages with live figures", configure_zpages},
};

}  // namespace

std::span<const ExtensionType> all_extensions() {
  return kExtensions;
}

}  // namespace clew::pipeline
