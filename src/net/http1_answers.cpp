#include "net/http1_answers.h"

#include <fmt/format.h>

#include "base/counters.h"
#include "net/request_body.h"

namespace clew::net {

void Http1Answers::ask_for_body() {
  output_of(last_number()).append("HTTP/1.1 100 Continue\r\n\r\n");
  connection_.attend();
}

Http1Exchange* Http1Answers::find(uint64_t number) {
  if (number < first_number_ || number - first_number_ >= pipeline_.size()) return nullptr;
  Http1Exchange& exchange = pipeline_[number - first_number_];
  return exchange.done ? nullptr : &exchange;
}

OutputQueue& Http1Answers::output_of(uint64_t number) {
  return number == first_number_ ? connection_.output() : pipeline_[number - first_number_].held;
}

void Http1Answers::write_head(uint64_t number, Http1Exchange& exchange, const Response& response,
                              std::optional<size_t> length) {
  // The next requests have been read already when the server begins to stop: this answer may be the last.
  if (connection_.server().draining.load(std::memory_order_relaxed) &&
      number + 1 == first_number_ + pipeline_.size())
    exchange.keep_alive = false;
  std::string head;
  head.reserve(256);
  head += "HTTP/1.1 ";
  head += std::to_string(response.status);
  head += ' ';
  const bool own_reason = !response.reason.empty() && is_safe_header_value(response.reason);
  head += own_reason ? std::string_view(response.reason) : reason_phrase(response.status);
  head += "\r\n";
  for (const auto& [name, value] : response.headers) {
    if (!is_safe_header_value(name) || !is_safe_header_value(value) || name == "content-length" ||
        name == "transfer-encoding" || name == "connection" || name == "date")
      continue;
    head.append(name).append(": ").append(value).append("\r\n");
  }
  const bool has_body = response.status >= 200 && response.status != 204 && response.status != 304;
  if (has_body && length) head.append("content-length: ").append(std::to_string(*length)).append("\r\n");
  if (has_body && !length && exchange.chunked) head += "transfer-encoding: chunked\r\n";
  head.append("date: ").append(connection_.loop()->http_date()).append("\r\n");
  if (!exchange.keep_alive)
    head += "connection: close\r\n";
  else if (exchange.version == 10)
    head += "connection: keep-alive\r\n";
  head += "\r\n";
  output_of(number).append(std::string_view(head));
  count(Counter::requests_http);
}

void Http1Answers::answer(uint64_t number, Response response) {
  Http1Exchange* exchange = find(number);
  if (exchange == nullptr) return;
  write_head(number, *exchange, response, response.body.size());
  const bool without_body = exchange->head_only || response.status == 204 || response.status == 304;
  if (!without_body) output_of(number).append(std::move(response.body));
  exchange->done = true;
}

void Http1Answers::begin(uint64_t number, Response head) {
  Http1Exchange* exchange = find(number);
  if (exchange == nullptr) return;
  exchange->streaming = true;
  exchange->chunked = exchange->version >= 11;
  if (!exchange->chunked) exchange->keep_alive = false;  // the connection's end is the answer's end
  write_head(number, *exchange, head, std::nullopt);
  connection_.attend();
  if (!head.body.empty()) proceed(number, std::move(head.body));
}

void Http1Answers::proceed(uint64_t number, std::string bytes) {
  Http1Exchange* exchange = find(number);
  if (exchange == nullptr || !exchange->streaming) return;
  exchange->streamed += bytes.size();
  if (!exchange->head_only && !bytes.empty()) {
    OutputQueue& output = output_of(number);
    if (exchange->chunked) output.append(std::string_view(fmt::format("{:x}\r\n", bytes.size())));
    output.append(std::move(bytes));
    if (exchange->chunked) output.append("\r\n");
  }
  connection_.attend();
  if (exchange->head_only) sent_all();
}

void Http1Answers::end(uint64_t number) {
  Http1Exchange* exchange = find(number);
  if (exchange == nullptr || !exchange->streaming) return;
  if (exchange->chunked && !exchange->head_only) output_of(number).append("0\r\n\r\n");
  exchange->done = true;
}

bool Http1Answers::release_finished() {
  connection_.attend();
  while (!pipeline_.empty() && pipeline_.front().done) {
    const bool stay = pipeline_.front().keep_alive;
    pipeline_.pop_front();
    ++first_number_;
    if (!stay) return false;
    if (!pipeline_.empty()) connection_.output().append_all(pipeline_.front().held);
  }
  return true;
}

void Http1Answers::sent_all() {
  if (pipeline_.empty() || pipeline_.front().streamed == 0) return;
  Http1Exchange& exchange = pipeline_.front();
  const size_t streamed = std::exchange(exchange.streamed, 0);
  if (const auto sink = exchange.sink.lock()) sink->taken(streamed);
}

void Http1Answers::client_left() {
  for (const Http1Exchange& exchange : pipeline_)
    if (const auto sink = exchange.sink.lock()) sink->client_left();
}

}  // namespace clew::net
