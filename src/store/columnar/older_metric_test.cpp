// Requests as exporters of OTLP 0.7 write them, and the rows they become.
#include "store/columnar/older_metric.h"

#include <functional>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "store/columnar/block.h"
#include "store/columnar/otlp_decoder.h"
#include "store/columnar/store_testing.h"
#include "store/columnar/table_shard.h"
#include "telemetry/otlp_fields.h"
#include "telemetry/protobuf_writer.h"

namespace clew::store {
namespace {

using ::testing::ElementsAre;

using Write = std::function<void(ProtobufWriter&)>;

void nested(ProtobufWriter& writer, uint32_t field, const Write& write) {
  const auto message = writer.begin_message(field);
  write(writer);
  writer.end_message(message);
}

void label(ProtobufWriter& writer) {
  nested(writer, 1, [](ProtobufWriter& to) {
    to.bytes(1, "room");
    to.bytes(2, "kitchen");
  });
}

// The rows of a metric with one point under this field of Metric.
std::vector<std::string> rows_of_metric(uint32_t kind, const Write& point) {
  std::string request;
  ProtobufWriter writer(request);
  nested(writer, otlp::request::resources, [&](ProtobufWriter& resource) {
    nested(resource, otlp::resource_items::scopes, [&](ProtobufWriter& scope) {
      nested(scope, otlp::scope_items::items, [&](ProtobufWriter& metric) {
        metric.bytes(otlp::metric::name, "m");
        nested(metric, kind, [&](ProtobufWriter& data) {
          nested(data, otlp::metric_data::points, [&](ProtobufWriter& one) {
            label(one);
            one.fixed64(3, 5);
            point(one);
          });
        });
      });
    });
  });
  TableShard shard;
  const auto decoded = decode_otlp(Signal::metrics, request, UnixNanos{9}, shard);
  EXPECT_TRUE(decoded.ok()) << decoded.status().to_string();
  std::vector<std::string> rows;
  for (auto& block : shard.take()) rows = rows_of(*Block::freeze(std::move(*block)));
  for (std::string& row : rows) row = without_series(row);
  return rows;
}

TEST(OlderMetric, WholeNumbersHaveMessagesOfTheirOwn) {
  const Write value = [](ProtobufWriter& point) { point.fixed64(4, static_cast<uint64_t>(int64_t{-7})); };
  EXPECT_THAT(rows_of_metric(older_metric::int_gauge, value),
              ElementsAre("metric.kind=gauge metric.name=m metric.value=-7 room=kitchen time=5"));
  EXPECT_THAT(rows_of_metric(older_metric::int_sum, value),
              ElementsAre("metric.kind=sum metric.name=m metric.value=-7 room=kitchen time=5"));
  EXPECT_THAT(
      rows_of_metric(older_metric::int_histogram,
                     [](ProtobufWriter& point) {
                       point.fixed64(4, 3);
                       point.fixed64(5, 6);
                     }),
      ElementsAre("metric.count=3 metric.kind=histogram metric.name=m metric.sum=6 room=kitchen time=5"));
}

TEST(OlderMetric, LabelsAreAttributes) {
  EXPECT_THAT(rows_of_metric(otlp::metric::gauge, [](ProtobufWriter& point) { point.floating(4, 1.5); }),
              ElementsAre("metric.kind=gauge metric.name=m metric.value=1.5 room=kitchen time=5"));
  EXPECT_THAT(rows_of_metric(otlp::metric::summary, [](ProtobufWriter& point) { point.fixed64(4, 2); }),
              ElementsAre("metric.count=2 metric.kind=summary metric.name=m room=kitchen time=5"));
}

TEST(OlderMetric, ExemplarsAreRenewedToo) {
  std::string point, expected;
  ProtobufWriter older(point), newer(expected);
  nested(older, otlp::number_point::exemplars, [](ProtobufWriter& exemplar) {
    label(exemplar);
    exemplar.fixed64(2, 8);
    exemplar.fixed64(3, 4);
  });
  nested(newer, otlp::number_point::exemplars, [](ProtobufWriter& exemplar) {
    nested(exemplar, otlp::exemplar::filtered_attributes, [](ProtobufWriter& attribute) {
      attribute.bytes(1, "room");
      nested(attribute, 2, [](ProtobufWriter& value) { value.bytes(1, "kitchen"); });
    });
    exemplar.fixed64(otlp::exemplar::time, 8);
    exemplar.fixed64(otlp::exemplar::as_int, 4);
  });
  EXPECT_EQ(renewed_point(point, OlderPoint::int_number), expected);
}

}  // namespace
}  // namespace clew::store
