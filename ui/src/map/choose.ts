// Which part of a map is drawn: more than a hundred or so nodes are no picture any more, and the numbers of the table
// serve better.

import type { MapEdge, MapNode } from "../api/answers";

export interface MapPart {
  nodes: MapNode[];
  edges: MapEdge[];
}

/** The nodes with the most requests, those who call them from outside, and the calls between. */
export function busiestPart({ nodes, edges }: MapPart, most: number): MapPart {
  if (nodes.length <= most) return { nodes, edges };
  // A client answers nothing: it is as busy as its calls.
  const weight = nodes.map((node) => node.requests);
  for (const edge of edges) if (nodes[edge.from]!.kind === "client") weight[edge.from]! += edge.requests;
  const chosen = [...nodes.keys()].sort((left, right) => weight[right]! - weight[left]! || left - right).slice(0, most).sort((left, right) => left - right);
  return partOf({ nodes, edges }, chosen);
}

/** The nodes whose names have the text in them, and those who call them or are called by them. */
export function around({ nodes, edges }: MapPart, text: string): MapPart {
  const wanted = text.trim().toLowerCase();
  if (wanted === "") return { nodes, edges };
  const named = new Set([...nodes.keys()].filter((node) => nameOf(nodes[node]!).toLowerCase().includes(wanted)));
  const chosen = new Set(named);
  for (const { from, to } of edges) {
    if (named.has(from)) chosen.add(to);
    if (named.has(to)) chosen.add(from);
  }
  return partOf({ nodes, edges }, [...chosen].sort((left, right) => left - right));
}

function partOf({ nodes, edges }: MapPart, chosen: readonly number[]): MapPart {
  const position = new Map(chosen.map((node, index) => [node, index]));
  return {
    nodes: chosen.map((node) => nodes[node]!),
    edges: edges.flatMap((edge) => {
      const [from, to] = [position.get(edge.from), position.get(edge.to)];
      return from === undefined || to === undefined ? [] : [{ ...edge, from, to }];
    }),
  };
}

export const nameOf = (node: MapNode): string => (node.kind === "client" ? "outside" : (node.name ?? "no service.name"));

/** The same for the same node in every answer. */
export const keyOf = (node: MapNode): string => `${node.name ?? ""}\n${node.kind}\n${node.type ?? ""}`;
