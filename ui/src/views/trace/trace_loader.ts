// The page's end of the trace worker: one worker a trace, ended with it.

import { ApiFailure, apiHeaders, apiUrl, noAnswer } from "../../api/client";
import type { Ask, Exchange, LoadedTrace, Reply } from "../../trace/worker_messages";

/** Put in by the build: the address of the worker's script. */
declare const CLEW_WORKER_URL: string;

export class TraceLoader {
  private readonly worker = new Worker(CLEW_WORKER_URL, { type: "module" });
  private readonly waiting = new Map<number, (reply: Reply) => void>();
  private asked = 0;

  constructor() {
    this.worker.onmessage = (event: MessageEvent<Reply>) => {
      this.waiting.get(event.data.id)?.(event.data);
      this.waiting.delete(event.data.id);
    };
    this.worker.onerror = (event) => {
      // Without a word: its script could not be had.
      const failure = { message: event.message, kind: event.message ? "internal" : "network" };
      for (const [id, settle] of this.waiting) settle({ id, failure });
      this.waiting.clear();
    };
  }

  load(traceId: string): Promise<LoadedTrace> {
    return this.ask("load", { url: new URL(apiUrl(`traces/${traceId}/outline`), location.href).href, headers: apiHeaders() });
  }

  ask<A extends Ask>(ask: A, request: Exchange[A][0]): Promise<Exchange[A][1]> {
    const id = ++this.asked;
    return new Promise((resolve, reject) => {
      this.waiting.set(id, (reply) => {
        if ("failure" in reply) reject(reply.failure.kind === "network" ? noAnswer() : new ApiFailure(reply.failure.message, reply.failure.kind));
        else resolve(reply.answer as Exchange[A][1]);
      });
      this.worker.postMessage({ id, ask, ...request });
    });
  }

  end(): void {
    this.worker.terminate();
  }
}
