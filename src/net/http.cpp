#include "net/http.h"

#include "net/answer.h"
#include "net/url_encoding.h"

namespace clew::net {

std::optional<std::string_view> find_header(const Headers& headers, std::string_view name) {
  for (const auto& [key, value] : headers)
    if (key == name) return std::string_view(value);
  return std::nullopt;
}

std::optional<std::string> Request::parameter(std::string_view name) const {
  return query_parameter(query, name);
}

Response text_response(int status, std::string body) {
  return {.status = status,
          .reason = {},
          .headers = {{"content-type", "text/plain; charset=utf-8"}},
          .body = std::move(body)};
}

Response json_response(int status, std::string body) {
  return {.status = status,
          .reason = {},
          .headers = {{"content-type", "application/json"}},
          .body = std::move(body)};
}

std::string_view reason_phrase(int status) {
  switch (status) {
    case 100:
      return "Continue";
    case 200:
      return "OK";
    case 201:
      return "Created";
    case 202:
      return "Accepted";
    case 204:
      return "No Content";
    case 206:
      return "Partial Content";
    case 301:
      return "Moved Permanently";
    case 302:
      return "Found";
    case 303:
      return "See Other";
    case 304:
      return "Not Modified";
    case 307:
      return "Temporary Redirect";
    case 308:
      return "Permanent Redirect";
    case 400:
      return "Bad Request";
    case 401:
      return "Unauthorized";
    case 402:
      return "Payment Required";
    case 403:
      return "Forbidden";
    case 404:
      return "Not Found";
    case 405:
      return "Method Not Allowed";
    case 406:
      return "Not Acceptable";
    case 408:
      return "Request Timeout";
    case 409:
      return "Conflict";
    case 410:
      return "Gone";
    case 411:
      return "Length Required";
    case 412:
      return "Precondition Failed";
    case 413:
      return "Content Too Large";
    case 414:
      return "URI Too Long";
    case 415:
      return "Unsupported Media Type";
    case 417:
      return "Expectation Failed";
    case 422:
      return "Unprocessable Content";
    case 426:
      return "Upgrade Required";
    case 429:
      return "Too Many Requests";
    case 431:
      return "Request Header Fields Too Large";
    case 499:
      return "Client Closed Request";
    case 500:
      return "Internal Server Error";
    case 501:
      return "Not Implemented";
    case 502:
      return "Bad Gateway";
    case 503:
      return "Service Unavailable";
    case 504:
      return "Gateway Timeout";
    case 505:
      return "HTTP Version Not Supported";
    default:
      return status < 300 ? "OK" : "Error";
  }
}

int http_status_of(ErrorKind kind) {
  switch (kind) {
    case ErrorKind::bad_input:
      return 400;
    case ErrorKind::unauthenticated:
      return 401;
    case ErrorKind::forbidden:
      return 403;
    case ErrorKind::not_found:
      return 404;
    case ErrorKind::conflict:
      return 409;
    case ErrorKind::too_large:
      return 413;
    case ErrorKind::exhausted:
      return 429;
    case ErrorKind::unavailable:
      return 503;
    case ErrorKind::cancelled:
      return 499;
    case ErrorKind::corrupt:
      return 500;
    case ErrorKind::unsupported:
      return 501;
    case ErrorKind::internal:
      return 500;
  }
  return 500;
}

GrpcCode grpc_code_of(ErrorKind kind) {
  switch (kind) {
    case ErrorKind::bad_input:
      return GrpcCode::invalid_argument;
    case ErrorKind::unauthenticated:
      return GrpcCode::unauthenticated;
    case ErrorKind::forbidden:
      return GrpcCode::permission_denied;
    case ErrorKind::not_found:
      return GrpcCode::not_found;
    case ErrorKind::conflict:
      return GrpcCode::already_exists;
    case ErrorKind::too_large:
      return GrpcCode::resource_exhausted;
    case ErrorKind::exhausted:
      return GrpcCode::resource_exhausted;
    case ErrorKind::unavailable:
      return GrpcCode::unavailable;
    case ErrorKind::cancelled:
      return GrpcCode::cancelled;
    // Not data_loss: clients take that one for "try again".
    case ErrorKind::corrupt:
      return GrpcCode::internal;
    case ErrorKind::unsupported:
      return GrpcCode::unimplemented;
    case ErrorKind::internal:
      return GrpcCode::internal;
  }
  return GrpcCode::unknown;
}

void Responder::send(Response response) const {
  sink_->send(std::move(response));
}
void Responder::begin(Response head) const {
  sink_->begin(std::move(head));
}
bool Responder::write(std::string_view bytes) const {
  return sink_->write(bytes);
}
void Responder::end() const {
  sink_->end();
}
bool Responder::cancelled() const {
  return sink_->cancelled();
}

}  // namespace clew::net
