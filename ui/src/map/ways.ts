// From a node or a call of the map to its traces. A service is asked for by its name; a call between services by the name of
// the service that the parent belongs to; what sends nothing itself by what its callers write down about it.

import type { MapNode } from "../api/answers";
import { asMilliseconds } from "../base/time";
import { both, isEqual, nameText, valueText } from "../query/short_form_text";
import { hrefOf, placeOf } from "../state/location";
import type { Selection } from "../chart/response_times";

export interface MapQuestion {
  from?: string | undefined;
  to?: string | undefined;
  q?: string | undefined;
}

/** Nothing for nodes that were put together under one name. */
export function tracesOfNode(node: MapNode, { from, to, q }: MapQuestion): string | undefined {
  if (node.name === "(others)") return undefined;
  switch (node.kind) {
    case "service":
      return node.name === null
        ? hrefOf("/traces", { q: both(q, "service.name does-not-exist"), from, to })
        : hrefOf("/traces", { service: node.name, q, from, to });
    case "client":
      return hrefOf("/traces", { service: node.name ?? undefined, q: both(q, "is_root = true"), from, to });
    default:
      return hrefOf("/traces", { q: both(q, calling(node)), from, to });
  }
}

/** `selection`: only calls that took so long. */
export function tracesOfCall(caller: MapNode, called: MapNode, question: MapQuestion, selection: Selection = {}): string | undefined {
  if (caller.name === "(others)" || called.name === "(others)") return undefined;
  const { from, to } = question;
  const took = tookBetween(selection);
  const q = both(question.q, took) || undefined;
  if (caller.kind === "client") return tracesOfNode(caller, { from, to, q });
  if (called.kind !== "service") return hrefOf("/traces", { service: caller.name ?? undefined, q: both(q, calling(called)), from, to });
  if (caller.name === null || called.name === null) return undefined;
  return hrefOf("/traces", { service: called.name, q: both(q, is("parent.service.name", caller.name)), from, to });
}

/** A condition on how long a span took, or nothing. */
export const tookBetween = ({ min, max }: Selection): string =>
  both(min === undefined ? undefined : `duration_ms >= ${asMilliseconds(min)}`, max === undefined ? undefined : `duration_ms < ${asMilliseconds(max)}`);

/** A condition on the spans that are the calls, without filter: what the link to their traces says, for a question. */
export function conditionOfCall(caller: MapNode, called: MapNode): string | undefined {
  const href = tracesOfCall(caller, called, {});
  if (href === undefined) return undefined;
  const { q, service } = placeOf(href).params;
  return both(service === undefined ? undefined : is("service.name", service), q);
}

const is = (column: string, value: string): string => isEqual(column, value, "string");
const has = (column: string, operator: string, value: string): string => `${nameText(column)} ${operator} ${valueText(value, "string")}`;
const anyOf = (...conditions: string[]): string => conditions.join(" OR ");

/** A condition on the spans that call what is known only from them. */
function calling(node: MapNode): string {
  const name = node.name ?? "";
  switch (node.kind) {
    case "database":
      return callingDatabase(name, node.type);
    case "queue":
      return name === node.type
        ? is("messaging.system", name)
        : anyOf(is("messaging.destination.name", name), is("messaging.destination", name));
    case "cloud":
      return callingCloud(name, node.type ?? "");
    default:
      return both(
        "span.kind in (client, producer)",
        anyOf(
          is("peer.service", name),
          is("server.address", name),
          is("net.peer.name", name),
          is("http.host", name),
          is("rpc.service", name),
          is("name", name),
          has("url.full", "contains", `//${name}`),
          has("http.url", "contains", `//${name}`),
        ),
      );
  }
}

/** Named "database@host", or after what is known of these two; failing both, after the product. */
function callingDatabase(name: string, product: string | null): string {
  const isProduct = product === null ? undefined : anyOf(is("db.system.name", product), is("db.system", product));
  if (name === product) return isProduct!;
  const at = name.indexOf("@");
  const onHost = (host: string): string[] => [is("server.address", host), is("net.peer.name", host)];
  const inDatabase = (database: string): string[] => [is("db.namespace", database), is("db.name", database)];
  const place = at > 0 ? both(anyOf(...inDatabase(name.slice(0, at))), anyOf(...onHost(name.slice(at + 1)))) : anyOf(...inDatabase(name), ...onHost(name), is("name", name));
  return both(isProduct, place);
}

const namedAfter: Readonly<Record<string, (name: string) => string>> = {
  "AWS::DynamoDB::Table": (name) => anyOf(is("aws.table_name", name), has("aws.dynamodb.table_names", "contains", `"${name}"`)),
  "AWS::SQS::Queue": (name) => anyOf(has("aws.queue_url", "ends-with", `/${name}`), has("aws.sqs.queue.url", "ends-with", `/${name}`)),
  "AWS::SNS": (name) => has("aws.sns.topic.arn", "ends-with", `:${name}`),
  "AWS::S3::Bucket": (name) => is("aws.s3.bucket", name),
  "AWS::Lambda::Function": (name) => is("aws.lambda.function_name", name),
};

function callingCloud(name: string, type: string): string {
  const asWritten = [name, `AWS::${name}`, `AWS.SDK.${name}`];
  return (
    namedAfter[type]?.(name) ??
    anyOf(
      ...["aws.service", "aws.remote.service", "rpc.service"].flatMap((column) => asWritten.map((one) => is(column, one))),
      `${is("name", name)} AND ${is("aws.xray.namespace", "aws")}`,
    )
  );
}
