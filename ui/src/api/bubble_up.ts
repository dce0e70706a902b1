// What sets a selection apart: the question and the answer of POST /clew/v1/bubbleup.

import type { AnsweredRange, Cost, Signal, Value } from "./answers";
import { apiUrl, post } from "./client";

export interface SelectedRows {
  from?: string;
  to?: string;
  column?: string;
  min?: number;
  max?: number;
  filter?: string;
}

export interface BubbleUpQuestion {
  query: string;
  signal?: Signal;
  from: string;
  to: string;
  selection: SelectedRows;
  most_columns?: number;
  most_values?: number;
}

export interface BubbleUpValue {
  /** Nothing: rows without the column. */
  value: Value;
  selected: number;
  rest: number;
  part: number;
}

export interface BubbleUpColumn {
  column: string;
  type: "dimension" | "measure";
  score: number;
  confidence: number;
  selects: boolean;
  histogram?: { bounds: number[]; selected: number[]; rest: number[] };
  values: BubbleUpValue[];
  values_in_all: number;
  beside: { selected: number; rest: number };
}

export interface BubbleUp {
  range: AnsweredRange;
  selected_rows: number;
  rest_rows: number;
  selected: number;
  rest: number;
  columns: BubbleUpColumn[];
  columns_in_all: number;
  partial: boolean;
  partial_reason?: string;
  cost: Cost;
}

export const askBubbleUp = (question: BubbleUpQuestion, signal: AbortSignal): Promise<BubbleUp> => post<BubbleUp>(apiUrl("bubbleup"), question, signal);
