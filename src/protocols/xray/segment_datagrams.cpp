#include "protocols/xray/segment_datagrams.h"

#include <fmt/format.h>

#include "base/log.h"
#include "protocols/xray/datagram.h"
#include "protocols/xray/segment_to_otlp.h"

namespace clew::xray {
namespace {

// What the log says of those that are stored and lost are the daemon's words, which people look for.
class SegmentDatagrams final : public DatagramFormat {
 public:
  SegmentDatagrams()
      : DatagramFormat({.stored = Counter::xray_datagrams_stored, .lost = Counter::xray_datagrams_lost}) {}

  std::optional<DatagramRefusal> add(std::string_view datagram) override {
    const Result<std::string_view> text = document_in_datagram(datagram);
    if (!text.ok())
      return DatagramRefusal{
          .counter = Counter::xray_datagrams_malformed,
          .reason = std::string(text.status().message()),
          .remedy = R"(An X-Ray SDK sends {"format":"json","version":1}, a line feed and a segment)",
          .id = {}};
    auto read = read_segment_document(*text);
    if (const auto* fault = std::get_if<SegmentFault>(&read))
      return DatagramRefusal{
          .counter = Counter::xray_datagrams_refused,
          .reason = fault->message,
          .remedy = "Mend the instrumentation: this segment will never be accepted as it is",
          .id = fault->id};
    documents_.push_back(std::move(std::get<SegmentDocument>(read)));
    return std::nullopt;
  }

  std::string take_batch() override {
    std::string otlp = segments_to_otlp(documents_).otlp;
    documents_.clear();
    return otlp;
  }

  void log_tally(const DatagramTally& tally) const override {
    if (tally.stored > 0)
      log_info("xray", fmt::format("Successfully sent batch of {} segments ({:.3f} seconds)", tally.stored,
                                   tally.took.to_seconds()));
    if (tally.refused > 0)
      log_warning("xray", fmt::format("{} segments were not taken, the first {}", tally.refused,
                                      tally.first_refused));
  }

  void log_loss(uint64_t, std::string_view reason) const override {
    log_error("xray", fmt::format("Sending segment batch failed with: {}", reason));
  }

 private:
  std::vector<SegmentDocument> documents_;
};

}  // namespace

std::unique_ptr<DatagramFormat> segment_datagrams() {
  return std::make_unique<SegmentDatagrams>();
}

}  // namespace clew::xray
