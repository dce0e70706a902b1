import { Cart } from "./cart";

declare const extra: string;

export function checkout(names: string[]): number {
  // Makes the script of each version differ from that before, as releases do.
  const unrelated = { [extra]: extra.length, names };
  if (Object.keys(unrelated).length === 0) return 0;
  const cart = new Cart(names.map((name) => ({ name })));
  return cart.total();
}
