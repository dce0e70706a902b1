#include "pipeline/ottl/program.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "pipeline/testing/requests.h"
#include "telemetry/otlp_fields.h"
#include "telemetry/otlp_json.h"

namespace clew::pipeline::ottl {
namespace {

using ::testing::HasSubstr;

// Spans and log records to run on.
struct Bench {
  explicit Bench(Context context, const pipeline::testing::TextAttributes& attributes = {}) {
    const bool is_log = context == Context::log;
    const std::string request =
        is_log ? pipeline::testing::log_request({}, {R"({"user":{"id":7},"tags":["a","b"]})"}, attributes)
               : pipeline::testing::span_request({}, {{.name = "GET /cart/42", .attributes = attributes}});
    bytes = item_of(request);
    resource.reset(service, otlp::resource::attributes);
    scope.reset({}, otlp::scope::attributes);
    item.reset(bytes, attributes_field_of(is_log ? Signal::logs : Signal::traces));
    subject = {.context = context, .resource = &resource, .scope = &scope, .item = &item};
  }
  static std::string item_of(const std::string& request) {
    std::string_view view = request;
    MessageEditor message;
    for (const uint32_t field : {uint32_t{otlp::request::resources}, uint32_t{otlp::resource_items::scopes},
                                 uint32_t{otlp::scope_items::items}}) {
      message.reset(view, 0);
      view = message.bytes(field);
    }
    return std::string(view);
  }

  std::string service, bytes;
  MessageEditor resource, scope, item;
  Subject subject;
};

// The value of an expression, as text; or what is wrong with it.
std::string value_of(const std::string& expression, Context context = Context::span,
                     const pipeline::testing::TextAttributes& attributes = {{"a", "x"}, {"n", "12"}}) {
  Bench bench(context, attributes);
  const auto statement = compile_statement("set(resource.attributes[\"out\"], " + expression + ")", context);
  if (!statement.ok()) return std::string(statement.status().message());
  const auto applied = statement->apply(bench.subject);
  if (!applied.ok()) return std::string(applied.status().message());
  const Attribute* out = bench.resource.attributes().find("out");
  return out == nullptr ? "nil" : text_of(value_of_any(out->value));
}

TEST(Ottl, ListsOfASpanAreReadAndEmptied) {
  const std::string request =
      *json_to_protobuf(Signal::traces, R"({"resourceSpans":[{"scopeSpans":[{"spans":[{"name":"op",
      "events":[{"timeUnixNano":"5","name":"retry","attributes":[{"key":"n","value":{"intValue":"2"}}]}],
      "links":[{"traceId":"0102030405060708090a0b0c0d0e0f10","spanId":"0102030405060708"}]}]}]}]})");
  const std::string bytes = Bench::item_of(request);
  MessageEditor resource, scope, span;
  resource.reset({}, otlp::resource::attributes);
  scope.reset({}, otlp::scope::attributes);
  span.reset(bytes, otlp::span::attributes);
  Subject subject{.context = Context::span, .resource = &resource, .scope = &scope, .item = &span};
  for (const char* text : {"set(resource.attributes[\"e\"], span.events)",
                           "set(resource.attributes[\"l\"], Len(links))", "set(span.events, [])"}) {
    const auto statement = compile_statement(text, Context::span);
    ASSERT_TRUE(statement.ok()) << statement.status().message();
    const auto applied = statement->apply(subject);
    ASSERT_TRUE(applied.ok()) << applied.status().message();
  }
  EXPECT_EQ(text_of(value_of_any(resource.attributes().find("e")->value)),
            R"([{"name":"retry","time_unix_nano":5,"attributes":{"n":2}}])");
  EXPECT_EQ(text_of(value_of_any(resource.attributes().find("l")->value)), "1");
  EXPECT_FALSE(span.has(otlp::span::events));
  EXPECT_TRUE(span.has(otlp::span::links));
}

