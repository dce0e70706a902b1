// Boards, as the server keeps them: the same that Honeycomb's API has.

import { apiUrl, get, post, send } from "./client";

export interface BoardSummary {
  id: string;
  name: string;
  description: string;
  panels: number;
  modified_ns: string;
}

/** In columns and rows of the board's grid. */
export interface PanelPosition {
  x_coordinate: number;
  y_coordinate: number;
  width: number;
  height: number;
}

export interface BoardPanel {
  type: "query" | "text" | "slo";
  position?: PanelPosition;
  query_panel?: { query?: string; query_id?: string; query_style?: string; title?: string };
  text_panel?: { content: string };
  slo_panel?: { slo_id: string };
}

export interface NewBoard {
  name: string;
  description?: string;
  panels: BoardPanel[];
}

export interface Board extends NewBoard {
  id: string;
  created_at: string;
  updated_at: string;
}

export const boardsUrl = apiUrl("boards");
export const boardUrl = (id: string): string => apiUrl(`boards/${encodeURIComponent(id)}`);

export const createBoard = (board: NewBoard): Promise<Board> => post<Board>(boardsUrl, board);
export const saveBoard = (id: string, { name, description, panels }: NewBoard): Promise<Board> => send<Board>("PUT", boardUrl(id), { name, panels, ...(description ? { description } : {}) });
export const removeBoard = (id: string): Promise<unknown> => send("DELETE", boardUrl(id));
export const readBoard = (id: string): Promise<Board> => get<Board>(boardUrl(id));
