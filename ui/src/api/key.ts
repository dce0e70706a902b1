// The API key that the page presents. It is kept for this browser tab's session only, and never put in the address.

const storageName = "clew.key";

export const currentKey = (): string | undefined => sessionStorage.getItem(storageName) ?? undefined;

export function rememberKey(key: string): void {
  if (key) sessionStorage.setItem(storageName, key);
  else sessionStorage.removeItem(storageName);
}
