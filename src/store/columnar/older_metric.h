// Metrics as OTLP wrote them before version 1: labels of text instead of attributes, and messages of their
// own for whole numbers (int_gauge, int_sum, int_histogram).
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace clew::store {

// Field numbers of Metric that newer versions leave free.
namespace older_metric {
enum : uint32_t { int_gauge = 4, int_sum = 6, int_histogram = 8 };
}

enum class OlderPoint : uint8_t { number, int_number, histogram, int_histogram, summary };

// Whether a point of a kind other than exponential histograms has labels.
bool has_labels(std::string_view point);
// The point as version 1 writes it. Throws what ProtobufReader throws.
std::string renewed_point(std::string_view point, OlderPoint shape);

}  // namespace clew::store
