// What stands in a node of the map, and at a call of it.

import type { MapEdge, MapNode } from "../../api/answers";
import { nameOf } from "../../map/choose";
import { latencyText, rateText } from "../../map/figures_text";
import { failedText, outcomeText } from "../../map/outcomes";
import { kindWords } from "../../map/silhouette";
import { Icon } from "../../widgets/icon";
import { ShareRing } from "./share_ring";

export function NodeWords({ node, seconds }: { node: MapNode; seconds: number }) {
  const trouble = outcomeText(node);
  return (
    <>
      {node.kind !== "client" && <ShareRing figures={node} />}
      <span class="map-words">
        <strong class={`clip${node.kind === "service" ? " is-service" : ""}`}>{nameOf(node)}</strong>
        {node.kind === "client" ? (
          <span class="clip faint">to {node.name}</span>
        ) : (
          <>
            <span class="clip">
              <span class="faint">p50</span> {latencyText(node.p50_ms)} <span class="faint">p95</span> {latencyText(node.p95_ms)}
            </span>
            <span class="clip">
              {rateText(node.requests, seconds)}{" "}
              <span class={trouble ? "error-text" : "faint"}>{trouble || (node.kind === "service" ? "no errors" : (node.type ?? kindWords[node.kind]))}</span>
            </span>
          </>
        )}
      </span>
    </>
  );
}

export function CallWords({ edge, seconds }: { edge: MapEdge; seconds: number }) {
  const failed = failedText(edge);
  return (
    <>
      {failed && <Icon name="error" size={11} />}
      {rateText(edge.requests, seconds)} · {latencyText(edge.p50_ms)}
      {failed && ` · ${failed}`}
    </>
  );
}
