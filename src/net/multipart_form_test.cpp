#include "net/multipart_form.h"

#include <gtest/gtest.h>

namespace clew::net {
namespace {

constexpr std::string_view kType = "multipart/form-data; boundary=xyz";

TEST(MultipartForm, FieldsAndFiles) {
  const std::string body =
      "preamble\r\n--xyz\r\nContent-Disposition: form-data; name=\"version\"\r\n\r\n1.0\r\n"
      "--xyz\r\nContent-Disposition: form-data; name=\"a \\\"b\\\"\"; "
      "filename=\"C:\\a;.js\"\r\nContent-Type: "
      "text/plain\r\n\r\nx\r\n--xy\r\n\r\n--xyz\r\ncontent-disposition: form-data; "
      "name=empty\r\n\r\n\r\n--xyz--\r\n";
  const auto parts = parse_multipart_form(kType, body);
  ASSERT_TRUE(parts.ok()) << parts.status().to_string();
  ASSERT_EQ(parts->size(), 3u);
  EXPECT_EQ((*parts)[0].name, "version");
  EXPECT_EQ((*parts)[0].body, "1.0");
  EXPECT_EQ((*parts)[1].name, "a \"b\"");
  EXPECT_EQ((*parts)[1].filename, "C:\\a;.js");
  EXPECT_EQ((*parts)[1].body, "x\r\n--xy\r\n");
  EXPECT_EQ((*parts)[2].name, "empty");
  EXPECT_EQ((*parts)[2].body, "");
}

TEST(MultipartForm, WhatIsNone) {
  const struct {
    std::string_view type, body, says;
  } cases[] = {
      {"multipart/form-data", "--xyz--", "names no boundary"},
      {kType, "", "nowhere"},
      {kType, "--xyz", "does not begin with a line"},
      {kType, "--xyz\r\n", "no head"},
      {kType, "--xyz\r\n\r\nx", "no end"},
      {kType, "--xyz\r\n\r\nx\r\n--xyz", "does not begin"},
  };
  for (const auto& one : cases) {
    const auto parts = parse_multipart_form(one.type, one.body);
    ASSERT_FALSE(parts.ok()) << one.body;
    EXPECT_NE(parts.status().message().find(one.says), std::string_view::npos) << parts.status().message();
  }
  EXPECT_TRUE(parse_multipart_form("Multipart/Form-Data; charset=utf-8; BOUNDARY=\"xyz\"", "--xyz--").ok());
}

}  // namespace
}  // namespace clew::net
