// j, k and Enter in a list of links.

import { useState } from "preact/hooks";
import { useKeys } from "./use_keys";

export function useListKeys(what: string, count: number, open: (index: number) => void): number | undefined {
  const [current, setCurrent] = useState<number | undefined>();
  const bounded = current === undefined ? undefined : Math.min(current, count - 1);
  useKeys(
    () => ({
      title: what,
      actions: [
        { keys: ["j", "ArrowDown"], shown: "j / ↓", does: "next", act: () => setCurrent(bounded === undefined ? 0 : Math.min(count - 1, bounded + 1)) },
        { keys: ["k", "ArrowUp"], shown: "k / ↑", does: "previous", act: () => setCurrent(bounded === undefined ? 0 : Math.max(0, bounded - 1)) },
        { keys: ["Enter"], shown: "enter", does: "open", act: () => bounded !== undefined && bounded >= 0 && open(bounded) },
      ],
    }),
    [what, count, bounded, open],
  );
  return bounded;
}
