#include <algorithm>

#include "base/fuzz.h"
#include "telemetry/any_value.h"
#include "telemetry/otlp_file.h"

CLEW_FUZZ(otlp_file) {
  size_t at = 0;
  clew::otlp::FileReader reader([&](std::span<char> into) -> clew::Result<size_t> {
    const size_t size = std::min(into.size(), bytes.size() - at);
    std::copy_n(bytes.data() + at, size, into.data());
    at += size;
    return size;
  });
  for (;;) {
    const auto message = reader.next();
    if (!message.ok() || !*message) break;
  }
}

CLEW_FUZZ(any_value_of_json) {
  std::string message;
  clew::ProtobufWriter writer(message);
  clew::otlp::write_any_value_of_json(writer, bytes);
  // What was written is an AnyValue.
  std::string json;
  clew::otlp::append_any_value_json(json, message);
}
