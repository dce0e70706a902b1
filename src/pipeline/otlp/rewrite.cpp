#include "pipeline/otlp/rewrite.h"

#include <fmt/format.h>

#include "pipeline/otlp/item_count.h"
#include "pipeline/otlp/metric_points.h"
#include "telemetry/otlp_fields.h"
#include "telemetry/protobuf_reader.h"

namespace clew::pipeline {
namespace {

// A Resource… or Scope… message apart: what describes it, what is inside, and the rest as it is.
struct Envelope {
  std::string_view description;  // the Resource or InstrumentationScope message
  bool has_description = false;
  std::vector<std::string_view> inside;
  std::string rest;

  void read(std::string_view message) {
    // Of resources and scopes alike: 1 describes, 2 is inside.
    static_assert(otlp::resource_items::resource == uint32_t{otlp::scope_items::scope});
    static_assert(otlp::resource_items::scopes == uint32_t{otlp::scope_items::items});
    description = {};
    has_description = false;
    inside.clear();
    rest.clear();
    ProtobufReader reader(message.data(), message.size());
    size_t at = 0;
    while (reader.next()) {
      if (reader.tag() == otlp::scope_items::scope) {
        const auto view = reader.get_view();
        description = {view.data(), view.size()};
        has_description = true;
      } else if (reader.tag() == otlp::scope_items::items) {
        const auto view = reader.get_view();
        inside.emplace_back(view.data(), view.size());
      } else {
        reader.skip();
        rest.append(message.substr(at, message.size() - reader.length() - at));
      }
      at = message.size() - reader.length();
    }
  }
};

class Rewriting {
 public:
  Rewriting(Signal signal, Rewriter& rewriter) : signal_(signal), rewriter_(rewriter) {}

  // Whether anything was changed; then `out` is the request.
  bool run(std::string_view request, std::string& out) {
    ProtobufReader reader(request.data(), request.size());
    ProtobufWriter writer(out);
    while (reader.next()) {
      if (reader.tag() != otlp::request::resources) {
        reader.skip();
        continue;
      }
      const auto view = reader.get_view();
      const std::string_view message(view.data(), view.size());
      resource_message_.clear();
      if (rewrite_resource(message))
        writer.bytes(otlp::request::resources, changed_here_ ? std::string_view(resource_message_) : message);
    }
    return changed_;
  }

 private:
  // Whether anything is left. The new message is in resource_message_ when changed_here_.
  bool rewrite_resource(std::string_view message) {
    resource_envelope_.read(message);
    resource_.reset(resource_envelope_.description, otlp::resource::attributes);
    changed_here_ = false;
    if (rewriter_.on_resource(resource_) == Verdict::drop) return drop();
    scopes_.clear();
    bool any = resource_envelope_.inside.empty() || !rewriter_.looks_into_resources();
    if (rewriter_.looks_into_resources())
      for (const std::string_view scope : resource_envelope_.inside) any = rewrite_scope(scope) || any;
    if (!any) return drop();
    if (resource_.changed()) changed_ = changed_here_ = true;
    if (!changed_here_) return true;
    write_description(resource_, resource_envelope_.has_description, resource_message_);
    if (rewriter_.looks_into_resources()) {
      resource_message_.append(scopes_);
    } else {
      ProtobufWriter writer(resource_message_);
      for (const std::string_view scope : resource_envelope_.inside)
        writer.bytes(otlp::resource_items::scopes, scope);
    }
    resource_message_.append(resource_envelope_.rest);
    return true;
  }

  bool rewrite_scope(std::string_view message) {
    scope_envelope_.read(message);
    scope_.reset(scope_envelope_.description, otlp::scope::attributes);
    Enclosing in{resource_, scope_};
    if (rewriter_.on_scope(in) == Verdict::drop) return drop();
    ProtobufWriter items(scope_items_);
    scope_items_.clear();
    bool scope_changed = false;
    bool any = scope_envelope_.inside.empty();
    for (const std::string_view bytes : scope_envelope_.inside) {
      item_.reset(bytes, attributes_field_of(signal_));
      bool kept = rewriter_.on_item(signal_, item_, in) == Verdict::keep;
      if (kept && signal_ == Signal::metrics && rewriter_.looks_into_metrics()) kept = rewrite_points(in);
      if (!kept) {
        scope_changed = true;
        drop();
        continue;
      }
      any = true;
      if (!item_.changed()) {
        items.bytes(otlp::scope_items::items, bytes);
        continue;
      }
      scope_changed = changed_ = changed_here_ = true;
      item_bytes_.clear();
      item_.append_to(item_bytes_);
      items.bytes(otlp::scope_items::items, item_bytes_);
    }
    if (!any) return drop();
    ProtobufWriter writer(scopes_);
    if (!scope_changed && !scope_.changed()) {
      writer.bytes(otlp::resource_items::scopes, message);
      return true;
    }
    changed_ = changed_here_ = true;
    scope_message_.clear();
    write_description(scope_, scope_envelope_.has_description, scope_message_);
    scope_message_.append(scope_items_);
    scope_message_.append(scope_envelope_.rest);
    writer.bytes(otlp::resource_items::scopes, scope_message_);
    return true;
  }

