// Sender: one connection over which bodies are sent, each answered before the next.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace clew::load {

struct Target {
  uint16_t port = 4318;
  std::string path;                  // empty: what the traffic is for
  std::vector<std::string> headers;  // "name: value"
};

struct Answer {
  int status;  // as HTTP tells it
  std::string text;
};

class Sender {
 public:
  virtual ~Sender() = default;
  // Nothing when the connection was closed under way.
  virtual std::optional<Answer> post(std::string_view body) = 0;
};

}  // namespace clew::load
