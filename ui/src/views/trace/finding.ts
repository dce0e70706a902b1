// Finding spans as somebody types: words among the names on the page, conditions on attributes where those are kept.

import { computed, effect, signal, type ReadonlySignal, type Signal } from "@preact/signals";
import { isCondition, resultOfRows, searchTrace, type SearchResult } from "../../trace/search";
import { rowOfSpan } from "../../trace/outline";
import type { LoadedTrace } from "../../trace/worker_messages";
import type { TraceSource } from "./trace_source";

export interface Finding {
  readonly found: ReadonlySignal<SearchResult>;
  /** What is wrong with the condition, or that not all are marked that fulfil it. */
  readonly remark: ReadonlySignal<string | undefined>;
}

/** Searching more rows than this takes longer than a keystroke may; the worker does it then. */
const mostSearchedHere = 100_000;
/** A condition is asked when its writer pauses this long, in milliseconds. */
const pause = 250;

export function findingIn({ outline, layout }: LoadedTrace, searchText: Signal<string>, source: TraceSource): Finding {
  const none = searchTrace(outline, layout, "");
  const asked = signal(none);
  const remark = signal<string | undefined>(undefined);
  const isSmall = outline.rows <= mostSearchedHere;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const ask = async (text: string): Promise<void> => {
    const isStillWanted = (): boolean => searchText.peek() === text;
    try {
      const { spanIds, total } = await source.find(text);
      if (!isStillWanted()) return;
      asked.value = resultOfRows(outline, layout, spanIds.flatMap((id) => rowOfSpan(outline, id) ?? []));
      remark.value = total > spanIds.length ? `the first ${spanIds.length.toLocaleString("en")} of ${total.toLocaleString("en")} are marked` : undefined;
    } catch (problem) {
      if (!isStillWanted()) return;
      asked.value = none;
      remark.value = problem instanceof Error ? problem.message : String(problem);
    }
  };
  effect(() => {
    const text = searchText.value;
    clearTimeout(timer);
    remark.value = undefined;
    if (isCondition(text)) timer = setTimeout(() => void ask(text), pause);
    else if (!isSmall) {
      void source.loader.ask("search", { text }).then((result) => {
        if (searchText.peek() === text) asked.value = result;
      });
    } else asked.value = none;
  });
  return { found: computed(() => (isSmall && !isCondition(searchText.value) ? searchTrace(outline, layout, searchText.value) : asked.value)), remark };
}
