#include "app/effective_settings.h"

#include <filesystem>
#include <fstream>
#include <sstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "app/configuration_file.h"

namespace clew::app {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

class EffectiveSettingsTest : public testing::Test {
 protected:
  EffectiveSettingsTest() : file_(testing::TempDir() + "clew-settings-test.yaml") {}
  ~EffectiveSettingsTest() override { std::filesystem::remove(file_); }

  std::string write(const std::string& text) {
    std::ofstream(file_) << text;
    return file_;
  }
  std::string file_;
};

TEST_F(EffectiveSettingsTest, FlagBeforeEnvironmentBeforeFileBeforeDefault) {
  struct Case {
    const char *flag, *variable, *line;
    const char *value, *source;
  };
  for (const Case& c :
       {Case{"1d", "2d", "retention: 3d", "1d", "--retention"},
        Case{"1d", nullptr, nullptr, "1d", "--retention"},
        Case{nullptr, "2d", "retention: 3d", "2d", "CLEW_RETENTION"},
        Case{nullptr, "", "retention: 3d", "3d", ":1"}, Case{nullptr, nullptr, "retention: 3d", "3d", ":1"},
        Case{nullptr, nullptr, "quiet: true", "30d", "default"},
        Case{nullptr, nullptr, nullptr, "30d", "default"}}) {
    SettingSources sources;
    if (c.flag) sources.flags["retention"] = {c.flag};
    if (c.variable) sources.environment["CLEW_RETENTION"] = c.variable;
    if (c.line) sources.file = write(c.line);
    const Result<EffectiveSettings> settings = resolve_settings(sources);
    ASSERT_TRUE(settings.ok()) << settings.status().to_string();
    EXPECT_THAT(settings->find("retention").values, ElementsAre(c.value));
    EXPECT_THAT(settings->find("retention").source, HasSubstr(c.source));
    EXPECT_EQ(settings->configuration.retention, *parse_duration(c.value));
  }
}

TEST_F(EffectiveSettingsTest, TheDefaultsAreTheDocumentedOnes) {
  const Configuration c = resolve_settings({})->configuration;
  EXPECT_EQ(c.data, "./clew-data");
  EXPECT_EQ(c.retention, days(30));
  EXPECT_EQ(c.max_disk, 50'000'000'000u);
  EXPECT_EQ(c.durability, store::Durability::sync);
  EXPECT_THAT(c.listen, ElementsAre(ListenAddress{"127.0.0.1", 2539}, ListenAddress{"127.0.0.1", 4317},
                                    ListenAddress{"127.0.0.1", 4318}));
  EXPECT_FALSE(c.insecure);
  EXPECT_EQ(c.max_body_bytes, 64u << 20);
  EXPECT_EQ(c.threads, std::nullopt);
}

TEST_F(EffectiveSettingsTest, ListsComeInEveryForm) {
  const std::vector<ListenAddress> expected{{"127.0.0.1", 1}, {"::1", 2}};
  SettingSources flags{.flags = {{"listen", {"127.0.0.1:1", "[::1]:2"}}}, .environment = {}, .file = {}};
  EXPECT_EQ(resolve_settings(flags)->configuration.listen, expected);
  SettingSources variable{.flags = {}, .environment = {{"CLEW_LISTEN", "127.0.0.1:1, [::1]:2"}}, .file = {}};
  EXPECT_EQ(resolve_settings(variable)->configuration.listen, expected);
  for (const char* text : {"listen: [127.0.0.1:1, '[::1]:2']", "listen:\n  - 127.0.0.1:1\n  - '[::1]:2'\n",
                           "listen: '127.0.0.1:1, [::1]:2'"}) {
    SettingSources file{.flags = {}, .environment = {}, .file = write(text)};
    const auto settings = resolve_settings(file);
    ASSERT_TRUE(settings.ok()) << text << settings.status().to_string();
    EXPECT_EQ(settings->configuration.listen, expected) << text;
  }
}

TEST_F(EffectiveSettingsTest, TheFileMayBeNamedInTheEnvironment) {
  SettingSources sources{.flags = {}, .environment = {{"CLEW_CONFIG", write("quiet: true")}}, .file = {}};
  EXPECT_TRUE(resolve_settings(sources)->configuration.quiet);
}

TEST_F(EffectiveSettingsTest, MistakesInTheFileNameFileLineKeyAndRemedy) {
  struct Case {
    const char *text, *complaint;
  };
  for (const Case& c :
       {Case{"data: x\nretenton: 3d\n",
             "test.yaml:2: there is no setting 'retenton'; did you mean 'retention'?"},
        Case{"max-disk: 1GB\n", "test.yaml:1: there is no setting 'max-disk'; did you mean 'max_disk'?"},
        Case{"colour: red\n", "test.yaml:1: there is no setting 'colour'; clew config lists them all"},
        Case{"\nretention: soon\n", "test.yaml:2: retention: expected 30d, 12h or forever, got 'soon'"},
        Case{"durability: fsync\n", "test.yaml:1: durability: expected sync, os or none, got 'fsync'"},
        Case{"max_connections: 0\n", "max_connections: expected a whole number above 0, got '0'"},
        Case{"insecure: maybe\n", "insecure: expected true or false, got 'maybe'"},
        Case{"listen: http://localhost\n", "expected HOST:PORT, HOST or PORT, got 'http://localhost'"},
        Case{"retention: [1d, 2d]\n", "test.yaml:1: retention: expected one value"},
        Case{"retention: {days: 1}\n", "test.yaml:1: retention: expected one value"},
        Case{"retention: 1d\nquiet: true\nretention: 2d\n",
             "test.yaml:3: 'retention' is set already in line 1"},
        Case{"- retention\n", "test.yaml:1: expected lines of the form 'retention: 30d'"},
        Case{"retention 3d\n", "test.yaml:1: expected lines of the form"}, Case{"data: [x\n", "not YAML"},
        Case{"tls_cert: a.pem\n", "tls_cert is set, tls_key is not"},
        Case{"tls_client_ca: a.pem\n", "tls_client_ca needs tls_cert and tls_key"},
        Case{"listen: []\n", "expected at least one HOST:PORT"}}) {
    SettingSources sources{.flags = {}, .environment = {}, .file = write(c.text)};
    const Result<EffectiveSettings> settings = resolve_settings(sources);
    ASSERT_FALSE(settings.ok()) << c.text;
    EXPECT_EQ(settings.status().kind(), ErrorKind::bad_input) << c.text;
    EXPECT_THAT(std::string(settings.status().message()), HasSubstr(c.complaint)) << c.text;
  }
}

TEST_F(EffectiveSettingsTest, AFileThatIsNotThereIsNamed) {
  const auto settings = resolve_settings({.flags = {}, .environment = {}, .file = "/nowhere/clew.yaml"});
  ASSERT_FALSE(settings.ok());
  EXPECT_THAT(std::string(settings.status().message()), HasSubstr("/nowhere/clew.yaml"));
}

TEST_F(EffectiveSettingsTest, MistakesInFlagsAndVariablesNameThem) {
  SettingSources flag{.flags = {{"max-disk", {"lots"}}}, .environment = {}, .file = {}};
  EXPECT_THAT(std::string(resolve_settings(flag).status().message()), HasSubstr("--max-disk: not a size"));
  SettingSources variable{.flags = {}, .environment = {{"CLEW_MAX_DISK", "lots"}}, .file = {}};
  EXPECT_THAT(std::string(resolve_settings(variable).status().message()),
              HasSubstr("CLEW_MAX_DISK: not a size"));
}

TEST_F(EffectiveSettingsTest, AVariableThatIsNearlyASettingIsNoted) {
  SettingSources sources{.flags = {},
                         .environment = {{"CLEW_RETENTON", "1d"},
                                         {"CLEW_SERVICE_HOST", "10.0.0.1"},
                                         {"CLEW_PORT_4317_TCP_ADDR", "10.0.0.1"}},
                         .file = {}};
  EXPECT_THAT(
      resolve_settings(sources)->notes,
      ElementsAre("the environment variable CLEW_RETENTON is not a setting; did you mean CLEW_RETENTION?"));
}

TEST_F(EffectiveSettingsTest, WhatIsPrintedIsAConfigurationFileOfTheSameMeaning) {
  SettingSources sources{.flags = {{"data", {"it's # here: {x}"}}, {"listen", {"[::1]:0", "127.0.0.1:9"}}},
                         .environment = {{"CLEW_QUIET", "yes"}},
                         .file = {}};
  const auto settings = resolve_settings(sources);
  ASSERT_TRUE(settings.ok());
  SettingSources again{.flags = {}, .environment = {}, .file = write(as_configuration_file(*settings))};
  const auto read = resolve_settings(again);
  ASSERT_TRUE(read.ok()) << read.status().to_string();
  for (const Setting& setting : all_settings())
    EXPECT_EQ(read->find(setting.name).values, settings->find(setting.name).values) << setting.name;
}

TEST(Settings, TheDocumentedTableIsThisOne) {
  std::ifstream file("docs/configuration.md");
  ASSERT_TRUE(file) << "run in the root of the source tree";
  const std::string page((std::istreambuf_iterator<char>(file)), {});
  EXPECT_THAT(page, HasSubstr(settings_as_markdown())) << "put the output of `clew config --markdown` there";
}

}  // namespace
}  // namespace clew::app
