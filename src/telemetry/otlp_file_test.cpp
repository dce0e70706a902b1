#include "telemetry/otlp_file.h"

#include <vector>

#include <gtest/gtest.h>

#include "base/compression.h"

namespace clew::otlp {
namespace {

// Gives the bytes in pieces of `step`.
FileReader reader_of(const std::string& bytes, size_t step = 7) {
  return FileReader([bytes, step, at = size_t{0}](std::span<char> into) mutable -> Result<size_t> {
    const size_t size = std::min({step, into.size(), bytes.size() - at});
    std::copy_n(bytes.data() + at, size, into.data());
    at += size;
    return size;
  });
}

// "json {…}", "protobuf …", or the failure at the end.
std::vector<std::string> all_of(const std::string& bytes) {
  std::vector<std::string> found;
  FileReader reader = reader_of(bytes);
  for (;;) {
    const auto message = reader.next();
    if (!message.ok()) {
      found.push_back(message.status().to_string());
      return found;
    }
    if (!*message) return found;
    found.push_back(((*message)->encoding == FileEncoding::json ? "json " : "protobuf ") + (*message)->bytes);
  }
}

std::string frames(std::initializer_list<std::string> messages) {
  std::string bytes;
  for (const std::string& message : messages) append_frame(bytes, message);
  return bytes;
}

using Messages = std::vector<std::string>;

TEST(OtlpFile, EveryShape) {
  const Messages lines = {"json {\"a\":1}", "json {\"b\":2}"};
  EXPECT_EQ(all_of("{\"a\":1}\n{\"b\":2}\n"), lines);
  EXPECT_EQ(all_of("\n  \n{\"a\":1}\n\n{\"b\":2}"), lines);
  EXPECT_EQ(all_of(compress(Compression::gzip, "{\"a\":1}\n{\"b\":2}\n")), lines);
  EXPECT_EQ(all_of(compress(Compression::zstd, "{\"a\":1}\n{\"b\":2}\n")), lines);
  EXPECT_EQ(all_of(frames({"{\"a\":1}", "{\"b\":2}"})), lines);
  const Messages protobuf = {"protobuf \x0a\x01z", "protobuf "};
  EXPECT_EQ(all_of(frames({"\x0a\x01z", ""})), protobuf);
  EXPECT_EQ(all_of(frames({compress(Compression::zstd, "\x0a\x01z"), ""})), protobuf);
  EXPECT_EQ(all_of(compress(Compression::zstd, frames({"\x0a\x01z", ""}))), protobuf);
  EXPECT_EQ(all_of(""), Messages());
  EXPECT_EQ(all_of(std::string(4, '\0')), Messages{"protobuf "});
}

TEST(OtlpFile, WhatIsBeforeTheFaultIsRead) {
  EXPECT_EQ(
      all_of(frames({"\x0a\x01z", "second"}).substr(0, 13)),
      (Messages{"protobuf \x0a\x01z", "bad input: the file is cut short: expected 6 bytes at 11, got 2"}));
  EXPECT_EQ(all_of(std::string("\0\0", 2)),
            Messages{"bad input: the file is cut short: expected 4 bytes at 0, got 2"});
  EXPECT_EQ(all_of("PK\x03\x04").size(), 1u);
  EXPECT_TRUE(
      all_of("PK\x03\x04")[0].starts_with("bad input: neither JSON lines nor length-prefixed requests"));
  EXPECT_TRUE(all_of("\x10\x01x")[0].starts_with("bad input: neither JSON lines nor"));
  EXPECT_TRUE(
      all_of(std::string("\x08\0\0\x01x", 5))[0].starts_with("too large: the request at 0 has 134217729"));
}

TEST(OtlpFile, TellsWhereARequestBegan) {
  FileReader reader = reader_of(frames({"abc", "de"}), 1000);
  EXPECT_EQ((*reader.next())->offset, 0u);
  EXPECT_EQ((*reader.next())->offset, 7u);
  EXPECT_FALSE(reader.next()->has_value());
  EXPECT_EQ(reader.bytes_taken(), 13u);
}

}  // namespace
}  // namespace clew::otlp