TEST(Ottl, Expressions) {
  const std::pair<const char*, const char*> cases[] = {
      {"1 + 2 * 3", "7"},
      {"(1 + 2) * -3", "-9"},
      {"7 / 2", "3"},
      {"7 / 2.0", "3.5"},
      {"1 / 0", "column 35: division by zero"},
      {"attributes[\"a\"]", "x"},
      {"attributes[\"none\"]", "nil"},
      {"span.name", "GET /cart/42"},
      {"trace_id.string", "00000000000000000000000000000001"},
      {"kind", "2"},
      {"kind.string", "Server"},
      {"SPAN_KIND_SERVER", "2"},
      {"Milliseconds(end_time - start_time)", "1"},
      {"[1, \"b\", {\"c\": true}]", R"([1,"b",{"c":true}])"},
      {"Concat([\"a\", 1, nil], \"-\")", "a-1-<nil>"},
      {"Split(\"a,b,c\", \",\")[1]", "b"},
      {"Substring(\"abcdef\", 2, 3)", "cde"},
      {"Substring(\"abc\", 2, 3)", "Substring(2, 3) is not within a text of 3 bytes"},
      {"ToUpperCase(attributes[\"a\"])", "X"},
      {"ToLowerCase(\"ÄX\")", "Äx"},
      {"Int(attributes[\"n\"]) + 1", "13"},
      {"Int(\"twelve\")", "nil"},
      {"Double(\"1.5\")", "1.5"},
      {"String(12)", "12"},
      {"Base64Decode(\"aGVsbG8=\")", "hello"},
      {"Len(span.events)", "0"},
      {"links", "[]"},
      {"Time(\"2024-02-29 12:00:00\", \"%Y-%q\")", "column 61: '%q' is not known in a time layout"},
      {"Base64Decode(\"!\")", "'!' is not base64"},
      {"Decode(\"68656c6c6f\", \"hex\")", "hello"},
      {"ConvertCase(\"userName of-Shop\", \"snake\")", "user_name_of_shop"},
      {"ConvertCase(\"user_name\", \"camel\")", "UserName"},
      {"ToSnakeCase(\"HTTPStatus\")", "httpstatus"},
      {"Len(UUID())", "36"},
      {"ContainsValue([1, \"a\"], \"a\")", "true"},
      {"Sort([3, 1, 2])", "[1,2,3]"},
      {"Sort([\"b\", \"a\"], \"desc\")", R"(["b","a"])"},
      {"ToKeyValueString({\"b\": 1, \"a\": \"x\"})", "a=x b=1"},
      {"ParseInt(\"ff\", 16)", "255"},
      {"ParseInt(\"x\", 10)", "'x' is no integer to the base 10"},
      {"Year(start_time)", "2023"},
      {"Month(start_time)", "11"},
      {"Day(start_time)", "14"},
      {"Hour(start_time)", "22"},
      {"Minute(start_time)", "13"},
      {"Second(start_time)", "20"},
      {"Nanosecond(start_time)", "0"},
      {"Weekday(start_time)", "2"},
      {"Len(attributes)", "2"},
      {"Hex(0xbeef)", "beef"},
      {"SHA256(\"x\")", "2d711642b726b04401627ca9fbac32f5c8530fb1903cc4db02258717921a4881"},
      {"FNV(\"hello\")", "-6615550055289275125"},
      {"ParseJSON(\"{\\\"a\\\":[1,{\\\"b\\\":2}]}\")[\"a\"][1][\"b\"]", "2"},
      {"ParseKeyValue(\"a=1 b='2 3'\")", R"({"a":"1","b":"2 3"})"},
      {"ParseKeyValue(\"a:1;b:2\", \":\", pair_delimiter=\";\")[\"b\"]", "2"},
      {"ExtractPatterns(name, \"/(?P<kind>\\w+)/(?P<id>\\d+)\")", R"({"kind":"cart","id":"42"})"},
      {"UnixNano(Time(\"2024-02-29 12:00:00.5+01:00\", \"%Y-%m-%d %H:%M:%S.%f%z\"))", "1709204400500000000"},
      {"UnixSeconds(TruncateTime(Unix(3725), Duration(\"1h\")))", "3600"},
      {"Time(\"x\", \"%Y\")", "Time: 'x' is not written as '%Y'"},
      {"start_time", "a time cannot be stored; use UnixNano(…) or another of its like"},
  };
  for (const auto& [expression, wanted] : cases) EXPECT_EQ(value_of(expression), wanted) << expression;
}

TEST(Ottl, BodiesOfLogs) {
  EXPECT_EQ(value_of("ParseJSON(body)[\"user\"][\"id\"]", Context::log), "7");
  EXPECT_EQ(value_of("severity_text", Context::log), "INFO");
  EXPECT_EQ(value_of("SEVERITY_NUMBER_WARN2", Context::log), "14");
}

