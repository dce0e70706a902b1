// Keys that work while a component is shown.

import { useLayoutEffect } from "preact/hooks";
import { addKeys, type KeyGroup } from "../state/keys";

// Before the component is painted: whoever sees it can press them.
export function useKeys(make: () => KeyGroup, dependencies: readonly unknown[]): void {
  useLayoutEffect(() => addKeys(make()), [...dependencies]);
}
