import type { DemoProduct } from "../demo-product.ts";

export const accessories: readonly DemoProduct[] = [
  {
    handle: "watchman-beanie",
    title: "Watchman Beanie",
    subtitle: "Ribbed, turned up twice",
    description:
      "A fisherman's knit in lambswool that sits over the ears or above them, as the wind asks. " +
      "Stretches to fit any head we have met.",
    type: "Accessories",
    category: "hats-gloves-and-socks",
    collection: "first-frost",
    tags: ["wool", "bestseller"],
    material: "Lambswool",
    origin: "gb",
    weight: 95,
    options: { Colour: ["Rust", "Pine", "Oat"] },
    prices: { eur: 32, gbp: 29, usd: 35, jpy: 4900 },
    sku: "HT-WATCH",
    barcodes: true,
    stock: { Oat: 4 },
    daysOld: 10,
  },
  {
    handle: "walking-socks",
    title: "Two-Pair Walking Socks",
    subtitle: "One to wear, one on the line",
    description:
      "Terry loops under heel and toe, a flat seam on top, and enough wool to stay kind on the " +
      "second day. Two pairs in a paper band.",
    type: "Accessories",
    category: "hats-gloves-and-socks",
    collection: "hut-to-hut",
    tags: ["wool"],
    material: "Wool, polyamide",
    origin: "it",
    weight: 130,
    options: { Size: ["36-39", "40-43", "44-47"], Colour: ["Ink", "Moss"] },
    prices: { eur: 24, gbp: 22, usd: 26, jpy: 3800 },
    sku: "HT-SOCKS",
    stock: { "44-47 / Moss": 0 },
    daysOld: 20,
  },
  {
    handle: "drystone-gloves",
    title: "Drystone Gloves",
    subtitle: "Warm enough, and you can still tie a knot",
    description:
      "A close double knit with long ribbed cuffs that tuck under any sleeve. Two fingertips " +
      "work on a phone.",
    type: "Accessories",
    category: "hats-gloves-and-socks",
    collection: "first-frost",
    tags: ["wool"],
    material: "Wool, recycled polyamide",
    origin: "gb",
    weight: 85,
    options: { Size: ["S/M", "L/XL"], Colour: ["Stone", "Rust"] },
    prices: { eur: 39, gbp: 36, usd: 43, jpy: 5900 },
    sku: "HT-DRYSTONE",
    daysOld: 34,
  },
  {
    handle: "lambswool-scarf",
    title: "Border Lambswool Scarf",
    subtitle: "Two metres, woven slowly",
    description:
      "Woven on an old loom that makes a soft edge, then washed in river water and brushed with " +
      "teasels. Stripes at both ends, fringe tied by hand.",
    type: "Accessories",
    category: "hats-gloves-and-socks",
    collection: "first-frost",
    tags: ["wool", "handmade"],
    material: "Lambswool",
    origin: "gb",
    weight: 210,
    options: { Colour: ["Brick", "Ink"] },
    prices: { eur: 54, gbp: 49, usd: 59, jpy: 8400 },
    sku: "HT-BORDER",
    barcodes: true,
    daysOld: 27,
  },
];
