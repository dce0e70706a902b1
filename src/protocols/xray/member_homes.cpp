#include "protocols/xray/member_homes.h"

#include <algorithm>
#include <array>

namespace clew::xray {
namespace {

using enum MemberKind;
constexpr HomeScope kSpan = HomeScope::span;
constexpr HomeScope kResource = HomeScope::resource;

constexpr std::array kHomes = {
    MemberHome{"http.request.method", text, kSpan, "http.request.method"},
    MemberHome{"http.request.url", text, kSpan, "url.full"},
    MemberHome{"http.request.user_agent", text, kSpan, "user_agent.original"},
    MemberHome{"http.request.client_ip", text, kSpan, "client.address"},
    MemberHome{"http.request.x_forwarded_for", boolean, kSpan, "aws.xray.x_forwarded_for"},
    MemberHome{"http.request.traced", boolean, kSpan, "aws.xray.traced"},
    MemberHome{"http.response.status", integer, kSpan, "http.response.status_code"},
    MemberHome{"http.response.content_length", integer, kSpan, "http.response.body.size"},

    MemberHome{"sql.sanitized_query", text, kSpan, "db.query.text"},
    MemberHome{"sql.database_type", text, kSpan, "db.system.name"},
    MemberHome{"sql.user", text, kSpan, "db.user"},
    MemberHome{"sql.url", text, kSpan, "db.connection_string"},
    MemberHome{"sql.connection_string", text, kSpan, "aws.xray.sql.connection_string"},
    MemberHome{"sql.database_version", text, kSpan, "aws.xray.sql.database_version"},
    MemberHome{"sql.driver_version", text, kSpan, "aws.xray.sql.driver_version"},
    MemberHome{"sql.preparation", text, kSpan, "aws.xray.sql.preparation"},

    MemberHome{"user", text, kSpan, "enduser.id"},
    MemberHome{"namespace", text, kSpan, "aws.xray.namespace"},
    MemberHome{"origin", text, kSpan, "aws.xray.origin"},
    MemberHome{"resource_arn", text, kSpan, "aws.xray.resource_arn"},
    MemberHome{"fault", boolean, kSpan, "aws.xray.fault"},
    MemberHome{"error", boolean, kSpan, "aws.xray.error"},
    MemberHome{"throttle", boolean, kSpan, "aws.xray.throttle"},
    MemberHome{"in_progress", boolean, kSpan, attribute::kInProgress},

    MemberHome{"aws.operation", text, kSpan, "aws.operation"},
    MemberHome{"aws.region", text, kSpan, "aws.region"},
    MemberHome{"aws.account_id", text, kSpan, "aws.account_id"},
    MemberHome{"aws.request_id", text, kSpan, "aws.request_id"},
    MemberHome{"aws.id_2", text, kSpan, "aws.extended_request_id"},
    MemberHome{"aws.retries", integer, kSpan, "aws.xray.retries"},
    MemberHome{"aws.table_name", text, kSpan, "aws.table_name"},
    MemberHome{"aws.queue_url", text, kSpan, "aws.queue_url"},
    MemberHome{"aws.topic_arn", text, kSpan, "aws.sns.topic.arn"},
    MemberHome{"aws.bucket_name", text, kSpan, "aws.s3.bucket"},
    MemberHome{"aws.key", text, kSpan, "aws.s3.key"},
    MemberHome{"aws.function_name", text, kSpan, "aws.lambda.function_name"},
    MemberHome{"aws.stream_name", text, kSpan, "aws.kinesis.stream_name"},
    MemberHome{"aws.xray.rule_name", text, kSpan, "aws.xray.rule_name"},
    MemberHome{"aws.xray.sampling_rule_name", text, kSpan, "aws.xray.sampling_rule_name"},

    MemberHome{"aws.xray.sdk", text, kResource, "telemetry.sdk.name"},
    MemberHome{"aws.xray.sdk_version", text, kResource, "telemetry.sdk.version"},
    MemberHome{"service.version", text, kResource, "service.version"},
    MemberHome{"service.runtime", text, kResource, "process.runtime.name"},
    MemberHome{"service.runtime_version", text, kResource, "process.runtime.version"},
    MemberHome{"aws.ec2.instance_id", text, kResource, "host.id"},
    MemberHome{"aws.ec2.instance_size", text, kResource, "host.type"},
    MemberHome{"aws.ec2.ami_id", text, kResource, "host.image.id"},
    MemberHome{"aws.ec2.availability_zone", text, kResource, "cloud.availability_zone"},
    MemberHome{"aws.ecs.container", text, kResource, "container.name"},
    MemberHome{"aws.ecs.container_id", text, kResource, "container.id"},
    MemberHome{"aws.ecs.container_arn", text, kResource, "aws.ecs.container.arn"},
    MemberHome{"aws.ecs.task_arn", text, kResource, "aws.ecs.task.arn"},
    MemberHome{"aws.ecs.task_family", text, kResource, "aws.ecs.task.family"},
    MemberHome{"aws.ecs.cluster_arn", text, kResource, "aws.ecs.cluster.arn"},
    MemberHome{"aws.eks.cluster_name", text, kResource, "k8s.cluster.name"},
    MemberHome{"aws.eks.pod", text, kResource, "k8s.pod.name"},
    MemberHome{"aws.elastic_beanstalk.environment_name", text, kResource, "service.namespace"},
    MemberHome{"aws.elastic_beanstalk.version_label", text, kResource, "aws.elastic_beanstalk.version_label"},

    MemberHome{"metadata", json, kSpan, "aws.xray.metadata"},
    MemberHome{"cause", json, kSpan, "aws.xray.cause"},
};

// Names that a view reads on spans although no member of a document is kept there.
constexpr std::array<std::string_view, 3> kOfOthers = {"service.name", "SampleRate", "sampleRate"};

}  // namespace

std::span<const MemberHome> all_member_homes() {
  return kHomes;
}

bool is_reserved_attribute(std::string_view name) {
  if (name.starts_with(attribute::kPrefix)) return true;
  if (std::find(kOfOthers.begin(), kOfOthers.end(), name) != kOfOthers.end()) return true;
  return std::any_of(kHomes.begin(), kHomes.end(),
                     [name](const MemberHome& home) { return home.attribute == name; });
}

}  // namespace clew::xray
