#include "protocols/zipkin/v1_span.h"

#include <algorithm>

namespace clew::zipkin {
namespace {

// Sides of one span. More are put to the first.
constexpr size_t kMostSides = 32;

uint64_t time_between(const V1Annotation& begin, const V1Annotation& end) {
  return end.timestamp > begin.timestamp ? end.timestamp - begin.timestamp : 0;
}

}  // namespace

bool is_address_key(std::string_view key) {
  return key == "sa" || key == "ca" || key == "ma";
}

// Client sends and receives, server receives and sends; a message is sent, goes over the wire, is received.
struct V1Converter::Core {
  const V1Annotation* cs = nullptr;
  const V1Annotation* sr = nullptr;
  const V1Annotation* ss = nullptr;
  const V1Annotation* cr = nullptr;
  const V1Annotation* ms = nullptr;
  const V1Annotation* mr = nullptr;
  const V1Annotation* ws = nullptr;
  const V1Annotation* wr = nullptr;
  V1Annotation made_cs, made_sr;
};

Span& V1Converter::new_side(const V1Span& source, const Endpoint& endpoint) {
  if (used_ >= kMostSides) return sides_.front();
  if (used_ == sides_.size()) sides_.emplace_back();
  Span& side = sides_[used_++];
  side.clear();
  side.trace_id = source.trace_id;
  side.id = source.id;
  side.parent_id = source.parent_id;
  side.name = source.name;
  side.debug = source.debug;
  side.local = endpoint;
  return side;
}

// What names no endpoint belongs to the first; sides with the same service are one.
Span& V1Converter::side_of(const V1Span& source, const Endpoint& endpoint) {
  if (endpoint.empty()) return sides_.front();
  if (sides_.front().local.empty()) {
    sides_.front().local = endpoint;
    return sides_.front();
  }
  for (size_t i = 0; i < used_; ++i)
    if (sides_[i].local.service_name == endpoint.service_name) return sides_[i];
  return new_side(source, endpoint);
}

void V1Converter::take(const V1Span& source) {
  used_ = 0;
  new_side(source, {});
  Core core;
  take_annotations(source, core);
  set_times_of_call(source, core);
  set_times_of_message(source, core);
  take_binary_annotations(source, core);
  for (size_t i = 0; i < used_; ++i) sink_.take(sides_[i]);
}

void V1Converter::take_annotations(const V1Span& source, Core& core) {
  for (const V1Annotation& one : source.annotations) {
    Span& side = side_of(source, one.endpoint);
    const auto is = [&](std::string_view value, Kind kind, const V1Annotation*& place) {
      if (one.endpoint.empty() || one.value != value) return false;
      if (kind != Kind::none) side.kind = kind;
      place = &one;
      return true;
    };
    if (is("cs", Kind::client, core.cs) || is("sr", Kind::server, core.sr) ||
        is("ss", Kind::server, core.ss) || is("cr", Kind::client, core.cr) ||
        is("ms", Kind::producer, core.ms) || is("mr", Kind::consumer, core.mr) ||
        is("ws", Kind::none, core.ws) || is("wr", Kind::none, core.wr))
      continue;
    side.annotations.push_back({one.timestamp, one.value});
  }
  // A half may lack its beginning when the span itself says when it began.
  const auto ends_the_span = [&](const V1Annotation* end) {
    return end != nullptr && source.timestamp != 0 && source.duration != 0 &&
           source.timestamp + source.duration == end->timestamp;
  };
  if (core.cs == nullptr && ends_the_span(core.cr)) {
    core.made_cs = {source.timestamp, "cs", core.cr->endpoint};
    core.cs = &core.made_cs;
  }
  if (core.sr == nullptr && ends_the_span(core.ss)) {
    core.made_sr = {source.timestamp, "sr", core.ss->endpoint};
    core.sr = &core.made_sr;
  }
}

// The span's own times, or else those of the annotations.
void V1Converter::set_times(const V1Span& source, const V1Annotation& begin, const V1Annotation* end) {
  Span& side = side_of(source, begin.endpoint);
  if (source.timestamp != 0 && source.duration != 0) {
    side.timestamp = source.timestamp;
    side.duration = source.duration;
    return;
  }
  side.timestamp = begin.timestamp;
  if (end != nullptr) side.duration = time_between(begin, *end);
}

void V1Converter::set_times_of_call(const V1Span& source, Core& core) {
  if (core.cs != nullptr && core.sr != nullptr) {
    set_times(source, *core.cs, core.cr);
    Span& client = side_of(source, core.cs->endpoint);
    // A service that calls itself has two halves all the same.
    const bool loop = core.cs->endpoint.service_name == core.sr->endpoint.service_name;
    if (loop) client.kind = Kind::client;
    Span& server = loop ? new_side(source, core.sr->endpoint) : side_of(source, core.sr->endpoint);
    if (loop && &server == &client) return;
    if (core.cr == nullptr && source.duration == 0) client.duration = 0;
    server.kind = Kind::server;
    server.shared = true;
    server.timestamp = core.sr->timestamp;
    if (core.ss != nullptr) server.duration = time_between(*core.sr, *core.ss);
    return;
  }
  if (core.cs != nullptr && core.cr != nullptr) {
    set_times(source, *core.cs, core.cr);
  } else if (core.sr != nullptr && core.ss != nullptr) {
    set_times(source, *core.sr, core.ss);
  } else {
    for (size_t i = 0; i < used_; ++i) {
      Span& side = sides_[i];
      const bool client = side.kind == Kind::client;
      if (!client && side.kind != Kind::server) continue;
      const V1Annotation* begin = client ? core.cs : core.sr;
      const V1Annotation* end = client ? core.cr : core.ss;
      if (begin != nullptr) side.timestamp = begin->timestamp;
      if (end != nullptr) side.annotations.push_back({end->timestamp, end->value});
    }
    if (source.timestamp != 0) {
      sides_.front().timestamp = source.timestamp;
      sides_.front().duration = source.duration;
    }
  }
  // Version 1 had no mark for a shared span: its server left out the time.
  if (core.cs == nullptr && core.sr != nullptr &&
      (source.timestamp == 0 || (core.ss != nullptr && source.duration == 0)))
    side_of(source, core.sr->endpoint).shared = true;
}

void V1Converter::set_times_of_message(const V1Span& source, const Core& core) {
  if (core.ms != nullptr && core.mr != nullptr) {
    Span& producer = side_of(source, core.ms->endpoint);
    const bool loop = core.ms->endpoint.service_name == core.mr->endpoint.service_name;
    if (loop) producer.kind = Kind::producer;
    Span& consumer = loop ? new_side(source, core.mr->endpoint) : side_of(source, core.mr->endpoint);
    if (loop && &consumer == &producer) return;
    consumer.kind = Kind::consumer;
    consumer.shared = true;
    consumer.timestamp = (core.wr != nullptr ? core.wr : core.mr)->timestamp;
    if (core.wr != nullptr) consumer.duration = time_between(*core.wr, *core.mr);
    producer.timestamp = core.ms->timestamp;
    producer.duration = core.ws != nullptr ? time_between(*core.ms, *core.ws) : 0;
  } else if (core.ms != nullptr) {
    set_times(source, *core.ms, core.ws);
  } else if (core.mr != nullptr) {
    set_times(source, core.wr != nullptr ? *core.wr : *core.mr, core.wr != nullptr ? core.mr : nullptr);
  } else {
    for (const V1Annotation* wire : {core.ws, core.wr})
      if (wire != nullptr)
        side_of(source, wire->endpoint).annotations.push_back({wire->timestamp, wire->value});
  }
}

void V1Converter::take_binary_annotations(const V1Span& source, const Core& core) {
  const Endpoint *client = nullptr, *server = nullptr, *broker = nullptr;
  for (const V1BinaryAnnotation& one : source.binary_annotations) {
    if (one.is_address) {
      (one.key == "ca" ? client : one.key == "sa" ? server : broker) = &one.endpoint;
      continue;
    }
    Span& side = side_of(source, one.endpoint);
    // Only says which service a local span is of.
    if (one.key == "lc" && one.value.empty()) continue;
    side.tags.push_back({one.key, one.value});
  }
  const bool is_call = core.cs != nullptr || core.cr != nullptr || core.sr != nullptr || core.ss != nullptr;
  if (!is_call && (client != nullptr || server != nullptr)) {
    if (client != nullptr && server != nullptr) {
      side_of(source, *client).remote = *server;
    } else if (server != nullptr) {
      sides_.front().remote = *server;
    } else {
      sides_.front().kind = Kind::server;
      sides_.front().remote = *client;
    }
    return;
  }
  if (const V1Annotation* of_server = core.sr != nullptr ? core.sr : core.ss;
      client != nullptr && of_server != nullptr) {
    Endpoint remote = *client;
    // Some give the client's port with the name of the server.
    if (remote.service_name == of_server->endpoint.service_name) remote.service_name = {};
    side_of(source, of_server->endpoint).remote = remote;
  }
  if (const V1Annotation* of_client = core.cs != nullptr ? core.cs : core.cr;
      server != nullptr && of_client != nullptr)
    side_of(source, of_client->endpoint).remote = *server;
  if (broker == nullptr) return;
  for (const V1Annotation* of_message : {core.ms, core.mr})
    if (of_message != nullptr) side_of(source, of_message->endpoint).remote = *broker;
}

}  // namespace clew::zipkin
