// The trace worker: fetches, decodes and lays out one trace, and keeps a copy to draw the minimap from, so that the page
// never stops for any of it.

import { criticalPath } from "./critical_path";
import { decodeOutline, type OutlineAnswer } from "./decode";
import { layoutTrace } from "./layout";
import { rasterMinimap } from "./minimap";
import { buffersOf } from "./outline";
import type { Failure, LoadedTrace, Reply, Request } from "./worker_messages";

const page = self as unknown as {
  postMessage(message: Reply, transfer: Transferable[]): void;
  onmessage: ((event: MessageEvent<Request>) => void) | null;
};

let loaded: LoadedTrace | undefined;

page.onmessage = (event) => {
  const request = event.data;
  if (request.ask === "load") void load(request.url, request.headers);
  else if (loaded) {
    const { outline, layout } = loaded;
    const pixels = rasterMinimap(outline, layout, request.width, request.height, request.colours);
    page.postMessage({ tell: "minimap", width: request.width, height: request.height, pixels }, [pixels.buffer as ArrayBuffer]);
  }
};

async function load(url: string, headers: Record<string, string>): Promise<void> {
  try {
    const response = await fetch(url, { headers });
    const answer = (await response.json()) as OutlineAnswer & { error?: string; kind?: string };
    if (!response.ok) {
      fail({ message: answer.error ?? `The server answered ${response.status}`, kind: answer.kind ?? "internal" });
      return;
    }
    const outline = decodeOutline(answer);
    const layout = layoutTrace(outline);
    loaded = { outline, layout, path: criticalPath(outline, layout), logs: answer.logs, ...(answer.partial_reason ? { partialReason: answer.partial_reason } : {}) };
    // Handed over as a copy: the minimap is drawn from this one.
    const copy = structuredClone(loaded);
    page.postMessage({ tell: "loaded", trace: copy }, [
      ...buffersOf(copy.outline),
      ...buffersOf(copy.outline.events),
      ...buffersOf(copy.layout),
      ...buffersOf(copy.path),
    ]);
  } catch (problem) {
    fail({ message: problem instanceof Error ? problem.message : String(problem), kind: "network" });
  }
}

const fail = (failure: Failure): void => page.postMessage({ tell: "failed", failure }, []);
