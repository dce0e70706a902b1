// CORS: what a web page's telemetry needs so that the browser lets it through.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "net/http.h"

namespace clew {

class CrossOrigin {
 public:
  // Origins that may send, such as "https://shop.example"; '*' stands for any text
  // ("https://*.shop.example").
  explicit CrossOrigin(std::vector<std::string> allowed = {"*"}) : allowed_(std::move(allowed)) {}

  // The answer to a preflight request. From an origin that is not allowed it carries no permission.
  net::Response preflight(const net::Request& request) const;
  // What to add to any other answer; nothing for requests that do not come from a web page.
  net::Headers headers_for(const net::Request& request) const;

 private:
  bool allows(std::string_view origin) const;

  std::vector<std::string> allowed_;
};

}  // namespace clew
