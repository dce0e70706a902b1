#include "pipeline/config/substitution.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "pipeline/config/section.h"

namespace clew::pipeline {
namespace {

using ::testing::HasSubstr;

const Environment kEnvironment{{"HOST", "db"},     {"PORT", "5432"},  {"EMPTY", ""},
                               {"LIST", "[a, b]"}, {"WHICH", "HOST"}, {"QUOTED", "'8'"},
                               {"DOLLAR", "a$b"},  {"MAP", "{k: v}"}, {"HONEYCOMB_API_KEY", "x"}};

Result<ConfigValue> substituted(const std::string& yaml) {
  CLEW_ASSIGN(ConfigValue value, parse_yaml(yaml, "test.yaml"));
  CLEW_TRY(substitute(value, {kEnvironment, [](const std::string& path) -> Result<std::string> {
                                if (path == "secret.txt") return std::string("hunter2\n");
                                return {ErrorKind::not_found, "no such file: " + path};
                              }}));
  return value;
}

TEST(Substitution, References) {
  const std::pair<const char*, const char*> cases[] = {
      {"${env:HOST}:${PORT}", "db:5432"},
      {"${HOST}", "db"},
      {"${env:NONE:-there}", "there"},
      {"${env:HOST:-there}", "db"},
      {"${env:EMPTY:-there}", ""},
      {"${NONE:-http://localhost:4318}", "http://localhost:4318"},
      {"${env:${env:WHICH}}", "db"},
      {"${env:NONE:-${env:HOST}}", "db"},
      {"$$HOST", "$HOST"},
      {"$HOST costs $5", "$HOST costs $5"},
      {"$${env:HOST}", "${env:HOST}"},
      {"$$$${env:HOST}", "$${env:HOST}"},
      {"$$${env:HOST}", "$db"},
      {"${env:DOLLAR}", "a$b"},
      {"${file:secret.txt}", "hunter2"},
      {"${yaml:text}", "text"},
  };
  for (const auto& [reference, expected] : cases) {
    const auto value = substituted("key: \"" + std::string(reference) + "\"");
    ASSERT_TRUE(value.ok()) << reference << " " << value.status().to_string();
    EXPECT_EQ(value->find("key")->text, expected) << reference;
  }
}

TEST(Substitution, AWholeValueTakesTheYamlItStandsFor) {
  const auto list = substituted("key: ${env:LIST}");
  EXPECT_EQ(list->find("key")->kind, ConfigValue::Kind::list);
  const auto map = substituted("key: ${env:MAP}");
  EXPECT_EQ(map->find("key")->find("k")->text, "v");
  // Where a text is wanted, it is the text.
  Complaints complaints;
  std::string text;
  {
    Section section(*list, "part", complaints);
    EXPECT_TRUE(section.read("key", text));
  }
  EXPECT_EQ(text, "[a, b]");
  EXPECT_FALSE(complaints.has_errors());
}

TEST(Substitution, Mistakes) {
  const std::pair<const char*, const char*> cases[] = {
      {"key: ${env:HOST", "test.yaml:1: '${env:HOST' has no closing brace"},
      {"key: ${env:A-B}", "cannot be the name of an environment variable"},
      {"key: ${1}", "cannot be the name of an environment variable"},
      {"key: ${vault:x}", "'vault' is no source; expected env, file or yaml"},
      {"key: ${https://example.com/x}", "clew does not fetch configuration from the network"},
      {"a: 1\nkey: ${file:nowhere}", "test.yaml:2: ${file:nowhere}: no such file"},
  };
  for (const auto& [yaml, expected] : cases) {
    const auto value = substituted(yaml);
    ASSERT_FALSE(value.ok()) << yaml;
    EXPECT_EQ(value.status().kind(), ErrorKind::bad_input);
    EXPECT_THAT(std::string(value.status().message()), HasSubstr(expected));
  }
}

TEST(Substitution, VariablesThatAreUnsetAreRemembered) {
  const auto value = substituted("key: Bearer ${HONEYCOMB_APIKEY}");
  ASSERT_EQ(value->find("key")->empty_variables.size(), 1u);
  const EmptyVariable& variable = value->find("key")->empty_variables.front();
  EXPECT_EQ(variable.name, "HONEYCOMB_APIKEY");
  EXPECT_FALSE(variable.is_set);
  EXPECT_EQ(variable.meant, "HONEYCOMB_API_KEY");
  EXPECT_TRUE(substituted("key: ${EMPTY}")->find("key")->empty_variables.front().is_set);
}

TEST(ConfigValue, LaterFilesOverEarlierOnes) {
  auto base = parse_yaml("a: {x: 1, y: [1, 2]}\nb: text\n", "one.yaml");
  auto over = parse_yaml("a: {y: [3], z: 4}\nb: {c: 5}\na2:\n", "two.yaml");
  merge_into(*base, *over);
  EXPECT_EQ(to_yaml(*base), "a:\n  x: 1\n  y:\n    - 3\n  z: 4\nb:\n  c: 5\na2:\n");
  EXPECT_EQ(base->find("a")->find("z")->place.text(), "two.yaml:1");
  merge_into(*base, *parse_yaml("a:\n", "three.yaml"));
  EXPECT_EQ(base->find("a")->find("x")->text, "1");
}

TEST(ConfigValue, OverridesOfTheCommandLine) {
  EXPECT_EQ(to_yaml(*parse_override("exporters.otlp/b.endpoint=host:4317")),
            "exporters:\n  otlp/b:\n    endpoint: host:4317\n");
  EXPECT_EQ(to_yaml(*parse_override("a::b.c=[1, 2]")), "a:\n  b.c:\n    - 1\n    - 2\n");
  EXPECT_FALSE(parse_override("a.b").ok());
  EXPECT_FALSE(parse_override("a..b=1").ok());
}

TEST(ConfigValue, YamlThatWouldGrowWithoutBoundIsRefused) {
  std::string text = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n";
  for (int i = 1; i < 9; ++i) {
    const std::string n = std::to_string(i), before = "*a" + std::to_string(i - 1);
    text += "a" + n + ": &a" + n + " [" + before + "," + before + "," + before + "," + before + "," + before +
            "]\n";
  }
  EXPECT_FALSE(parse_yaml(text, "bomb.yaml").ok());
  EXPECT_FALSE(parse_yaml(std::string(500, '['), "deep.yaml").ok());
  EXPECT_FALSE(parse_yaml("a: 1\n---\nb: 2\n", "two.yaml").ok());
}

TEST(Section, Durations) {
  const std::pair<const char*, int64_t> good[] = {{"0", 0},
                                                  {"10s", 10'000'000'000},
                                                  {"1h30m", 5'400'000'000'000},
                                                  {"1.5s", 1'500'000'000},
                                                  {"200ms", 200'000'000},
                                                  {"3us", 3'000}};
  for (const auto& [text, nanoseconds] : good) EXPECT_EQ(parse_go_duration(text)->count, nanoseconds) << text;
  for (const char* text : {"", "10", "s", "10 s", "1d", "1h30", "99999999999h"})
    EXPECT_FALSE(parse_go_duration(text)) << text;
}

}  // namespace
}  // namespace clew::pipeline
