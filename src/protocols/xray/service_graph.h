// Service graphs and statistics as X-Ray writes them.
#pragma once

#include <optional>
#include <string_view>

#include "base/json_writer.h"
#include "protocols/xray/filter_expression.h"
#include "query/service_map.h"

namespace clew::xray {

// The question all graphs ask: nodes of X-Ray differ by name and origin.
query::ServiceQuestion graph_question(const TimeRange& range);
// "AWS::DynamoDB::Table", "client", "remote", …; empty for services that tell none.
std::string_view type_of(const query::NodeName& node);
bool is_selected(const NodeSelector& selector, const query::NodeName& node);

// One Service: an object for node `number`. `wrap` writes around it.
void write_service(JsonWriter& json, const query::ServiceMap& map, uint32_t number);
void write_statistics(JsonWriter& json, const query::RequestFigures& figures);
void write_histogram(JsonWriter& json, const query::RequestFigures& figures);

}  // namespace clew::xray
