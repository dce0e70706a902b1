// HttpSender: one keep-alive HTTP/1.1 connection that posts bodies and waits for each answer. It blocks, and
// does as little as it can, because it shares the machine with the server it measures.
#pragma once

#include "sender.h"

namespace clew::load {

class HttpSender : public Sender {
 public:
  // Ends the program with a message when nobody listens there: there is nothing to measure then.
  explicit HttpSender(Target target);
  ~HttpSender() override;
  HttpSender(const HttpSender&) = delete;
  HttpSender& operator=(const HttpSender&) = delete;

  std::optional<Answer> post(std::string_view body) override;

 private:
  bool send(std::string_view head, std::string_view body) const;
  std::optional<Answer> receive() const;

  Target target_;
  int socket_;
};

}  // namespace clew::load
