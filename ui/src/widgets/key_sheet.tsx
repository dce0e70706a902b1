// Every key that does something here, on `?`.

import { signal } from "@preact/signals";
import { activeKeys } from "../state/keys";
import { useKeys } from "./use_keys";

export const isKeySheetOpen = signal(false);

export function KeySheet() {
  return isKeySheetOpen.value ? <OpenKeySheet /> : null;
}

function OpenKeySheet() {
  const groups = [...activeKeys()];
  useKeys(() => ({ title: "Keys", actions: [{ keys: ["Escape"], shown: "esc", does: "close this list", act: () => (isKeySheetOpen.value = false) }] }), []);
  return (
    <div class="key-sheet" role="dialog" aria-label="Keys" onClick={() => (isKeySheetOpen.value = false)}>
      <div>
        <h1>Keys</h1>
        <div class="groups">
          {groups.map((group) => (
            <section key={group.title}>
              <h2>{group.title}</h2>
              <dl>
                {group.actions.map((action) => (
                  <>
                    <dt>{(action.shown ?? action.keys.join(" / ")).split(" ").map((part) => (part === "/" && action.keys[0] !== "/" ? <span class="faint">or</span> : <kbd>{part}</kbd>))}</dt>
                    <dd>{action.does}</dd>
                  </>
                ))}
              </dl>
            </section>
          ))}
        </div>
      </div>
    </div>
  );
}
