// Keys that work while a component is shown.

import { useEffect } from "preact/hooks";
import { addKeys, type KeyGroup } from "../state/keys";

export function useKeys(make: () => KeyGroup, dependencies: readonly unknown[]): void {
  useEffect(() => addKeys(make()), [...dependencies]);
}
