// The data points within a metric.
#pragma once

#include <cstdint>
#include <string_view>

namespace clew::pipeline {

// Whether a field of the Metric message holds its data (gauge, sum, histogram, …).
bool is_metric_data(uint32_t field);
// Throws protozero::exception when malformed.
uint64_t count_metric_points(std::string_view metric);

}  // namespace clew::pipeline
