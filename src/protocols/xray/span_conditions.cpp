#include "protocols/xray/span_conditions.h"

#include <string>

#include "protocols/xray/member_homes.h"
#include "telemetry/semantic_names.h"

namespace clew::xray {

using query::all_of;
using query::any_of;
using query::Filter;
using query::none_of;
using query::Operator;

namespace {

Filter is_kind(std::string_view kind) {
  return intrinsic(names::kSpanKind, Operator::equal, {std::string(kind)});
}

Filter http_status_between(int64_t least, int64_t most) {
  return in_first_of({"http.response.status_code", "http.status_code"}, [&](std::string_view column) {
    return all_of(
        {compare(column, Operator::greater_or_equal, least), compare(column, Operator::less_or_equal, most)});
  });
}

}  // namespace

Filter always() {
  return all_of({});
}
Filter never() {
  return any_of({});
}

query::ColumnName attribute_column(std::string_view name) {
  return {std::string(name), store::Scope::attribute};
}
Filter compare(std::string_view name, Operator op, query::Value value) {
  return query::comparison(attribute_column(name), op, {std::move(value)});
}
Filter has(std::string_view name) {
  return query::comparison(attribute_column(name), Operator::exists, {});
}
Filter lacks(std::string_view name) {
  return query::comparison(attribute_column(name), Operator::does_not_exist, {});
}
Filter is_true(std::string_view name) {
  return compare(name, Operator::equal, true);
}
Filter intrinsic(std::string_view name, Operator op, std::vector<query::Value> values) {
  return query::comparison({std::string(name), store::Scope::intrinsic}, op, std::move(values));
}
Filter came_as_document() {
  return has(attribute::kForm);
}
Filter came_otherwise() {
  return lacks(attribute::kForm);
}
Filter is_root() {
  return intrinsic(names::kParentId, Operator::does_not_exist, {});
}
Filter is_segment() {
  return any_of({compare(attribute::kForm, Operator::equal, std::string("segment")),
                 all_of({came_otherwise(), any_of({is_root(), is_kind("server")})})});
}
Filter is_call() {
  return any_of({is_kind("client"), is_kind("producer"), has("aws.xray.namespace"), has("aws.service"),
                 compare("rpc.system", Operator::equal, std::string("aws-api"))});
}

Filter is_error() {
  return any_of({all_of({came_as_document(), is_true("aws.xray.error")}),
                 all_of({came_otherwise(), http_status_between(400, 499)})});
}
Filter is_throttle() {
  return any_of({all_of({came_as_document(), is_true("aws.xray.throttle")}),
                 all_of({came_otherwise(), http_status_between(429, 429)})});
}
Filter is_fault() {
  const Filter failed = intrinsic(names::kStatusCode, Operator::equal, {int64_t{2}});
  return any_of(
      {all_of({came_as_document(), is_true("aws.xray.fault")}),
       all_of({came_otherwise(), any_of({http_status_between(500, INT64_MAX),
                                         all_of({failed, none_of({http_status_between(400, 499)})})})})});
}

}  // namespace clew::xray
