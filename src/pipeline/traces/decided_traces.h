// DecidedTraces: what was decided about the traces of late, so that spans that come later follow the
// decision. The one longest not asked for is forgotten first.
#pragma once

#include <cstddef>
#include <list>
#include <optional>
#include <string>
#include <unordered_map>

#include "pipeline/traces/waiting_traces.h"

namespace clew::pipeline {

class DecidedTraces {
 public:
  // `kept_part`: what part of traces like it is kept, see PolicyAnswer; 0: this one was left out.
  DecidedTraces(size_t most_kept, size_t most_left_out) : kept_(most_kept), left_out_(most_left_out) {}

  void remember(const TraceKey& key, double kept_part) {
    (kept_part > 0 ? kept_ : left_out_).put(key, kept_part);
  }
  std::optional<double> find(const TraceKey& key) {
    if (const auto kept = kept_.find(key)) return kept;
    return left_out_.find(key);
  }

 private:
  class Recent {
   public:
    explicit Recent(size_t most) : most_(most) {}
    void put(const TraceKey& key, double value) {
      if (most_ == 0) return;
      const auto [found, is_new] = index_.try_emplace(key);
      if (!is_new) order_.erase(found->second);
      order_.emplace_front(key, value);
      found->second = order_.begin();
      if (order_.size() <= most_) return;
      index_.erase(order_.back().first);
      order_.pop_back();
    }
    std::optional<double> find(const TraceKey& key) {
      const auto found = index_.find(key);
      if (found == index_.end()) return std::nullopt;
      order_.splice(order_.begin(), order_, found->second);
      return found->second->second;
    }

   private:
    const size_t most_;
    std::list<std::pair<TraceKey, double>> order_;  // the one asked for last first
    std::unordered_map<TraceKey, std::list<std::pair<TraceKey, double>>::iterator> index_;
  };
  Recent kept_;
  Recent left_out_;
};

}  // namespace clew::pipeline
