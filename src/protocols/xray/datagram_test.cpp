#include "protocols/xray/datagram.h"

#include <string>

#include <gtest/gtest.h>

namespace clew::xray {
namespace {

TEST(XrayDatagram, TheDocumentIsAllAfterTheFirstLineFeed) {
  for (const char* header :
       {R"({"format":"json","version":1})", R"({"format": "json", "version": 1})",
        R"({"version":1,"format":"JSON"})", R"( {"format":"json","version":1.0,"more":[]} )"}) {
    const std::string datagram = std::string(header) + "\n{\"a\":\n1}\n";
    const auto document = document_in_datagram(datagram);
    ASSERT_TRUE(document.ok()) << header << ": " << document.status().to_string();
    EXPECT_EQ(*document, "{\"a\":\n1}\n");
  }
}

TEST(XrayDatagram, WhatIsNoneIsRefusedInTheWordsOfTheDaemon) {
  const auto refusal = [](const std::string& datagram) {
    const auto document = document_in_datagram(datagram);
    return document.ok() ? "taken" : std::string(document.status().message()).substr(0, 14);
  };
  for (const char* datagram :
       {"", "\n", "{}", R"({"format":"json","version":1})", "{\"format\":\"json\",\"version\":1}\n",
        "{\"format\":\"json\",\"version\":1}\n \r\n"})
    EXPECT_EQ(refusal(datagram), "Missing header") << datagram;
  for (const char* datagram :
       {"\n{}", "{}\n{}", "[]\n{}", "json 1\n{}", "{\"format\":\"xml\",\"version\":1}\n{}",
        "{\"format\":\"json\",\"version\":2}\n{}", "{\"format\":\"json\",\"version\":\"1\"}\n{}",
        "{\"format\":\"jsonx\",\"version\":1}\n{}", "{\"format\":\"json\"}\n{}"})
    EXPECT_EQ(refusal(datagram), "Invalid header") << datagram;
  EXPECT_EQ(refusal(std::string(5000, ' ') + "{\"format\":\"json\",\"version\":1}\n{}"), "Invalid header");
}

}  // namespace
}  // namespace clew::xray
