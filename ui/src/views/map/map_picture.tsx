// The map as a picture: outlines and lines in SVG, and over them a link for each node and each call.

import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import type { MapEdge, MapNode } from "../../api/answers";
import { callHref, isCall } from "../../map/call_address";
import { keyOf, nameOf, type MapPart } from "../../map/choose";
import { figuresSentence } from "../../map/figures_text";
import { layOut, type MapLayout, type MapMeasures, type Point } from "../../map/layout";
import { kindWords, silhouette } from "../../map/silhouette";
import { tracesOfNode, type MapQuestion } from "../../map/ways";
import { serviceHue } from "../../state/service_hues";
import { useWidth } from "../../widgets/use_width";
import { MapCards } from "./map_cards";
import { CallWords, NodeWords } from "./node_words";

const measures: Omit<MapMeasures, "nodeWidths"> = { nodeHeight: 74, columnGap: 176, rowGap: 22, labelHeight: 22 };
/** Where the columns do not fit otherwise. */
const closeColumns = 156;
const widthOf = (node: MapNode): number => (node.kind === "client" ? 136 : 232);
/** A wide map is drawn smaller, as long as it can be read. */
const smallest = 0.7;
const margin = 28;
/** With less room than this nothing but a column can be read. */
const narrowest = 560;
/** With more calls than this, only those of the node that is pointed at are labelled. */
const mostLabels = 80;

export interface MapPictureProps {
  part: MapPart;
  seconds: number;
  question: MapQuestion;
  /** Of the address. */
  params: Readonly<Record<string, string>>;
}

export function MapPicture(props: MapPictureProps) {
  const { ref, width } = useWidth();
  return (
    <div class="map" ref={ref} role="group" aria-label="Map of services; the tables below have the same numbers">
      {width < narrowest ? <MapCards {...props} /> : <MapSheet {...props} room={width} />}
    </div>
  );
}

function MapSheet({ part: { nodes, edges }, seconds, question, params, room }: MapPictureProps & { room: number }) {
  const [pointed, setPointed] = useState<number | undefined>();
  const keys = nodes.map(keyOf);
  // The same nodes and calls stand where they stood, whatever their numbers.
  const structure = JSON.stringify([keys, edges.map(({ from, to }) => [from, to])]);
  const layoutWith = (columnGap: number): MapLayout => layOut(keys, edges, { ...measures, columnGap, nodeWidths: nodes.map(widthOf) });
  const wide = useMemo(() => layoutWith(measures.columnGap), [structure]);
  const isClose = (wide.width + 2 * margin) * smallest > room;
  const layout = useMemo(() => (isClose ? layoutWith(closeColumns) : wide), [structure, isClose]);
  const concerns = (edge: MapEdge): boolean => pointed === undefined || edge.from === pointed || edge.to === pointed;
  const isNear = (node: number): boolean =>
    pointed === undefined || node === pointed || edges.some(({ from, to }) => (from === pointed && to === node) || (to === pointed && from === node));
  const most = Math.max(1, ...edges.map(({ requests }) => requests));
  return (
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
              class={`map-call${concerns(edge) ? "" : " is-dim"}${edge.faults > 0 ? " has-faults" : ""}${isCall(params, nodes[edge.from]!, nodes[edge.to]!) ? " is-chosen" : ""}`}
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
          // Few are only dimmed: what has the focus must not vanish when another place gets it.
          (edges.length <= mostLabels || (pointed !== undefined && concerns(edge))) && (
            <CallLink
              key={`${keys[edge.from]}\n${keys[edge.to]}`}
              edge={edge}
              caller={nodes[edge.from]!}
              called={nodes[edge.to]!}
              at={layout.routes[index]!.label}
              seconds={seconds}
              href={callHref(params, nodes[edge.from]!, nodes[edge.to]!)}
              isDim={!concerns(edge)}
              isChosen={isCall(params, nodes[edge.from]!, nodes[edge.to]!)}
            />
          ),
      )}
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
  const style = { left: `${at.x + margin}px`, top: `${at.y + margin}px`, width: `${widthOf(node)}px`, height: `${measures.nodeHeight}px`, "--hue": String(serviceHue(node.name ?? "no service.name")) };
  const point = { onPointerEnter: () => onPoint(true), onPointerLeave: () => onPoint(false), onFocus: () => onPoint(true), onBlur: () => onPoint(false) };
  const title = `${nameOf(node)} (${node.type ?? kindWords[node.kind]}): ${figuresSentence(node, seconds)}`;
  const content = <NodeWords node={node} seconds={seconds} />;
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
  href: string;
  isDim: boolean;
  isChosen: boolean;
}

function CallLink({ edge, caller, called, at, seconds, href, isDim, isChosen }: CallLinkProps) {
  const style = { left: `${at.x + margin}px`, top: `${at.y + margin}px` };
  const title = `${nameOf(caller)} to ${nameOf(called)}: ${figuresSentence(edge, seconds)}`;
  const ref = useRef<HTMLAnchorElement>(null);
  // Its panel may have taken the room where it stands.
  useEffect(() => {
    if (isChosen) ref.current!.scrollIntoView({ block: "nearest", inline: "nearest" });
  }, [isChosen]);
  return (
    <a ref={ref} class={`map-label${edge.faults > 0 ? " has-faults" : ""}${isDim ? " is-dim" : ""}`} style={style} title={title} href={href} aria-current={isChosen ? "true" : undefined}>
      <CallWords edge={edge} seconds={seconds} />
    </a>
  );
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
