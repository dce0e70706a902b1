// Where the nodes of the map stand and which way the calls between them go. It follows from who calls whom alone, so that
// the picture stays as it is while its numbers change.

import { layersOf, type Arrow } from "./layers";
import { inversions } from "./inversions";
import { spread } from "./spread";

export interface Point {
  x: number;
  y: number;
}

export interface MapMeasures {
  /** By node; a column is as wide as its widest. */
  nodeWidths: readonly number[];
  nodeHeight: number;
  /** Between columns, where the labels of calls stand. */
  columnGap: number;
  rowGap: number;
  labelHeight: number;
}

export interface Route {
  /** From caller to called, around the nodes between. */
  points: Point[];
  label: Point;
}

export interface MapLayout {
  width: number;
  height: number;
  /** Left upper corners. */
  nodes: Point[];
  routes: Route[];
}

/** Arrows that pass a column keep a place in it, of this height. */
const laneHeight = 14;
const sweeps = 12;
/** Of a map with many long arrows, which is a tangle anyway: the page must not stand still. */
const sweepsOfMany = 4;
const manyVertices = 1000;

export function layOut(keys: readonly string[], arrows: readonly Arrow[], measures: MapMeasures): MapLayout {
  const graph = new LayeredGraph(keys, arrows, measures);
  graph.untangle();
  graph.straighten();
  return graph.layout();
}

class LayeredGraph {
  private readonly isBackward: boolean[];
  /** By vertex: nodes first, then the lanes of long arrows. */
  private readonly layer: number[];
  private readonly height: number[];
  private readonly before: number[][];
  private readonly after: number[][];
  /** By arrow: its vertices from left to right. */
  private readonly chains: number[][] = [];
  private columns: number[][];
  private centre: number[] = [];
  /** By vertex: where it stands in its column. */
  private place: number[] = [];

  constructor(
    private readonly keys: readonly string[],
    private readonly arrows: readonly Arrow[],
    private readonly measures: MapMeasures,
  ) {
    const { layer, isBackward } = layersOf(keys, arrows);
    this.isBackward = isBackward;
    this.layer = layer;
    this.height = keys.map(() => measures.nodeHeight);
    this.before = keys.map(() => []);
    this.after = keys.map(() => []);
    // In the order of the keys, so that lanes too come in an order of their own.
    const name = ({ from, to }: Arrow): string => `${keys[from]}\n${keys[to]}`;
    const inOrder = arrows.map((_, index) => index).sort((left, right) => (name(arrows[left]!) < name(arrows[right]!) ? -1 : 1));
    for (const index of inOrder) this.chains[index] = this.chainOf(index);
    this.columns = this.firstColumns();
  }

  private chainOf(index: number): number[] {
    const { from, to } = this.arrows[index]!;
    const [left, right] = this.isBackward[index] ? [to, from] : [from, to];
    const chain = [left];
    for (let layer = this.layer[left]! + 1; layer < this.layer[right]!; layer++) {
      chain.push(this.layer.length);
      this.layer.push(layer);
      this.height.push(laneHeight);
      this.before.push([]);
      this.after.push([]);
    }
    if (left !== right) chain.push(right);
    for (let step = 1; step < chain.length; step++) {
      this.after[chain[step - 1]!]!.push(chain[step]!);
      this.before[chain[step]!]!.push(chain[step - 1]!);
    }
    return chain;
  }

  private firstColumns(): number[][] {
    const columns: number[][] = Array.from({ length: Math.max(-1, ...this.layer) + 1 }, () => []);
    const nodes = [...this.keys.keys()].sort((left, right) => (this.keys[left]! < this.keys[right]! ? -1 : 1));
    for (const node of nodes) columns[this.layer[node]!]!.push(node);
    for (let lane = this.keys.length; lane < this.layer.length; lane++) columns[this.layer[lane]!]!.push(lane);
    return columns;
  }

  /** Orders each column by the mean place of those it is joined to, left and right in turn; keeps what crosses least. */
  untangle(): void {
    for (const column of this.columns) this.notePlaces(column);
    let best = this.columns.map((column) => [...column]);
    let fewest = this.crossings();
    for (let sweep = 0; sweep < this.sweeps && fewest > 0; sweep++) {
      const isRightward = sweep % 2 === 0;
      for (let step = 1; step < this.columns.length; step++) {
        this.orderColumn(isRightward ? step : this.columns.length - 1 - step, isRightward ? this.before : this.after);
      }
      const crossings = this.crossings();
      if (crossings < fewest) {
        fewest = crossings;
        best = this.columns.map((column) => [...column]);
      }
    }
    this.columns = best;
  }

