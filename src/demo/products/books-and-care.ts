import type { DemoProduct } from "../demo-product.ts";

export const booksAndCare: readonly DemoProduct[] = [
  {
    handle: "year-of-small-walks",
    title: "A Year of Small Walks",
    subtitle: "Fifty-two of them, none over two hours",
    description:
      "A walk for each week of the year, most of them from a front door. With drawings, sky " +
      "charts and what to put in the flask.",
    type: "Books",
    category: "books-and-paper",
    collection: "slow-mornings",
    tags: ["paper", "new"],
    material: "Paper",
    origin: "gb",
    weight: 540,
    options: { Format: ["Hardback", "Paperback"] },
    prices: { eur: 24, gbp: 20, usd: 26, jpy: 3600 },
    pricesBy: { Paperback: { eur: 16, gbp: 13, usd: 18, jpy: 2400 } },
    sku: "HT-WALKS",
    barcodes: true,
    daysOld: 9,
  },
  {
    handle: "hut-cookbook",
    title: "The Hut Cookbook",
    subtitle: "Seventy dishes from one pot",
    description:
      "What wardens cook when the last walkers come in: soups that wait, dumplings that do not, " +
      "and a cake that travels in a rucksack.",
    type: "Books",
    category: "books-and-paper",
    collection: "hut-to-hut",
    tags: ["paper", "bestseller"],
    material: "Paper",
    origin: "de",
    weight: 880,
    options: { Format: ["Hardback"] },
    prices: { eur: 29, gbp: 25, usd: 32, jpy: 4400 },
    sku: "HT-HUTBOOK",
    barcodes: true,
    daysOld: 25,
  },
  {
    handle: "field-notebook",
    title: "Field Notebook",
    subtitle: "Takes pencil in the rain",
    description:
      "Ninety-six pages of stone paper that do not soak, sewn to lie flat, with an elastic band " +
      "and a pencil that fits the spine.",
    type: "Stationery",
    category: "books-and-paper",
    tags: ["paper", "waterproof"],
    material: "Stone paper, cloth",
    origin: "de",
    weight: 170,
    options: { Ruling: ["Dotted", "Ruled"], Colour: ["Moss", "Ink"] },
    prices: { eur: 14, gbp: 12.5, usd: 15, jpy: 2100 },
    sku: "HT-NOTES",
    daysOld: 36,
  },
  {
    handle: "proofing-wax-bar",
    title: "Proofing Wax Bar",
    subtitle: "Another ten years for your jacket",
    description:
      "Beeswax and plant oils in a tin. Rub it on, melt it in with a hairdryer, and canvas sheds " +
      "water again. Enough for two jackets and a bag.",
    type: "Care",
    category: "hearth-and-wood",
    tags: ["waxed", "plastic-free"],
    material: "Beeswax, plant oils",
    origin: "gb",
    weight: 110,
    options: { Size: ["One size"] },
    prices: { eur: 14, gbp: 12.5, usd: 15, jpy: 2100 },
    sku: "HT-WAX",
    daysOld: 39,
  },
  {
    handle: "gift-card",
    title: "Gift Card",
    subtitle: "For somebody who would rather choose",
    description:
      "Comes by e-mail with a code that works on everything in the shop, in parts or at once.",
    tags: [],
    options: { Amount: ["Small", "Medium", "Large"] },
    prices: { eur: 25, gbp: 25, usd: 25, jpy: 3000 },
    pricesBy: {
      Medium: { eur: 50, gbp: 50, usd: 50, jpy: 6000 },
      Large: { eur: 100, gbp: 100, usd: 100, jpy: 12000 },
    },
    sku: "HT-GIFT",
    daysOld: 60,
    giftCard: true,
  },
];
