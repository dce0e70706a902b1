// Message: a protobuf message under construction, with what is to be patched in it before each sending.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "telemetry/protobuf_writer.h"
#include "traffic.h"

namespace clew::load {

struct Message {
  std::string bytes;
  std::vector<Patch> patches;

  ProtobufWriter write() { return ProtobufWriter(bytes); }
  // Bytes that stand for themselves until refresh() overwrites them.
  void placeholder(uint32_t field, Patch patch) {
    const size_t size = patch.kind == Patch::Kind::trace_id ? 16 : 8;
    if (patch.kind == Patch::Kind::time) {
      write().fixed64(field, 0);
    } else {
      write().bytes(field, std::string(size, '\1'));
    }
    patch.at = static_cast<uint32_t>(bytes.size() - size);
    patches.push_back(patch);
  }
  void append(uint32_t field, const Message& inner) {
    write().bytes(field, inner.bytes);
    const auto shift = static_cast<uint32_t>(bytes.size() - inner.bytes.size());
    for (Patch patch : inner.patches) {
      patch.at += shift;
      patches.push_back(patch);
    }
  }
  void attribute(uint32_t field, std::string_view key, std::string_view value) {
    ProtobufWriter out(bytes);
    const auto pair = out.begin_message(field);
    out.bytes(1, key);
    const auto any = out.begin_message(2);
    out.bytes(1, value);
    out.end_message(any);
    out.end_message(pair);
  }
  void attribute(uint32_t field, std::string_view key, uint64_t value) {
    ProtobufWriter out(bytes);
    const auto pair = out.begin_message(field);
    out.bytes(1, key);
    const auto any = out.begin_message(2);
    out.varint(3, value);
    out.end_message(any);
    out.end_message(pair);
  }
};

}  // namespace clew::load
