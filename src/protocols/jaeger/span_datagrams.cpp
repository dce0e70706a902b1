#include "protocols/jaeger/span_datagrams.h"

#include <utility>

#include <fmt/format.h>

#include "base/log.h"
#include "protocols/jaeger/thrift_batch.h"

namespace clew::jaeger {
namespace {

class SpanDatagrams final : public DatagramFormat {
 public:
  SpanDatagrams()
      : DatagramFormat({.stored = Counter::jaeger_datagrams_stored, .lost = Counter::jaeger_datagrams_lost}) {
  }

  std::optional<DatagramRefusal> add(std::string_view datagram) override {
    const Result<std::string> read = read_emit_batch(datagram);
    if (!read.ok())
      return DatagramRefusal{
          .counter = Counter::jaeger_datagrams_refused,
          .reason = std::string(read.status().message()),
          .remedy = "A datagram that ends early was cut off on its way: make the client's packets smaller",
          .id = {}};
    otlp_ += *read;
    return std::nullopt;
  }

  std::string take_batch() override { return std::exchange(otlp_, {}); }

  void log_tally(const DatagramTally& tally) const override {
    if (tally.refused > 0)
      log_warning("jaeger", fmt::format("{} datagrams were not taken, the first {}", tally.refused,
                                        tally.first_refused));
  }

  void log_loss(uint64_t datagrams, std::string_view reason) const override {
    log_error("jaeger", fmt::format("the spans of {} datagrams are lost: {}", datagrams, reason));
  }

 private:
  std::string otlp_;
};

}  // namespace

std::unique_ptr<DatagramFormat> span_datagrams() {
  return std::make_unique<SpanDatagrams>();
}

}  // namespace clew::jaeger
