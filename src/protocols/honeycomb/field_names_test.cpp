#include "protocols/honeycomb/field_names.h"

#include <gtest/gtest.h>

namespace clew::honeycomb {
namespace {

std::string renamed(const FieldNames& names, std::string_view data) {
  Event event{.time = {}, .data = *parse_json(data)};
  names.apply(event);
  return event.data.text();
}

TEST(FieldNames, gives_fields_the_names_of_honeycomb) {
  FieldNames names;
  names.add("trace.trace_id", "trace_id");
  names.add("duration_ms", "took");
  names.add("duration_ms", "elapsed");
  names.add("name", "name");
  struct Case {
    const char *about, *given, *expected;
  };
  for (const Case& one : {
           Case{"another name", R"({"trace_id":"a"})", R"({"trace.trace_id":"a"})"},
           Case{"the usual name wins", R"({"trace_id":"a","trace.trace_id":"b"})",
                R"({"trace_id":"a","trace.trace_id":"b"})"},
           Case{"the first of several", R"({"elapsed":2,"took":1})", R"({"elapsed":2,"duration_ms":1})"},
           Case{"the second when the first is missing", R"({"elapsed":2})", R"({"duration_ms":2})"},
           Case{"a name that stays", R"({"name":"x"})", R"({"name":"x"})"},
       })
    EXPECT_EQ(renamed(names, one.given), one.expected) << one.about;
}

}  // namespace
}  // namespace clew::honeycomb
