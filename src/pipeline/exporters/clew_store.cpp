// clew: keeps what comes through in clew's own store, in a directory of its own.
#include "base/file_system.h"
#include "pipeline/config/section.h"
#include "pipeline/exporters/exporters.h"
#include "pipeline/store_exporter.h"
#include "store/columnar/store.h"

namespace clew::pipeline {
namespace {

class ClewExporter final : public Exporter {
 public:
  explicit ClewExporter(store::ColumnarOptions options) : options_(std::move(options)) {}

  Status start() override {
    // The layout of `clew serve`, which shows the data when the collector has stopped.
    CLEW_TRY(real_file_system().make_directory(parent_path(options_.directory)));
    CLEW_ASSIGN(store_, store::ColumnarStore::open(options_));
    exporter_ = std::make_unique<StoreExporter>(*store_);
    return {};
  }
  void stop() override {
    if (store_) (void)store_->close();
  }
  void consume(Batch batch, std::function<void(Outcome)> done) override {
    exporter_->consume(std::move(batch), std::move(done));
  }

 private:
  const store::ColumnarOptions options_;
  std::unique_ptr<store::ColumnarStore> store_;
  std::unique_ptr<StoreExporter> exporter_;
};

}  // namespace

ExporterPlan configure_clew(Section& section) {
  std::string data = "clew-data";
  store::ColumnarOptions options;
  section.read("data", data);
  section.read("retention", options.retention);
  section.read("max_disk_bytes", options.max_disk_bytes);
  std::string durability = "sync";
  section.read_choice("durability", durability, {"sync", "os", "none"});
  options.durability = durability == "none" ? store::Durability::none
                       : durability == "os" ? store::Durability::os
                                            : store::Durability::sync;
  options.directory = join_path(data, "store");
  return {.make = [options](const Site&) -> Result<std::unique_ptr<Exporter>> {
            return std::unique_ptr<Exporter>(std::make_unique<ClewExporter>(options));
          },
          .delivery = std::nullopt};
}

}  // namespace clew::pipeline