TEST(Ottl, Conditions) {
  const std::pair<const char*, bool> cases[] = {
      {"attributes[\"a\"] == \"x\"", true},
      {"attributes[\"a\"] != \"x\"", false},
      {"attributes[\"none\"] == nil", true},
      {"attributes[\"none\"] != nil", false},
      {"attributes[\"none\"] < 3", false},
      {"attributes[\"a\"] == 3", false},
      {"1 == 1.0", true},
      {"name == \"x\" or kind == SPAN_KIND_SERVER", true},
      {"name == \"x\" or kind == SPAN_KIND_SERVER and false", false},
      {"not (name == \"x\")", true},
      {"not IsMatch(name, \"^GET\")", false},
      {"IsMatch(attributes[\"none\"], \".*\")", false},
      {"span_id == 0x0000000000000001", true},
      {"trace_id == TraceID(0x00000000000000000000000000000002)", false},
      {"IsRootSpan()", true},
      {"status.code == STATUS_CODE_ERROR", false},
      {"end_time - start_time >= Duration(\"1ms\")", true},
      {"IsMap(attributes) and IsString(name) and not IsInt(name)", true},
      {"HasPrefix(name, \"GET\")", true},
  };
  for (const auto& [text, wanted] : cases) {
    Bench bench(Context::span, {{"a", "x"}});
    const auto condition = compile_condition(text, Context::span);
    ASSERT_TRUE(condition.ok()) << text << ": " << condition.status().message();
    const auto holds = (*condition)(bench.subject);
    ASSERT_TRUE(holds.ok()) << text << ": " << holds.status().message();
    EXPECT_EQ(*holds, wanted) << text;
  }
}

// All attributes after a statement, as JSON.
std::string attributes_after(const std::string& text, const pipeline::testing::TextAttributes& attributes) {
  Bench bench(Context::span, attributes);
  const auto statement = compile_statement(text, Context::span);
  if (!statement.ok()) return std::string(statement.status().message());
  const auto applied = statement->apply(bench.subject);
  if (!applied.ok()) return std::string(applied.status().message());
  Value::Map map;
  for (const Attribute& one : bench.item.attributes().all())
    map.push_back({std::string(one.key), value_of_any(one.value)});
  return text_of(Value(std::move(map)));
}

