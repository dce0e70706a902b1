// A call of the map in the address: caller and called, each by what tells it apart from all other nodes.

import type { MapEdge, MapNode } from "../api/answers";
import { hrefOf } from "../state/location";
import type { MapPart } from "./choose";

type Params = Readonly<Record<string, string>>;

/** The name comes last, since there may be anything in it. */
const nodeText = ({ kind, type, name }: MapNode): string => `${kind}:${type ?? ""}:${name ?? ""}`;

/** With this call opened, and no part of its times selected. */
export const callHref = (params: Params, caller: MapNode, called: MapNode): string =>
  hrefOf("/map", { ...params, caller: nodeText(caller), called: nodeText(called), min: undefined, max: undefined });

export const noCall = { caller: undefined, called: undefined, min: undefined, max: undefined };

export const isCall = (params: Params, caller: MapNode, called: MapNode): boolean => params.caller === nodeText(caller) && params.called === nodeText(called);

/** The call that is opened, if it took place. */
export const callOf = ({ nodes, edges }: MapPart, params: Params): MapEdge | undefined =>
  params.caller === undefined ? undefined : edges.find(({ from, to }) => isCall(params, nodes[from]!, nodes[to]!));
