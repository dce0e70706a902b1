#include "telemetry/utf8.h"

#include <simdjson.h>

namespace clew {

bool is_utf8_beyond_ascii(std::string_view text) {
  return simdjson::validate_utf8(text.data(), text.size());
}

}  // namespace clew
