// For tests: requests made of few words, and a consumer that keeps what it is given.
#pragma once

#include <functional>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "pipeline/consumer.h"

namespace clew::pipeline::testing {

using TextAttributes = std::vector<std::pair<std::string, std::string>>;

struct SpanText {
  std::string name;
  TextAttributes attributes;
  uint32_t trace = 1;  // the last bytes of its trace id
  uint32_t span = 1;
  uint64_t kind = 2;
  uint64_t status_code = 0;
  uint64_t start = 1'700'000'000'000'000'000;
  uint64_t duration = 1'000'000;
  uint32_t parent = 0;
};

// One resource with one scope and these spans.
std::string span_request(const TextAttributes& resource, const std::vector<SpanText>& spans);
// Log records with these bodies.
std::string log_request(const TextAttributes& resource, const std::vector<std::string>& bodies,
                        const TextAttributes& attributes = {});
// One gauge and one histogram, each with one point for each of the values.
std::string metric_request(const TextAttributes& resource, const std::string& name,
                           const std::vector<int64_t>& values, const TextAttributes& attributes = {});
Batch batch_of(Signal signal, std::string request);

// As OTLP JSON, to compare and to print.
std::string json_of(const Batch& batch);

class KeepingConsumer final : public Consumer {
 public:
  void consume(Batch batch, std::function<void(Outcome)> done) override {
    Outcome given;
    {
      std::lock_guard lock(mutex_);
      given = outcome;
      if (given.status.ok()) batches_.push_back(std::move(batch));
    }
    done(std::move(given));
  }
  std::vector<Batch> batches() const {
    std::lock_guard lock(mutex_);
    return batches_;
  }

  Outcome outcome;  // what it answers

 private:
  mutable std::mutex mutex_;
  std::vector<Batch> batches_;
};

}  // namespace clew::pipeline::testing
