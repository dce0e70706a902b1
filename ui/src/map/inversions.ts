// Pairs that stand in the wrong order. Of lines between two columns, ordered by where they begin, these are the pairs
// that cross, by where they end.

/** Whole numbers from 0. Counted with a tree of sums, as columns may have thousands of lines. */
export function inversions(values: readonly number[]): number {
  const sums = new Uint32Array(values.reduce((most, value) => Math.max(most, value), 0) + 2);
  let count = 0;
  values.forEach((value, before) => {
    let notGreater = 0;
    for (let at = value + 1; at > 0; at -= at & -at) notGreater += sums[at]!;
    count += before - notGreater;
    for (let at = value + 1; at < sums.length; at += at & -at) sums[at]! += 1;
  });
  return count;
}
