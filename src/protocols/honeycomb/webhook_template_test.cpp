#include "protocols/honeycomb/webhook_template.h"

#include <gtest/gtest.h>

namespace clew::honeycomb {
namespace {

JsonValue data() {
  return parse_json(R"({"Name":"too \"slow\"","Threshold":1.5,"Datasets":["shop","pay"],"Empty":"",
      "Alert":{"Status":"TRIGGERED","Summary":"two\nlines"},"Vars":{"channel":"#ops"},
      "Result":{"GroupsTriggered":[{"Group":[{"Key":"route","Value":"/a"}],"Result":7},
                                   {"Group":[{"Key":"route","Value":"/b"}],"Result":9}]}})")
      .value();
}

TEST(WebhookTemplate, WhatIsWrittenAndWhatIsSent) {
  struct Case {
    std::string_view text, sent;
  };
  const Case cases[] = {
      {"plain text", "plain text"},
      {R"({"t": "{{ .Alert.Status }}"})", R"({"t": "TRIGGERED"})"},
      {R"("{{.Name}}")", R"("too \"slow\"")"},
      {R"("{{ .Alert.Summary }}")", R"("two\nlines")"},
      {"{{ .Threshold }}", "1.5"},
      {"{{ toJson .Datasets }}", R"(["shop","pay"])"},
      {"{{ .Datasets | toJson }}", R"(["shop","pay"])"},
      {"{{ toJson .Name }}", R"("too \"slow\"")"},
      {R"("{{ .No.Such }}")", R"("")"},
      {"{{ toJson .No }}", "null"},
      {R"({{ if eq .Alert.Status "TRIGGERED"}}1127128{{ else }}14177041{{ end }})", "1127128"},
      {R"({{ if eq .Alert.Status "OK" "TRIGGERED" }}a{{ end }})", "a"},
      {R"({{ if ne .Alert.Status "TRIGGERED"}}a{{ else if gt .Threshold 1 }}b{{ else }}c{{ end }})", "b"},
      {"{{ if .Empty }}a{{ else }}b{{ end }}", "b"},
      {"{{ if and .Name (not .Empty) }}a{{ end }}", "a"},
      {"{{ if or .Empty .Name }}a{{ end }}", "a"},
      {"{{ range .Result.GroupsTriggered }}[{{ .Result }} {{ range .Group }}{{ .Value }}{{ end }} {{ "
       "$.Threshold }}]{{ end }}",
       "[7 /a 1.5][9 /b 1.5]"},
      {"{{ range .Empty }}a{{ else }}none{{ end }}", "none"},
      {"{{ range .Datasets }}{{ . }};{{ end }}", "shop;pay;"},
      {"{{ len .Datasets }}", "2"},
      {"{{ index .Datasets 1 }}", "pay"},
      {R"({{ index .Vars "channel" }})", "#ops"},
      {"a  {{- .Threshold -}}  b", "a1.5b"},
      {"{{/* nothing */}}x", "x"},
      {"{{ `raw` }}{{ true }}{{ -2 }}", "rawtrue-2"},
  };
  for (const Case& c : cases) {
    const auto parsed = WebhookTemplate::parse(c.text);
    ASSERT_TRUE(parsed.ok()) << c.text << ": " << parsed.status().message();
    EXPECT_EQ(parsed->render(data()).value(), c.sent) << c.text;
  }
}

TEST(WebhookTemplate, MistakesAreToldWithTheirLine) {
  struct Case {
    std::string_view text, message;
  };
  const Case cases[] = {
      {"{{ .Name", "line 1: {{ without }}"},
      {"a\n{{ if .Name }}b", "{{ if }} or {{ range }} without {{ end }}"},
      {"{{ end }}", "{{ end }} without its beginning"},
      {"a\n\n{{ nothing .Name }}", "line 3: expected a variable such as .Name"},
      {"{{ \"open }}", "expected a closing quote"},
      {"{{ .Name .ID }}", "expected the end at \".ID\""},
      {"{{ .Name | 5 }}", "expected a function"},
      {"{{ (.Name }}", "expected a )"},
      {"{{ .a..b }}", "expected a name"},
      {"{{ }}", "expected a value"},
  };
  for (const Case& c : cases) {
    const auto parsed = WebhookTemplate::parse(c.text);
    ASSERT_FALSE(parsed.ok()) << c.text;
    EXPECT_NE(parsed.status().message().find(c.message), std::string::npos)
        << c.text << ": " << parsed.status().message();
  }
  std::string deep;
  for (int i = 0; i < 40; ++i) deep += "{{ if .Name }}";
  EXPECT_FALSE(WebhookTemplate::parse(deep).ok());
}

TEST(WebhookTemplate, ABodyDoesNotGrowWithoutEnd) {
  JsonValue::Array many;
  for (int i = 0; i < 1000; ++i) many.push_back(JsonValue("0123456789"));
  JsonValue all;
  all["L"] = JsonValue(std::move(many));
  const auto parsed =
      WebhookTemplate::parse("{{ range .L }}{{ range $.L }}{{ toJson $.L }}{{ end }}{{ end }}");
  ASSERT_TRUE(parsed.ok());
  EXPECT_EQ(parsed->render(all).status().kind(), ErrorKind::exhausted);
}

}  // namespace
}  // namespace clew::honeycomb
