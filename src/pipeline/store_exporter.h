// StoreExporter: the end of a pipeline that keeps what it carries.
#pragma once

#include "pipeline/consumer.h"
#include "store/storage.h"

namespace clew::pipeline {

class StoreExporter : public Consumer {
 public:
  // `storage` must outlive the exporter and everything it was given.
  explicit StoreExporter(store::Storage& storage) : storage_(storage) {}

  // `done` reports success when the store acknowledges.
  void consume(Batch batch, std::function<void(Outcome)> done) override;

 private:
  store::Storage& storage_;
};

}  // namespace clew::pipeline
