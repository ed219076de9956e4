import { demoCustomer } from "../../src/demo/demo-shop.ts";

const initiallyEmpty = [
  "token",
  "region_id",
  "country_code",
  "product_id",
  "variant_id",
  "cart_id",
  "line_id",
  "option_id",
  "order_id",
  "display_id",
];

/** The initial variables of the collection; the working folders fill the empty ones. */
export const variables: Readonly<Record<string, string>> = {
  baseUrl: "http://localhost:9000",
  ...demoCustomer,
  ...Object.fromEntries(initiallyEmpty.map((name) => [name, ""])),
  provider_id: "manual",
};
