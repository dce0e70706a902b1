// forward: hands what one pipeline gives it to others, unchanged.
#include "pipeline/config/section.h"
#include "pipeline/connectors/connectors.h"

namespace clew::pipeline {
namespace {

class Forward final : public Connector {
 public:
  explicit Forward(Consumer& next) : next_(next) {}
  void consume(Batch batch, std::function<void(Outcome)> done) override {
    next_.consume(std::move(batch), std::move(done));
  }

 private:
  Consumer& next_;
};

}  // namespace

MakeConnector configure_forward(Section&) {
  return [](const Site&, Signal fed, const ConnectorOutputs& outputs) -> Result<std::unique_ptr<Connector>> {
    Consumer* next = outputs.all(fed);
    if (next == nullptr)
      return {ErrorKind::bad_input, "no pipeline of " + std::string(name_of(fed)) + " receives from it"};
    return std::unique_ptr<Connector>(std::make_unique<Forward>(*next));
  };
}

}  // namespace clew::pipeline
