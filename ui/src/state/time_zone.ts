// In which zone times are written: the reader's own, or UTC. Kept in this browser, like the theme; a change loads the page
// anew, which loses nothing, since the address is the state.

import { writeInUtc } from "../base/time";

export type ZoneChoice = "local" | "utc";

const storageName = "clew.zone";

export const zoneChoice = (): ZoneChoice => (localStorage.getItem(storageName) === "utc" ? "utc" : "local");

export function chooseZone(choice: ZoneChoice): void {
  localStorage.setItem(storageName, choice);
  location.reload();
}

export const startZone = (): void => writeInUtc(zoneChoice() === "utc");
