// Answers that were given, kept in this browser with their questions, so that an old one can be looked at again as it
// was. The newest are kept; large answers are not.

import { signal } from "@preact/signals";
import type { Answer } from "../api/answers";

export interface RunSummary {
  id: number;
  /** The address that showed it, without the range being read anew. */
  href: string;
  question: string;
  /** Milliseconds since 1970. */
  at: number;
  rows: number;
  rowsScanned: number;
  elapsedMs: number;
}

interface KeptRun extends RunSummary {
  answer: string;
}

const databaseName = "clew";
const storeName = "runs";
const mostKept = 200;
const largestAnswer = 400_000;

/** Grows whenever another answer was kept: a list of them is to be read again. */
export const runsKept = signal(0);

let opened: Promise<IDBDatabase> | undefined;

function database(): Promise<IDBDatabase> {
  opened ??= new Promise((done, fail) => {
    const request = indexedDB.open(databaseName, 1);
    request.onupgradeneeded = () => request.result.createObjectStore(storeName, { keyPath: "id" });
    request.onsuccess = () => done(request.result);
    request.onerror = () => fail(request.error!);
  });
  return opened;
}

async function inStore<T>(mode: IDBTransactionMode, act: (store: IDBObjectStore) => IDBRequest<T>): Promise<T> {
  const store = (await database()).transaction(storeName, mode).objectStore(storeName);
  const request = act(store);
  return new Promise((done, fail) => {
    request.onsuccess = () => done(request.result);
    request.onerror = () => fail(request.error!);
  });
}

/** Nothing is said when the browser keeps nothing: a history is a courtesy. */
export async function keepRun(href: string, question: string, answer: Answer): Promise<void> {
  try {
    const text = JSON.stringify(answer);
    if (text.length > largestAnswer) return;
    const at = Date.now();
    const run: KeptRun = { id: at, href, question, at, rows: answer.total_rows, rowsScanned: answer.cost.rows_scanned, elapsedMs: answer.cost.elapsed_ms, answer: text };
    await inStore("readwrite", (store) => store.put(run));
    runsKept.value += 1;
    const ids = await inStore("readonly", (store) => store.getAllKeys());
    for (const old of ids.slice(0, Math.max(0, ids.length - mostKept))) await inStore("readwrite", (store) => store.delete(old));
  } catch {
    // Private windows have no database.
  }
}

/** The newest first. */
export async function keptRuns(): Promise<RunSummary[]> {
  try {
    const runs = (await inStore("readonly", (store) => store.getAll())) as KeptRun[];
    return runs.reverse().map(({ answer: _, ...summary }) => summary);
  } catch {
    return [];
  }
}

export async function keptRun(id: number): Promise<(RunSummary & { answer: Answer }) | undefined> {
  try {
    const run = (await inStore("readonly", (store) => store.get(id))) as KeptRun | undefined;
    return run && { ...run, answer: JSON.parse(run.answer) as Answer };
  } catch {
    return undefined;
  }
}

export async function forgetRuns(): Promise<void> {
  try {
    await inStore("readwrite", (store) => store.clear());
  } catch {
    // There is nothing to forget.
  }
}
