// Stand-ins for what a receiver needs around it, for its tests and fuzz entry.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "control/access.h"
#include "pipeline/consumer.h"

namespace clew::otlp {

// Keeps what it is given and answers what it is told to.
class RecordingConsumer : public pipeline::Consumer {
 public:
  void consume(Batch batch, std::function<void(pipeline::Outcome)> done) override {
    batches.push_back(std::move(batch));
    if (hold) {
      held.push_back(std::move(done));
    } else {
      done(outcome);
    }
  }

  pipeline::Outcome outcome;
  bool hold = false;
  std::vector<Batch> batches;
  std::vector<std::function<void(pipeline::Outcome)>> held;
};

// Admits `key` to environment 7 and nobody else; without a key everybody to the default environment.
class OneKey : public control::Access {
 public:
  explicit OneKey(std::optional<std::string> key = std::nullopt) : key_(std::move(key)) {}

  Result<EnvironmentId> admit(std::optional<std::string_view> key) const override {
    if (!key_) return kDefaultEnvironment;
    if (!key) return Status(ErrorKind::unauthenticated, "missing 'x-honeycomb-team' header");
    if (*key == *key_) return EnvironmentId{7};
    return Status(ErrorKind::unauthenticated,
                  "unknown API key - check your credentials, region, and API URL");
  }

 private:
  std::optional<std::string> key_;
};

}  // namespace clew::otlp
