#include "protocols/cloudwatch_logs/line_links.h"

#include <gtest/gtest.h>

namespace clew::cloudwatch_logs {
namespace {

constexpr const char* kTrace = "5759e988bd862e3fe1be46a994272793";

TEST(LineLinks, trace_and_span_of_a_line) {
  struct Case {
    const char* line;
    const char* trace;
    const char* span;
  };
  const Case cases[] = {
      {"Root=1-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad8;Sampled=1", kTrace,
       "53995c3f42cd8ad8"},
      {"REPORT XRAY TraceId: 1-5759e988-bd862e3fe1be46a994272793\tSegmentId: 53995c3f42cd8ad8", kTrace, ""},
      {"traceparent: 00-5759e988bd862e3fe1be46a994272793-53995c3f42cd8ad8-01", kTrace, "53995c3f42cd8ad8"},
      {R"({"trace_id":"5759e988bd862e3fe1be46a994272793","span_id":"53995c3f42cd8ad8"})", kTrace,
       "53995c3f42cd8ad8"},
      {R"({"msg":"a","traceId": "5759E988BD862E3FE1BE46A994272793"})", kTrace, ""},
      {"pay failed otelTraceID=5759e988bd862e3fe1be46a994272793 otelSpanID=53995c3f42cd8ad8", kTrace,
       "53995c3f42cd8ad8"},
      {"dd.trace_id=5759e988bd862e3fe1be46a994272793", kTrace, ""},
      {"md5 5759e988bd862e3fe1be46a994272793", "", ""},
      {"trace_id=00000000000000000000000000000000", "", ""},
      {"trace_id=5759e988bd862e3fe1be46a994272793a", "", ""},
      {"11-5759e988-bd862e3fe1be46a994272793", "", ""},
      {"1-5759e988-bd862e3fe1be46a99427279", "", ""},
      {"1-5759e988", "", ""},
      {"", "", ""},
  };
  for (const Case& one : cases) {
    const LineLinks links = links_in(one.line);
    EXPECT_EQ(links.trace ? links.trace->to_hex() : "", one.trace) << one.line;
    EXPECT_EQ(links.span ? links.span->to_hex() : "", one.span) << one.line;
  }
}

TEST(LineLinks, severity_of_a_line) {
  struct Case {
    const char* line;
    int32_t severity;
  };
  const Case cases[] = {
      {"error - it broke", 17},
      {"ERROR it broke", 17},
      {"2026-03-01 12:00:00 WARNING a", 13},
      {"[info] started", 9},
      {"[ERROR]\t2026-03-01 broke", 17},
      {"level=debug msg=x", 5},
      {"time=1 level=\"warn\" msg=x", 13},
      {"info: listening", 9},
      {"CRITICAL", 18},
      {"no error here", 0},
      {"the warning was mild", 0},
      {"", 0},
  };
  for (const Case& one : cases) EXPECT_EQ(severity_in(one.line), one.severity) << one.line;
}

}  // namespace
}  // namespace clew::cloudwatch_logs
