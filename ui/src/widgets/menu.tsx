// A menu at a place of the page: what can be done with a cell, a line, a point. One at a time; Escape and a click
// elsewhere close it, arrow keys move in it.

import { signal } from "@preact/signals";
import { useLayoutEffect, useRef } from "preact/hooks";

export interface MenuItem {
  title: string;
  /** Below the title: which rule decides, how many there are. */
  note?: string | undefined;
  act?: () => void;
  href?: string;
  /** Of several that exclude each other: the one that holds. */
  isChosen?: boolean;
}

interface OpenMenu {
  title: string;
  items: readonly MenuItem[];
  x: number;
  y: number;
}

const opened = signal<OpenMenu | undefined>(undefined);

/** At the pointer, or below what was pressed with the keyboard. */
export function openMenu(event: MouseEvent, title: string, items: readonly MenuItem[]): void {
  const isPointed = event.clientX !== 0 || event.clientY !== 0;
  const corner = (event.currentTarget as Element).getBoundingClientRect();
  opened.value = { title, items, x: isPointed ? event.clientX : corner.left, y: isPointed ? event.clientY : corner.bottom };
}

export const closeMenu = (): void => {
  opened.value = undefined;
};

export function Menu() {
  return opened.value ? <Opened key={`${opened.value.x} ${opened.value.y}`} menu={opened.value} /> : null;
}

function Opened({ menu }: { menu: OpenMenu }) {
  const box = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    const before = document.activeElement;
    const items = (): HTMLElement[] => [...box.current!.querySelectorAll<HTMLElement>("[role^=menuitem]")];
    const { width, height } = box.current!.getBoundingClientRect();
    box.current!.style.left = `${Math.max(4, Math.min(menu.x, window.innerWidth - width - 8))}px`;
    box.current!.style.top = `${Math.max(4, Math.min(menu.y + 4, window.innerHeight - height - 8))}px`;
    items()[0]?.focus();
    const onPointer = (event: PointerEvent): void => {
      if (!box.current?.contains(event.target as Node)) closeMenu();
    };
    const onKey = (event: KeyboardEvent): void => {
      const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
      if (step) {
        const all = items();
        all[(all.indexOf(document.activeElement as HTMLElement) + step + all.length) % all.length]?.focus();
      } else if (event.key === "Escape" || event.key === "Tab") {
        closeMenu();
        if (before instanceof HTMLElement) before.focus();
      } else return;
      event.preventDefault();
      event.stopPropagation();
    };
    document.addEventListener("pointerdown", onPointer, true);
    document.addEventListener("keydown", onKey, true);
    return () => {
      document.removeEventListener("pointerdown", onPointer, true);
      document.removeEventListener("keydown", onKey, true);
    };
  }, []);
  return (
    <div class="popover menu" ref={box} role="menu" aria-label={menu.title}>
      <p class="menu-title clip">{menu.title}</p>
      {menu.items.map(({ title, note, act, href, isChosen }) => {
        const inside = (
          <>
            {isChosen ? `✓ ${title}` : title}
            {note && <span class="faint">{note}</span>}
          </>
        );
        return href ? (
          <a key={title} role="menuitem" class="choice" href={href} onClick={closeMenu}>
            {inside}
          </a>
        ) : (
          <button key={title} role={isChosen === undefined ? "menuitem" : "menuitemradio"} aria-checked={isChosen} class="choice" onClick={() => { closeMenu(); act?.(); }}>
            {inside}
          </button>
        );
      })}
    </div>
  );
}
