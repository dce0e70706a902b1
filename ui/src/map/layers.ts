// Which column of the map each node stands in, so that calls go from left to right: cycles are cut, and a node stands
// right of all who call it.

export interface Arrow {
  from: number;
  to: number;
}

export interface Layers {
  /** By node. */
  layer: number[];
  /** By arrow: it goes from right to left, since it closes a cycle. */
  isBackward: boolean[];
}

/** The answer depends on the keys of the nodes, not on the order in which they come. */
export function layersOf(keys: readonly string[], arrows: readonly Arrow[]): Layers {
  const byKey = (left: number, right: number): number => (keys[left]! < keys[right]! ? -1 : keys[left]! > keys[right]! ? 1 : 0);
  const outgoing = keys.map((): number[] => []);
  const isCalled = keys.map(() => false);
  arrows.forEach(({ from, to }, index) => {
    if (from === to) return;
    outgoing[from]!.push(index);
    isCalled[to] = true;
  });
  for (const own of outgoing) own.sort((left, right) => byKey(arrows[left]!.to, arrows[right]!.to));
  const inOrder = [...keys.keys()].sort((left, right) => Number(isCalled[left]) - Number(isCalled[right]) || byKey(left, right));

  const isBackward = arrows.map(() => false);
  const visited: ("being visited" | "done" | undefined)[] = [];
  const finished: number[] = [];
  const visit = (node: number): void => {
    visited[node] = "being visited";
    for (const arrow of outgoing[node]!) {
      const next = arrows[arrow]!.to;
      if (visited[next] === "being visited") isBackward[arrow] = true;
      else if (!visited[next]) visit(next);
    }
    visited[node] = "done";
    finished.push(node);
  };
  for (const node of inOrder) if (!visited[node]) visit(node);

  const forward = arrows.map((arrow, index): Arrow => (isBackward[index] ? { from: arrow.to, to: arrow.from } : arrow));
  return { layer: longestWays(finished.reverse(), forward), isBackward };
}

/** `inOrder`: callers before those they call, backward arrows left aside. */
function longestWays(inOrder: readonly number[], arrows: readonly Arrow[]): number[] {
  const layer = inOrder.map(() => 0);
  const real = arrows.filter(({ from, to }) => from !== to);
  const outgoing = inOrder.map((): number[] => []);
  const incoming = inOrder.map(() => 0);
  for (const { from, to } of real) {
    outgoing[from]!.push(to);
    incoming[to]! += 1;
  }
  // An arrow that was turned round agrees with the order: it was turned because its end came first.
  for (const node of inOrder) for (const next of outgoing[node]!) layer[next] = Math.max(layer[next]!, layer[node]! + 1);
  // Whoever is called by nobody stands beside the first that it calls, not at the far left.
  for (const node of inOrder) {
    if (incoming[node] === 0 && outgoing[node]!.length > 0) layer[node] = Math.min(...outgoing[node]!.map((next) => layer[next]!)) - 1;
  }
  return layer;
}
