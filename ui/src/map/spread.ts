// Things in a line, each as near to where it would like to be as the others leave it room.

/**
 * `wanted` in the order in which they have to stay; `apart[i]` is the least distance between i − 1 and i (`apart[0]`
 * means nothing). Answers places in that order whose squared distances from those wanted are least in sum.
 */
export function spread(wanted: readonly number[], apart: readonly number[]): number[] {
  // Without the distances, what is left to find is the best sequence that never falls: neighbours that are in the wrong
  // order are put together as one block at their mean.
  const before: number[] = [];
  const blocks: { mean: number; count: number }[] = [];
  wanted.forEach((place, index) => {
    before.push(index === 0 ? 0 : before[index - 1]! + apart[index]!);
    let block = { mean: place - before[index]!, count: 1 };
    for (let last = blocks.at(-1); last && last.mean > block.mean; last = blocks.at(-1)) {
      blocks.pop();
      const count = last.count + block.count;
      block = { mean: (last.mean * last.count + block.mean * block.count) / count, count };
    }
    blocks.push(block);
  });
  return blocks.flatMap(({ mean, count }) => Array.from({ length: count }, () => mean)).map((place, index) => place + before[index]!);
}
