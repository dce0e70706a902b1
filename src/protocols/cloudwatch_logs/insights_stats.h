// Stats of Logs Insights: rows gathered into one row for each group.
#pragma once

#include <vector>

#include "base/result.h"
#include "protocols/cloudwatch_logs/insights_evaluate.h"

namespace clew::cloudwatch_logs::insights {

// exhausted when there would be too many groups.
Result<std::vector<Row>> gather(const StatsCommand& command, const std::vector<Row>& rows,
                                const Scope& scope);

}  // namespace clew::cloudwatch_logs::insights