TEST(Ottl, Editors) {
  const pipeline::testing::TextAttributes ab = {{"a", "one two"}, {"b", "/user/7/x"}};
  const std::pair<const char*, const char*> cases[] = {
      {R"(set(attributes["c"], 1))", R"({"a":"one two","b":"/user/7/x","c":1})"},
      {R"(set(attributes["c"]["d"], 1) where name != nil)", R"({"a":"one two","b":"/user/7/x","c":{"d":1}})"},
      {R"(set(attributes["a"], nil))", R"({"a":"one two","b":"/user/7/x"})"},
      {R"(set(attributes["a"], 1) where false)", R"({"a":"one two","b":"/user/7/x"})"},
      {R"(delete_key(attributes, "a"))", R"({"b":"/user/7/x"})"},
      {R"(delete_matching_keys(attributes, "^[bc]$"))", R"({"a":"one two"})"},
      {R"(keep_keys(attributes, ["b", "z"]))", R"({"b":"/user/7/x"})"},
      {R"(keep_matching_keys(attributes, "^a"))", R"({"a":"one two"})"},
      {R"(limit(attributes, 1, ["b"]))", R"({"b":"/user/7/x"})"},
      {R"(truncate_all(attributes, 3))", R"({"a":"one","b":"/us"})"},
      {R"(replace_match(attributes["b"], "/user/*/x", "/user/{id}/x"))",
       R"({"a":"one two","b":"/user/{id}/x"})"},
      {R"~(replace_pattern(attributes["a"], "(\\w+) (\\w+)", "$2-${1}$$"))~",
       R"({"a":"two-one$","b":"/user/7/x"})"},
      {R"(replace_pattern(attributes["a"], "one", "x", SHA256))",
       R"({"a":"2d711642b726b04401627ca9fbac32f5c8530fb1903cc4db02258717921a4881 two","b":"/user/7/x"})"},
      {R"(replace_all_matches(attributes, "*user*", "u"))", R"({"a":"one two","b":"u"})"},
      {R"(replace_all_patterns(attributes, "value", "[0-9]+", "N"))", R"({"a":"one two","b":"/user/N/x"})"},
      {R"(replace_all_patterns(attributes, "key", "^", "k."))", R"({"k.a":"one two","k.b":"/user/7/x"})"},
      {R"(merge_maps(attributes, {"a": 1, "c": 2}, "insert"))", R"({"a":"one two","b":"/user/7/x","c":2})"},
      {R"(merge_maps(attributes, {"a": 1, "c": 2}, "update"))", R"({"a":1,"b":"/user/7/x"})"},
      {R"(append(attributes["a"], "three"))", R"({"a":["one two","three"],"b":"/user/7/x"})"},
      {R"(append(attributes["c"], values=["x", "y"]))", R"({"a":"one two","b":"/user/7/x","c":["x","y"]})"},
      {R"(limit(name, 1))", "limit takes a map, got a text"},
  };
  for (const auto& [text, wanted] : cases) EXPECT_EQ(attributes_after(text, ab), wanted) << text;
}

TEST(Ottl, TextsOfAKnownFormAreTakenApart) {
  const std::pair<const char*, const char*> cases[] = {
      {R"(ParseCSV("1,\"a,\"\"b\"\"\",", "n,text,empty"))", R"({"n":"1","text":"a,\"b\"","empty":""})"},
      {R"(ParseCSV("1|2", "a b", "|", " "))", R"({"a":"1","b":"2"})"},
      {R"(ParseCSV("a \"b\" c,d", "x,y", mode="lazyQuotes"))", R"({"x":"a \"b\" c","y":"d"})"},
      {R"(ParseCSV("\"b,d", "x,y", mode="ignoreQuotes"))", R"({"x":"\"b","y":"d"})"},
      {R"(ParseCSV("a \"b\"", "x"))", "ParseCSV: a quote within a field without quotes"},
      {R"(ParseCSV("\"b", "x"))", "ParseCSV: a quote is not closed"},
      {R"(ParseCSV("1,2,3", "a,b"))", "ParseCSV: expected 2 fields, got 3"},
      {R"(URL("http://me:pw@www.example.com:80/a/foo.gif?k=1&l=2#frag"))",
       R"({"url.original":"http://me:pw@www.example.com:80/a/foo.gif?k=1&l=2#frag","url.fragment":"frag",)"
       R"("url.query":"k=1&l=2","url.scheme":"http","url.username":"me","url.password":"pw","url.port":80,)"
       R"("url.domain":"www.example.com","url.path":"/a/foo.gif","url.extension":"gif"})"},
      {R"(URL("https://[::1]/x"))",
       R"({"url.original":"https://[::1]/x","url.scheme":"https","url.domain":"[::1]","url.path":"/x"})"},
      {R"(URL("/a/b?c"))", R"({"url.original":"/a/b?c","url.query":"c","url.path":"/a/b"})"},
      {R"(URL("http://h:x/"))", "URL: 'x' is no port"},
      {R"(IsInCIDR("10.1.2.3", ["192.168.0.0/16", "10.0.0.0/8"]))", "true"},
      {R"(IsInCIDR("11.1.2.3", ["10.0.0.0/8"]))", "false"},
      {R"(IsInCIDR("10.1.2.3", ["10.1.2.0/23"]))", "true"},
      {R"(IsInCIDR("10.1.4.3", ["10.1.2.0/23"]))", "false"},
      {R"(IsInCIDR("2001:db8::1", ["10.0.0.0/8", "2001:db8::/32"]))", "true"},
      {R"(IsInCIDR("somebody", ["10.0.0.0/8"]))", "IsInCIDR: 'somebody' is no address"},
      {R"(IsInCIDR("10.1.2.3", ["10.0.0.0/33"]))",
       "column 54: '10.0.0.0/33' is no network, as 10.0.0.0/8 is"},
      {R"(SliceToMap(ParseJSON("[{\"k\":\"a\",\"v\":{\"w\":true}},{\"k\":\"b\",\"v\":{\"w\":false}}]"), ["k"], ["v", "w"]))",
       R"({"a":true,"b":false})"},
      {R"(SliceToMap(Split("x y", " ")))", R"({"0":"x","1":"y"})"},
      {R"(SliceToMap(ParseJSON("[{}]"), ["k"]))",
       "SliceToMap: element 0 has no text where the key should be"},
      {R"(FormatTime(Unix(1700000000, 12345678), "%Y-%m-%d %H:%M:%S.%L|%f|%s%%"))",
       "2023-11-14 22:13:20.012|012345|012345678%"},
      {R"(FormatTime(Now(), "%Q"))", "column 51: '%Q' is not understood"},
  };
  for (const auto& [text, wanted] : cases) EXPECT_EQ(value_of(text), wanted) << text;
}

TEST(Ottl, SumsBecomeGaugesAndGaugesSums) {
  const auto converted = [](const std::string& statement_text, const char* metric_json) {
    const std::string request = *json_to_protobuf(
        Signal::metrics,
        fmt::format(R"({{"resourceMetrics":[{{"scopeMetrics":[{{"metrics":[{}]}}]}}]}})", metric_json));
    const std::string bytes = Bench::item_of(request);
    MessageEditor resource, scope, metric;
    resource.reset({}, otlp::resource::attributes);
    scope.reset({}, otlp::scope::attributes);
    metric.reset(bytes, 0);
    Subject subject{.context = Context::metric, .resource = &resource, .scope = &scope, .item = &metric};
    const auto statement = compile_statement(statement_text, Context::metric);
    EXPECT_TRUE(statement.ok()) << statement.status().message();
    EXPECT_TRUE(statement->apply(subject).ok());
    std::string edited;
    metric.append_to(edited);
    return edited;
  };
  const auto metric_of = [](const char* json) {
    return Bench::item_of(*json_to_protobuf(
        Signal::metrics,
        fmt::format(R"({{"resourceMetrics":[{{"scopeMetrics":[{{"metrics":[{}]}}]}}]}})", json)));
  };
  constexpr const char* kSum =
      R"({"name":"a","sum":{"dataPoints":[{"asInt":"1"},{"asInt":"2"}],"aggregationTemporality":1,"isMonotonic":true}})";
  constexpr const char* kGauge = R"({"name":"a","gauge":{"dataPoints":[{"asInt":"1"},{"asInt":"2"}]}})";
  EXPECT_EQ(converted("convert_sum_to_gauge()", kSum), metric_of(kGauge));
  EXPECT_EQ(converted("convert_sum_to_gauge()", kGauge), metric_of(kGauge));
  EXPECT_EQ(converted("convert_gauge_to_sum(\"delta\", true)", kGauge), metric_of(kSum));
  EXPECT_THAT(std::string(compile_statement("convert_sum_to_gauge()", Context::span).status().message()),
              HasSubstr("column 1: convert_sum_to_gauge stands only in the context metric"));
}

TEST(Ottl, MistakesAreSaidWithTheirColumn) {
  const std::pair<const char*, const char*> cases[] = {
      {"sett(name, \"x\")", "column 1: unknown function 'sett'; did you mean 'set'?"},
      {"set(name, Uper(name))", "column 11: unknown function 'Uper'"},
      {"set(name, ParseXML(name))", "column 11: clew does not offer the function 'ParseXML'"},
      {"set(nme, \"x\")", "column 5: span has no field 'nme'; did you mean 'name'?"},
      {"set(log.body, \"x\")", "column 5: log is not to be seen from the context span"},
      {"set(kind.string, \"x\")", "column 5: kind.string can only be read"},
      {"set(name \"x\")", "column 10: expected ')', got 'x'"},
      {"set(name)", "column 1: set needs value; its arguments are target, value"},
      {"set(name, 1, 2)", "column 14: set takes 2 arguments"},
      {"set(name, \"x", "column 11: this text has no closing quote"},
      {"set(name, SPAN_KIND_SERVR)", "did you mean 'SPAN_KIND_SERVER'?"},
      {"set(name, \"a\") where name = \"b\"", "column 27: expected '==' to compare"},
      {"set(name, \"a\") where name", "column 22: expected a condition"},
      {"Len(name)", "column 1: Len yields a value; a statement begins with an editor such as set"},
      {"replace_pattern(name, \"(\", \"\")", "column 23: '(' is no regular expression"},
      {"set(name, # )", "column 11: unexpected '#'"},
      {"", "column 1: expected a function"},
  };
  for (const auto& [text, wanted] : cases) {
    const auto statement = compile_statement(text, Context::span);
    ASSERT_FALSE(statement.ok()) << text;
    EXPECT_THAT(std::string(statement.status().message()), HasSubstr(wanted)) << text;
  }
  EXPECT_THAT(std::string(compile_condition(std::string(5000, '('), Context::span).status().message()),
              HasSubstr("nested too deeply"));
}

TEST(Ottl, TheInnermostContextIsFound) {
  EXPECT_EQ(*context_of_statement("set(span.name, resource.attributes[\"a\"])"), Context::span);
  EXPECT_EQ(*context_of_statement("set(resource.attributes[\"a\"], 1) where spanevent.name == \"x\""),
            Context::spanevent);
  EXPECT_EQ(*context_of_statement("set(attributes[\"a\"], 1)"), std::nullopt);
}

}  // namespace
}  // namespace clew::pipeline::ottl
