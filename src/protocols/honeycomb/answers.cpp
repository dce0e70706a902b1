#include "protocols/honeycomb/answers.h"

#include <array>
#include <ctime>

#include <fmt/format.h>

namespace clew::honeycomb {
namespace {

Answer with_type(int status, std::string body, std::string_view content_type) {
  Answer answer;
  answer.status = status;
  answer.headers.emplace_back("content-type", content_type);
  answer.body = std::move(body);
  return answer;
}

JsonValue problem_body(int status, std::string_view slug, std::string_view title, std::string_view error) {
  JsonValue body;
  body["status"] = JsonValue(int64_t{status});
  body["type"] = JsonValue(fmt::format("https://api.honeycomb.io/problems/{}", slug));
  body["title"] = JsonValue(title);
  body["error"] = JsonValue(error);
  return body;
}

}  // namespace

std::string http_date_of(UnixNanos at) {
  const std::time_t second = at.count / 1'000'000'000;
  std::tm parts{};
  gmtime_r(&second, &parts);
  constexpr std::array<std::string_view, 7> kDays = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
  constexpr std::array<std::string_view, 12> kMonths = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                        "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  return fmt::format("{}, {:02} {} {} {:02}:{:02}:{:02} GMT", kDays[static_cast<size_t>(parts.tm_wday)],
                     parts.tm_mday, kMonths[static_cast<size_t>(parts.tm_mon)], parts.tm_year + 1900,
                     parts.tm_hour, parts.tm_min, parts.tm_sec);
}

Answer json_answer(int status, const JsonValue& body) {
  return with_type(status, body.text(), "application/json");
}

Answer empty_answer(int status) {
  Answer answer;
  answer.status = status;
  return answer;
}

Answer error_answer(int status, std::string_view text) {
  JsonValue body;
  body["error"] = JsonValue(text);
  return json_answer(status, body);
}

Answer problem(int status, std::string_view slug, std::string_view title, std::string_view error,
               const std::vector<FieldFault>& faults) {
  JsonValue body = problem_body(status, slug, title, error);
  if (!faults.empty()) {
    JsonValue::Array details;
    for (const FieldFault& fault : faults) {
      JsonValue one;
      one["field"] = JsonValue(fault.field);
      one["code"] = JsonValue(fault.code);
      one["description"] = JsonValue(fault.description);
      details.push_back(std::move(one));
    }
    body["type_detail"] = JsonValue(std::move(details));
  }
  return with_type(status, body.text(), "application/problem+json");
}

Answer not_found(std::string_view error) {
  return problem(404, "not-found", "The requested resource cannot be found.", error);
}

Answer conflict(std::string_view error) {
  return problem(409, "conflict", "A resource by that name already exists.", error);
}

Answer unparseable(std::string_view error) {
  return problem(400, "unparseable", "The request body could not be parsed.", error);
}

Answer invalid(const std::vector<FieldFault>& faults) {
  return invalid("The provided input is invalid.", faults);
}

Answer invalid(std::string_view error, const std::vector<FieldFault>& faults) {
  return problem(422, "validation-failed", "The provided input is invalid.", error, faults);
}

Answer too_busy(std::string_view detail, size_t most_waiting) {
  constexpr std::string_view kTitle = "You have exceeded your rate limit.";
  JsonValue body = problem_body(429, "rate-limited", kTitle, kTitle);
  body["detail"] = JsonValue(detail);
  Answer answer = with_type(429, body.text(), "application/problem+json");
  answer.headers.emplace_back("ratelimit", fmt::format("limit={}, remaining=0, reset=1", most_waiting));
  answer.headers.emplace_back("ratelimit-policy", fmt::format("{};w=1", most_waiting));
  return answer;
}

Answer too_busy(std::string_view detail, size_t most_waiting, UnixNanos try_again) {
  Answer answer = too_busy(detail, most_waiting);
  answer.headers.emplace_back("retry-after", http_date_of(try_again));
  return answer;
}

Answer problem_of(const Status& failure) {
  switch (failure.kind()) {
    case ErrorKind::not_found:
      return not_found(failure.message());
    case ErrorKind::conflict:
      return conflict(failure.message());
    case ErrorKind::bad_input:
    case ErrorKind::unsupported:
      return invalid(failure.message(), {});
    case ErrorKind::exhausted:
      return problem(429, "rate-limited", "You have exceeded your rate limit.", failure.message());
    case ErrorKind::unavailable:
    case ErrorKind::cancelled:
      return problem(503, "unavailable", "The service is not available at the moment.", failure.message());
    default:
      return problem(500, "internal-error", "An internal error has occurred.", failure.message());
  }
}

Answer json_api_answer(int status, const JsonValue& body) {
  return with_type(status, body.text(), "application/vnd.api+json");
}

Answer json_api_error(int status, std::string_view code, std::string_view title, std::string_view detail) {
  JsonValue error;
  error["status"] = JsonValue(fmt::format("{}", status));
  error["code"] = JsonValue(code);
  error["title"] = JsonValue(title);
  if (!detail.empty()) error["detail"] = JsonValue(detail);
  JsonValue body;
  body["errors"] = JsonValue(JsonValue::Array{std::move(error)});
  return json_api_answer(status, body);
}

}  // namespace clew::honeycomb
