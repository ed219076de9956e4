import type { DemoProduct } from "../demo-product.ts";

const sizes = ["S", "M", "L", "XL"];

export const clothing: readonly DemoProduct[] = [
  {
    handle: "fellside-rain-jacket",
    title: "Fellside Rain Jacket",
    subtitle: "Three layers, no fluorine",
    description:
      "Keeps out a whole day of rain and lets out the climb. The hood turns with your head, and " +
      "the pockets sit above a hip belt.",
    type: "Clothing",
    category: "jackets",
    collection: "hut-to-hut",
    tags: ["waterproof", "recycled", "new"],
    material: "Recycled polyester, fluorine-free membrane",
    origin: "pt",
    weight: 460,
    options: { Size: sizes, Colour: ["Ochre", "Moss"] },
    prices: { eur: 229, gbp: 209, usd: 249, jpy: 35800 },
    sku: "HT-FELLSIDE",
    barcodes: true,
    stock: { "S / Ochre": 0, "XL / Moss": 2 },
    daysOld: 2,
  },
  {
    handle: "quarry-work-jacket",
    title: "Quarry Work Jacket",
    subtitle: "Three pockets and a pencil",
    description:
      "A chore coat in twelve-ounce canvas, washed once so that it fits the way it will stay. " +
      "Corozo buttons, bound seams, and a loop to hang it by the door.",
    type: "Clothing",
    category: "jackets",
    tags: ["organic cotton"],
    material: "Organic cotton canvas",
    origin: "pt",
    weight: 980,
    options: { Size: sizes, Colour: ["Sand", "Ink"] },
    prices: { eur: 189, gbp: 175, usd: 205, jpy: 29800 },
    sku: "HT-QUARRY",
    stock: { "M / Sand": 3 },
    daysOld: 23,
  },
  {
    handle: "herdwick-jumper",
    title: "Herdwick Yoke Jumper",
    subtitle: "Wool that has seen weather",
    description:
      "Knitted in the round from hill-sheep wool that shrugs off drizzle. A little coarse in the " +
      "first week, yours for the next twenty years.",
    type: "Clothing",
    category: "knitwear-and-shirts",
    collection: "first-frost",
    tags: ["wool", "handmade", "new"],
    material: "Wool",
    origin: "gb",
    weight: 720,
    options: { Size: sizes, Colour: ["Ink", "Stone"] },
    prices: { eur: 139, gbp: 125, usd: 149, jpy: 21800 },
    sku: "HT-HERDWICK",
    stock: { "L / Ink": 5, "XL / Stone": 0 },
    daysOld: 7,
  },
  {
    handle: "bracken-shirt",
    title: "Bracken Flannel Shirt",
    subtitle: "Brushed on both sides",
    description:
      "A mid-weight flannel in a check we drew ourselves, cut long enough to stay tucked in. " +
      "Softer after every wash, and it hides the soot.",
    type: "Clothing",
    category: "knitwear-and-shirts",
    tags: ["organic cotton", "bestseller"],
    material: "Organic cotton flannel",
    origin: "pt",
    weight: 340,
    options: { Size: sizes, Colour: ["Rust", "Pine"] },
    prices: { eur: 89, gbp: 82, usd: 96, jpy: 13800 },
    sku: "HT-BRACKEN",
    daysOld: 15,
  },
  {
    handle: "merino-base-layer",
    title: "Merino Base Layer",
    subtitle: "Three days, one shirt",
    description:
      "Fine merino with flat seams and a short zip at the neck. Warm when wet, fresh when it " +
      "should not be any more.",
    type: "Clothing",
    category: "knitwear-and-shirts",
    collection: "hut-to-hut",
    tags: ["wool"],
    material: "Merino wool",
    origin: "it",
    weight: 210,
    options: { Size: sizes, Colour: ["Moss", "Ink"] },
    prices: { eur: 79, gbp: 72, usd: 85, jpy: 12400 },
    sku: "HT-MERINO",
    barcodes: true,
    daysOld: 30,
  },
];