  private orderColumn(index: number, neighbours: readonly number[][]): void {
    const { place } = this;
    const column = this.columns[index]!;
    const wish = new Map(column.map((vertex) => [vertex, mean(neighbours[vertex]!.map((other) => place[other]!)) ?? place[vertex]!]));
    column.sort((left, right) => wish.get(left)! - wish.get(right)! || place[left]! - place[right]!);
    this.notePlaces(column);
  }

  private notePlaces(column: readonly number[]): void {
    column.forEach((vertex, index) => (this.place[vertex] = index));
  }

  private get sweeps(): number {
    return this.layer.length > manyVertices ? sweepsOfMany : sweeps;
  }

  private crossings(): number {
    let count = 0;
    for (const column of this.columns) {
      count += inversions(column.flatMap((vertex) => this.after[vertex]!.map((next) => this.place[next]!).sort((left, right) => left - right)));
    }
    return count;
  }

  /** Moves each column towards those it is joined to. */
  straighten(): void {
    const { rowGap } = this.measures;
    for (const column of this.columns) {
      let top = -column.reduce((sum, vertex) => sum + this.height[vertex]! + rowGap, 0) / 2;
      for (const vertex of column) {
        this.centre[vertex] = top + this.height[vertex]! / 2;
        top += this.height[vertex]! + rowGap;
      }
    }
    for (let sweep = 0; sweep < this.sweeps; sweep++) {
      const columns = sweep % 2 === 0 ? this.columns : [...this.columns].reverse();
      for (const column of columns) {
        const wanted = column.map((vertex) => mean([...this.before[vertex]!, ...this.after[vertex]!].map((other) => this.centre[other]!)) ?? this.centre[vertex]!);
        const apart = column.map((vertex, index) => (index === 0 ? 0 : (this.height[column[index - 1]!]! + this.height[vertex]!) / 2 + rowGap));
        spread(wanted, apart).forEach((centre, index) => (this.centre[column[index]!] = centre));
      }
    }
  }

  layout(): MapLayout {
    const { nodeWidths, nodeHeight, columnGap, labelHeight } = this.measures;
    const width = this.columns.map((column) => Math.max(0, ...column.map((vertex) => nodeWidths[vertex] ?? 0)));
    const left = width.map((_, layer) => width.slice(0, layer).reduce((sum, own) => sum + own + columnGap, 0));
    /** Nodes narrower than their column stand at its right, where calls leave; lanes go through it. */
    const sides = (vertex: number): [number, number] => {
      const layer = this.layer[vertex]!;
      const right = left[layer]! + width[layer]!;
      return [right - (nodeWidths[vertex] ?? width[layer]!), right];
    };
    const routes = this.chains.map((chain, index): Route => {
      const points = chain.flatMap((vertex, step): Point[] => {
        const [x, right] = sides(vertex);
        const y = this.centre[vertex]!;
        if (chain.length === 1) return [{ x: right, y: y - nodeHeight / 4 }, { x: right, y: y + nodeHeight / 4 }];
        if (step === 0) return [{ x: right, y }];
        return step === chain.length - 1 ? [{ x, y }] : [{ x, y }, { x: right, y }];
      });
      const [before, end] = points.slice(-2) as [Point, Point];
      // In the middle of the gap before the column where the call ends.
      const label = { x: before.x + columnGap / 2, y: (before.y + end.y) / 2 };
      return { points: this.isBackward[index] ? points.reverse() : points, label };
    });
    keepApart(routes, labelHeight);
    const top = Math.min(0, ...this.centre.map((centre, vertex) => centre - this.height[vertex]! / 2), ...routes.map(({ label }) => label.y - labelHeight / 2));
    const bottom = Math.max(0, ...this.centre.map((centre, vertex) => centre + this.height[vertex]! / 2), ...routes.map(({ label }) => label.y + labelHeight / 2));
    for (const point of routes.flatMap(({ points, label }) => [...points, label])) point.y -= top;
    return {
      // A call of the last column to itself has its label at the right.
      width: Math.max(0, ...left.map((start, layer) => start + width[layer]!), ...routes.map(({ label }) => label.x + columnGap / 2)),
      height: bottom - top,
      nodes: this.keys.map((_, node) => ({ x: sides(node)[0], y: this.centre[node]! - nodeHeight / 2 - top })),
      routes,
    };
  }
}

/** Labels in one gap are moved until none covers another. */
function keepApart(routes: readonly Route[], labelHeight: number): void {
  const gaps = new Map<number, Point[]>();
  for (const { label } of routes) gaps.set(label.x, [...(gaps.get(label.x) ?? []), label]);
  for (const labels of gaps.values()) {
    labels.sort((left, right) => left.y - right.y);
    const places = spread(labels.map(({ y }) => y), labels.map(() => labelHeight));
    labels.forEach((label, index) => (label.y = places[index]!));
  }
}

function mean(values: readonly number[]): number | undefined {
  return values.length === 0 ? undefined : values.reduce((sum, value) => sum + value, 0) / values.length;
}
