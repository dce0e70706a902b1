// What the person at this browser is called in the history that everybody sees: a name they chose, or the browser's own.

const storageName = "clew.person";
const longestName = 60;

export function personName(): string {
  try {
    const known = localStorage.getItem(storageName);
    if (known) return known;
    // Somebody without a name is still told apart from the next.
    const made = `browser ${Math.random().toString(36).slice(2, 6)}`;
    localStorage.setItem(storageName, made);
    return made;
  } catch {
    return "";
  }
}

export function callMe(name: string): void {
  const text = name.trim().slice(0, longestName);
  if (text) localStorage.setItem(storageName, text);
  else localStorage.removeItem(storageName);
}
