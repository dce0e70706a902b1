// The lines to paste, by language.

import { useMemo, useState } from "preact/hooks";
import type { ServerStatus } from "../../api/answers";
import { currentKey } from "../../api/key";
import { now } from "../../base/time";
import { CopyButton } from "../../widgets/copy_button";
import { addressesOf, recipesFor } from "./setup_lines";

const randomHex = (bytes: number): string =>
  Array.from(crypto.getRandomValues(new Uint8Array(bytes)), (byte) => byte.toString(16).padStart(2, "0")).join("");

export const newTestIds = () => ({ traceId: randomHex(16), spanId: randomHex(8), nowNs: now() as bigint });

export function Setup({ status }: { status: ServerStatus }) {
  const [chosen, setChosen] = useState("curl");
  const ids = useMemo(newTestIds, []);
  const addresses = addressesOf(status, location, currentKey());
  const recipes = recipesFor(addresses, ids);
  const recipe = recipes.find((candidate) => candidate.name === chosen) ?? recipes[0]!;
  return (
    <div class="setup">
      <div class="tabs" role="tablist" aria-label="Language or tool">
        {recipes.map(({ name }) => (
          <button key={name} role="tab" aria-selected={name === recipe.name} onClick={() => setChosen(name)}>
            {name}
          </button>
        ))}
      </div>
      <div class="recipe" role="tabpanel">
        <pre>{recipe.lines}</pre>
        <CopyButton text={recipe.lines} what={`the lines for ${recipe.name}`} label="Copy" />
      </div>
      <p class="soft">{recipe.note}</p>
    </div>
  );
}
