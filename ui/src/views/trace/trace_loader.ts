// The page's end of the trace worker: one worker a trace, ended with it.

import { ApiFailure, apiHeaders, apiUrl } from "../../api/client";
import type { MinimapColours } from "../../trace/minimap";
import type { LoadedTrace, Reply, Request } from "../../trace/worker_messages";

/** Put in by the build: the address of the worker's script. */
declare const CLEW_WORKER_URL: string;

export class TraceLoader {
  private readonly worker = new Worker(CLEW_WORKER_URL, { type: "module" });
  private readonly waiting: ((pixels: Uint8ClampedArray) => void)[] = [];
  private settle: ((reply: Reply) => void) | undefined;

  constructor() {
    this.worker.onmessage = (event: MessageEvent<Reply>) => {
      const reply = event.data;
      // Minimaps come back in the order in which they were asked for.
      if (reply.tell === "minimap") this.waiting.shift()?.(reply.pixels);
      else this.settle?.(reply);
    };
    this.worker.onerror = (event) => {
      this.settle?.({ tell: "failed", failure: { message: event.message || "The trace worker did not start", kind: "internal" } });
    };
  }

  load(traceId: string): Promise<LoadedTrace> {
    return new Promise((resolve, reject) => {
      this.settle = (reply) => {
        if (reply.tell === "loaded") resolve(reply.trace);
        else if (reply.tell === "failed") reject(new ApiFailure(reply.failure.message, reply.failure.kind));
      };
      this.send({ ask: "load", url: new URL(apiUrl(`traces/${traceId}`), location.href).href, headers: apiHeaders() });
    });
  }

  minimap(width: number, height: number, colours: MinimapColours): Promise<Uint8ClampedArray> {
    return new Promise((resolve) => {
      this.waiting.push(resolve);
      this.send({ ask: "minimap", width, height, colours });
    });
  }

  end(): void {
    this.worker.terminate();
  }

  private send(request: Request): void {
    this.worker.postMessage(request);
  }
}
