#include "pipeline/processors/refinery/key_rates.h"

#include <algorithm>
#include <cmath>

namespace clew::pipeline {

std::map<std::string, int64_t> rates_by_logarithm(const std::map<std::string, double>& counts, double goal) {
  std::map<std::string, int64_t> rates;
  double logarithms = 0;
  for (const auto& [key, count] : counts) logarithms += std::log10(std::max(count, 1.0));
  // When every key came once, all have the same share.
  const double each = logarithms > 0 ? goal / logarithms : 0;
  double spare = 0;
  size_t left = counts.size();
  for (const auto& [key, count] : counts) {
    const double share =
        logarithms > 0 ? std::log10(std::max(count, 1.0)) * each : goal / static_cast<double>(counts.size());
    const double wanted = std::max(1.0, share + spare / static_cast<double>(left));
    spare -= spare / static_cast<double>(left);
    --left;
    const auto rate = static_cast<int64_t>(std::max(1.0, std::ceil(std::max(count, 1.0) / wanted)));
    spare += std::max(0.0, wanted - count / static_cast<double>(rate));
    rates[key] = rate;
    if (left == 0) break;
  }
  return rates;
}

bool KeyRates::is_burst() const {
  return burst_ > 0 && came_ > burst_;
}

int64_t KeyRates::rate_for(const std::string& key, Nanoseconds now, double spans) {
  if (began_.count < 0) began_ = now;
  const bool is_over = now.count - began_.count >= settings_.interval.count;
  if ((is_over || is_burst()) && !counts_.empty()) {
    adjust(Nanoseconds{now.count - began_.count}.to_seconds());
    began_ = now;
  }
  came_ += spans;
  const auto counted = counts_.find(key);
  if (counted != counts_.end()) {
    counted->second += spans;
  } else if (counts_.size() < settings_.most_keys) {
    counts_.emplace(key, spans);
  }
  if (adjustments_ == 0) return settings_.initial_rate;
  // A kind that was not there before is rare.
  const auto known = rates_.find(key);
  return known == rates_.end() ? 1 : known->second;
}

// What counts for the next rates, and how many seconds that is of.
void KeyRates::smooth(double& seconds) {
  if (settings_.weight > 0) {
    for (auto& [key, smoothed] : smoothed_) smoothed *= 1 - settings_.weight;
    for (const auto& [key, count] : counts_) {
      const auto [found, is_new] = smoothed_.emplace(key, count);
      if (!is_new) found->second += settings_.weight * count;
    }
    std::erase_if(smoothed_, [&](const auto& one) { return one.second < settings_.forgotten_below; });
    // A burst is taken for what comes in a whole interval.
    seconds = std::max(seconds, settings_.interval.to_seconds());
    return;
  }
  if (settings_.window.count <= 0) {
    smoothed_ = counts_;
    return;
  }
  intervals_.push_back({seconds, counts_});
  double total = 0;
  for (const Interval& one : intervals_) total += one.seconds;
  const double window = settings_.window.to_seconds();
  while (intervals_.size() > 1 && total - intervals_.front().seconds >= window) {
    total -= intervals_.front().seconds;
    intervals_.pop_front();
  }
  smoothed_.clear();
  for (const Interval& one : intervals_) {
    for (const auto& [key, count] : one.counts) smoothed_[key] += count;
  }
  seconds = total;
}

void KeyRates::adjust(double elapsed_seconds) {
  smooth(elapsed_seconds);
  counts_.clear();
  came_ = 0;
  ++adjustments_;
  double total = 0;
  for (const auto& [key, count] : smoothed_) total += count;
  burst_ = adjustments_ >= settings_.burst_delay ? settings_.burst_multiple * total : 0;
  if (settings_.goal == KeyRateSettings::Goal::throughput_each) {
    rates_.clear();
    const double each =
        settings_.goal_value * elapsed_seconds / static_cast<double>(std::max<size_t>(smoothed_.size(), 1));
    for (const auto& [key, count] : smoothed_)
      rates_[key] = std::max<int64_t>(1, std::llround(std::min(count / std::max(each, 1e-9), 1e9)));
    return;
  }
  const double goal = settings_.goal == KeyRateSettings::Goal::rate
                          ? total / std::max(settings_.goal_value, 1.0)
                          : settings_.goal_value * elapsed_seconds;
  rates_ = rates_by_logarithm(smoothed_, goal);
}

}  // namespace clew::pipeline
