// Keys. A view registers what its keys do while it is shown; letters never act while something is being typed.

export interface KeyAction {
  /** As pressed: "j", "N", "Enter", "Escape", "g s" for one after the other; "mod+k" with Ctrl or ⌘; "code:KeyW" for a place on the keyboard. */
  keys: readonly string[];
  /** How the key sheet writes them, when that differs. */
  shown?: string;
  does: string;
  act: (event: KeyboardEvent) => void;
}

export interface KeyGroup {
  title: string;
  actions: readonly KeyAction[];
  /** While it is there no other key does anything: for what lies over the page. */
  isAlone?: boolean;
}

const groups: KeyGroup[] = [];
let prefix: { key: string; at: number } | undefined;
const prefixLasts = 1500;

/** Adds a group above the ones there are; returns how to take it away. */
export function addKeys(group: KeyGroup): () => void {
  groups.unshift(group);
  return () => {
    const index = groups.indexOf(group);
    if (index >= 0) groups.splice(index, 1);
  };
}

export const activeKeys = (): readonly KeyGroup[] => groups;

export function isTyping(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName));
}

/** The action for a key press, and whether the press begins a sequence instead. */
export function matchKeys(
  available: readonly KeyGroup[],
  press: { key: string; code: string },
  before: string | undefined,
): { action?: KeyAction; begins: boolean } {
  const wanted = before ? [`${before} ${press.key}`] : [press.key, `code:${press.code}`];
  let begins = false;
  for (const group of available[0]?.isAlone ? [available[0]] : available) {
    for (const action of group.actions) {
      if (action.keys.some((key) => wanted.includes(key))) return { action, begins: false };
      if (!before && action.keys.some((key) => key.startsWith(`${press.key} `))) begins = true;
    }
  }
  return { begins };
}

export function startKeys(): void {
  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.altKey) return;
    if (event.metaKey || event.ctrlKey) {
      // With Ctrl or ⌘ a key means the same wherever it is pressed, in fields too.
      const { action } = matchKeys(groups, { key: `mod+${event.key.toLowerCase()}`, code: "" }, undefined);
      if (!action) return;
      event.preventDefault();
      action.act(event);
      return;
    }
    if (isTyping(event.target)) {
      if (event.key === "Escape") (event.target as HTMLElement).blur();
      return;
    }
    // A focused button or link keeps its own Enter and space.
    const isControl = event.target instanceof HTMLElement && event.target.closest("button, a[href], summary") !== null;
    if (isControl && (event.key === "Enter" || event.key === " ")) return;
    const now = event.timeStamp; // when it was pressed, however late the page gets to it
    const before = prefix && now - prefix.at < prefixLasts ? prefix.key : undefined;
    const { action, begins } = matchKeys(groups, event, before);
    prefix = begins ? { key: event.key, at: now } : undefined;
    if (action) {
      event.preventDefault();
      action.act(event);
    }
  });
}
