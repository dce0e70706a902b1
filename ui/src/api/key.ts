// The API key that the page presents: of this tab's session, or of a person who stays signed in in this browser. It is never
// put in the address; a link that signs somebody in has it behind the "#", which no server sees, and loses it at once.

const storageName = "clew.key";

export const currentKey = (): string | undefined => sessionStorage.getItem(storageName) ?? localStorage.getItem(storageName) ?? undefined;

export function rememberKey(key: string, stays = false): void {
  sessionStorage.removeItem(storageName);
  localStorage.removeItem(storageName);
  if (key) (stays ? localStorage : sessionStorage).setItem(storageName, key);
}

export const staysSignedIn = (): boolean => sessionStorage.getItem(storageName) === null && localStorage.getItem(storageName) !== null;

const signInPrefix = "#key=";

/** What to send to somebody who was invited. */
export const signInLink = (key: string): string => `${location.origin}/${signInPrefix}${encodeURIComponent(key)}`;

/** Before anything is asked: takes the key out of such a link. */
export function takeSignInLink(): void {
  if (!location.hash.startsWith(signInPrefix)) return;
  try {
    const key = decodeURIComponent(location.hash.slice(signInPrefix.length));
    // Nobody is made somebody else by a link without noticing.
    const isAnother = currentKey() !== undefined && currentKey() !== key;
    if (!isAnother || confirm("This link signs you in with another key than the one that this browser has. Use it?")) rememberKey(key, true);
  } catch {
    // No key that anybody was given.
  }
  history.replaceState(null, "", location.pathname + location.search);
}
