// The order of a board's panels. Panels are read from left to right and from top to bottom; moving one lays them all out
// anew on the grid, so that none lies over another and no holes remain.

import type { BoardPanel, PanelPosition } from "../api/boards";

/** Columns of the grid. */
export const gridColumns = 12;
const usualHeight = 4;

export type PanelWidth = "third" | "half" | "full";
const columnsOf: Readonly<Record<PanelWidth, number>> = { third: 4, half: 6, full: 12 };

export function widthOf(panel: BoardPanel): PanelWidth {
  const columns = panel.position?.width ?? columnsOf.half;
  return columns <= 4 ? "third" : columns <= 8 ? "half" : "full";
}

/** As they are read; those without a place come last, in the order in which they were added. */
export function inOrder(panels: readonly BoardPanel[]): BoardPanel[] {
  const far = Number.MAX_SAFE_INTEGER;
  return panels
    .map((panel, index) => ({ panel, index }))
    .sort((left, right) => (left.panel.position?.y_coordinate ?? far) - (right.panel.position?.y_coordinate ?? far) || (left.panel.position?.x_coordinate ?? far) - (right.panel.position?.x_coordinate ?? far) || left.index - right.index)
    .map(({ panel }) => panel);
}

/** Row after row, each as full as it gets. */
export function laidOut(panels: readonly BoardPanel[]): BoardPanel[] {
  let x = 0;
  let y = 0;
  let tallest = 0;
  return panels.map((panel) => {
    const width = columnsOf[widthOf(panel)];
    const height = panel.position?.height ?? usualHeight;
    if (x + width > gridColumns) {
      x = 0;
      y += tallest;
      tallest = 0;
    }
    const position: PanelPosition = { x_coordinate: x, y_coordinate: y, width, height };
    x += width;
    tallest = Math.max(tallest, height);
    return { ...panel, position };
  });
}

/** The panel at `from` in reading order put where `to` is. */
export function moved(panels: readonly BoardPanel[], from: number, to: number): BoardPanel[] {
  const ordered = inOrder(panels);
  const panel = ordered[from];
  if (!panel || to < 0 || to >= ordered.length) return laidOut(ordered);
  ordered.splice(from, 1);
  ordered.splice(to, 0, panel);
  return laidOut(ordered);
}

/** A name for each panel that stays with it wherever it is moved; panels of the same content are told apart by their order. */
export function namesOf(panels: readonly BoardPanel[]): string[] {
  const times = new Map<string, number>();
  return panels.map(({ type, query_panel, text_panel, slo_panel }) => {
    const content = JSON.stringify([type, query_panel?.query ?? query_panel?.query_id ?? text_panel?.content ?? slo_panel?.slo_id]);
    const nth = (times.get(content) ?? 0) + 1;
    times.set(content, nth);
    return `${content} ${nth}`;
  });
}

export function resized(panels: readonly BoardPanel[], index: number, width: PanelWidth): BoardPanel[] {
  return laidOut(
    inOrder(panels).map((panel, at) =>
      at === index ? { ...panel, position: { x_coordinate: 0, y_coordinate: 0, height: usualHeight, ...panel.position, width: columnsOf[width] } } : panel,
    ),
  );
}
