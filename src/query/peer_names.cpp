#include "query/peer_names.h"

#include <algorithm>
#include <array>
#include <optional>

#include "telemetry/semantic_names.h"

namespace clew::query {
namespace {

// Of both generations of the semantic conventions, and those of the X-Ray mapping.
enum Column : uint8_t {
  kPeerService,
  kTableName,
  kTableNames,
  kQueueUrl,
  kQueueUrlConvention,
  kTopicArn,
  kBucket,
  kFunction,
  kAwsService,
  kRemoteService,
  kRpcSystem,
  kRpcService,
  kDbSystem,
  kDbSystemName,
  kDbName,
  kDbNamespace,
  kMessagingSystem,
  kMessagingDestination,
  kMessagingDestinationName,
  kServerAddress,
  kNetPeerName,
  kHttpHost,
  kUrlFull,
  kHttpUrl,
  kXRayNamespace,
  kSpanName,
  kColumnCount,
};
constexpr std::array<std::string_view, kColumnCount> kColumns = {
    "peer.service",
    "aws.table_name",
    "aws.dynamodb.table_names",
    "aws.queue_url",
    "aws.sqs.queue.url",
    "aws.sns.topic.arn",
    "aws.s3.bucket",
    "aws.lambda.function_name",
    "aws.service",
    "aws.remote.service",
    "rpc.system",
    "rpc.service",
    "db.system",
    "db.system.name",
    "db.name",
    "db.namespace",
    "messaging.system",
    "messaging.destination",
    "messaging.destination.name",
    "server.address",
    "net.peer.name",
    "http.host",
    "url.full",
    "http.url",
    "aws.xray.namespace",
    names::kName,
};

std::string_view text_at(const ResolvedColumn& column, uint32_t row) {
  for (const Piece& piece : column) {
    std::span<const uint64_t> mask = piece.mask();
    if (!mask.empty() && (mask[row >> 6] >> (row & 63) & 1) == 0) continue;
    return is_stringlike(piece.data->type) ? piece.data->string_at(row) : std::string_view();
  }
  return {};
}

// The text itself, or the first one of a list.
std::string_view first_text(std::string_view text) {
  if (!text.starts_with("[\"")) return text;
  text.remove_prefix(2);
  return text.substr(0, text.find('"'));
}

std::string_view after_last(std::string_view text, char separator) {
  return text.substr(text.find_last_of(separator) + 1);
}

class PeerSearch {
 public:
  PeerSearch(GranuleReader& reader, std::span<const BoundColumn> columns, Selection calls,
             const PeerFound& found)
      : reader_(reader), columns_(columns), remaining_(std::move(calls)), found_(found) {}

  // From what names the other side best to what names it somehow.
  Status run() {
    CLEW_TRY(name_by({kPeerService}, [](uint32_t, std::string_view name) {
      return Named{NodeKind::remote, name, {}};
    }));
    CLEW_TRY(name_by_resource({kTableName, kTableNames}, "AWS::DynamoDB::Table", '\0'));
    CLEW_TRY(name_by_resource({kQueueUrl, kQueueUrlConvention}, "AWS::SQS::Queue", '/'));
    CLEW_TRY(name_by_resource({kTopicArn}, "AWS::SNS", ':'));
    CLEW_TRY(name_by_resource({kBucket}, "AWS::S3::Bucket", '\0'));
    CLEW_TRY(name_by_resource({kFunction}, "AWS::Lambda::Function", '\0'));
    CLEW_TRY(name_by({kAwsService, kRemoteService},
                     [this](uint32_t, std::string_view name) { return cloud_service(name); }));
    CLEW_TRY(name_calls_of_xray());
    CLEW_TRY(load({kRpcService}));
    CLEW_TRY(name_by({kRpcSystem}, [this](uint32_t row, std::string_view system) -> std::optional<Named> {
      std::string_view service = text(kRpcService, row);
      if (system != "aws-api" || service.empty()) return std::nullopt;
      return cloud_service(service);
    }));
    CLEW_TRY(name_databases());
    CLEW_TRY(name_queues());
    CLEW_TRY(name_by({kRpcService}, [](uint32_t, std::string_view name) {
      return Named{NodeKind::remote, name, {}};
    }));
    CLEW_TRY(name_by({kServerAddress, kNetPeerName, kHttpHost}, [](uint32_t, std::string_view name) {
      return Named{NodeKind::remote, name, {}};
    }));
    CLEW_TRY(name_by({kUrlFull, kHttpUrl}, [](uint32_t, std::string_view url) -> std::optional<Named> {
      std::string_view host = host_of_url(url);
      if (host.empty()) return std::nullopt;
      return Named{NodeKind::remote, host, {}};
    }));
    CLEW_TRY(name_by({kSpanName}, [](uint32_t, std::string_view name) {
      return Named{NodeKind::remote, name, {}};
    }));
    for_each_row(remaining_, [&](uint32_t row) { found_(row, NodeKind::remote, "unknown", {}); });
    return {};
  }

