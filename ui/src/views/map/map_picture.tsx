// The map as a picture: outlines and lines in SVG, and over them a link for each node and each call.

import { useMemo, useState } from "preact/hooks";
import type { MapEdge, MapNode } from "../../api/answers";
import { keyOf, nameOf, type MapPart } from "../../map/choose";
import { figuresSentence, latencyText, rateText } from "../../map/figures_text";
import { layOut, type MapMeasures, type Point } from "../../map/layout";
import { failedText, outcomeText } from "../../map/outcomes";
import { kindWords, silhouette } from "../../map/silhouette";
import { tracesOfCall, tracesOfNode, type MapQuestion } from "../../map/ways";
import { serviceHue } from "../../state/service_hues";
import { Icon } from "../../widgets/icon";
import { useWidth } from "../../widgets/use_width";
import { ShareRing } from "./share_ring";

const measures: Omit<MapMeasures, "nodeWidths"> = { nodeHeight: 74, columnGap: 176, rowGap: 22, labelHeight: 22 };
const widthOf = (node: MapNode): number => (node.kind === "client" ? 136 : 238);
/** A wide map is drawn smaller, as long as it can be read. */
const smallest = 0.72;
const margin = 28;
/** With more calls than this, only those of the node that is pointed at are labelled. */
const mostLabels = 80;

export interface MapPictureProps {
  part: MapPart;
  seconds: number;
  question: MapQuestion;
}

export function MapPicture({ part: { nodes, edges }, seconds, question }: MapPictureProps) {
  const [pointed, setPointed] = useState<number | undefined>();
  const { ref, width: room } = useWidth();
  const keys = nodes.map(keyOf);
  // The same nodes and calls stand where they stood, whatever their numbers.
  const structure = JSON.stringify([keys, edges.map(({ from, to }) => [from, to])]);
  const layout = useMemo(() => layOut(keys, edges, { ...measures, nodeWidths: nodes.map(widthOf) }), [structure]);
  const concerns = (edge: MapEdge): boolean => pointed === undefined || edge.from === pointed || edge.to === pointed;
  const isNear = (node: number): boolean =>
    pointed === undefined || node === pointed || edges.some(({ from, to }) => (from === pointed && to === node) || (to === pointed && from === node));
  const most = Math.max(1, ...edges.map(({ requests }) => requests));
  return (
    <div class="map" ref={ref} role="group" aria-label="Map of services; the tables below have the same numbers">
      <div class="map-sheet" style={{ width: `${layout.width + 2 * margin}px`, height: `${layout.height + 2 * margin}px`, zoom: String(Math.max(smallest, Math.min(1, room / (layout.width + 2 * margin)))) }}>
        <svg width={layout.width + 2 * margin} height={layout.height + 2 * margin} aria-hidden="true">
          <defs>
            <marker id="map-arrow" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="8" markerHeight="8" markerUnits="userSpaceOnUse" orient="auto">
              <path d="M0 0.5 8 4 0 7.5Z" />
            </marker>
          </defs>
          <g transform={`translate(${margin} ${margin})`}>
            {edges.map((edge, index) => (
              <path
                key={`${keys[edge.from]}\n${keys[edge.to]}`}
                class={`map-call${concerns(edge) ? "" : " is-dim"}${edge.faults > 0 ? " has-faults" : ""}`}
                d={curve(layout.routes[index]!.points)}
                stroke-width={1.2 + 2.4 * Math.sqrt(edge.requests / most)}
                marker-end="url(#map-arrow)"
              />
            ))}
            {nodes.map((node, index) => (
              <path
                key={keys[index]}
                class={`map-outline kind-${node.kind}${isNear(index) ? "" : " is-dim"}`}
                d={silhouette(node.kind, layout.nodes[index]!.x, layout.nodes[index]!.y, widthOf(node), measures.nodeHeight)}
              />
            ))}
          </g>
        </svg>
        {nodes.map((node, index) => (
          <NodeLink key={keys[index]} node={node} at={layout.nodes[index]!} seconds={seconds} href={tracesOfNode(node, question)} isDim={!isNear(index)} onPoint={(is) => setPointed(is ? index : undefined)} />
        ))}
        {edges.map(
          (edge, index) =>
            (pointed === undefined ? edges.length <= mostLabels : concerns(edge)) && (
              <CallLink
                key={`${keys[edge.from]}\n${keys[edge.to]}`}
                edge={edge}
                caller={nodes[edge.from]!}
                called={nodes[edge.to]!}
                at={layout.routes[index]!.label}
                seconds={seconds}
                href={tracesOfCall(nodes[edge.from]!, nodes[edge.to]!, question)}
              />
            ),
        )}
      </div>
    </div>
  );
}

interface NodeLinkProps {
  node: MapNode;
  at: Point;
  seconds: number;
  href: string | undefined;
  isDim: boolean;
  onPoint: (isPointed: boolean) => void;
}

function NodeLink({ node, at, seconds, href, isDim, onPoint }: NodeLinkProps) {
  const trouble = outcomeText(node);
  const style = { left: `${at.x + margin}px`, top: `${at.y + margin}px`, width: `${widthOf(node)}px`, height: `${measures.nodeHeight}px`, "--hue": String(serviceHue(node.name ?? "no service.name")) };
  const point = { onPointerEnter: () => onPoint(true), onPointerLeave: () => onPoint(false), onFocus: () => onPoint(true), onBlur: () => onPoint(false) };
  const title = `${nameOf(node)} (${node.type ?? kindWords[node.kind]}): ${figuresSentence(node, seconds)}`;
  const content = (
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
  const classes = `map-node kind-${node.kind}${isDim ? " is-dim" : ""}`;
  if (!href) return <div class={classes} style={style} title={title} {...point}>{content}</div>;
  return <a class={classes} style={style} title={title} href={href} {...point}>{content}</a>;
}

interface CallLinkProps {
  edge: MapEdge;
  caller: MapNode;
  called: MapNode;
  at: Point;
  seconds: number;
  href: string | undefined;
}

function CallLink({ edge, caller, called, at, seconds, href }: CallLinkProps) {
  const style = { left: `${at.x + margin}px`, top: `${at.y + margin}px` };
  const failed = failedText(edge);
  const title = `${nameOf(caller)} to ${nameOf(called)}: ${figuresSentence(edge, seconds)}`;
  const content = (
    <>
      {failed && <Icon name="error" size={11} />}
      {rateText(edge.requests, seconds)} · {latencyText(edge.p50_ms)}
      {failed && ` · ${failed}`}
    </>
  );
  const classes = `map-label${edge.faults > 0 ? " has-faults" : ""}`;
  if (!href) return <span class={classes} style={style} title={title}>{content}</span>;
  return <a class={classes} style={style} title={title} href={href}>{content}</a>;
}

/** Level where it leaves and where it arrives. */
function curve(points: readonly Point[]): string {
  const [first, ...rest] = points;
  let text = `M${first!.x} ${first!.y}`;
  let from = first!;
  for (const to of rest) {
    // A call to itself leaves and comes back at the right side.
    const bend = to.x === from.x ? 46 : (to.x - from.x) / 2;
    text += `C${from.x + bend} ${from.y} ${to.x === from.x ? to.x + bend : to.x - bend} ${to.y} ${to.x} ${to.y}`;
    from = to;
  }
  return text;
}
