import type { DemoProduct } from "../demo-product.ts";
import { accessories } from "./accessories.ts";
import { booksAndCare } from "./books-and-care.ts";
import { campKitchen } from "./camp-kitchen.ts";
import { clothing } from "./clothing.ts";
import { home } from "./home.ts";
import { packsAndBags } from "./packs-and-bags.ts";
import { shelterAndLight } from "./shelter-and-light.ts";

/** All products of the demo shop, including the gift card. */
export const demoProducts: readonly DemoProduct[] = [
  ...packsAndBags,
  ...campKitchen,
  ...shelterAndLight,
  ...clothing,
  ...accessories,
  ...home,
  ...booksAndCare,
];
