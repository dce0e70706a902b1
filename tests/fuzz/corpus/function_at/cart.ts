// A small shop, to be minified: what is wrong in it is wrong on purpose.
export interface Item {
  name: string;
  price?: { amount: number };
}

export class Cart {
  constructor(private readonly items: Item[]) {}

  total(): number {
    return this.items.map((item) => priceOf(item)).reduce((sum, price) => sum + price, 0);
  }
}

function priceOf(item: Item): number {
  if (item.price === undefined) throw new RangeError(`no price for ${item.name}`);
  return item.price.amount;
}
