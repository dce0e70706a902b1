// The mark of events whose message is in columns, member for member: what Logs Insights calls fields of the
// event is then what the query engine finds in columns of the same names.
#pragma once

#include <string>
#include <string_view>

#include "query/column_name.h"

namespace clew::cloudwatch_logs::column {

// int64, of the record: how many members the message has.
inline constexpr std::string_view kMembers = "aws.log.event.members";
inline query::ColumnName members() {
  return {std::string(kMembers), store::Scope::attribute};
}

}  // namespace clew::cloudwatch_logs::column
