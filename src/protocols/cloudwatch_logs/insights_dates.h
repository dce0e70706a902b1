// The functions of Logs Insights that read and write dates: parseDate with the letters of Java's patterns,
// formatDate with those of strftime.
#pragma once

#include "protocols/cloudwatch_logs/insights_functions.h"

namespace clew::cloudwatch_logs::insights {

// text, pattern, time zone → milliseconds since 1970; nothing when the text is not of the pattern.
Value parse_date(const Arguments& arguments, const Scope& scope);
// time, format, time zone
Value format_date(const Arguments& arguments, const Scope& scope);

}  // namespace clew::cloudwatch_logs::insights