  // Whether points are left.
  bool rewrite_points(Enclosing& in) {
    bool any = false, any_data = false;
    for (const uint32_t kind : {otlp::metric::gauge, otlp::metric::sum, otlp::metric::histogram,
                                otlp::metric::exponential_histogram, otlp::metric::summary}) {
      if (!item_.has(kind)) continue;
      any_data = true;
      const std::string_view data = item_.bytes(kind);
      bool data_changed = false;
      size_t left = 0;
      data_.clear();
      ProtobufWriter writer(data_);
      ProtobufReader reader(data.data(), data.size());
      size_t at = 0;
      while (reader.next()) {
        if (reader.tag() != otlp::metric_data::points) {
          reader.skip();
          data_.append(data.substr(at, data.size() - reader.length() - at));
        } else {
          const auto view = reader.get_view();
          const std::string_view bytes(view.data(), view.size());
          point_.reset(bytes, attributes_field_of_point(kind));
          if (rewriter_.on_point(kind, point_, item_, in) == Verdict::drop) {
            data_changed = true;
          } else if (point_.changed()) {
            data_changed = true;
            ++left;
            item_bytes_.clear();
            point_.append_to(item_bytes_);
            writer.bytes(otlp::metric_data::points, item_bytes_);
          } else {
            ++left;
            writer.bytes(otlp::metric_data::points, bytes);
          }
        }
        at = data.size() - reader.length();
      }
      any = any || left > 0 || !data_changed;
      if (data_changed) {
        changed_ = changed_here_ = true;
        item_.set_bytes(kind, data_);
      }
    }
    return any || !any_data;
  }

  static void write_description(const MessageEditor& description, bool was_there, std::string& message) {
    if (!was_there && !description.changed()) return;
    ProtobufWriter writer(message);
    const auto nested = writer.begin_message(otlp::scope_items::scope);
    description.append_to(message);
    writer.end_message(nested);
  }

  bool drop() {
    changed_ = changed_here_ = true;
    return false;
  }

  const Signal signal_;
  Rewriter& rewriter_;
  bool changed_ = false;
  bool changed_here_ = false;  // in the resource that is being rewritten
  Envelope resource_envelope_, scope_envelope_;
  MessageEditor resource_, scope_, item_, point_;
  // Memory that is used again.
  std::string resource_message_, scopes_, scope_message_, scope_items_, item_bytes_, data_;
};

}  // namespace

uint32_t attributes_field_of(Signal signal) {
  switch (signal) {
    case Signal::traces:
      return otlp::span::attributes;
    case Signal::logs:
      return otlp::log_record::attributes;
    case Signal::metrics:
      return otlp::metric::metadata;
  }
  return 0;
}

uint32_t attributes_field_of_point(uint32_t kind) {
  switch (kind) {
    case otlp::metric::histogram:
      return otlp::histogram_point::attributes;
    case otlp::metric::exponential_histogram:
      return otlp::exponential_point::attributes;
    default:
      return otlp::number_point::attributes;  // of summaries too
  }
}

Result<Batch> rewrite(Batch batch, Rewriter& rewriter) {
  try {
    std::string bytes;
    bytes.reserve(batch.otlp.size() + batch.otlp.size() / 8);
    if (!Rewriting(batch.signal, rewriter).run(batch.otlp.view(), bytes)) return batch;
    CLEW_ASSIGN(batch.items, count_items(batch.signal, bytes));
    batch.otlp = SharedBytes(std::move(bytes));
    return batch;
  } catch (const protozero::exception& malformed) {
    return {ErrorKind::bad_input,
            fmt::format("not an OTLP {} request: {}", name_of(batch.signal), malformed.what())};
  }
}

}  // namespace clew::pipeline
