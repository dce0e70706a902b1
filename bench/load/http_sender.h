// HttpSender: one keep-alive HTTP/1.1 connection that posts bodies and waits for each answer. It blocks, and
// does as little as it can, because it shares the machine with the server it measures.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace clew::load {

class HttpSender {
 public:
  struct Target {
    uint16_t port = 4318;
    std::string path = "/v1/traces";
    std::vector<std::string> headers;  // "name: value"
  };
  struct Answer {
    int status;
    std::string text;  // head and body
  };

  // Ends the program with a message when nobody listens there: there is nothing to measure then.
  explicit HttpSender(Target target);
  ~HttpSender();
  HttpSender(const HttpSender&) = delete;
  HttpSender& operator=(const HttpSender&) = delete;

  // Nothing when the connection was closed under way.
  std::optional<Answer> post(std::string_view body);

 private:
  bool send(std::string_view head, std::string_view body) const;
  std::optional<Answer> receive() const;

  Target target_;
  int socket_;
};

}  // namespace clew::load
