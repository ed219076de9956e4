/** A category of the demo shop with its subcategories, in the order they are shown. */
export interface DemoCategory {
  handle: string;
  name: string;
  description: string;
  children?: readonly DemoCategory[];
}

/** The categories of the demo shop. */
export const demoCategories: readonly DemoCategory[] = [
  {
    handle: "outdoors",
    name: "Outdoors",
    description: "What you carry, cook on and sleep in",
    children: [
      {
        handle: "packs-and-bags",
        name: "Packs & Bags",
        description: "From the hip pouch to the duffel",
      },
      {
        handle: "camp-kitchen",
        name: "Camp Kitchen",
        description: "Fire, water and something hot to hold",
      },
      {
        handle: "shelter-and-sleep",
        name: "Shelter & Sleep",
        description: "A roof, a bed and a place between two trees",
      },
      { handle: "light", name: "Light", description: "For tables, tents and the way down" },
    ],
  },
  {
    handle: "clothing",
    name: "Clothing",
    description: "Layers that last longer than the weather",
    children: [
      { handle: "jackets", name: "Jackets", description: "Against rain, wind and work" },
      {
        handle: "knitwear-and-shirts",
        name: "Knitwear & Shirts",
        description: "Wool, flannel and merino",
      },
      {
        handle: "hats-gloves-and-socks",
        name: "Hats, Gloves & Socks",
        description: "The small things that keep you warm",
      },
    ],
  },
  {
    handle: "home",
    name: "Home",
    description: "For the evening after the walk",
    children: [
      {
        handle: "kitchen-and-table",
        name: "Kitchen & Table",
        description: "Stoneware, wood and iron",
      },
      { handle: "blankets-and-linen", name: "Blankets & Linen", description: "Woven things" },
      {
        handle: "hearth-and-wood",
        name: "Hearth & Wood",
        description: "Fire, and what belongs to it",
      },
      { handle: "books-and-paper", name: "Books & Paper", description: "To read, and to write in" },
    ],
  },
];

/** The collections of the demo shop. */
export const demoCollections = [
  { handle: "hut-to-hut", title: "Hut to Hut" },
  { handle: "under-canvas", title: "Under Canvas" },
  { handle: "slow-mornings", title: "Slow Mornings" },
  { handle: "first-frost", title: "First Frost" },
] as const;
