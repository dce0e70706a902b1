// The keywords of filter expressions: one list.
#include <algorithm>
#include <array>

#include "base/ascii.h"
#include "protocols/xray/filter_expression.h"

namespace clew::xray {
namespace {

constexpr uint8_t bit(FilterScope scope) {
  return static_cast<uint8_t>(1u << static_cast<unsigned>(scope));
}
constexpr uint8_t kTrace = bit(FilterScope::trace), kService = bit(FilterScope::service),
                  kEdge = bit(FilterScope::edge), kCauseService = bit(FilterScope::cause_service),
                  kCauseEntity = bit(FilterScope::cause_entity),
                  kCauseException = bit(FilterScope::cause_exception);
constexpr uint8_t kCause = kCauseService | kCauseEntity | kCauseException;
constexpr uint8_t kCalls = kTrace | kService | kEdge;

using enum FilterValueKind;

// In the order of the enumeration.
constexpr std::array kKeywords = {
    FilterKeywordInfo{FilterKeyword::ok, "ok", boolean, kCalls},
    FilterKeywordInfo{FilterKeyword::error, "error", boolean, kCalls},
    FilterKeywordInfo{FilterKeyword::throttle, "throttle", boolean, kCalls},
    FilterKeywordInfo{FilterKeyword::fault, "fault", boolean, kCalls},
    FilterKeywordInfo{FilterKeyword::partial, "partial", boolean, kTrace},
    FilterKeywordInfo{FilterKeyword::inferred, "inferred", boolean, kTrace | kService | kCauseService},
    FilterKeywordInfo{FilterKeyword::root, "root", boolean, kService},
    FilterKeywordInfo{FilterKeyword::first, "first", boolean, kCause},
    FilterKeywordInfo{FilterKeyword::last, "last", boolean, kCause},
    FilterKeywordInfo{FilterKeyword::remote, "remote", boolean, kCauseEntity},
    FilterKeywordInfo{FilterKeyword::response_time, "responsetime", number, kCalls},
    FilterKeywordInfo{FilterKeyword::duration, "duration", number, kCalls},
    FilterKeywordInfo{FilterKeyword::http_status, "http.status", number, kCalls},
    FilterKeywordInfo{FilterKeyword::index, "index", number, kCause},
    FilterKeywordInfo{FilterKeyword::coverage, "coverage", number, kCauseEntity},
    FilterKeywordInfo{FilterKeyword::http_url, "http.url", string, kCalls},
    FilterKeywordInfo{FilterKeyword::http_method, "http.method", string, kCalls},
    FilterKeywordInfo{FilterKeyword::http_user_agent, "http.useragent", string, kCalls},
    FilterKeywordInfo{FilterKeyword::http_client_ip, "http.clientip", string, kCalls},
    FilterKeywordInfo{FilterKeyword::user, "user", string, kTrace | kService},
    FilterKeywordInfo{FilterKeyword::name, "name", string, kTrace | kService | kCause},
    FilterKeywordInfo{FilterKeyword::type, "type", string, kTrace | kService | kCauseService},
    FilterKeywordInfo{FilterKeyword::message, "message", string, kCauseException},
    FilterKeywordInfo{FilterKeyword::availability_zone, "availabilityzone", string, kTrace | kService},
    FilterKeywordInfo{FilterKeyword::instance_id, "instance.id", string, kTrace | kService},
    FilterKeywordInfo{FilterKeyword::resource_arn, "resource.arn", string, kTrace | kService},
    FilterKeywordInfo{FilterKeyword::account_id, "account.id", string, kTrace | kService | kCauseService},
    FilterKeywordInfo{FilterKeyword::annotation, "annotation", any, kCalls},
};

}  // namespace

const FilterKeywordInfo& info_of(FilterKeyword keyword) {
  return kKeywords[static_cast<size_t>(keyword)];
}

const FilterKeywordInfo* find_keyword(std::string_view name) {
  for (const FilterKeywordInfo& info : kKeywords) {
    if (equal_ignoring_case(info.name, name)) return &info;
  }
  return nullptr;
}

std::vector<std::string_view> keyword_names(FilterScope scope) {
  std::vector<std::string_view> names;
  for (const FilterKeywordInfo& info : kKeywords) {
    if ((info.scopes & bit(scope)) != 0) names.push_back(info.name);
  }
  return names;
}

}  // namespace clew::xray
