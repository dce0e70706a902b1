// Nodes and calls for tests of the map.

import type { MapEdge, MapNode, NodeKind, RequestFigures } from "../api/answers";

export const figuresOf = (requests: number, more: Partial<RequestFigures> = {}): RequestFigures => ({
  requests,
  errors: 0,
  throttles: 0,
  faults: 0,
  average_ms: 1,
  p50_ms: 1,
  p95_ms: 2,
  p99_ms: 3,
  ...more,
});

export const nodeOf = (name: string | null, requests = 1, kind: NodeKind = "service", type: string | null = null): MapNode => ({
  kind,
  name,
  type,
  root: false,
  ...figuresOf(requests),
});

export const edgeOf = (from: number, to: number, requests = 1): MapEdge => ({ from, to, ...figuresOf(requests) });
