#include "protocols/xray/node_plan.h"

#include <array>

#include "base/ascii.h"
#include "protocols/xray/span_conditions.h"
#include "telemetry/semantic_names.h"

namespace clew::xray {

using query::all_of;
using query::any_of;
using query::Filter;
using query::Operator;

namespace {

// Columns that name the callee of a call, in documents or otherwise.
constexpr std::array<std::string_view, 19> kCalleeColumns = {"peer.service",
                                                             "aws.remote.service",
                                                             "service.peer.name",
                                                             "aws.service",
                                                             "rpc.service",
                                                             "server.address",
                                                             "http.host",
                                                             "net.peer.name",
                                                             "db.namespace",
                                                             "db.name",
                                                             "aws.table_name",
                                                             "aws.dynamodb.table_names",
                                                             "aws.queue_url",
                                                             "aws.sqs.queue.url",
                                                             "aws.s3.bucket",
                                                             "aws.sns.topic.arn",
                                                             "aws.lambda.function_name",
                                                             "aws.kinesis.stream_name",
                                                             "aws.local.service"};

}  // namespace

Filter mentions(const std::string& name) {
  const std::string part = name.substr(name.find_last_of('@') + 1);
  const std::string lower = lower_case(part);
  std::vector<Filter> ways;
  for (const std::string& text : {part, lower}) {
    ways.push_back(intrinsic(names::kName, Operator::contains, {text}));
    for (const std::string_view column : kCalleeColumns)
      ways.push_back(compare(column, Operator::contains, text));
    if (lower == part) break;
  }
  return any_of(std::move(ways));
}

Filter is_of_service(const std::string& name) {
  return query::comparison("service.name", Operator::equal, name);
}

NodeBounds nodes(const NodeSelector& selector) {
  std::vector<Filter> certain{is_segment()}, possible{is_segment()}, call{is_call()};
  if (selector.name) {
    const Filter by_service = is_of_service(*selector.name);
    certain.push_back(all_of({by_service, lacks("aws.local.service")}));
    possible.push_back(any_of({by_service, mentions(*selector.name)}));
    call.push_back(mentions(*selector.name));
  }
  if (selector.type) {
    const Filter by_origin = compare("aws.xray.origin", Operator::equal, *selector.type);
    certain.push_back(all_of({came_as_document(), by_origin}));
    possible.push_back(any_of({came_otherwise(), by_origin}));
  }
  if (selector.account_id) {
    const Filter by_account = compare("aws.account_id", Operator::equal, *selector.account_id);
    certain.push_back(all_of({came_as_document(), by_account}));
    possible.push_back(any_of({came_otherwise(), by_account}));
  }
  return {{all_of(std::move(certain)), all_of(std::move(possible))}, all_of(std::move(call))};
}

}  // namespace clew::xray