 private:
  struct Named {
    NodeKind kind;
    std::string_view name, type;
  };

  Status load(std::initializer_list<Column> columns) {
    if (remaining_.empty()) return {};
    for (Column column : columns) {
      if (loaded_[column]) continue;
      CLEW_ASSIGN(resolved_[column], reader_.resolve(columns_[column]));
      loaded_[column] = true;
    }
    return {};
  }
  std::string_view text(Column column, uint32_t row) const { return text_at(resolved_[column], row); }
  std::string_view first_of(std::initializer_list<Column> columns, uint32_t row) const {
    for (Column column : columns) {
      if (std::string_view found = text(column, row); !found.empty()) return found;
    }
    return {};
  }

  // Names the rows for which `name_of` knows a name for what is found in the first of `columns` that has it.
  template <typename NameOf>
  Status name_by(std::initializer_list<Column> columns, NameOf&& name_of) {
    CLEW_TRY(load(columns));
    if (remaining_.empty() ||
        std::all_of(columns.begin(), columns.end(), [&](Column column) { return resolved_[column].empty(); }))
      return {};
    keep_rows(remaining_, [&](uint32_t row) {
      std::string_view value = first_of(columns, row);
      if (value.empty()) return true;
      std::optional<Named> named = name_of(row, value);
      if (!named || named->name.empty()) return true;
      found_(row, named->kind, named->name, named->type);
      return false;
    });
    return {};
  }

  Status name_by_resource(std::initializer_list<Column> columns, std::string_view type, char separator) {
    return name_by(columns, [=](uint32_t, std::string_view value) {
      std::string_view name = first_text(value);
      return Named{NodeKind::cloud, separator == '\0' ? name : after_last(name, separator), type};
    });
  }

  Named cloud_service(std::string_view name) {
    if (name.starts_with("AWS.SDK.")) name.remove_prefix(8);
    if (name.starts_with("AWS::")) name.remove_prefix(5);
    type_ = "AWS::";
    type_ += name;
    return {NodeKind::cloud, name, type_};
  }

  // Subsegments of X-Ray have the name of what they call.
  Status name_calls_of_xray() {
    CLEW_TRY(load({kXRayNamespace}));
    if (resolved_[kXRayNamespace].empty()) return {};
    CLEW_TRY(load({kSpanName, kDbSystemName}));
    return name_by({kXRayNamespace}, [this](uint32_t row, std::string_view space) -> std::optional<Named> {
      std::string_view name = text(kSpanName, row), database = text(kDbSystemName, row);
      if (space == "aws") return cloud_service(name);
      return Named{database.empty() ? NodeKind::remote : NodeKind::database, name, database};
    });
  }

  Status name_databases() {
    CLEW_TRY(load({kDbSystem, kDbSystemName}));
    if (resolved_[kDbSystem].empty() && resolved_[kDbSystemName].empty()) return {};
    CLEW_TRY(load({kDbName, kDbNamespace, kServerAddress, kNetPeerName}));
    return name_by({kDbSystemName, kDbSystem}, [this](uint32_t row, std::string_view system) {
      std::string_view database = first_of({kDbNamespace, kDbName}, row);
      std::string_view host = first_of({kServerAddress, kNetPeerName}, row);
      name_ = database.empty() ? (host.empty() ? system : host) : database;
      if (!database.empty() && !host.empty()) {
        name_ += '@';
        name_ += host;
      }
      return Named{NodeKind::database, name_, system};
    });
  }

  Status name_queues() {
    CLEW_TRY(load({kMessagingSystem}));
    if (resolved_[kMessagingSystem].empty()) return {};
    CLEW_TRY(load({kMessagingDestination, kMessagingDestinationName}));
    return name_by({kMessagingSystem}, [this](uint32_t row, std::string_view system) {
      std::string_view destination = first_of({kMessagingDestinationName, kMessagingDestination}, row);
      return Named{NodeKind::queue, destination.empty() ? system : destination, system};
    });
  }

  GranuleReader& reader_;
  std::span<const BoundColumn> columns_;
  Selection remaining_;
  const PeerFound& found_;
  std::array<ResolvedColumn, kColumnCount> resolved_;
  std::array<bool, kColumnCount> loaded_{};
  std::string name_, type_;  // what the last name is made of
};

}  // namespace

std::span<const std::string_view> peer_columns() {
  return kColumns;
}

Status find_peers(GranuleReader& reader, std::span<const BoundColumn> columns, Selection calls,
                  const PeerFound& found) {
  return PeerSearch(reader, columns, std::move(calls), found).run();
}

std::string_view host_of_url(std::string_view url) {
  size_t scheme = url.find("://");
  if (scheme == std::string_view::npos) return {};
  url.remove_prefix(scheme + 3);
  url = url.substr(0, url.find_first_of("/?#"));
  return url.substr(url.find_last_of('@') + 1);
}

}  // namespace clew::query
