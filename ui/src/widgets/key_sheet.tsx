// Every key that does something here, on `?`.

import { signal } from "@preact/signals";
import { Fragment } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";
import { activeKeys } from "../state/keys";
import { useKeys } from "./use_keys";

export const isKeySheetOpen = signal(false);

export function KeySheet() {
  return isKeySheetOpen.value ? <OpenKeySheet /> : null;
}

function OpenKeySheet() {
  const groups = [...activeKeys()];
  const sheet = useRef<HTMLDivElement>(null);
  const close = (): void => void (isKeySheetOpen.value = false);
  useKeys(() => ({ title: "Keys", isAlone: true, actions: [{ keys: ["Escape", "?"], shown: "esc / ?", does: "close this list", act: close }] }), []);
  useLayoutEffect(() => {
    const before = document.activeElement;
    sheet.current!.focus();
    return () => before instanceof HTMLElement && before.focus();
  }, []);
  return (
    <div class="key-sheet" role="dialog" aria-modal="true" aria-label="Keys" onClick={close}>
      <div ref={sheet} tabIndex={-1}>
        <h1>Keys</h1>
        <div class="groups">
          {groups.map((group) => (
            <section key={group.title}>
              <h2>{group.title}</h2>
              <dl>
                {group.actions.map((action) => (
                  <Fragment key={action.does}>
                    <dt>{(action.shown ?? action.keys.join(" / ")).split(" ").map((part) => (part === "/" && action.keys[0] !== "/" ? <span class="faint">or</span> : <kbd>{part}</kbd>))}</dt>
                    <dd>{action.does}</dd>
                  </Fragment>
                ))}
              </dl>
            </section>
          ))}
        </div>
      </div>
    </div>
  );
}
