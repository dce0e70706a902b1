#include <string>

#include "base/fuzz.h"
#include "base/json_writer.h"
#include "base/log.h"

// Any bytes as a string: what comes out holds no control character, no lone quote and no invalid UTF-8.
CLEW_FUZZ(json_string) {
  std::string once;
  clew::append_json_string(once, bytes);
  for (const char c : once) {
    if (static_cast<unsigned char>(c) < 0x20) clew::bug("a control character in a JSON string");
  }
  // Valid UTF-8 passes unchanged: written a second time, the text between the quotes differs in its escapes
  // only.
  std::string inner = once.substr(1, once.size() - 2);
  std::string again;
  clew::append_json_string(again, inner);
  std::string unescaped;
  for (size_t i = 1; i + 1 < again.size(); ++i) {
    if (again[i] == '\\') ++i;
    unescaped += again[i];
  }
  if (unescaped != inner) clew::bug("a JSON string is not valid UTF-8");
}
