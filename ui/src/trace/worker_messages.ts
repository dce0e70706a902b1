// What the page and the trace worker say to each other.

import type { MinimapColours } from "./minimap";
import type { CriticalPath } from "./critical_path";
import type { TraceLayout } from "./layout";
import type { TraceOutline } from "./outline";

export interface LoadedTrace {
  outline: TraceOutline;
  layout: TraceLayout;
  path: CriticalPath;
  /** Log records that name the trace. */
  logs: number;
  /** Why spans may be missing. */
  partialReason?: string;
}

export interface Failure {
  message: string;
  /** As the API names it; "network" when there was no answer. */
  kind: string;
}

export type Request =
  | { ask: "load"; url: string; headers: Record<string, string> }
  | { ask: "minimap"; width: number; height: number; colours: MinimapColours };

export type Reply =
  | { tell: "loaded"; trace: LoadedTrace }
  | { tell: "failed"; failure: Failure }
  | { tell: "minimap"; width: number; height: number; pixels: Uint8ClampedArray };
