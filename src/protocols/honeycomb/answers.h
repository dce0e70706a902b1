// Answers: what Honeycomb's API answers with, success and its three forms of errors.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/json_value.h"
#include "base/result.h"
#include "base/time.h"
#include "net/http.h"

namespace clew::honeycomb {

using Answer = net::Response;

Answer json_answer(int status, const JsonValue& body);
Answer empty_answer(int status);

// {"error": "…"}: events, batches, keys.
Answer error_answer(int status, std::string_view text);

// One fault of a request's body.
struct FieldFault {
  std::string field;        // "filters[1].op"
  std::string_view code;    // "invalid", "missing", "incorrect_type", "already_exists"
  std::string description;  // a sentence
};
// RFC 7807, as the management API answers: `slug` names the problem ("not-found"), `error` is what people
// read.
Answer problem(int status, std::string_view slug, std::string_view title, std::string_view error,
               const std::vector<FieldFault>& faults = {});
Answer not_found(std::string_view error);
Answer conflict(std::string_view error);
Answer unparseable(std::string_view error);
Answer invalid(const std::vector<FieldFault>& faults);
// 422 with a sentence of its own.
Answer invalid(std::string_view error, const std::vector<FieldFault>& faults);
// 429. There is no ration, but only so many calls wait for those that are being answered: its header
// Ratelimit tells clients to come back in a second. With `try_again`, as all but query results have it,
// Retry-After tells it too.
Answer too_busy(std::string_view detail, size_t most_waiting);
Answer too_busy(std::string_view detail, size_t most_waiting, UnixNanos try_again);
// "Mon, 05 Jan 2026 10:00:00 GMT"
std::string http_date_of(UnixNanos at);
// Of what the program itself could not do.
Answer problem_of(const Status& failure);

// JSON:API, for paths that begin with /2/.
Answer json_api_answer(int status, const JsonValue& body);
Answer json_api_error(int status, std::string_view code, std::string_view title,
                      std::string_view detail = {});

}  // namespace clew::honeycomb
