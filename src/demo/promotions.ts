import type { Prices } from "./demo-product.ts";
import { demoCustomerGroup } from "./demo-shop.ts";

/**
 * A price list of the demo shop. An entry applies to every variant of a product, or to those whose
 * first option has the value `only`.
 */
export interface DemoPriceList {
  name: string;
  description: string;
  type: "sale" | "override";
  /** Name of its customer group; without one it applies to all customers. */
  customerGroup?: string;
  prices: readonly { product: string; only?: string; prices: Prices }[];
}

/** The price lists of the demo shop. */
export const demoPriceLists: readonly DemoPriceList[] = [
  {
    name: "Autumn sale",
    description: "Making room on the shelves",
    type: "sale",
    prices: [
      { product: "bracken-shirt", prices: { eur: 69, gbp: 64, usd: 75, jpy: 10800 } },
      { product: "ridgeline-daypack", prices: { eur: 95, gbp: 88, usd: 103, jpy: 14800 } },
      { product: "peat-and-pine-candle", prices: { eur: 22, gbp: 20, usd: 24, jpy: 3400 } },
      { product: "heather-hammock", prices: { eur: 59, gbp: 54, usd: 64, jpy: 9200 } },
      {
        product: "hearth-skillet",
        only: "26 cm",
        prices: { eur: 49, gbp: 45, usd: 53, jpy: 7600 },
      },
      { product: "beck-dry-bag", only: "20 L", prices: { eur: 22, gbp: 20, usd: 24, jpy: 3400 } },
      {
        product: "quarry-work-jacket",
        only: "XL",
        prices: { eur: 139, gbp: 129, usd: 149, jpy: 21800 },
      },
    ],
  },
  {
    name: "Members' prices",
    description: "A thank-you to those who come back",
    type: "override",
    customerGroup: demoCustomerGroup,
    prices: [
      { product: "tarn-mug", prices: { eur: 13, gbp: 12, usd: 15, jpy: 1900 } },
      { product: "herdwick-jumper", prices: { eur: 119, gbp: 109, usd: 129, jpy: 18800 } },
      { product: "longhouse-blanket", prices: { eur: 129, gbp: 119, usd: 139, jpy: 20800 } },
      { product: "slow-drip-cone", prices: { eur: 48, gbp: 44, usd: 52, jpy: 7400 } },
      { product: "watchman-beanie", prices: { eur: 27, gbp: 25, usd: 29, jpy: 3900 } },
    ],
  },
];

/** A discount code of the demo shop. */
interface DemoDiscount {
  code: string;
  description: string;
  type: "percentage" | "fixed" | "free_shipping";
  /** Percent, or the smallest unit of its region's currency. */
  value: number;
  allocation: "total" | "item";
  /**
   * Keys of the regions where it is valid. A fixed amount has one region, since it is in that
   * region's currency.
   */
  regions: readonly string[];
  usageLimit?: number;
  /** Handles of its products; by default it applies to all products. */
  products?: readonly string[];
  startedDaysAgo: number;
  endedDaysAgo?: number;
}

const everywhere = ["europe", "united-kingdom", "united-states", "japan"];

/** The discounts of the demo shop. */
export const demoDiscounts: readonly DemoDiscount[] = [
  {
    code: "WELCOME10",
    description: "10 % off the first order",
    type: "percentage",
    value: 10,
    allocation: "total",
    regions: everywhere,
    startedDaysAgo: 40,
  },
  {
    code: "TAKE20",
    description: "€20 off",
    type: "fixed",
    value: 2000,
    allocation: "total",
    regions: ["europe"],
    startedDaysAgo: 30,
  },
  {
    code: "TWOEACH",
    description: "£2 off each piece",
    type: "fixed",
    value: 200,
    allocation: "item",
    regions: ["united-kingdom"],
    startedDaysAgo: 30,
  },
  {
    code: "FREEPOST",
    description: "Delivery on us",
    type: "free_shipping",
    value: 100,
    allocation: "total",
    regions: everywhere,
    startedDaysAgo: 40,
  },
  {
    code: "FIRST50",
    description: "15 % off for the first fifty",
    type: "percentage",
    value: 15,
    allocation: "total",
    regions: everywhere,
    usageLimit: 50,
    startedDaysAgo: 7,
  },
  {
    code: "WARMHANDS",
    description: "20 % off gloves, socks, scarf and beanie",
    type: "percentage",
    value: 20,
    allocation: "item",
    regions: everywhere,
    products: ["drystone-gloves", "walking-socks", "lambswool-scarf", "watchman-beanie"],
    startedDaysAgo: 14,
  },
  {
    code: "SPRING25",
    description: "25 % off, this spring",
    type: "percentage",
    value: 25,
    allocation: "total",
    regions: everywhere,
    startedDaysAgo: 200,
    endedDaysAgo: 140,
  },
];
