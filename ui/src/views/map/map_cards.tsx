// The map where there is no room for a picture: node under node, callers before those they call, each with its calls.

import { keyOf, nameOf } from "../../map/choose";
import { callHref, isCall } from "../../map/call_address";
import { figuresSentence } from "../../map/figures_text";
import { layersOf } from "../../map/layers";
import { tracesOfNode } from "../../map/ways";
import { serviceHue } from "../../state/service_hues";
import type { MapPictureProps } from "./map_picture";
import { CallWords, NodeWords } from "./node_words";

export function MapCards({ part: { nodes, edges }, seconds, question, params }: MapPictureProps) {
  const keys = nodes.map(keyOf);
  const { layer } = layersOf(keys, edges);
  const order = [...nodes.keys()].sort((left, right) => layer[left]! - layer[right]! || (keys[left]! < keys[right]! ? -1 : 1));
  return (
    <ol class="map-cards">
      {order.map((index) => {
        const node = nodes[index]!;
        const href = tracesOfNode(node, question);
        const words = <NodeWords node={node} seconds={seconds} />;
        const calls = edges.filter(({ from }) => from === index).sort((left, right) => right.requests - left.requests);
        return (
          <li key={keys[index]} class={`map-card kind-${node.kind}`} style={{ "--hue": String(serviceHue(node.name ?? "no service.name")) }}>
            {href ? (
              <a class="map-card-node" href={href} title={figuresSentence(node, seconds)}>
                {words}
              </a>
            ) : (
              <div class="map-card-node">{words}</div>
            )}
            {calls.length > 0 && (
              <ul aria-label={`What ${nameOf(node)} calls`}>
                {calls.map((edge) => {
                  const called = nodes[edge.to]!;
                  return (
                    <li key={keys[edge.to]}>
                      <a href={callHref(params, node, called)} aria-current={isCall(params, node, called) ? "true" : undefined} class={edge.faults > 0 ? "has-faults" : ""}>
                        <span aria-hidden="true">→</span> <strong class="clip">{nameOf(called)}</strong>{" "}
                        <span class="map-card-figures">
                          <CallWords edge={edge} seconds={seconds} />
                        </span>
                      </a>
                    </li>
                  );
                })}
              </ul>
            )}
          </li>
        );
      })}
    </ol>
  );
}
