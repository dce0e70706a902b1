// Traces made from a seed, for tests and measurements: any number of spans in a tree of plausible shape.

import type { OutlineAnswer } from "./decode";

const deepest = 7;

export function generateTrace(spans: number, seed = 1): OutlineAnswer {
  let state = seed;
  const random = (): number => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 4294967296;
  };
  const services = ["frontend", "checkout", "payment", "inventory", "database", "shipping", "mail", "cache"];
  const names = ["GET /", "POST /checkout", "SELECT orders", "charge card", "reserve item", "send mail", "render", "GET key", "lock"];
  const rows = [{ parent: -1, start: 0, duration: 4e9, depth: 0 }];
  for (let row = 1; row < spans; row++) {
    let parent = Math.floor(row * random());
    while (rows[parent]!.depth >= deepest) parent = rows[parent]!.parent;
    const above = rows[parent]!;
    const start = above.start + Math.floor(above.duration * random() * 0.8);
    const duration = Math.floor((above.start + above.duration - start) * (0.1 + 0.85 * random()));
    rows.push({ parent, start, duration, depth: above.depth + 1 });
  }
  const order = rows.map((_, row) => row).sort((left, right) => rows[left]!.start - rows[right]!.start || left - right);
  const placed = new Array<number>(spans);
  order.forEach((row, at) => (placed[row] = at));
  const column = (value: (row: number) => number): number[] => order.map(value);
  const withEvent = order.flatMap((row, at) => (row % 17 === 0 ? [at] : []));
  const error = column(() => (random() < 0.01 ? 1 : 0));
  return {
    trace_id: "0af7651916cd43dd8448eb211c80319c",
    start_ns: "1770000000000000000",
    duration_ns: 4e9,
    spans,
    errors: error.reduce((sum, failed) => sum + failed, 0),
    logs: 0,
    services,
    names,
    columns: {
      span_id: order.map((row) => (row + 1).toString(16).padStart(16, "0")),
      parent: column((row) => (rows[row]!.parent < 0 ? -1 : placed[rows[row]!.parent]!)),
      orphan: column(() => 0),
      start_offset_ns: column((row) => rows[row]!.start),
      duration_ns: column((row) => rows[row]!.duration),
      service: column((row) => row % services.length),
      name: column((row) => row % names.length),
      kind: column((row) => row % 6),
      status: error.map((failed) => failed * 2),
      error,
      event_count: column((row) => (row % 17 === 0 ? 1 : 0)),
      link_count: column((row) => (row % 41 === 0 ? 1 : 0)),
    },
    events: {
      span: withEvent,
      offset_ns: withEvent.map((at) => rows[order[at]!]!.start + rows[order[at]!]!.duration / 2),
      exception: withEvent.map((at) => error[at]!),
    },
  };
}
