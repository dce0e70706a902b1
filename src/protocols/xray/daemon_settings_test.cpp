#include "protocols/xray/daemon_settings.h"

#include <filesystem>
#include <fstream>
#include <unistd.h>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace clew::xray {
namespace {

using ::testing::HasSubstr;

DaemonSettings settings(const std::vector<std::string>& arguments, const Environment& environment = {}) {
  const auto command = read_daemon_command(arguments, environment);
  EXPECT_TRUE(command.ok()) << command.status().to_string();
  return command.ok() ? command->settings : DaemonSettings();
}

std::string refusal(const std::vector<std::string>& arguments) {
  const auto command = read_daemon_command(arguments, {});
  return command.ok() ? "" : std::string(command.status().message());
}

class XrayDaemonFile : public ::testing::Test {
 protected:
  void write(std::string_view text) { std::ofstream(path_) << text; }
  ~XrayDaemonFile() override { std::filesystem::remove(path_); }
  const std::string path_ = ::testing::TempDir() + "cfg-" + std::to_string(getpid()) + ".yaml";
};

TEST(XrayDaemonSettings, FlagsAreReadAsGoReadsThem) {
  const DaemonSettings all = settings({"-o",
                                       "--bind=0.0.0.0:1",
                                       "-bind-tcp",
                                       "0.0.0.0:2",
                                       "-n",
                                       "eu-west-1",
                                       "-n=eu-west-2",
                                       "-m",
                                       "5",
                                       "-a",
                                       "arn",
                                       "-l",
                                       "DEV",
                                       "-f",
                                       "/tmp/x",
                                       "--endpoint",
                                       "http://clew/",
                                       "word",
                                       "-b",
                                       "x"});
  EXPECT_TRUE(all.local_mode);
  EXPECT_EQ(all.udp_address, "0.0.0.0:1");
  EXPECT_EQ(all.tcp_address, "0.0.0.0:2");
  EXPECT_EQ(all.region, "eu-west-2");
  EXPECT_EQ(all.buffer_megabytes, 5u);
  EXPECT_EQ(all.log_level, DaemonLogLevel::debug);
  EXPECT_EQ(all.log_file, "/tmp/x");
  EXPECT_EQ(all.endpoint, "http://clew");
  EXPECT_FALSE(settings({"-o=false"}).local_mode);
}

TEST(XrayDaemonSettings, TheCommandOfAContainerIsUnderstoodHoweverItIsSplit) {
  for (const std::vector<std::string>& arguments :
       std::vector<std::vector<std::string>>{{"xray -o -b xray-daemon:2000"},
                                             {"xray", "-o", "-b", "xray-daemon:2000"},
                                             {"-o -b xray-daemon:2000"}}) {
    const DaemonSettings read = settings(arguments);
    EXPECT_TRUE(read.local_mode);
    EXPECT_EQ(read.udp_address, "xray-daemon:2000");
    EXPECT_EQ(read.tcp_address, "127.0.0.1:2000");
  }
  const auto in_container = read_daemon_command({"xray -o -b xray-daemon:2000"}, {}, "0.0.0.0");
  ASSERT_TRUE(in_container.ok());
  EXPECT_EQ(in_container->settings.udp_address, "xray-daemon:2000");
  EXPECT_EQ(in_container->settings.tcp_address, "0.0.0.0:2000");
}

TEST(XrayDaemonSettings, WhatIsNoFlagIsRefused) {
  EXPECT_EQ(refusal({"-z"}), "flag provided but not defined: -z");
  EXPECT_EQ(refusal({"-b"}), "flag needs an argument: -b");
  EXPECT_THAT(refusal({"-l", "loud"}), HasSubstr("loud"));
  EXPECT_THAT(refusal({"-m", "2"}), HasSubstr("Min Buffers Memory required: 3 MB"));
  EXPECT_THAT(refusal({"-c", "/nonexistent.yaml"}), HasSubstr("/nonexistent.yaml"));
  EXPECT_EQ(read_daemon_command({"-v"}, {})->kind, DaemonCommand::Kind::version);
  EXPECT_EQ(read_daemon_command({"--help"}, {})->kind, DaemonCommand::Kind::help);
}

TEST(XrayDaemonSettings, WhereToSendIsFoundWithoutEverFailing) {
  EXPECT_EQ(settings({}).endpoint, "http://127.0.0.1:2539");
  EXPECT_EQ(settings({}).region, "us-east-1");
  const Environment aws = {
      {"AWS_ACCESS_KEY_ID", "AKIA"}, {"AWS_SECRET_ACCESS_KEY", "s"}, {"AWS_REGION", "eu-west-3"}};
  EXPECT_EQ(settings({}, aws).endpoint, "https://xray.eu-west-3.amazonaws.com");
  EXPECT_EQ(settings({}, aws).credentials->access_key, "AKIA");
  EXPECT_EQ(settings({"--endpoint", "http://here"}, aws).endpoint, "http://here");
  EXPECT_EQ(settings({}, {{"AWS_ENDPOINT_URL_XRAY", "http://there:1"}}).endpoint, "http://there:1");
  const DaemonSettings otlp =
      settings({"--otlp"}, {{"OTEL_EXPORTER_OTLP_HEADERS", "X-Honeycomb-Team=a%20b,c=d"}});
  EXPECT_EQ(otlp.otlp_headers, (net::Headers{{"x-honeycomb-team", "a b"}, {"c", "d"}}));
}

TEST_F(XrayDaemonFile, KeysAreTakenAndFlagsCountMore) {
  write(
      "Version: 2\nTotalBufferSizeMB: 7\nConcurrency: 3\nRegion: \"eu-west-1\"\nEndpoint: "
      "\"http://clew:2539\"\n"
      "Socket:\n  UDPAddress: \"0.0.0.0:2000\"\n  TCPAddress: \"0.0.0.0:2001\"\nLogging:\n  LogRotation: "
      "false\n"
      "  LogLevel: warn\n  LogPath: \"\"\nLocalMode: true\nResourceARN: \"\"\nRoleARN: "
      "\"arn:r\"\nNoVerifySSL: true\n"
      "ProxyAddress:\n");
  const DaemonSettings read = settings({"-c", path_, "-b", "127.0.0.1:9"});
  EXPECT_EQ(read.buffer_megabytes, 7u);
  EXPECT_EQ(read.concurrency, 3u);
  EXPECT_EQ(read.endpoint, "http://clew:2539");
  EXPECT_EQ(read.udp_address, "127.0.0.1:9");
  EXPECT_EQ(read.tcp_address, "0.0.0.0:2001");
  EXPECT_FALSE(read.log_rotation);
  EXPECT_FALSE(read.verify_tls);
  EXPECT_EQ(read.log_level, DaemonLogLevel::warn);
  EXPECT_EQ(read.notes.size(), 1u);
}

TEST_F(XrayDaemonFile, AKeyThatIsNoneStopsIt) {
  for (const char* text :
       {"Version: 2\nProfile: {CPU: x}\n", "Version: 2\nSocket: {Port: 1}\n", "Version: 2\nLogGroup: x\n"}) {
    write(text);
    EXPECT_THAT(refusal({"-c", path_}), HasSubstr("flag is invalid")) << text;
  }
  for (const char* text :
       {"Region: x\n", "Version: 3\n", "Version: 2\nConcurrency: many\n", "- a\n", ": : :\n"}) {
    write(text);
    EXPECT_THAT(refusal({"-c", path_}), HasSubstr(path_)) << text;
  }
}

}  // namespace
}  // namespace clew::xray
