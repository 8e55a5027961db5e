/** Numbers from 0 up to but not including 1, the same for a seed on every machine. */
export type Random = () => number;

/** SplitMix32 (Steele, Lea and Flood, "Fast splittable pseudorandom number generators", 2014): for examples, not for keys. @param seed 0 to 2^32 - 1 */
export function randomOf(seed: number): Random {
  let state = seed | 0;
  return () => {
    state = (state + 0x9e3779b9) | 0;
    let mixed = state ^ (state >>> 16);
    mixed = Math.imul(mixed, 0x21f0aaad);
    mixed ^= mixed >>> 15;
    mixed = Math.imul(mixed, 0x735a2d97);
    return ((mixed ^ (mixed >>> 15)) >>> 0) / 2 ** 32;
  };
}

/** Puts a list into an order by chance (Fisher and Yates), in place. */
export function shuffle<T>(list: { readonly length: number; [index: number]: T }, random: Random): void {
  for (let end = list.length - 1; end > 0; end--) {
    const other = Math.floor(random() * (end + 1));
    const moved = list[end] as T; // both are within the list
    list[end] = list[other] as T;
    list[other] = moved;
  }
}
