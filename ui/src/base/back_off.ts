// How long to wait before trying again what has failed: longer each time, not in step with everybody else, and never so long
// that whoever watches would rather reload the page.

const first = 500;
const longest = 15_000;

/** Milliseconds. `failures` in a row, at least one; `chance` from 0 to 1 takes up to a fifth off. */
export const pauseAfter = (failures: number, chance = Math.random()): number => Math.min(longest, first * 2 ** (failures - 1)) * (1 - chance / 5);
