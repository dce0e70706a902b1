// Spark lines: a series drawn in one line of text, "▁▂▅█▃ ▁".
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>

namespace clew::app {

// From 0 (or the smallest value below it) to the largest value. nullopt is a blank. More values than
// `most_columns` are averaged in groups.
std::string spark_line(std::span<const std::optional<double>> values, size_t most_columns);

}  // namespace clew::app
