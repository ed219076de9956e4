import type { Prices } from "./demo-product.ts";

/**
 * A region of the demo shop. Shipping amounts are in the smallest unit of its currency, and include
 * tax if `includesTax` is true.
 */
export interface DemoRegion {
  key: string;
  name: string;
  currency: keyof Prices;
  /** ISO 3166-1 alpha-2, lower case. */
  countries: readonly string[];
  /** In percent. */
  taxRate: number;
  taxCode: string;
  includesTax: boolean;
  giftCardsTaxable: boolean;
  /** The tax rate for books, in percent, if it differs from the region's. */
  bookRate?: { rate: number; name: string; code: string };
  shipping: {
    standard: number;
    express: number;
    freeFrom: number;
    freeName: string;
    return: number;
  };
}

/** The regions of the demo shop. */
export const demoRegions: readonly DemoRegion[] = [
  {
    key: "europe",
    name: "Europe",
    currency: "eur",
    countries: ["at", "be", "de", "es", "fi", "fr", "ie", "it", "lu", "nl", "pt"],
    taxRate: 19,
    taxCode: "VAT",
    includesTax: false,
    giftCardsTaxable: true,
    bookRate: { rate: 7, name: "Books", code: "VAT-REDUCED" },
    shipping: {
      standard: 590,
      express: 1490,
      freeFrom: 10000,
      freeName: "Free delivery over €100",
      return: 490,
    },
  },
  {
    key: "united-kingdom",
    name: "United Kingdom",
    currency: "gbp",
    countries: ["gb"],
    taxRate: 20,
    taxCode: "VAT",
    includesTax: true,
    giftCardsTaxable: true,
    bookRate: { rate: 0, name: "Books", code: "VAT-ZERO" },
    shipping: {
      standard: 395,
      express: 895,
      freeFrom: 7500,
      freeName: "Free delivery over £75",
      return: 350,
    },
  },
  {
    key: "united-states",
    name: "United States",
    currency: "usd",
    countries: ["us"],
    taxRate: 7.25,
    taxCode: "SALES",
    includesTax: false,
    giftCardsTaxable: false,
    shipping: {
      standard: 795,
      express: 1995,
      freeFrom: 12000,
      freeName: "Free delivery over $120",
      return: 695,
    },
  },
  {
    key: "japan",
    name: "Japan",
    currency: "jpy",
    countries: ["jp"],
    taxRate: 10,
    taxCode: "CT",
    includesTax: true,
    giftCardsTaxable: true,
    shipping: {
      standard: 800,
      express: 1400,
      freeFrom: 15000,
      freeName: "Free delivery over ¥15,000",
      return: 700,
    },
  },
];
