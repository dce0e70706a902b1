// The merged tree of a trace, from its worker; it is made when it is first asked for.

import { useEffect, useState } from "preact/hooks";
import { childrenOfNodes, type MergedTree } from "../../trace/merged_tree";
import type { TraceState } from "./trace_state";

export interface MergedTrace {
  tree: MergedTree;
  children: number[][];
}

export function useMergedTree(state: TraceState): MergedTrace | undefined {
  const [merged, setMerged] = useState<MergedTrace | undefined>();
  useEffect(() => {
    let isWanted = true;
    void state.source.loader.ask("merge", {}).then((tree) => isWanted && setMerged({ tree, children: childrenOfNodes(tree) }));
    return () => {
      isWanted = false;
    };
  }, [state]);
  return merged;
}
